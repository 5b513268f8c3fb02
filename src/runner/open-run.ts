// From a wake-up to a run: read the facts, decide purely, then take the slot and insert the run in one statement.

import { randomUUID } from 'node:crypto'

import type { Sql, TransactionSql } from 'postgres'

import type { SeenBreaker } from '../core/breaker.ts'
import type { AnyJob, CommonParams, JobContext, JobId } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import { decideWakeUp, type Decision, type Gate, type GateCode } from '../core/wake-up.ts'
import { claimTrial } from '../ledger/breakers.ts'
import { insertForce } from '../ledger/overrides.ts'
import { acceptRequest, answerGated } from '../ledger/request-answers.ts'
import {
  findChain,
  findServingCorrelation,
  isRunning,
  listHolders,
  recordGatedRun,
  takeRun,
  type NewRun,
  type RunOrigin,
  type Taken,
} from '../ledger/runs.ts'
import { closeSlot, findLatestSlot, missExpiredSlots } from '../ledger/slots.ts'
import type { Patience } from '../lib/patience.ts'
import { isAliveHere } from '../lib/process-identity.ts'
import { findAsk, findRequestGate, OPEN_BY_THEMSELVES, type Ask } from './request-in-hand.ts'
import { readFacts } from './wake-up-facts.ts'
import type { WakeUp } from './wake-up.ts'

/** A run silent for longer than this has lost its lease. */
export const RUN_LEASE_SECONDS = 300

type Only = JobContext['only']

export interface Opening {
  readonly sql: Sql
  readonly wakeUp: WakeUp
  readonly params: CommonParams & Record<string, unknown>
  readonly defaultParams: boolean
  readonly namedPeriod: Period | undefined
  readonly environment: string
  readonly origin: RunOrigin
  readonly now: Date
  /** Tries again what may be temporary; without it everything is tried once. */
  readonly patience?: Patience
}

/** With the request that it answers, if it answers one. */
type Asked = Opening & Ask

const ONCE: Patience = (work) => work(1)

/** A run that began, or the gate that was in the way (recorded as a gated run). */
export type Opened =
  | { run: NewRun; gate: undefined; only: Only }
  | {
      run: Omit<NewRun, 'slotDueAt'>
      gate: Gate
      only?: undefined
      /** A wish is not answered by it: the gate opens by itself, and then its run comes. */
      stays?: boolean
    }

/** Opens a run for a wake-up. When another process takes the slot first, the facts are read again and judged anew. */
export async function openRun(job: AnyJob, opening: Opening): Promise<Opened> {
  const { sql, wakeUp, params, origin, patience = ONCE } = opening
  const { githubRunId, actor } = origin
  const ask = await patience(() => findAsk(sql, job, { wakeUp, githubRunId, actor }))
  const asked = { ...opening, ...ask, origin: { ...origin, actor: ask.actor } }
  const opened = await openWhileFree(job, { ...asked, params: { ...params, cascade: params.cascade || ask.cascade } })
  const { requestId } = ask
  // What is gated changed nothing: a kill before this makes the request come again, to the same gate.
  if (requestId === undefined || !opened.gate || OF_REQUESTS.includes(opened.gate.code)) return opened
  const opens = ask.wished && OPEN_BY_THEMSELVES.includes(opened.gate.code)
  await patience(() => answerGated(sql, requestId, { ...opened.run, opens }))
  return { ...opened, stays: opens }
}

const OF_REQUESTS: readonly GateCode[] = ['already_answered', 'unknown_request']

async function openWhileFree(job: AnyJob, opening: Asked): Promise<Opened> {
  for (let tries = 0; tries < 5; tries += 1) {
    const opened = await tryToOpen(job, opening)
    if (opened) return opened
  }
  return await gate(job, opening, {
    gate: { code: 'already_running', reason: `other runs of ${job.id} took every slot first` },
    period: job.period(opening.now),
  })
}

async function tryToOpen(job: AnyJob, opening: Asked): Promise<Opened | undefined> {
  const { sql, wakeUp, params, requestId, patience = ONCE } = opening
  await patience(() => abandonSilentRuns(job, opening))
  const answered = requestId && (await patience(() => findRequestGate(sql, job.id, requestId)))
  if (answered) return await gate(job, opening, { gate: answered, period: job.period(opening.now) })
  if (params.retry !== undefined) return await openRetry(job, opening, params.retry)
  const woken = { ...opening, byPerson: wakeUp.byPerson || opening.wished, force: params.force }
  const facts = await patience(() => readFacts(sql, job, woken))
  const decision = decideWakeUp(job, facts)
  await patience(() => closePassedOver(job, opening, decision))
  if (decision.run === undefined) {
    return await gate(job, opening, { gate: decision.gate as Gate, period: job.period(opening.now) })
  }
  const chosen = decision.run
  const run = await patience(() => toNewRun(job, opening, chosen))
  const covered = decision.coalesce.map((slot) => slot.dueAt)
  const opened = await take(job, opening, { run, covered, breakers: facts.breakers })
  const passed = params.force ? decideWakeUp(job, { ...facts, force: false }).gate : undefined
  if (passed && opened?.gate === undefined) await patience(() => writeForceDown(opening, run, passed))
  return opened
}

