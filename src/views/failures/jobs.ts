// Reads how each job fares: its share of good runs week by week, its newest failures, its missed slots, and how often a slot needed
// another try.

import type { Sql } from 'postgres'

import type { Outcome } from '../../core/run.ts'
import { unwell } from '../../ledger/outcomes.ts'
import type { ViewContext } from '../context.ts'
import { endedRuns } from '../ended-runs.ts'
import { groupBy } from '../group-by.ts'
import { quotedMessage } from '../quoting.ts'

const SHOWN_RUNS = 8

/** The time that a page looks back on. */
export interface TimeSpan {
  readonly since: Date
  readonly now: Date
  readonly weeks: number
}

export interface JobFailures {
  readonly job: string
  /** Runs that ended and were to do something: neither gated nor not ready; by outcome. */
  readonly ended: Partial<Readonly<Record<Outcome, number>>>
  /** Oldest first; a week without runs has none. */
  readonly weeks: readonly { readonly runs: number; readonly good: number }[]
  readonly missedSlots: number
  readonly retries: Retries
  /** Its newest runs that did not end well, at most eight. */
  readonly newest: readonly TroubledRun[]
}

/** Of slots that a run held: how many runs failed before the one that served. */
export interface Retries {
  readonly none: number
  readonly one: number
  readonly two: number
  readonly more: number
  readonly neverServed: number
}

export interface TroubledRun {
  readonly id: string
  readonly job: string
  readonly outcome: Outcome
  readonly attempt: number
  readonly startedAt: Date
  readonly dueAt: Date | undefined
  readonly code: string
  readonly message: string
}

const NO_RETRIES: Retries = { none: 0, one: 0, two: 0, more: 0, neverServed: 0 }

/** Every job of the registry in its order, then those that ran and are in it no longer. */
export async function readJobFailures(sql: Sql, site: ViewContext, time: TimeSpan): Promise<JobFailures[]> {
  const [weeks, slots, newest] = await Promise.all([
    readWeeks(sql, time),
    readSlots(sql, time),
    readNewest(sql, site, time),
  ])
  const known = site.jobs.map(({ id }) => id)
  const gone = [...new Set([...weeks.keys(), ...slots.keys()])].filter((job) => !known.includes(job)).sort()
  return [...known, ...gone].map((job) => {
    const own = weeks.get(job) ?? []
    const { missed = 0, ...retries } = slots.get(job) ?? NO_RETRIES_OR_MISSED
    return {
      job,
      ended: sumOutcomes(own),
      weeks: Array.from({ length: time.weeks }, (_, i) => sumWeek(own, time.weeks - 1 - i)),
      missedSlots: missed,
      retries,
      newest: newest.get(job) ?? [],
    }
  })
}

const NO_RETRIES_OR_MISSED = { ...NO_RETRIES, missed: 0 }

interface WeekRow {
  job: string
  outcome: Outcome
  /** 0 ends now. */
  week: number
  runs: number
}

function sumOutcomes(rows: readonly WeekRow[]): JobFailures['ended'] {
  const ended: Partial<Record<Outcome, number>> = {}
  for (const { outcome, runs } of rows) ended[outcome] = (ended[outcome] ?? 0) + runs
  return ended
}

function sumWeek(rows: readonly WeekRow[], week: number): { runs: number; good: number } {
  const own = rows.filter((row) => row.week === week)
  const sum = (some: readonly WeekRow[]) => some.reduce((all, { runs }) => all + runs, 0)
  return { runs: sum(own), good: sum(own.filter(({ outcome }) => outcome === 'succeeded')) }
}

async function readWeeks(sql: Sql, { since, now }: TimeSpan): Promise<Map<string, WeekRow[]>> {
  const rows = await sql<WeekRow[]>`
    select job, outcome, floor(extract(epoch from ${now}::timestamptz - started_at) / 604800)::integer as week,
      count(*)::integer as runs
    from (${endedRuns(sql, { since, now })}) ended
    group by 1, 2, 3
  `
  return groupBy(rows, ({ job }) => job, (own) => own) // prettier-ignore
}

async function readSlots(sql: Sql, { since, now }: TimeSpan) {
  // Past its deadline it is missed, although nobody has looked and written it down: see slot-state.ts.
  const isMissed = sql`(state = 'missed' or (state = 'due' and deadline_at <= ${now}))`
  const rows = await sql<({ job: string; missed: number } & Record<keyof Retries, number>)[]>`
    select job, (count(*) filter (where ${isMissed}))::integer as missed,
      (count(*) filter (where state = 'served' and tries = 0))::integer as none,
      (count(*) filter (where state = 'served' and tries = 1))::integer as one,
      (count(*) filter (where state = 'served' and tries = 2))::integer as two,
      (count(*) filter (where state = 'served' and tries > 2))::integer as more,
      (count(*) filter (where state = 'failed' or (${isMissed} and tries > 0)))::integer as "neverServed"
    from ledger.slots
    where due_at > ${since} and due_at <= ${now} and (state in ('served', 'failed') or ${isMissed})
    group by job
  `
  return new Map(rows.map(({ job, ...counts }) => [job, counts]))
}

async function readNewest(sql: Sql, site: ViewContext, { since, now }: TimeSpan): Promise<Map<string, TroubledRun[]>> {
  const rows = await sql<(Omit<TroubledRun, 'startedAt' | 'dueAt'> & { started_at: Date; slot_due_at: Date | null })[]>`
    select id, job, outcome, attempt, started_at, slot_due_at,
      coalesce(errors -> 0 ->> 'code', case outcome when 'partial' then 'items_failed' else outcome end) as code,
      ${quotedMessage(sql, site)} as message
    from ledger.runs
    where id in (
      select id from (
        select id, row_number() over (partition by job order by started_at desc) as place
        from ledger.runs
        where outcome in ${unwell(sql)} and started_at > ${since} and started_at <= ${now}
      ) placed
      where place <= ${SHOWN_RUNS}
    )
    order by started_at desc
  `
  return groupBy(rows, ({ job }) => job, (own) =>
    own.map(({ started_at: startedAt, slot_due_at, ...run }) => ({ ...run, startedAt, dueAt: slot_due_at ?? undefined })),
  ) // prettier-ignore
}
