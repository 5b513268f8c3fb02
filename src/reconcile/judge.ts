// Finds slots that need a start, by the door's own facts and functions, so that nothing is started that would be gated.

import type { Sql } from 'postgres'

import type { AnyJob } from '../core/job.ts'
import { chainOverAt, graceOverAt, type Slot } from '../core/slot.ts'
import { decideWakeUp, type Decision, type Gate, type GateCode, type WakeUpFacts } from '../core/wake-up.ts'
import { listRetryableItems } from '../ledger/details.ts'
import { explainOverdue } from '../ledger/github.ts'
import { listOpenSlots, listWaitingJobs, type OpenSlot } from '../ledger/slots.ts'
import { closePassedOver } from '../runner/open-run.ts'
import { readFacts } from '../runner/wake-up-facts.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import type { Steps } from './steps.ts'

/** A slot that a wake-up would serve now, and from when on it wants one that does not come by itself. */
export interface WantedStart {
  readonly job: string
  readonly dueAt: Date
  readonly deadlineAt: Date
  readonly kind: 'rescue' | 'retry'
  readonly startAt: Date
  readonly reason: string
}

/** A slot whose grace is over (or that was given back later), whether or not it can be served now. */
export interface OverdueSlot {
  readonly job: string
  readonly dueAt: Date
  readonly graceOverAt: Date
  readonly deadlineAt: Date
  readonly reason: string | undefined
  readonly tries: number
}

/** A run that left failed items which may be temporary. */
export interface RetryableItems {
  readonly job: string
  readonly runId: string
  readonly items: number
}

export interface Judgement {
  readonly wanted: readonly WantedStart[]
  readonly overdue: readonly OverdueSlot[]
  /** The next moment at which one of these slots becomes overdue. */
  readonly nextAt: Date | undefined
}

/** In these a late slot is nobody's fault: people wished it, or the season does. */
const EXPECTED: readonly (GateCode | undefined)[] = ['paused', 'games_on', 'out_of_season']

/** Gates that open by themselves, so that the slot waits for them. */
const WAITED_FOR: readonly GateCode[] = ['paused', 'games_on', 'breaker_open', 'waiting_for_parents']

/** What a pass made of all jobs. */
export interface AllJudged extends Judgement {
  /** The jobs that could not be judged: of them nothing is wanted, and nothing known. */
  readonly blind: readonly string[]
}

/** Judges every job that has a waiting slot, or that a parent's end may have made ready early, each by itself. Slots that the
 *  decision passes over are closed, as the door would. */
export async function judgeAll(
  sql: Sql,
  jobs: readonly AnyJob[],
  { now, steps, catalog }: { now: Date; steps: Steps; catalog: readonly CatalogJob[] },
): Promise<AllJudged> {
  const parentsOf = new Map<string, readonly string[]>(catalog.map(({ id, parents }) => [id, parents]))
  const waiting = await steps.take('listing the jobs whose slots wait', () => listWaitingJobs(sql, now), undefined)
  if (waiting === undefined) return { ...NOTHING, blind: jobs.map(({ id }) => id) }
  const judged = await Promise.all(
    jobs
      .map((job) => ({ job, chainedTo: parentsOf.get(job.id) ?? [] }))
      .filter(({ job, chainedTo }) => waiting.includes(job.id) || chainedTo.length > 0)
      .map(({ job, chainedTo }) => {
        const judging = () => judgeAndClose(sql, job, { now, chainedTo })
        return steps.take(`judging ${job.id}`, judging, { ...NOTHING, blind: job.id })
      }),
  )
  const moments = judged.flatMap(({ nextAt }) => nextAt ?? []).sort((a, b) => a.getTime() - b.getTime())
  return {
    wanted: judged.flatMap(({ wanted }) => wanted),
    overdue: judged.flatMap(({ overdue }) => overdue),
    nextAt: moments[0],
    blind: judged.flatMap((one) => ('blind' in one ? one.blind : [])),
  }
}

const NOTHING: Judgement = { wanted: [], overdue: [], nextAt: undefined }

async function judgeAndClose(
  sql: Sql,
  job: AnyJob,
  { now, chainedTo }: { now: Date; chainedTo: readonly string[] },
): Promise<Judgement> {
  const facts = await readFacts(sql, job, { now, byPerson: false, namedPeriod: undefined, defaultParams: true, force: false }) // prettier-ignore
  const decision = decideWakeUp(job, facts)
  await closePassedOver(job, { sql, now }, decision)
  await keepReason(sql, job, { gate: decision.gate, now })
  return judge(job, facts, { decision, open: await listOpenSlots(sql, job.id), chainedTo })
}

/** A slot that waits past its grace behind a gate says so: should its deadline pass, that is why it is missed. */
async function keepReason(sql: Sql, job: AnyJob, { gate, now }: { gate: Gate | undefined; now: Date }): Promise<void> {
  if (gate && WAITED_FOR.includes(gate.code)) await explainOverdue(sql, job.id, { reason: gate.reason, now })
}

/** What a decision about a wake-up that nobody sent says of the job's slots. Pure. `chainedTo` are the jobs whose end is to
 *  wake this one. */
