// The life of a run, from the wake-up to the last word: open, heartbeat, work, finish by compare-and-set, look around.

import type { Sql } from 'postgres'

import { toErrorRecord, type ErrorRecord, type JobFailure } from '../core/errors.ts'
import type { AnyJob, CommonParams, JobContext } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import { serves, type FinalOutcome } from '../core/run.ts'
import type { Gate } from '../core/wake-up.ts'
import { isFromDatabase } from '../lib/db.ts'
import type { Log } from '../lib/log.ts'
import { checkDatabase } from '../ledger/migrate.ts'
import type { RunEnd } from '../ledger/run-end.ts'
import type { NewRun, RunOrigin } from '../ledger/runs.ts'
import { settleRequests } from '../ledger/request-answers.ts'
import { findNextWish } from '../ledger/requests.ts'
import { findSlot, listOverdueSlots, type OverdueSlot, type SlotAfter } from '../ledger/slots.ts'
import { createContext } from './context.ts'
import { keepDetails } from './details.ts'
import { finishRun } from './finish.ts'
import { startHeartbeat } from './heartbeat.ts'
import { isUrgent, lookAndPoke } from './look-around.ts'
import { openRun, type Opened } from './open-run.ts'
import { patienceToOpen, rhythmOf, type Rhythm } from './patience.ts'
import { createRunRecord, totalItems, type RunRecord } from './record.ts'
import { writeSlotsDue } from './slots-due.ts'
import { createCleaner } from './storable.ts'
import type { WakeUp } from './wake-up.ts'
import { work, type Ending } from './work.ts'

/** What the app lends to a run. */
export interface RunnerParts {
  readonly ledger: Sql
  readonly lake: Sql
  /** Cuts the lake's connections, so that a transaction that will not end cannot hold the run's row. */
  readonly closeLake: () => Promise<void>
  readonly jobs: readonly AnyJob[]
  readonly environment: string
  readonly origin: RunOrigin
  /** Schedule time, read once when the app was opened. */
  readonly now: Date
  readonly log: Log
  readonly redact: (text: string) => string
  /** What a database threw, as a failure with a sentence. */
  readonly explain: (error: unknown) => JobFailure
  readonly sourceUrls: Readonly<Record<string, string | undefined>>
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Aborted when the process is told to end. */
  readonly cancelled: AbortSignal
  /** How often a run says that it lives, how long a job may take to stop, and for how long what may pass is waited for. */
  readonly rhythm?: Partial<Rhythm>
  /** Milliseconds on a clock that is never set back; the machine's own unless told otherwise: a simulation brings its own. */
  readonly monotonicMs?: () => number
  /** Wakes ops-watch; undefined where there is no way to: on a laptop, in a replay. */
  readonly poke?: (() => Promise<void>) | undefined
}

export interface JobCall {
  readonly wakeUp: WakeUp
  readonly params: CommonParams & Record<string, unknown>
  readonly defaultParams: boolean
}

/** All that a summary tells about a run. */
export interface RunReport {
  readonly job: AnyJob
  readonly run: Omit<NewRun, 'slotDueAt'> & { readonly slotDueAt?: Date | undefined }
  readonly gate: Gate | undefined
  readonly outcome: FinalOutcome
  readonly reason: string | undefined
  readonly record: RunRecord
  readonly errors: readonly ErrorRecord[]
  readonly durationMs: number
  readonly overdue: readonly OverdueSlot[]
  /** Of a run that did not serve its slot: what is left of the slot. */
  readonly slotAfter?: SlotAfter | undefined
  /** Of a run without a slot that came to nothing: from when on what a person wished is asked for again, if it is. */
  readonly wishAfter?: Date | undefined
}

/** Runs a job for a wake-up and returns how it ended. Failures of the job are an outcome; only a database that is away
 *  or wrong, or a misuse, is thrown (LedgerFailure, ConfigFailure). */
