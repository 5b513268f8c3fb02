// The life of a run, from the wake-up to the last word: open, heartbeat, work, finish by compare-and-set, look around.

import type { Sql } from 'postgres'

import { ConfigFailure, JobFailure, toErrorRecord, type ErrorRecord } from '../core/errors.ts'
import type { AnyJob, CommonParams, JobContext, JobReturn } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import { serves, type FinalOutcome } from '../core/run.ts'
import type { Gate } from '../core/wake-up.ts'
import { isFromDatabase } from '../lib/db.ts'
import type { Log } from '../lib/log.ts'
import { checkDatabase } from '../ledger/migrate.ts'
import type { NewRun, RunEnd, RunOrigin } from '../ledger/runs.ts'
import { findSlot, listOverdueSlots, type OverdueSlot, type SlotAfter } from '../ledger/slots.ts'
import { createContext } from './context.ts'
import { finishRun } from './finish.ts'
import { startHeartbeat } from './heartbeat.ts'
import { childrenOverdueAt, isUrgent, lookAndPoke } from './look-around.ts'
import { openRun, type Opened } from './open-run.ts'
import { createRunRecord, totalItems, type RunRecord } from './record.ts'
import { writeSlotsDue } from './slots-due.ts'
import { createCleaner } from './storable.ts'
import type { WakeUp } from './wake-up.ts'

/** GitHub sends SIGINT, then SIGTERM after 7.5 s, then kills after 2.5 s more: this leaves time to write the end down. */
const RHYTHM = { heartbeatMs: 30_000, windDownMs: 3_000 }

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
  /** How often a run says that it lives, and how long a job may take to stop. */
  readonly rhythm?: { readonly heartbeatMs: number; readonly windDownMs: number }
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
  /** Of a run that did not serve its slot: what is left of the slot, and how many tries it has in all. */
  readonly slotAfter?: (SlotAfter & { readonly triesInAll: number }) | undefined
}

/** Runs a job for a wake-up and returns how it ended. Failures of the job are an outcome; only a database that is away
 *  or wrong, or a misuse, is thrown (LedgerFailure, ConfigFailure). */
