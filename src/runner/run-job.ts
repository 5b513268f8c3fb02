// The life of a run, from the wake-up to the last word: open, heartbeat, work, finish by compare-and-set, look around.

import type { Sql } from 'postgres'

import { toErrorRecord, type ErrorRecord } from '../core/errors.ts'
import type { AnyJob, CommonParams, JobContext, JobReturn } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import type { FinalOutcome } from '../core/run.ts'
import type { Gate } from '../core/wake-up.ts'
import type { Log } from '../lib/log.ts'
import { insertDeadLetters, insertItems, insertSpans } from '../ledger/details.ts'
import { checkDatabase } from '../ledger/migrate.ts'
import { beat, endRun, releaseSlot, type NewRun, type RunEnd, type RunOrigin } from '../ledger/runs.ts'
import { listOverdueSlots, type OverdueSlot } from '../ledger/slots.ts'
import { createContext } from './context.ts'
import { openRun } from './open-run.ts'
import { createRunRecord, totalItems, type RunRecord } from './record.ts'
import { writeSlotsDue } from './slots-due.ts'
import type { WakeUp } from './wake-up.ts'

const HEARTBEAT_MS = 30_000
/** GitHub sends SIGINT, then SIGTERM after 7.5 s, then kills after 2.5 s more: this leaves time to write the end down. */
const WIND_DOWN_MS = 3_000

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
  readonly sourceUrls: Readonly<Record<string, string | undefined>>
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Aborted when the process is told to end. */
  readonly cancelled: AbortSignal
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
}

/** Runs a job for a wake-up and returns how it ended. Failures of the job are an outcome; only a database that is away
 *  or wrong, or a misuse, is thrown (LedgerFailure, ConfigFailure). */
export async function runJob(job: AnyJob, call: JobCall, parts: RunnerParts): Promise<RunReport> {
  const namedPeriod = call.wakeUp.byPerson ? job.namedPeriod(call.params, parts.now) : undefined
  await checkDatabase(parts.ledger, parts.environment)
  await writeSlotsDue(parts.ledger, parts.jobs, parts.now)
  const opening = { ...call, namedPeriod: namedPeriod as Period | undefined, sql: parts.ledger, ...pick(parts) }
  const opened = await openRun(job, opening)
  const report = opened.gate
    ? gatedReport(job, opened.run, opened.gate)
    : await live(job, { run: opened.run, params: call.params }, parts)
  return { ...report, overdue: await listOverdueSlots(parts.ledger, parts.now) }
}

const pick = ({ environment, origin, now }: RunnerParts) => ({ environment, origin, now })

function gatedReport(job: AnyJob, run: Omit<NewRun, 'slotDueAt'>, gate: Gate): RunReport {
  const nothing = { record: createRunRecord(), errors: [], durationMs: 0, overdue: [] }
  return { job, run, gate, outcome: 'gated', reason: gate.reason, ...nothing }
}

interface Begun {
  readonly run: NewRun
  readonly params: JobCall['params']
}

async function live(job: AnyJob, { run, params }: Begun, parts: RunnerParts): Promise<RunReport> {
  const record = createRunRecord()
  const lost = new AbortController()
  const signal = AbortSignal.any([parts.cancelled, lost.signal])
  const context = createContext(job, { ...parts, run, params, record, signal })
  parts.log.info('job.start', { job: job.id, period: run.period.key, run: run.id, trigger: run.trigger })
  const heart = startHeartbeat(run, { parts, record, lost })
  const ending = await work(job, context, run)
  clearInterval(heart)
  if (signal.aborted) await parts.closeLake()
  const end = toRunEnd(run, record, { ...ending, parts })
  const written = await finish(job, run, { end, record, parts })
  const outcome = written ? end.outcome : 'abandoned'
  parts.log.info('job.end', { job: job.id, outcome, ms: end.durationMs, ...end.items })
  const reason = written
    ? end.reason
    : 'another process had ended this run as abandoned; nothing was written in its name'
  return {
    job,
    run,
    gate: undefined,
    outcome,
    reason,
    record,
    errors: ending.errors,
    durationMs: end.durationMs,
    overdue: [],
  }
}

function startHeartbeat(
  run: NewRun,
  { parts, record, lost }: { parts: RunnerParts; record: RunRecord; lost: AbortController },
): NodeJS.Timeout {
  const tell = async () => {
    try {
      if (!(await beat(parts.ledger, run.id, record.progress)))
        lost.abort(new Error('the run was abandoned by another process'))
    } catch (error) {
      // One missed beat is no reason to stop: the lease outlasts ten of them, and the end is compare-and-set anyway.
      parts.log.warn('heartbeat not written', { cause: toErrorRecord(error).message })
    }
  }
  return setInterval(() => void tell(), HEARTBEAT_MS).unref()
}

interface Ending {
  readonly outcome: FinalOutcome
  readonly reason: string | undefined
  readonly result: unknown
  readonly errors: readonly ErrorRecord[]
}

/** Runs the job to its end, or until it was told to stop and did not in time. Never throws. */
async function work(job: AnyJob, context: JobContext<Record<string, unknown>>, run: NewRun): Promise<Ending> {
  const stopped = once(context.signal)
  try {
    const returned = await Promise.race<JobReturn | 'late'>([job.run(run.period, context), stopped.late])
    if (returned === 'late') return cancelledEnding(context.signal)
    if (returned && 'notReady' in returned) return { ...good('not_ready'), reason: returned.notReady }
    return { ...good('succeeded'), result: returned?.result }
  } catch (error) {
    if (context.signal.aborted) return cancelledEnding(context.signal)
    return {
      outcome: 'failed',
      reason: toErrorRecord(error).message,
      result: undefined,
      errors: [toErrorRecord(error)],
    }
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
function once(signal: AbortSignal): { late: Promise<'late'>; forget: () => void } {
  let timer: NodeJS.Timeout | undefined
  const { promise, resolve } = withResolvers<'late'>()
  const begin = () => {
    timer = setTimeout(() => resolve('late'), WIND_DOWN_MS)
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
  const durationMs = Math.round(record.elapsedMs())
  const usage = process.resourceUsage()
  return {
    outcome,
    reason: ending.reason === undefined ? undefined : redact(ending.reason),
    finishedAt: new Date(run.startedAt.getTime() + durationMs),
    durationMs,
    items,
    errors: ending.errors.map((error) => ({
      ...error,
      message: redact(error.message),
      stack: error.stack === null ? null : redact(error.stack),
    })),
    result: ending.result,
    notes: record.notes,
    tables: record.tables,
    progress: record.progress,
    logTail: outcome === 'succeeded' || outcome === 'not_ready' ? undefined : log.tail(),
    cpuMs: Math.round((usage.userCPUTime + usage.systemCPUTime) / 1000),
    peakMemoryBytes: usage.maxRSS * 1024,
    simulated: record.simulated,
  }
}

/** The end and everything that belongs to it, in one transaction; false when another process ended the run first. */
async function finish(
  job: AnyJob,
  run: NewRun,
  { end, record, parts }: { end: RunEnd; record: RunRecord; parts: RunnerParts },
): Promise<boolean> {
  return await parts.ledger.begin(async (tx) => {
    if (!(await endRun(tx, run.id, end))) return false
    await releaseSlot(tx, run.id, { ...end, triesPerSlot: job.triesPerSlot })
    await insertSpans(tx, run.id, record.spans)
    await insertItems(tx, run.id, [...record.items.values()])
    if (!run.dryRun) await insertDeadLetters(tx, { id: run.id, job: job.id, at: end.finishedAt }, record.failed)
    return true
  })
}
