// A run that has begun: heart, work, and its end by compare-and-set. Loaded only when a run begins, for most wake-ups are gated.

import type { ErrorRecord } from '../core/errors.ts'
import type { AnyJob, JobContext } from '../core/job.ts'
import { endedWell } from '../core/run.ts'
import type { RunEnd } from '../ledger/run-end.ts'
import type { NewRun } from '../ledger/runs.ts'
import { createContext } from './context.ts'
import { keepDetails } from './details.ts'
import { finishRun } from './finish.ts'
import { startHeartbeat } from './heartbeat.ts'
import { rhythmOf } from './patience.ts'
import { createRunRecord, totalItems, type RunRecord } from './record.ts'
import { createCleaner } from './storable.ts'
import type { JobCall, RunnerParts, RunReport } from './types.ts'
import { work, type Ending } from './work.ts'

export interface Begun {
  readonly run: NewRun
  readonly params: JobCall['params']
  readonly only: JobContext['only']
}

/** From the first heartbeat to the last word. Returns how it ended. */
export async function live(job: AnyJob, { run, params, only }: Begun, parts: RunnerParts): Promise<RunReport> {
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
    logTail: endedWell(outcome) ? undefined : log.tail().map((line) => clean.text(line)),
    cpuMs: Math.round((usage.userCPUTime + usage.systemCPUTime) / 1000),
    peakMemoryBytes: usage.maxRSS * 1024,
    simulated: record.simulated,
  }
}
