// The end of a run, written down in two steps. This is the first, by compare-and-set and in one transaction: the run, its slot,
// and whatever is a promise: failed items that are to be tried again, requests of a cascade. The second is details.ts.

import type { Sql, TransactionSql } from 'postgres'

import { LedgerFailure, toErrorRecord, type JobFailure } from '../core/errors.ts'
import { mayPass } from '../core/finality.ts'
import type { AnyJob, JobContext } from '../core/job.ts'
import { nameOf, namesPeriod } from '../core/params.ts'
import { delayBeforeNextRun } from '../core/retry.ts'
import { serves } from '../core/run.ts'
import { closeRetried, lockLetters } from '../ledger/dead-letters.ts'
import { insertDeadLetters } from '../ledger/details.ts'
import { insertRequest, type NewRequest } from '../ledger/requests.ts'
import { endRun, hasEndedAs, type Again, type RunEnd } from '../ledger/run-end.ts'
import type { NewRun } from '../ledger/runs.ts'
import { randomSpread } from '../lib/clock.ts'
import { patienceToEnd, type PatientParts } from './patience.ts'
import type { RunRecord } from './record.ts'
import { withoutDetails } from './without-details.ts'

interface Finish {
  readonly end: RunEnd
  readonly record: Pick<RunRecord, 'failed'>
  /** The failed items of an earlier run that this one tried again. */
  readonly only: JobContext['only']
  readonly parts: PatientParts & { readonly ledger: Sql; readonly jobs: readonly AnyJob[] }
}

/** The end as it was written; undefined when another process had ended the run first. It is tried again on whatever may be temporary
 *  until the process's own time is nearly over. Throws LedgerFailure then: the run is found silent, and its slot comes back. No
 *  other end is ever written in its place. */
export async function finishRun(job: AnyJob, run: NewRun, finish: Finish): Promise<RunEnd | undefined> {
  const { end, parts } = finish
  const patience = patienceToEnd(parts, job.id, (error) => !isRefused(error))
  const again = againAfter(run, end) // once: a later try must not write another
  const named = namesPeriod(job, run.parameters)
  const write = async (what: Finish) => await patience(() => tryToEnd(run, { ...what, again, named }))
  try {
    return await write(finish)
  } catch (error) {
    if (!isRefused(error)) throw notWritten(job, run, { end, failure: parts.explain(error) })
    parts.log.warn('the details of the end were refused', { cause: toErrorRecord(parts.explain(error)).message })
    const bare = withoutDetails(end, { refusal: toErrorRecord(error).message, letters: finish.record.failed.length })
    return await write({ ...finish, end: bare, record: { failed: [] } }).catch((again: unknown) => {
      throw notWritten(job, run, { end, failure: parts.explain(again) })
    })
  }
}

/** Is it the content that the database refuses? Too much of it (class 54) counts too: waiting makes it no less. */
function isRefused(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return !mayPass(error) || (typeof code === 'string' && /^54[0-9A-Z]{3}$/.test(code))
}

interface Ending extends Finish {
  readonly again: Again
  /** Did somebody name its period? */
  readonly named: boolean
}

async function tryToEnd(run: NewRun, finish: Ending): Promise<RunEnd | undefined> {
  const { end, parts } = finish
  if (await writeEnd(run, finish)) return end
  // An earlier try may have brought it home without a word: its answer was lost.
  return (await hasEndedAs(parts.ledger, run.id, end)) ? end : undefined
}

async function writeEnd(run: NewRun, { end, again, record, only, parts, named }: Ending): Promise<boolean> {
  const children = run.parameters['cascade'] === true && serves(end.outcome) ? childrenOf(run, parts.jobs) : []
  const wish = byHandAgain(run, end, again)
  const promises =
    !run.dryRun && (record.failed.length > 0 || only !== undefined || children.length > 0 || wish !== undefined)
  if (!promises) return await endRun(parts.ledger, run, { ...end, ...again })
  return await parts.ledger.begin(async (tx) => {
    if (!(await endRun(tx, run, { ...end, ...again }))) return false
    if (only) await lockLetters(tx)
    await insertDeadLetters(tx, { id: run.id, job: run.job, at: end.finishedAt }, record.failed)
    if (only && serves(end.outcome)) {
      await closeRetried(tx, { job: run.job, runId: run.id, at: end.finishedAt }, only)
    }
    await askForChildren(tx, run, { end, children, named })
    if (wish) await insertRequest(tx, wish)
    return true
  })
}

/** An error that is final ends the slot; what may be temporary is tried again later, as the provider wishes. */
function againAfter(run: NewRun, end: RunEnd): Again {
  if (end.outcome !== 'failed' && end.outcome !== 'not_ready') return { givesUp: false, notBefore: undefined }
  const asked = Math.max(0, ...end.errors.map((error) => error.retryAfterSeconds ?? 0))
  const delayMs = delayBeforeNextRun({ attempt: run.attempt, retryAfterSeconds: asked }, randomSpread())
  const givesUp = end.outcome === 'failed' && !end.errors.every((error) => error.retryable)
  return { givesUp, notBefore: givesUp ? undefined : new Date(end.finishedAt.getTime() + delayMs) }
}

/** What a person started on GitHub and found nothing ready is asked for again, as a slot would be: nobody else ever would. */
function byHandAgain(run: NewRun, end: RunEnd, { notBefore }: Again): NewRequest | undefined {
  const { job, trigger, slotDueAt, origin, parameters } = run
  const byHand = trigger === 'manual' && slotDueAt === undefined && origin.githubRunId !== undefined
  if (!byHand || end.outcome !== 'not_ready' || parameters['retry'] !== undefined) return undefined
  const given = Object.entries(parameters).filter(([, value]) => value !== false && value !== undefined)
  const told = given.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value] as const)
  const reason = `nothing was ready for the run that ${origin.actor ?? 'somebody'} started: ${end.reason ?? 'no reason kept'}`
  return { job, kind: 'manual', reason, parameters: Object.fromEntries(told), actor: origin.actor, at: end.finishedAt, nextTryAt: notBefore } // prettier-ignore
}

/** In one order for everybody: requests are locked by their job. */
function childrenOf(run: NewRun, jobs: readonly AnyJob[]): AnyJob[] {
  return jobs.filter(({ needs }) => run.job in needs).sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Written down only: what turns a request into a run is somebody else's. */
async function askForChildren(
  tx: TransactionSql,
  run: NewRun,
  { end, children, named }: { end: RunEnd; children: readonly AnyJob[]; named: boolean },
): Promise<void> {
  const { environment } = run.parameters
  const { actor } = run.origin
  for (const job of children) {
    const reason = `${run.job} ran for ${run.period.key} with cascade`
    // Told to the children unless the run served its slot and was told no period: that slot is served now, so theirs are
    // ready. Otherwise nothing of theirs is due, and the period itself is what was asked for.
    const name = run.slotDueAt === undefined || named ? nameOf(job, run.period) : {}
    const parameters = { ...name, environment, cascade: true }
    await insertRequest(tx, { job: job.id, kind: 'cascade', reason, parameters, actor, at: end.finishedAt })
  }
}

function notWritten(job: AnyJob, run: NewRun, { end, failure }: { end: RunEnd; failure: JobFailure }): LedgerFailure {
  return new LedgerFailure(
    `${job.id} ended as ${end.outcome}, but its run ${run.id} could not be closed: ${failure.message} Once the run's silence is noticed its slot is due again`,
    { code: 'end_not_written', context: { runId: run.id, outcome: end.outcome }, cause: failure },
  )
}
