// The second step of a run's end: what pages show beside the run, and what it learnt of its sources. Nothing here is a
// promise: lost by a kill between the two steps, it leaves a run without spans, and a breaker that counts a failure less.

import type { Sql } from 'postgres'

import { toErrorRecord } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import { serves } from '../core/run.ts'
import { noteSources } from '../ledger/breakers.ts'
import { insertDetails } from '../ledger/details.ts'
import type { RunEnd } from '../ledger/run-end.ts'
import type { NewRun } from '../ledger/runs.ts'
import { patienceForDetails, type PatientParts } from './patience.ts'
import type { RunRecord } from './record.ts'

interface Ended {
  readonly end: RunEnd
  readonly record: RunRecord
  readonly parts: PatientParts & { readonly ledger: Sql }
}

/** Keeps the details of a run whose end is written. May be repeated; never throws: the run has ended whatever comes now. */
export async function keepDetails(job: AnyJob, run: NewRun, { end, record, parts }: Ended): Promise<void> {
  const { ledger, log } = parts
  const patience = patienceForDetails(parts)
  const keep = async (what: string, work: (attempt: number) => Promise<unknown>) => {
    await patience(work).catch((error: unknown) => {
      log.warn(`${what} of the run not kept`, { cause: toErrorRecord(parts.explain(error)).message })
    })
  }
  const items = [...record.items.values()]
  await keep('spans and counts', () => insertDetails(ledger, run.id, { spans: record.spans, items }))
  if (run.dryRun) return
  const seen = sourcesSeen(job, end, record)
  await keep('what it learnt of its sources', (attempt) =>
    // A try whose answer was lost may have counted the failures: they are not counted twice.
    noteSources(ledger, attempt === 1 ? seen : { ...seen, failed: new Map() }),
  )
}

/** Which sources failed the run in a way that may be temporary, and which are known to have answered. That it has no such file is an
 *  answer, and what it sent may be broken without the source being away. */
function sourcesSeen(job: AnyJob, end: RunEnd, record: RunRecord) {
  const failed = new Map<string, string>()
  for (const { kind, retryable, context, message } of end.errors) {
    const away = kind === 'SourceFailure' && retryable && context['status'] !== 404
    if (away && typeof context['source'] === 'string') failed.set(context['source'], message)
  }
  for (const { kind, key, message, retryable } of record.failed)
    if (kind === 'source' && retryable) failed.set(key, message)
  const answered = serves(end.outcome) || end.outcome === 'not_ready' ? (job.sources ?? []) : []
  return { failed, answered: answered.filter((source) => !failed.has(source)), at: end.finishedAt }
}
