// Counts the minutes of GitHub Actions that the schedule uses, as GitHub bills them: every job of every workflow run rounded up to
// a whole minute.

import type { Sql } from 'postgres'

import { GOOD_RUN_DAYS } from '../../core/run.ts'
import { MONTH_DAYS } from '../../core/windows.ts'

const DAY_MS = 86_400_000
/** Checkout, Node and `npm ci`, which the ledger does not see: it begins when the door opens. Measured at 20 to 35 s. */
const SET_UP_SECONDS = 30

export interface JobMinutes {
  /** A job's id, or `ops-watch`. */
  readonly job: string
  readonly runs: number
  /** As billed, in the window. */
  readonly minutes: number
  /** The same for MONTH_DAYS, by the days since it was first scheduled, where that is less. */
  readonly aMonth: number
}

export interface MinutesForecast {
  /** How many days of history it is made from: GOOD_RUN_DAYS, or fewer of a young ledger. */
  readonly days: number
  /** False: no run was on GitHub, and all of them are counted as if they had been. */
  readonly onGithub: boolean
  /** Most minutes first. */
  readonly jobs: readonly JobMinutes[]
  readonly aMonth: number
}

/** Reads the runs and passes of the days for which good runs are kept. */
export async function readMinutes(sql: Sql, now: Date): Promise<MinutesForecast> {
  const since = new Date(now.getTime() - GOOD_RUN_DAYS * DAY_MS)
  const [runs, passes] = await Promise.all([countRuns(sql, since, now), countPasses(sql, since, now)])
  const onGithub = runs.some(({ github_runs }) => github_runs > 0)
  const billed = [...runs, ...passes]
    .map((row) => ({
      job: row.job,
      first: row.first,
      runs: onGithub ? row.github_runs : row.runs,
      minutes: onGithub ? row.github_minutes : row.minutes,
    }))
    .filter((row) => row.runs > 0)
  const daysSince = (first: Date) => Math.min(GOOD_RUN_DAYS, Math.max(1, (now.getTime() - first.getTime()) / DAY_MS))
  const jobs = billed
    .map(({ first, ...row }) => ({ ...row, aMonth: (row.minutes / daysSince(first)) * MONTH_DAYS }))
    .sort((a, b) => b.aMonth - a.aMonth || a.job.localeCompare(b.job))
  const days = Math.max(1, ...billed.map(({ first }) => daysSince(first)))
  return { days, onGithub, jobs, aMonth: jobs.reduce((all, one) => all + one.aMonth, 0) }
}

interface Row {
  job: string
  first: Date
  runs: number
  minutes: number
  github_runs: number
  github_minutes: number
}

async function countRuns(sql: Sql, since: Date, now: Date): Promise<Row[]> {
  return await sql<Row[]>`
    select job, count(*)::integer as runs, sum(minutes)::integer as minutes,
      least(min(started_at), (select min(valid_from) from ledger.schedules line where line.job = billed.job)) as first,
      (count(*) filter (where github))::integer as github_runs,
      coalesce(sum(minutes) filter (where github), 0)::integer as github_minutes
    from (
      select job, started_at, github_run_id is not null as github,
        ceil((coalesce(duration_ms, 0) / 1000.0 + ${SET_UP_SECONDS}) / 60) as minutes
      from ledger.runs where started_at > ${since} and started_at <= ${now}
    ) billed
    group by job
  `
}

async function countPasses(sql: Sql, since: Date, now: Date): Promise<Row[]> {
  return await sql<Row[]>`
    select 'ops-watch' as job, min(began_at) as first, count(*)::integer as runs, sum(minutes)::integer as minutes,
      (count(*) filter (where github))::integer as github_runs,
      coalesce(sum(minutes) filter (where github), 0)::integer as github_minutes
    from (
      select began_at, github_run_id is not null as github,
        ceil((coalesce(extract(epoch from ended_at - began_at), 0) + ${SET_UP_SECONDS}) / 60) as minutes
      from ledger.passes where began_at > ${since} and began_at <= ${now}
    ) billed
    having count(*) > 0
  `
}