/** Who runs past a gate is written down, with which. */
async function writeForceDown({ sql, origin, now }: Opening, run: NewRun, passed: Gate): Promise<void> {
  const deed = {
    job: run.job,
    actor: origin.actor ?? origin.identity.host,
    reason: `ran past: ${passed.reason}`,
    at: now,
  }
  await insertForce(sql, { ...deed, runId: run.id, slotDueAt: run.slotDueAt })
}

/** Takes the slot and begins the run, as the trial of any breaker that is open and as the answer to its request. */
async function take(
  job: AnyJob,
  opening: Asked,
  {
    run,
    covered,
    breakers,
    only,
  }: { run: NewRun; covered: readonly Date[]; breakers: readonly SeenBreaker[]; only?: Only },
): Promise<Opened | undefined> {
  const { sql, requestId } = opening
  const trials = opening.params.force ? [] : breakers
  const alone = trials.length === 0 && requestId === undefined
  const taken = await takeSurely(opening, run, () =>
    alone ? takeRun(sql, run, covered) : takeTogether(sql, { run, covered, trials, requestId }),
  )
  if (taken.taken) return { run, gate: undefined, only }
  if (taken.why === 'slot_gone') return undefined
  const reason = `${job.id} is already running for ${run.period.key}`
  return await gate(job, opening, { gate: { code: 'already_running', reason }, period: run.period })
}

/** Tries until it is known whether the run was taken. A try whose answer was lost may have taken it: then it is ours. */
async function takeSurely({ sql, patience = ONCE }: Opening, run: NewRun, take: () => Promise<Taken>): Promise<Taken> {
  return await patience(async (attempt) => {
    const taken = await take()
    return !taken.taken && attempt > 1 && (await isRunning(sql, run.id)) ? { taken: true } : taken
  })
}

interface Together {
  readonly run: NewRun
  readonly covered: readonly Date[]
  readonly trials: readonly SeenBreaker[]
  readonly requestId: string | undefined
}

/** As takeRun, and only if the run is also the one that may try each of its sources and that answers its request: all in one
 *  transaction. Breakers come after runs, and requests last, as at a run's end, so that two runs cannot wait for each other. */
async function takeTogether(sql: Sql, { run, covered, trials, requestId }: Together): Promise<Taken> {
  const outcome: { taken?: Taken } = {}
  try {
    await sql.begin(async (tx) => {
      outcome.taken = await takeRun(tx, run, covered)
      if (!outcome.taken.taken) return
      const first = (await tryEach(tx, run, trials)) ?? (await accept(tx, run, requestId))
      if (first === undefined) return
      outcome.taken = GONE
      throw new Error(first)
    })
  } catch (error) {
    // Not taken is an answer; the transaction was to be rolled back.
    if (outcome.taken === undefined || outcome.taken.taken) throw error
  }
  return outcome.taken ?? GONE
}

/** Undefined when the run may try each source; otherwise what another run was first to do. */
async function tryEach(tx: TransactionSql, run: NewRun, trials: readonly SeenBreaker[]): Promise<string | undefined> {
  for (const breaker of trials.toSorted((a, b) => (a.source < b.source ? -1 : 1)))
    if (!(await claimTrial(tx, breaker, run.id))) return `another run tries ${breaker.source} first`
  return undefined
}

async function accept(tx: TransactionSql, run: NewRun, requestId: string | undefined): Promise<string | undefined> {
  if (requestId === undefined || (await acceptRequest(tx, requestId, run))) return undefined
  return `another run answers request ${requestId} first`
}

/** Not as it was seen: the facts are read again. */
const GONE: Taken = { taken: false, why: 'slot_gone' }

