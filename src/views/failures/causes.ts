// Why runs failed: grouped by their first error's code and its message without numbers, so that one cause is one line
// however often and for however many games it came.

import type { Sql } from 'postgres'

import { unwell } from '../../ledger/outcomes.ts'
import type { ViewContext } from '../context.ts'
import { quotedMessage } from '../quoting.ts'
import type { TroubledRun, TimeSpan } from './jobs.ts'

const SHOWN_GROUPS = 30
const SHOWN_RUNS = 8

export interface CauseGroup {
  /** Of the error; where a run left none, what became of it: `abandoned`, `items_failed`. */
  readonly code: string
  /** The message with # for each number. */
  readonly pattern: string
  /** Do its messages differ in a number or an id? */
  readonly differ: boolean
  readonly runs: number
  readonly newestAt: Date
  readonly jobs: readonly string[]
  /** Runs a week, oldest first. */
  readonly weeks: readonly number[]
  /** At most eight. */
  readonly newest: readonly TroubledRun[]
}

interface GroupRow {
  code: string
  pattern: string
  differ: boolean
  runs: number
  newest_at: Date
  jobs: string[]
  weeks: number[]
  groups: number
}

/** The thirty most frequent causes, and how many there are beyond them. */
export async function readCauses(
  sql: Sql,
  site: ViewContext,
  time: TimeSpan,
): Promise<{ groups: CauseGroup[]; leftOut: number }> {
  const rows = await sql<GroupRow[]>`
    with weekly as (
      select code, pattern, week, count(*)::integer as runs, max(started_at) as newest_at, array_agg(distinct job) as jobs,
        min(message) as least, max(message) as most
      from (${troubled(sql, site, time)}) troubled group by code, pattern, week
    )
    select code, pattern, min(least) <> max(most) as differ, sum(runs)::integer as runs, max(newest_at) as newest_at,
      (select array_agg(distinct job order by job) from weekly own, unnest(own.jobs) as job
        where own.code = weekly.code and own.pattern = weekly.pattern) as jobs,
      array(
        select coalesce((select own.runs from weekly own
          where own.code = weekly.code and own.pattern = weekly.pattern and own.week = place), 0)
        from generate_series(${time.weeks - 1}::integer, 0, -1) as place
      ) as weeks,
      (count(*) over ())::integer as groups
    from weekly group by code, pattern
    order by sum(runs) desc, max(newest_at) desc
    limit ${SHOWN_GROUPS}
  `
  const newest = await readNewest(sql, { site, time }, rows)
  return {
    groups: rows.map(({ code, pattern, differ, runs, jobs, weeks, newest_at: newestAt }) => ({
      ...{ code, pattern, differ, runs, jobs, weeks, newestAt },
      newest: newest.filter((run) => run.code === code && run.pattern === pattern).map(({ run }) => run),
    })),
    leftOut: Math.max(0, (rows[0]?.groups ?? 0) - SHOWN_GROUPS),
  }
}

/** Every run of the time that did not end well, with its group. Ids go first, for their digits are no numbers. */
function troubled(sql: Sql, site: ViewContext, { since, now }: TimeSpan) {
  return sql`
    select id, job, outcome, attempt, started_at, slot_due_at, code, message,
      regexp_replace(
        regexp_replace(message, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '#', 'g'),
        '[0-9]+([.,:][0-9]+)*', '#', 'g'
      ) as pattern,
      floor(extract(epoch from ${now}::timestamptz - started_at) / 604800)::integer as week
    from (
      select id, job, outcome, attempt, started_at, slot_due_at,
        coalesce(errors -> 0 ->> 'code', case outcome when 'partial' then 'items_failed' else outcome end) as code,
        ${quotedMessage(sql, site)} as message
      from ledger.runs
      where outcome in ${unwell(sql)} and started_at > ${since} and started_at <= ${now}
    ) runs`
}

interface NewestRow {
  code: string
  pattern: string
  id: string
  job: string
  outcome: TroubledRun['outcome']
  attempt: number
  started_at: Date
  slot_due_at: Date | null
  message: string
}

async function readNewest(
  sql: Sql,
  { site, time }: { site: ViewContext; time: TimeSpan },
  groups: readonly { code: string; pattern: string }[],
) {
  const rows = await sql<NewestRow[]>`
    select code, pattern, id, job, outcome, attempt, started_at, slot_due_at, message
    from (
      select code, pattern, id, job, outcome, attempt, started_at, slot_due_at, message,
        row_number() over (partition by code, pattern order by started_at desc) as place
      from (${troubled(sql, site, time)}) troubled
      where (code, pattern) in (
        select code, pattern from unnest(
          ${groups.map(({ code }) => code)}::text[], ${groups.map(({ pattern }) => pattern)}::text[]
        ) as wanted (code, pattern)
      )
    ) placed
    where place <= ${SHOWN_RUNS}
    order by started_at desc
  `
  return rows.map(({ code, pattern, id, job, outcome, attempt, message, ...row }) => ({
    code,
    pattern,
    run: { id, job, outcome, attempt, code, message, startedAt: row.started_at, dueAt: row.slot_due_at ?? undefined },
  }))
}
