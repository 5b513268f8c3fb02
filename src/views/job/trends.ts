// Reads how long each job took, how late it was and how much it wrote, day by day; and at which hours of
// the week it takes long. Only runs that served count: a failure's duration says nothing of the work.

import type { Sql } from 'postgres'

import { serves } from '../../core/run.ts'
import { HISTORY_DAYS } from '../../core/windows.ts'
import { serving } from '../../ledger/outcomes.ts'
import type { ViewContext } from '../context.ts'
import { endedRuns } from '../ended-runs.ts'
import { groupBy } from '../group-by.ts'
import type { History, HistoryRun } from './history.ts'

/** With more runs than this a picture shows days instead of runs. */
const MOST_DOTS = 400

export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** A day (in the job's zone), or the whole time. */
export interface DayFigures {
  readonly runs: number
  readonly durationMs: Spread | undefined
  /** Of runs that took a slot; negative when early. */
  readonly latenessMs: Spread | undefined
  readonly items: number
  /** Milliseconds of work in all, for items an hour. */
  readonly workMs: number
}

export interface TrendDay extends DayFigures {
  /** YYYY-MM-DD, in the job's zone. */
  readonly day: string
}

/** In the job's zone. */
export interface HourCell {
  /** 1 is Monday. */
  readonly weekday: number
  readonly hour: number
  readonly runs: number
  readonly medianMs: number
}

export interface Trend {
  readonly since: Date
  /** Of the whole time; undefined: no run served. */
  readonly all: DayFigures | undefined
  readonly days: readonly TrendDay[]
  /** Every run of the time, where they are few enough to be drawn one by one. */
  readonly runs: readonly HistoryRun[] | undefined
  readonly hours: readonly HourCell[]
}

export interface TrendsGiven {
  readonly histories: ReadonlyMap<string, History>
  /** In which each job's days and hours are counted. */
  readonly zones: ReadonlyMap<string, string>
}

interface TimeSpan {
  readonly since: Date
  readonly now: Date
}

/** Rows of a job and its zone. */
const zoned = (sql: Sql, zones: ReadonlyMap<string, string>) =>
  sql`unnest(${[...zones.keys()]}::text[], ${[...zones.values()]}::text[]) as place (job, zone)`

/** The trend of every job of the registry, by id. */
export async function readTrends(
  sql: Sql,
  site: ViewContext,
  { histories, zones }: TrendsGiven,
): Promise<Map<string, Trend>> {
  const since = new Date(site.now.getTime() - HISTORY_DAYS * 24 * 60 * 60_000)
  const time = { since, now: site.now }
  const [days, hours] = await Promise.all([readDays(sql, zones, time), readHours(sql, zones, time)])
  return new Map(
    site.jobs.map(({ id }) => {
      const own = days.get(id) ?? []
      const all = own.find(({ day }) => day === undefined)
      const runs = (histories.get(id)?.runs ?? []).filter(
        ({ outcome, startedAt }) => serves(outcome) && startedAt > since,
      )
      const trend: Trend = {
        since,
        all,
        days: own.flatMap(({ day, ...figures }) => (day === undefined ? [] : [{ day, ...figures }])),
        runs: all && all.runs <= MOST_DOTS && runs.length === all.runs ? runs : undefined,
        hours: hours.get(id) ?? [],
      }
      return [id, trend]
    }),
  )
}

interface DayRow {
  job: string
  day: string | null
  runs: number
  took: number | null
  took_least: number | null
  took_most: number | null
  late: number | null
  late_least: number | null
  late_most: number | null
  items: number
  work: number
}

async function readDays(sql: Sql, zones: TrendsGiven['zones'], time: TimeSpan) {
  const rows = await sql<DayRow[]>`
    select job, to_char(day, 'YYYY-MM-DD') as day, count(*)::integer as runs,
      percentile_cont(0.5) within group (order by took) as took, min(took) as took_least, max(took) as took_most,
      percentile_cont(0.5) within group (order by late) as late, min(late) as late_least, max(late) as late_most,
      sum(items)::double precision as items, coalesce(sum(took), 0) as work
    from (
      select job, (started_at at time zone place.zone)::date as day, duration_ms::double precision as took,
        extract(epoch from started_at - slot_due_at)::double precision * 1000 as late, items_written as items
      from (${endedRuns(sql, time)}) ended join ${zoned(sql, zones)} using (job)
      where outcome in ${serving(sql)}
    ) served
    group by grouping sets ((job, day), (job))
    order by job, day
  `
  return groupBy(rows, ({ job }) => job, (own) => own.map(toFigures)) // prettier-ignore
}

function toFigures(row: DayRow): DayFigures & { day: string | undefined } {
  return {
    day: row.day ?? undefined,
    runs: row.runs,
    durationMs: toSpread(row.took, row.took_least, row.took_most),
    latenessMs: toSpread(row.late, row.late_least, row.late_most),
    items: row.items,
    workMs: row.work,
  }
}

function toSpread(median: number | null, least: number | null, most: number | null): Spread | undefined {
  return median === null || least === null || most === null ? undefined : { median, least, most }
}

async function readHours(sql: Sql, zones: TrendsGiven['zones'], time: TimeSpan): Promise<Map<string, HourCell[]>> {
  const rows = await sql<{ job: string; weekday: number; hour: number; runs: number; took: number }[]>`
    select job, weekday, hour, count(*)::integer as runs, percentile_cont(0.5) within group (order by took) as took
    from (
      select job, extract(isodow from there)::integer as weekday, extract(hour from there)::integer as hour, took
      from (
        select job, started_at at time zone place.zone as there, duration_ms::double precision as took
        from (${endedRuns(sql, time)}) ended join ${zoned(sql, zones)} using (job)
        where outcome in ${serving(sql)} and duration_ms is not null
      ) local
    ) served
    group by job, weekday, hour
    order by job, weekday, hour
  `
  return groupBy(rows, ({ job }) => job, (own) =>
    own.map(({ weekday, hour, runs, took }) => ({ weekday, hour, runs, medianMs: took })),
  ) // prettier-ignore
}