/** A new run of an earlier one's chain, for its failed items. Its slot is served already: it takes none. */
async function openRetry(job: AnyJob, opening: Asked, wish: string): Promise<Opened | undefined> {
  const { sql, now, params, patience = ONCE } = opening
  const which = wish.length === 36 ? { runId: wish } : { ids: wish.split(',') }
  const { findForRetry } = await import('../ledger/dead-letters.ts')
  const letters = await patience(() => findForRetry(sql, { job: job.id, ...which }))
  const newest = letters.at(-1)
  if (newest === undefined) {
    const reason = `none of the failed items "${wish}" of ${job.id} is open any more`
    return await gate(job, opening, { gate: { code: 'nothing_due', reason }, period: job.period(now) })
  }
  const period = newest.run?.period ?? job.period(now)
  const woken = { now, byPerson: true, force: params.force, namedPeriod: period, defaultParams: false }
  const facts = await patience(() => readFacts(sql, job, woken))
  const { gate: inTheWay } = decideWakeUp(job, facts)
  if (inTheWay) return await gate(job, opening, { gate: inTheWay, period })
  const base = runBase(job, opening, period)
  const chain = newest.run && { attempt: newest.run.attempt + 1, correlationId: newest.run.correlationId }
  const run = { ...base, ...chain, slotDueAt: undefined, retryOf: newest.run && newest.runId }
  return await take(job, opening, { run, covered: [], breakers: facts.breakers, only: letters })
}

/** Ends runs whose process is gone: at once when it lived on this host, otherwise when the lease is over. A process that
 *  lives here but fell silent may hang for ever, or merely have inherited the pid: it has lost its lease too. */
async function abandonSilentRuns(job: AnyJob, opening: Opening): Promise<void> {
  let abandoned = false
  for (const holder of await listHolders(opening.sql, job.id)) {
    const gone = isAliveHere(holder.identity, opening.origin.identity) === false
    if (!gone && holder.silentSeconds < RUN_LEASE_SECONDS) continue
    const { abandonRun } = await import('../ledger/silent.ts')
    const reason = gone ? 'its process is gone' : `silent for ${Math.round(holder.silentSeconds)} s`
    const end = { reason, at: opening.now, silentSeconds: gone ? 0 : RUN_LEASE_SECONDS }
    if ((await abandonRun(opening.sql, holder.runId, end)) === 'abandoned') abandoned = true
  }
  // A slot that was given back may be past its deadline, and then nobody is to take it.
  if (abandoned) await missExpiredSlots(opening.sql, opening.now)
}

/** Closes the slots that a decision gives up: too late for a job that skips, or out of season. */
export async function closePassedOver(
  job: AnyJob,
  { sql, now }: Pick<Opening, 'sql' | 'now'>,
  decision: Decision,
): Promise<void> {
  for (const slot of decision.miss) {
    await closeSlot(sql, slot, { state: 'missed', reason: 'its grace was over and the job skips late slots', at: now })
  }
  for (const slot of decision.waive) {
    await closeSlot(sql, slot, { state: 'waived', reason: `${job.league} is out of season`, at: now })
  }
}

async function toNewRun(job: AnyJob, opening: Opening, chosen: NonNullable<Decision['run']>): Promise<NewRun> {
  const slotDueAt = opening.params.dryRun ? undefined : chosen.slot?.dueAt
  const chain = slotDueAt && (await findChain(opening.sql, job.id, slotDueAt))
  const correlationId = chain?.correlationId ?? (slotDueAt && (await parentCorrelation(job, opening.sql, slotDueAt)))
  return {
    ...runBase(job, opening, chosen.period),
    slotDueAt,
    attempt: (chain?.attempt ?? 0) + 1,
    retryOf: chain?.runId,
    correlationId: correlationId ?? randomUUID(),
  }
}

async function parentCorrelation(job: AnyJob, sql: Sql, dueAt: Date): Promise<string | undefined> {
  for (const parent of Object.keys(job.needs)) {
    if (job.needs[parent as JobId] !== 'fresh') continue
    const slot = await findLatestSlot(sql, parent, dueAt)
    const found = slot && (await findServingCorrelation(sql, parent, slot.dueAt))
    if (found) return found
  }
  return undefined
}

function runBase(job: AnyJob, opening: Opening, period: Period): Omit<NewRun, 'slotDueAt'> {
  return {
    id: randomUUID(),
    job: job.id,
    period,
    environment: opening.environment,
    trigger: opening.wakeUp.trigger,
    startedAt: opening.now,
    attempt: 1,
    retryOf: undefined,
    correlationId: randomUUID(),
    parameters: opening.params,
    dryRun: opening.params.dryRun,
    origin: opening.origin,
  }
}

async function gate(job: AnyJob, opening: Opening, at: { gate: Gate; period: Period }): Promise<Opened> {
  const { sql, patience = ONCE } = opening
  const run = runBase(job, opening, at.period)
  await patience(() => recordGatedRun(sql, run, at.gate))
  return { run, gate: at.gate }
}