export async function runJob(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<RunReport> {
  const opened = await open(job, call, parts).catch((error: unknown) => {
    throw isFromDatabase(error) ? parts.explain(error) : error
  })
  const report = opened.gate
    ? gatedReport(job, opened.run, opened.gate)
    : await live(job, { run: opened.run, params: call.params, only: opened.only }, parts)
  const now = new Date(parts.now.getTime() + report.durationMs)
  if (opened.gate === undefined) await settle(parts, now)
  await lookAndPoke(parts, {
    by: job.id,
    now,
    ...whatIsLeft(job, report, opened.gate !== undefined && opened.stays === true),
  })
  return { ...report, ...(await readWhatIsLeft(job, report, parts)) }
}

function whatIsLeft(
  job: AnyJob,
  { outcome, record, run }: Pick<RunReport, 'outcome' | 'record' | 'run'>,
  stays: boolean,
): { urgent: boolean; served: { job: AnyJob; slot: boolean } | undefined } {
  const served = serves(outcome) ? { job, slot: run.slotDueAt !== undefined } : undefined
  return { urgent: stays || isUrgent(outcome, record.failed.length), served }
}

async function open(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<Opened> {
  const { environment, origin, now } = parts
  // A request passes on what a person asked for: the period of a cascade, the items of a retry.
  const mayName = call.wakeUp.byPerson || call.wakeUp.trigger === 'request'
  const namedPeriod = mayName ? (job.namedPeriod(call.params, now) as Period | undefined) : undefined
  const patience = patienceToOpen(parts)
  await patience(() => checkDatabase(parts.ledger, environment))
  await patience(() => writeSlotsDue(parts.ledger, parts.jobs, now))
  return await openRun(job, { ...call, namedPeriod, sql: parts.ledger, environment, origin, now, patience })
}

/** What becomes of its request is known now, so that it can be told; a pass would do the same. */
async function settle({ ledger, log }: RunnerParts, now: Date): Promise<void> {
  await settleRequests(ledger, now).catch((error: unknown) => {
    log.warn('requests not settled', { cause: toErrorRecord(error).message })
  })
}

/** The run has ended and is written down: a database that goes away now is no reason to say anything else. */
async function readWhatIsLeft(
  job: AnyJob,
  { run, outcome }: RunReport,
  { ledger, now, log }: RunnerParts,
): Promise<Pick<RunReport, 'overdue' | 'slotAfter' | 'wishAfter'>> {
  try {
    const dueAt = serves(outcome) ? undefined : run.slotDueAt
    const slotAfter = dueAt && (await findSlot(ledger, job.id, dueAt))
    const cameToNothing = run.slotDueAt === undefined && !serves(outcome) && outcome !== 'gated'
    const wishAfter = cameToNothing ? await findNextWish(ledger, job.id) : undefined
    return { overdue: await listOverdueSlots(ledger, now), slotAfter, wishAfter }
  } catch (error) {
    log.warn('overdue slots not read', { cause: toErrorRecord(error).message })
    return { overdue: [] }
  }
}

function gatedReport(job: AnyJob, run: Omit<NewRun, 'slotDueAt'>, gate: Gate): RunReport {
  const nothing = { record: createRunRecord((text) => text), errors: [], durationMs: 0, overdue: [] }
  return { job, run, gate, outcome: 'gated', reason: gate.reason, ...nothing }
}

interface Begun {
  readonly run: NewRun
  readonly params: JobCall['params']
  readonly only: JobContext['only']
}

async function live(job: AnyJob, { run, params, only }: Begun, parts: RunnerParts): Promise<RunReport> {
  const record = createRunRecord(parts.redact, parts.monotonicMs)
  const lost = new AbortController()
  const signal = AbortSignal.any([parts.cancelled, lost.signal])
  const context = createContext(job, { ...parts, run, params, only, record, signal })
  parts.log.info('job.start', { job: job.id, period: run.period.key, run: run.id, trigger: run.trigger })
  const { heartbeatMs, windDownMs } = rhythmOf(parts)
  const stopHeart = startHeartbeat({ run, record, parts, lost, everyMs: heartbeatMs })
  const ending = await work(job, context, { run, windDownMs, explain: parts.explain })
  // Before the lake is cut off: what that breaks is not what ended the span.
  record.closeOpenSpans('it had not ended when the run did')
  if (signal.aborted) await parts.closeLake()
  const end = toRunEnd(run, record, { ...ending, parts })
  // The heart goes on until the end is written: a run that is silent meanwhile would be taken for dead.
  const written = await finishRun(job, run, { end, record, only, parts }).finally(stopHeart)
  if (written) await keepDetails(job, run, { end, record, parts })
  const { outcome, reason, errors = end.errors } = written ?? FENCED
  parts.log.info('job.end', { job: job.id, outcome, ms: end.durationMs, ...end.items })
  return { job, run, gate: undefined, outcome, reason, record, errors, durationMs: end.durationMs, overdue: [] }
}

const FENCED = {
  outcome: 'abandoned',
  reason: 'another process had ended this run as abandoned; nothing was written in its name',
  errors: undefined,
} as const

function toRunEnd(run: NewRun, record: RunRecord, ending: Ending & { parts: RunnerParts }): RunEnd {
  const items = totalItems(record)
  const outcome = ending.outcome === 'succeeded' && items.failed > 0 ? 'partial' : ending.outcome
  const { redact, log } = ending.parts
  const clean = createCleaner(redact)
  const durationMs = Math.round(record.elapsedMs())
  const usage = process.resourceUsage()
  return {
    outcome,
    reason: ending.reason === undefined ? undefined : clean.text(ending.reason),
    finishedAt: new Date(run.startedAt.getTime() + durationMs),
    durationMs,
    items,
    errors: clean.value(ending.errors) as ErrorRecord[],
    result: clean.value(ending.result),
    notes: record.notes,
    tables: record.tables,
    progress: record.progress,
    logTail:
      outcome === 'succeeded' || outcome === 'not_ready' ? undefined : log.tail().map((line) => clean.text(line)),
    cpuMs: Math.round((usage.userCPUTime + usage.systemCPUTime) / 1000),
    peakMemoryBytes: usage.maxRSS * 1024,
    simulated: record.simulated,
  }
}
