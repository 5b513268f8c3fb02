// From a wake-up to a run: read the facts, decide purely, then take the slot and insert the run in one statement.

import { randomUUID } from 'node:crypto'

import type { Sql } from 'postgres'

import type { AnyJob, CommonParams, JobId } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import type { Candidate, ParentState, Slot } from '../core/slot.ts'
import { decideWakeUp, type Decision, type Gate, type WakeUpFacts } from '../core/wake-up.ts'
import { isAliveHere } from '../lib/process-identity.ts'
import { findPause, listSeasons } from '../ledger/gates.ts'
import {
  abandonRun,
  findChain,
  findServingCorrelation,
  listHolders,
  recordGatedRun,
  takeRun,
  type NewRun,
  type RunOrigin,
} from '../ledger/runs.ts'
import {
  closeSlot,
  findLatestSlot,
  hasEverSucceeded,
  hasSlotBetween,
  listOpenSlots,
  missExpiredSlots,
  type OpenSlot,
} from '../ledger/slots.ts'
import type { WakeUp } from './wake-up.ts'

/** A run silent for longer than this has lost its lease (DESIGN 3). */
const LEASE_SECONDS = 300

export interface Opening {
  readonly sql: Sql
  readonly wakeUp: WakeUp
  readonly params: CommonParams & Record<string, unknown>
  readonly defaultParams: boolean
  readonly namedPeriod: Period | undefined
  readonly environment: string
  readonly origin: RunOrigin
  readonly now: Date
}

/** A run that began, or the gate that was in the way (recorded as a gated run). */
export type Opened = { run: NewRun; gate: undefined } | { run: Omit<NewRun, 'slotDueAt'>; gate: Gate }

/** Opens a run for a wake-up. When another process takes the slot first, the facts are read again and judged anew. */
export async function openRun(job: AnyJob, opening: Opening): Promise<Opened> {
  for (let tries = 0; tries < 5; tries += 1) {
    const opened = await tryToOpen(job, opening)
    if (opened) return opened
  }
  return await gate(job, opening, {
    gate: { code: 'already_running', reason: `other runs of ${job.id} took every slot first` },
    period: job.period(opening.now),
  })
}

async function tryToOpen(job: AnyJob, opening: Opening): Promise<Opened | undefined> {
  await abandonSilentRuns(job, opening)
  const decision = decideWakeUp(job, await readFacts(job, opening))
  await closePassedOver(job, opening, decision)
  if (decision.run === undefined) {
    return await gate(job, opening, { gate: decision.gate as Gate, period: job.period(opening.now) })
  }
  const run = await toNewRun(job, opening, decision.run)
  const covered = decision.coalesce.map((slot) => slot.dueAt)
  const taken = await takeRun(opening.sql, run, covered)
  if (taken.taken) return { run, gate: undefined }
  if (taken.why === 'slot_gone') return undefined
  const reason = `${job.id} is already running for ${run.period.key}`
  return await gate(job, opening, { gate: { code: 'already_running', reason }, period: run.period })
}

/** Ends runs whose process is gone: at once when it lived on this host, otherwise when the lease is over. A process that
 *  lives here but fell silent may hang for ever, or merely have inherited the pid: it has lost its lease too. */
async function abandonSilentRuns(job: AnyJob, opening: Opening): Promise<void> {
  let abandoned = false
  for (const holder of await listHolders(opening.sql, job.id)) {
    const gone = isAliveHere(holder.identity, opening.origin.identity) === false
    if (!gone && holder.silentSeconds < LEASE_SECONDS) continue
    const reason = gone ? 'its process is gone' : `silent for ${Math.round(holder.silentSeconds)} s`
    const end = { reason, at: opening.now, silentSeconds: gone ? 0 : LEASE_SECONDS }
    if (await abandonRun(opening.sql, holder.runId, end)) abandoned = true
  }
  // A slot that was given back may be past its deadline, and then nobody is to take it.
  if (abandoned) await missExpiredSlots(opening.sql, opening.now)
}

async function readFacts(job: AnyJob, opening: Opening): Promise<WakeUpFacts> {
  const { sql, now } = opening
  const [open, pause, seasons] = await Promise.all([
    listOpenSlots(sql, job.id),
    findPause(sql, job.id, now),
    job.seasonal ? listSeasons(sql, job.league) : [],
  ])
  const due = open.filter((slot) => slot.state === 'due')
  const next = due.find((slot) => slot.dueAt > now)
  const visible = due.filter((slot) => slot.dueAt <= now || slot === next)
  return {
    now,
    byPerson: opening.wakeUp.byPerson,
    namedPeriod: opening.namedPeriod,
    defaultParams: opening.defaultParams,
    force: opening.params.force,
    pause,
    seasons,
    candidates: await Promise.all(visible.map((slot) => toCandidate(job, slot, opening))),
    nextDueAt: next?.dueAt,
  }
}

async function toCandidate(job: AnyJob, slot: OpenSlot, { sql }: Opening): Promise<Candidate & { period: Period }> {
  const needs = Object.entries(job.needs) as [JobId, ParentState['need']][]
  const parents = await Promise.all(
    needs.map(async ([parent, need]) => ({
      job: parent,
      need,
      latestSlot: need === 'fresh' ? await findLatestSlot(sql, parent, slot.dueAt) : undefined,
      everServed: need === 'any' ? await hasEverSucceeded(sql, parent) : false,
    })),
  )
  return {
    slot,
    parents,
    chained: await isChained(sql, slot, parents),
    graceUntil: slot.graceUntil,
    period: slot.period,
  }
}

/** A fresh parent's served slot makes its first following slot ready early, and only that one: a second slot after the
 *  same parent slot waits for its own time, or a day's wake-ups would eat the week. */
async function isChained(sql: Sql, slot: Slot, parents: readonly ParentState[]): Promise<boolean> {
  for (const parent of parents) {
    if (parent.need !== 'fresh' || parent.latestSlot?.state !== 'served') continue
    const window = { from: parent.latestSlot.dueAt, before: slot.dueAt }
    if (!(await hasSlotBetween(sql, slot.job, window))) return true
  }
  return false
}

async function closePassedOver(job: AnyJob, { sql, now }: Opening, decision: Decision): Promise<void> {
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
  const run = runBase(job, opening, at.period)
  await recordGatedRun(opening.sql, run, at.gate)
  return { run, gate: at.gate }
}
