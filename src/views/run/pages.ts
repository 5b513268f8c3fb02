// Lists the runs that the site can show. The newest of each job that did anything, and the newest that did not end well, have a page
// of their own; what the history of a job keeps is told on one page for all. What is shipped so stays the same size, however
// long the history grows.

import type { Sql } from 'postgres'

import { unwell } from '../../ledger/outcomes.ts'
import type { ViewContext } from '../context.ts'
import { KEPT_RUNS } from '../job/history.ts'

/** Newest runs of each job that were not gated. */
const NEWEST = 30
/** Newest runs of each job that failed, or ended in part, abandoned or cancelled. */
const NEWEST_TROUBLED = 20

/** Where runs are shown. */
export type RunPlaces = Pick<Required<ViewContext>, 'runsWithPages' | 'runsTold'>

/** The ids of the runs that have a page of their own, and of those that are told of at all. */
export async function readRunPlaces(sql: Sql, site: Pick<ViewContext, 'jobs' | 'now'>): Promise<RunPlaces> {
  const [runsWithPages, runsTold] = await Promise.all([listWithPages(sql, site), listTold(sql, site)])
  return { runsWithPages, runsTold }
}

async function listTold(sql: Sql, site: Pick<ViewContext, 'jobs' | 'now'>): Promise<Set<string>> {
  // "between" where "=" would do: see src/ledger/job-health.ts.
  const rows = await sql<{ id: string }[]>`
    select newest.id from unnest(${site.jobs.map(({ id }) => id)}::text[]) as job (id)
    cross join lateral (
      select id from ledger.runs
      where runs.job between job.id and job.id and outcome <> 'gated' and started_at <= ${site.now}
      order by runs.job, started_at desc limit ${KEPT_RUNS}
    ) newest
  `
  return new Set(rows.map(({ id }) => id))
}

async function listWithPages(sql: Sql, site: Pick<ViewContext, 'jobs' | 'now'>): Promise<Set<string>> {
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
      where outcome in ${unwell(sql)} and started_at <= ${site.now}
    ) troubled
    where place <= ${NEWEST_TROUBLED} and job = any(${jobs}::text[])
  `
  return new Set(rows.map(({ id }) => id))
}
