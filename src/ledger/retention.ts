// Reads and removes runs for retention. What may go is decided elsewhere; slots are never touched, for
// they keep what gates and pages ask after a run is gone.

import type { Sql, TransactionSql } from 'postgres'

import type { Outcome } from '../core/run.ts'
import { serving, unwell } from './outcomes.ts'

/** A run with what decides whether it stays. */
export interface EndedRun {
  readonly id: string
  readonly job: string
  readonly outcome: Outcome
  readonly retryOf: string | undefined
  readonly slotDueAt: Date | undefined
  readonly startedAt: Date
  /** Undefined while it is running. */
  readonly finishedAt: Date | undefined
}

/** A place in the order of all runs, from the oldest on. */
export interface Cursor {
  /** As the database writes it: an instant of JavaScript's would lose its microseconds, and the walk its way. */
  readonly startedAt: string
  readonly id: string
}

export const FROM_THE_FIRST: Cursor = { startedAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' }

interface RunRow {
  id: string
  job: string
  outcome: Outcome
  retry_of: string | null
  slot_due_at: Date | null
  started_at: Date
  finished_at: Date | null
}

function toRun(row: RunRow): EndedRun {
  return {
    id: row.id,
    job: row.job,
    outcome: row.outcome,
    retryOf: row.retry_of ?? undefined,
    slotDueAt: row.slot_due_at ?? undefined,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
  }
}

/** The next runs after a place that started before an instant, oldest first; `next` is undefined after the last ones. */
export async function listRunsAfter(
  sql: Sql | TransactionSql,
  place: Cursor,
  page: { startedBefore: Date; limit: number },
): Promise<{ runs: EndedRun[]; next: Cursor | undefined }> {
  const rows = await sql<(RunRow & { place: string })[]>`
    select id, job, outcome, retry_of, slot_due_at, started_at, finished_at, started_at::text as place
    from ledger.runs
    where started_at >= ${place.startedAt}::text::timestamptz and started_at < ${page.startedBefore}
      and (started_at, id) > (${place.startedAt}::text::timestamptz, ${place.id}::uuid)
    order by started_at, id
    limit ${page.limit}
  `
  const last = rows.at(-1)
  const next = last && rows.length === page.limit ? { startedAt: last.place, id: last.id } : undefined
  return { runs: rows.map(toRun), next }
}

/** The runs that continue one of these, or that one of these continues: one step along their chains. */
export async function listNeighbours(sql: Sql | TransactionSql, runs: readonly EndedRun[]): Promise<EndedRun[]> {
  const parents = runs.flatMap((run) => run.retryOf ?? [])
  // Two statements, for an "or" over both would be planned as a walk over all runs.
  const [above, below] = [
    await sql<RunRow[]>`
      select id, job, outcome, retry_of, slot_due_at, started_at, finished_at
      from ledger.runs where id = any(${sql.array(parents)}::uuid[])
    `,
    await sql<RunRow[]>`
      select id, job, outcome, retry_of, slot_due_at, started_at, finished_at
      from ledger.runs where retry_of = any(${sql.array(runs.map((run) => run.id))}::uuid[])
    `,
  ]
  return [...above, ...below].map(toRun)
}

/** Every job that has a run. */
export async function listJobsWithRuns(sql: Sql): Promise<string[]> {
  // From one job to the next along the index: "distinct" would read every run.
  const rows = await sql<{ job: string }[]>`
    with recursive found as (
      (select job from ledger.runs order by job limit 1)
      union all
      select (select job from ledger.runs where job > found.job order by job limit 1) from found where found.job is not null
    )
    select job from found where job is not null
  `
  return rows.map((row) => row.job)
}

/** Of a job the newest run that succeeded and the newest that served: what "did it ever succeed" is answered by. */
export async function listNewestSuccesses(sql: Sql, job: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    (select id from ledger.runs where job = ${job} and outcome = 'succeeded' order by started_at desc, id desc limit 1)
    union
    (select id from ledger.runs where job = ${job} and outcome in ${serving(sql)} order by started_at desc, id desc limit 1)
  `
  return rows.map((row) => row.id)
}

/** Jobs with more than so many runs that did not end well. */
export async function listJobsOverCap(sql: Sql, cap: number): Promise<string[]> {
  const rows = await sql<{ job: string }[]>`
    select job from ledger.runs
    where outcome in ${unwell(sql)}
    group by job having count(*) > ${cap}
    order by job
  `
  return rows.map((row) => row.job)
}

/** A job's runs that did not end well. */
export async function listKeptRuns(sql: Sql, job: string): Promise<EndedRun[]> {
  const rows = await sql<RunRow[]>`
    select id, job, outcome, retry_of, slot_due_at, started_at, finished_at
    from ledger.runs
    where job = ${job} and outcome in ${unwell(sql)}
  `
  return rows.map(toRun)
}

/** How many runs started before an instant. */
export async function countRunsBefore(sql: Sql, startedBefore: Date): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from ledger.runs where started_at < ${startedBefore}
  `
  return row?.count ?? 0
}

/** How many runs started since an instant, per job and outcome. */
export async function countRunsSince(
  sql: Sql,
  since: Date,
): Promise<{ job: string; outcome: Outcome; count: number }[]> {
  return await sql<{ job: string; outcome: Outcome; count: number }[]>`
    select job, outcome, count(*)::integer as count from ledger.runs where started_at >= ${since} group by job, outcome
  `
}

/** Removes ended runs with their spans, items and closed letters; open letters stay, and wait for somebody. Returns how
 *  many runs went. */
export async function deleteRuns(tx: TransactionSql, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const gone = tx.array([...ids])
  await tx`delete from ledger.spans where run_id = any(${gone}::uuid[])`
  await tx`delete from ledger.items where run_id = any(${gone}::uuid[])`
  await tx`delete from ledger.dead_letters where run_id = any(${gone}::uuid[]) and closed_at is not null`
  const done = await tx`delete from ledger.runs where id = any(${gone}::uuid[]) and outcome <> 'running'`
  return done.count
}
