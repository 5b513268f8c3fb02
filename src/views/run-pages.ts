// Which runs get a page of their own: the newest of each job that did anything, and the newest that did not end well. What
// is shipped so stays the same size, however long the history grows.

import type { Sql } from 'postgres'

import type { ViewContext } from './context.ts'

/** Newest runs of each job that were not gated. */
const NEWEST = 30
/** Newest runs of each job that failed, or ended in part, abandoned or cancelled. */
const NEWEST_TROUBLED = 20

/** The ids of the runs that have a page of their own. */
export async function listRunsWithPages(sql: Sql, site: Pick<ViewContext, 'jobs' | 'now'>): Promise<Set<string>> {
  const jobs = sql.array(site.jobs.map(({ id }) => id))
  // "between" where "=" would do: see src/ledger/job-health.ts. The troubled ones are few and have an index of their own;
  // a walk back through each job until twenty are found would read all of a job that never fails.
  const rows = await sql<{ id: string }[]>`
    select newest.id from unnest(${jobs}::text[]) as job (id)
    cross join lateral (
      select id from ledger.runs
      where runs.job between job.id and job.id and outcome <> 'gated' and started_at <= ${site.now}
      order by runs.job, started_at desc limit ${NEWEST}
    ) newest
    union
    select id from (
      select id, job, row_number() over (partition by job order by started_at desc) as place
      from ledger.runs
      where outcome in ('failed', 'partial', 'abandoned', 'cancelled') and started_at <= ${site.now}
    ) troubled
    where place <= ${NEWEST_TROUBLED} and job = any(${jobs}::text[])
  `
  return new Set(rows.map(({ id }) => id))
}