export function judge(
  { onMissed }: Pick<AnyJob, 'onMissed'>,
  facts: WakeUpFacts,
  { decision, open, chainedTo = [] }: { decision: Decision; open: readonly OpenSlot[]; chainedTo?: readonly string[] },
): Judgement {
  const { now } = facts
  const closed = [...decision.waive, ...decision.miss]
  const late = facts.candidates.flatMap((candidate) => {
    const overAt = graceOverAt(candidate)
    const slot = open.find((one) => sameInstant(one.dueAt, candidate.slot.dueAt))
    if (overAt === undefined || slot === undefined || closed.includes(candidate.slot)) return []
    const graceMs = candidate.graceUntil.getTime() - candidate.slot.dueAt.getTime()
    // What is dropped when its grace is over has to be started before that.
    const rescueAt = onMissed === 'skip' ? new Date(overAt.getTime() - graceMs / 2) : overAt
    const chainAt = chainOverAt(candidate, chainedTo)
    const byChain = chainAt !== undefined && chainAt < rescueAt
    const startAt = startOf(slot, byChain ? chainAt : rescueAt)
    return [{ slot, overAt: lateFrom(slot, overAt), startAt, byChain, ready: byChain || slot.dueAt <= now }]
  })
  const overdue = EXPECTED.includes(decision.gate?.code) ? [] : late.filter(({ overAt }) => overAt <= now)
  const coming = late.flatMap(({ startAt, overAt }) => [startAt, overAt]).filter((moment) => moment > now)
  return {
    wanted: chooseStart(late, decision.run?.slot, now),
    overdue: overdue.map(({ slot, overAt }) => ({ ...slot, graceOverAt: overAt })),
    nextAt: coming.sort((a, b) => a.getTime() - b.getTime())[0],
  }
}

/** A waiting slot that nothing is in the way of, and from when on it wants a start. */
interface LateSlot {
  readonly slot: OpenSlot
  readonly startAt: Date
  /** Because a parent has served what it waited for, not because its grace is over. */
  readonly byChain: boolean
  /** Due, or ready early. */
  readonly ready: boolean
}

/** The slot that a wake-up would take, as soon as any slot that is ready wants a start: where the interval is no longer
 *  than the grace, the newest slot is always within its own. A pause of the slot that would be taken holds them all. */
function chooseStart(late: readonly LateSlot[], taken: Slot | undefined, now: Date): WantedStart[] {
  const chosen = late.find(({ slot }) => taken && sameInstant(slot.dueAt, taken.dueAt))
  if (chosen === undefined || (chosen.slot.notBefore && chosen.slot.notBefore > now)) return []
  const due = late.filter(({ ready }) => ready)
  const first = due.filter(({ startAt }) => startAt <= now).sort((a, b) => a.startAt.getTime() - b.startAt.getTime())[0]
  if (first === undefined) return []
  const deadlineAt = new Date(Math.min(...due.map(({ slot }) => slot.deadlineAt.getTime())))
  return [{ ...toWanted(first, chosen.slot), deadlineAt }]
}

/** The runs whose failed items may be tried again now, but for those of jobs behind a closed gate. */
export async function listRetries(
  sql: Sql,
  jobs: readonly AnyJob[],
  { now, steps }: { now: Date; steps: Steps },
): Promise<RetryableItems[]> {
  const found = await listRetryableItems(sql, now)
  const open = await Promise.all(
    found.map(async (items) => {
      const job = jobs.find(({ id }) => id === items.job)
      if (job === undefined) return []
      const may = await steps.take(`judging the failed items of ${job.id}`, () => mayRetry(sql, job, now), false)
      return may ? [items] : []
    }),
  )
  return open.flat()
}

async function mayRetry(sql: Sql, job: AnyJob, now: Date): Promise<boolean> {
  // As the door judges a retry; which period it is about makes no difference to the gates.
  const woken = { now, byPerson: true, namedPeriod: job.period(now), defaultParams: false, force: false }
  return decideWakeUp(job, await readFacts(sql, job, woken)).gate === undefined
}

const sameInstant = (a: Date, b: Date) => a.getTime() === b.getTime()

/** A slot that a run held past its grace and gave back is overdue from then on. */
function lateFrom({ outcome, changedAt }: OpenSlot, overAt: Date): Date {
  return outcome !== undefined && changedAt > overAt ? changedAt : overAt
}

/** From when on it is started: a retry when its pause is over, one whose run died at once, any other when it is to be rescued. */
function startOf(slot: OpenSlot, rescueAt: Date): Date {
  if (slot.notBefore) return slot.notBefore
  return slot.outcome === 'abandoned' ? slot.changedAt : rescueAt
}

/** Started because of one slot; what the run takes may be a newer one, which covers it. */
function toWanted({ slot, startAt, byChain }: LateSlot, taken: OpenSlot): Omit<WantedStart, 'deadlineAt'> {
  const { job, dueAt } = taken
  const covers = sameInstant(slot.dueAt, dueAt) ? '' : `; the slot due ${dueAt.toISOString()} covers it`
  const reason = `the slot due ${slot.dueAt.toISOString()} ${whyStarted(slot, byChain)}${covers}`
  return { job, dueAt, startAt, kind: slot.notBefore ? 'retry' : 'rescue', reason }
}

function whyStarted({ notBefore, tries, reason, outcome }: OpenSlot, byChain: boolean): string {
  if (notBefore) {
    return `${tries > 0 ? `failed ${tries} times` : 'found nothing ready yet'}: ${reason ?? 'no reason kept'}`
  }
  if (outcome === 'abandoned') return `lost its run: ${reason ?? ''}`
  return byChain
    ? 'is ready: what it waited for is served, and no chain has started it'
    : 'is overdue: no wake-up served it'
}