export async function runJob(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<RunReport> {
  const opened = await open(job, call, parts).catch((error: unknown) => {
    throw explained(error, parts)
  })
  const report = opened.gate
    ? gatedReport(job, opened.run, opened.gate)
    : await live(job, { run: opened.run, params: call.params, only: opened.only }, parts)
  const now = new Date(parts.now.getTime() + report.durationMs)
  await lookAndPoke(parts, { by: job.id, now, ...whatIsLeft(job, report, { now, jobs: parts.jobs }) })
  return { ...report, ...(await readWhatIsLeft(job, report, parts)) }
}

function whatIsLeft(
  job: AnyJob,
  { outcome, record }: Pick<RunReport, 'outcome' | 'record'>,
  { now, jobs }: { now: Date; jobs: readonly AnyJob[] },
): { urgent: boolean; expectAt: Date | undefined } {
  const expectAt = serves(outcome) ? childrenOverdueAt(job, jobs, now) : undefined
  return { urgent: isUrgent(outcome, record.failed.length), expectAt }
}

async function open(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<Opened> {
  const { environment, origin, now } = parts
  // A request passes on what a person asked for: the period of a cascade, the items of a retry.
  const mayName = call.wakeUp.byPerson || call.wakeUp.trigger === 'request'
  const namedPeriod = mayName ? (job.namedPeriod(call.params, now) as Period | undefined) : undefined
  await checkDatabase(parts.ledger, environment)
  await writeSlotsDue(parts.ledger, parts.jobs, now)
  return await openRun(job, { ...call, namedPeriod, sql: parts.ledger, environment, origin, now })
}

/** The run has ended and is written down: a database that goes away now is no reason to say anything else. */
async function readWhatIsLeft(
  job: AnyJob,
  { run, outcome }: RunReport,
  { ledger, now, log }: RunnerParts,
): Promise<Pick<RunReport, 'overdue' | 'slotAfter'>> {
  try {
    const dueAt = serves(outcome) ? undefined : run.slotDueAt
    const slot = dueAt && (await findSlot(ledger, job.id, dueAt))
    const slotAfter = slot && { ...slot, triesInAll: job.triesPerSlot }
    return { overdue: await listOverdueSlots(ledger, now), slotAfter }
  } catch (error) {
    log.warn('overdue slots not read', { cause: toErrorRecord(error).message })
    return { overdue: [] }
  }
}

/** The database's state in a sentence. A statement that it refused is a fault in the code and keeps its own stack. */
function explained(error: unknown, parts: RunnerParts): unknown {
  if (error instanceof JobFailure || !isFromDatabase(error)) return error
  const failure = parts.explain(error)
  return failure.retryable || failure instanceof ConfigFailure ? failure : error
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
  const everyMs = (parts.rhythm ?? RHYTHM).heartbeatMs
  const stopHeart = startHeartbeat({ run, record, parts, lost, everyMs })
  const ending = await work(job, context, { run, parts })
  stopHeart()
  // Before the lake is cut off: what that breaks is not what ended the span.
  record.closeOpenSpans('it had not ended when the run did')
  if (signal.aborted) await parts.closeLake()
  const end = toRunEnd(run, record, { ...ending, parts })
  const written = (await finishRun(job, run, { end, record, only, parts })) ?? FENCED
  const { outcome, reason, errors = end.errors } = written
  parts.log.info('job.end', { job: job.id, outcome, ms: end.durationMs, ...end.items })
  return { job, run, gate: undefined, outcome, reason, record, errors, durationMs: end.durationMs, overdue: [] }
}

const FENCED = {
  outcome: 'abandoned',
  reason: 'another process had ended this run as abandoned; nothing was written in its name',
  errors: undefined,
} as const

interface Ending {
  readonly outcome: FinalOutcome
  readonly reason: string | undefined
  readonly result: unknown
  readonly errors: readonly ErrorRecord[]
}

/** Runs the job to its end, or until it was told to stop and did not in time. Never throws. */
async function work(
  job: AnyJob,
  context: JobContext<Record<string, unknown>>,
  { run, parts }: { run: NewRun; parts: RunnerParts },
): Promise<Ending> {
  const stopped = once(context.signal, (parts.rhythm ?? RHYTHM).windDownMs)
  try {
    context.signal.throwIfAborted()
    const returned = await Promise.race<JobReturn | 'late'>([job.run(run.period, context), stopped.late])
    if (returned === 'late') return cancelledEnding(context.signal)
    if (returned && 'notReady' in returned) return { ...good('not_ready'), reason: returned.notReady }
    return { ...good('succeeded'), result: returned?.result }
  } catch (error) {
    if (context.signal.aborted) return cancelledEnding(context.signal)
    const record = toErrorRecord(explained(error, parts))
    return { outcome: 'failed', reason: record.message, result: undefined, errors: [record] }
  } finally {
    stopped.forget()
  }
}

const good = (outcome: 'succeeded' | 'not_ready'): Ending => ({
  outcome,
  reason: undefined,
  result: undefined,
  errors: [],
})

function cancelledEnding(signal: AbortSignal): Ending {
  const reason = signal.reason instanceof Error ? signal.reason.message : 'the run was told to stop'
  return { outcome: 'cancelled', reason, result: undefined, errors: [] }
}

/** Resolves with 'late' once the signal was aborted and the time to wind down is over. */
function once(signal: AbortSignal, windDownMs: number): { late: Promise<'late'>; forget: () => void } {
  let timer: NodeJS.Timeout | undefined
  const { promise, resolve } = withResolvers<'late'>()
  const begin = () => {
    timer = setTimeout(() => resolve('late'), windDownMs)
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return {
    late: promise,
    forget() {
      signal.removeEventListener('abort', begin)
      clearTimeout(timer)
    },
  }
}

// Promise.withResolvers is there from Node 22 on.
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

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
