// A job at its work, to whatever end it comes: what it returned, what it threw, or that it was told to stop.

import { toErrorRecord, type ErrorRecord, type JobFailure } from '../core/errors.ts'
import type { AnyJob, JobContext, JobReturn } from '../core/job.ts'
import type { FinalOutcome } from '../core/run.ts'
import { isFromDatabase } from '../lib/db.ts'
import type { NewRun } from '../ledger/runs.ts'

export interface Ending {
  readonly outcome: FinalOutcome
  readonly reason: string | undefined
  readonly result: unknown
  readonly errors: readonly ErrorRecord[]
}

/** Runs the job to its end, or until it was told to stop and did not in time. Never throws. */
export async function work(
  job: AnyJob,
  context: JobContext<Record<string, unknown>>,
  by: { run: NewRun; windDownMs: number; explain: (error: unknown) => JobFailure },
): Promise<Ending> {
  const stopped = once(context.signal, by.windDownMs)
  try {
    context.signal.throwIfAborted()
    const returned = await Promise.race<JobReturn | 'late'>([job.run(by.run.period, context), stopped.late])
    if (returned === 'late') return cancelledEnding(context.signal)
    if (returned && 'notReady' in returned) return { ...good('not_ready'), reason: returned.notReady }
    return { ...good('succeeded'), result: returned?.result }
  } catch (error) {
    if (context.signal.aborted) return cancelledEnding(context.signal)
    const record = toErrorRecord(isFromDatabase(error) ? by.explain(error) : error)
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
