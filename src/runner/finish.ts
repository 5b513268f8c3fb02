// The end of a run, written down: the run, its slot and all that belongs to them in one transaction, by compare-and-set.

import type { Sql, TransactionSql } from 'postgres'

import { LedgerFailure, toErrorRecord, type JobFailure } from '../core/errors.ts'
import type { AnyJob, JobContext } from '../core/job.ts'
import { delayBeforeNextRun } from '../core/retry.ts'
import { serves } from '../core/run.ts'
import { randomSpread } from '../lib/clock.ts'
import { isLostConnection } from '../lib/db/lost.ts'
import { closeRetried } from '../ledger/dead-letters.ts'
import { insertDeadLetters, insertItems, insertSpans } from '../ledger/details.ts'
import { noteSources } from '../ledger/breakers.ts'
import { insertRequest } from '../ledger/requests.ts'
import { endRun, hasEndedAs, releaseSlot, type Again, type NewRun, type RunEnd } from '../ledger/runs.ts'
import { createRunRecord, type RunRecord } from './record.ts'

interface Finish {
  readonly end: RunEnd
  readonly record: RunRecord
  /** The failed items of an earlier run that this one tried again. */
  readonly only: JobContext['only']
  readonly parts: {
    readonly ledger: Sql
    readonly jobs: readonly AnyJob[]
    readonly explain: (error: unknown) => JobFailure
  }
}

/** The end as it was written; undefined when another process had ended the run first. Throws LedgerFailure when the
 *  database is away: then the run is found silent, and its slot comes back. */
export async function finishRun(job: AnyJob, run: NewRun, finish: Finish): Promise<RunEnd | undefined> {
  try {
    return await writeEnd(job, run, finish)
  } catch (error) {
    if (isLostConnection(error)) return await writeAgain(job, run, finish).catch((again) => giveUp(job, run, { finish, error: again })) // prettier-ignore
    if (finish.parts.explain(error).retryable) return giveUp(job, run, { finish, error })
    // Not the database's state but something in the end itself: without it the run can at least be seen to have failed.
    return await writeEnd(job, run, { ...finish, ...bareEnd(finish.end, error) })
  }
}

async function writeEnd(job: AnyJob, run: NewRun, { end, record, only, parts }: Finish): Promise<RunEnd | undefined> {
  return await parts.ledger.begin(async (tx) => {
    if (!(await endRun(tx, run.id, end))) return undefined
    await releaseSlot(tx, run.id, { ...end, ...againAfter(run, end), triesPerSlot: job.triesPerSlot })
    await insertSpans(tx, run.id, record.spans)
    await insertItems(tx, run.id, [...record.items.values()])
    if (run.dryRun) return end
    await noteSources(tx, sourcesSeen(job, end, record))
    await insertDeadLetters(tx, { id: run.id, job: job.id, at: end.finishedAt }, record.failed)
    if (only && serves(end.outcome)) {
      await closeRetried(tx, { job: job.id, runId: run.id, at: end.finishedAt }, only)
    }
    if (run.parameters['cascade'] === true && serves(end.outcome))
      await askForChildren(tx, run, { end, jobs: parts.jobs })
    return end
  })
}

/** An error that will not pass ends the slot; what may pass is tried again later, as the provider wishes. */
function againAfter(run: NewRun, end: RunEnd): Again {
  if (end.outcome !== 'failed' && end.outcome !== 'not_ready') return { givesUp: false, notBefore: undefined }
  const asked = Math.max(0, ...end.errors.map((error) => error.retryAfterSeconds ?? 0))
  const delayMs = delayBeforeNextRun({ attempt: run.attempt, retryAfterSeconds: asked }, randomSpread())
  const givesUp = end.outcome === 'failed' && !end.errors.every((error) => error.retryable)
  return { givesUp, notBefore: givesUp ? undefined : new Date(end.finishedAt.getTime() + delayMs) }
}

/** Which sources failed the run in a way that may pass, and which are known to have answered. */
function sourcesSeen(job: AnyJob, end: RunEnd, record: RunRecord) {
  const failed = new Map<string, string>()
  for (const { retryable, context, message } of end.errors) {
    if (retryable && typeof context['source'] === 'string') failed.set(context['source'], message)
  }
  for (const { kind, key, message, retryable } of record.failed)
    if (kind === 'source' && retryable) failed.set(key, message)
  const answered = serves(end.outcome) || end.outcome === 'not_ready' ? (job.sources ?? []) : []
  return { failed, answered: answered.filter((source) => !failed.has(source)), at: end.finishedAt }
}

/** Written down only: what turns a request into a run is somebody else's. */
async function askForChildren(
  tx: TransactionSql,
  run: NewRun,
  { end, jobs }: { end: RunEnd; jobs: readonly AnyJob[] },
): Promise<void> {
  const { environment } = run.parameters
  for (const child of jobs.filter((job) => run.job in job.needs)) {
    const reason = `${run.job} ran for ${run.period.key} with cascade`
    const parameters = { ...periodToPass(run), environment, cascade: true }
    await insertRequest(tx, { job: child.id, kind: 'cascade', reason, parameters, at: end.finishedAt })
  }
}

/** What names the period to the children. A run that served its slot, and was not told a period, leaves them to theirs: that
 *  slot is served now, so theirs are ready. Otherwise nothing of theirs is due, and the period itself is what was asked for. */
function periodToPass({ parameters, period, slotDueAt }: NewRun): Record<string, unknown> {
  const { season, week, day } = parameters
  if (slotDueAt !== undefined || (season ?? week ?? day) !== undefined) return { season, week, day }
  return period.week === null ? { day: period.key } : { season: period.season, week: period.week }
}

/** A connection that ended may have taken our commit with it, or brought it home. */
async function writeAgain(job: AnyJob, run: NewRun, finish: Finish): Promise<RunEnd | undefined> {
  const written = await writeEnd(job, run, finish)
  if (written) return written
  return (await hasEndedAs(finish.parts.ledger, run.id, finish.end)) ? finish.end : undefined
}

function giveUp(job: AnyJob, run: NewRun, { finish, error }: { finish: Finish; error: unknown }): never {
  throw new LedgerFailure(
    `${job.id} ended as ${finish.end.outcome}, but its run ${run.id} could not be closed: ${finish.parts.explain(error).message} Once the run's silence is noticed its slot is due again`,
    { code: 'end_not_written', context: { runId: run.id, outcome: finish.end.outcome }, cause: error },
  )
}

function bareEnd(end: RunEnd, error: unknown): Pick<Finish, 'end' | 'record'> {
  const record = toErrorRecord(error)
  const reason = `the end of this run (${end.outcome}) could not be kept as it was: ${record.message}`
  const { outcome: _lost, finishedAt, durationMs, cpuMs, peakMemoryBytes, simulated } = end
  const empty = { items: { read: 0, written: 0, skipped: 0, failed: 0 }, result: null, notes: {}, tables: [] }
  const bare = { ...empty, errors: [record], progress: undefined, logTail: undefined }
  return {
    end: { outcome: 'failed', reason, finishedAt, durationMs, cpuMs, peakMemoryBytes, simulated, ...bare },
    record: createRunRecord((text) => text),
  }
}
