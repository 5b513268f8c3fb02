// What other programs read of the site: the present state, each job's newest runs, what is due, and incidents.

import type { Sql } from 'postgres'

import type { Outcome } from '../../core/run.ts'
import { CALENDAR_DAYS } from '../../core/windows.ts'
import { listOpenIncidents, type Incident } from '../../ledger/incidents.ts'
import { dueBetween } from '../../schedule/cron.ts'
import { clipped } from '../clipped.ts'
import type { ViewContext, ViewJob } from '../context.ts'
import { headlineOf, withPause, type Headline } from '../headline.ts'
import { listLate, readLookedAt } from '../late-slots.ts'
import { listLost } from '../lost-slots.ts'
import { readOutOfSeason, type OutOfSeason } from '../out-of-season.ts'
import { listPauses, pauseOf, type Pause } from '../pauses.ts'
import { quotedIncident, quotedWhy, quotedWords } from '../quoting.ts'
import { readSettled, type Settled } from '../settled.ts'
import { readToday, type TodayRow } from '../today.ts'

const HISTORY = 200
const INCIDENTS = 50
/** Signs of a sentence; the ledger has the rest. */
const LONGEST = 500
const DAY_MS = 86_400_000
/** Of one line. A calendar with an event every five minutes is none. */
const MOST_EVENTS = 24 * CALENDAR_DAYS

export interface FeedRun {
  readonly id: string
  readonly outcome: Outcome
  readonly trigger: string
  readonly attempt: number
  readonly slotDueAt: Date | undefined
  readonly period: string | undefined
  readonly startedAt: Date
  readonly finishedAt: Date | undefined
  readonly durationMs: number | undefined
  readonly items: { readonly read: number; readonly written: number; readonly skipped: number; readonly failed: number }
  /** Why it was not ready, cancelled or abandoned. */
  readonly reason: string | undefined
  /** The first, of a run that failed. */
  readonly error: { readonly code: string | undefined; readonly message: string } | undefined
  readonly github: { readonly runId: string; readonly attempt: number } | undefined
}

export interface FeedJob {
  readonly job: ViewJob
  readonly today: TodayRow
  /** The newest 200 that were not gated, newest first. */
  readonly runs: readonly FeedRun[]
  /** When a run that served a slot last began. */
  readonly lastSuccessAt: Date | undefined
  readonly paused: Pick<Pause, 'reason' | 'until'> | undefined
}

/** A slot to come that somebody is to serve: none is out of season. */
export interface CalendarSlot {
  readonly job: string
  readonly title: string
  readonly dueAt: Date
  readonly zone: string
  readonly graceMinutes: number
  readonly deadlineMinutes: number
}

export type FeedIncident = Omit<Incident, 'slotDueAt' | 'knowableAt' | 'remindEveryMs' | 'times' | 'acknowledged'> & {
  readonly closedAt: Date | undefined
  /** When it last opened, closed, came back or changed its severity. */
  readonly changedAt: Date
}

export interface FeedsView {
  readonly headline: Headline
  readonly jobs: readonly FeedJob[]
  readonly open: readonly Incident[]
  /** Those that are open and the last that ended, 50 in all, by when they opened, newest first. */
  readonly incidents: readonly FeedIncident[]
  readonly calendar: readonly CalendarSlot[]
  /** Jobs with a line that is due too often for a calendar. */
  readonly tooOften: readonly string[]
}

/** Reads what the feeds say. */
export async function readFeeds(sql: Sql, site: ViewContext): Promise<FeedsView> {
  const ids = site.jobs.map(({ id }) => id)
  const [today, late, told, runs, successes, incidents, pauses, lookedAt, out, settled, lost] = await Promise.all([
    readToday(sql, site),
    listLate(sql, site),
    listOpenIncidents(sql),
    listNewestRuns(sql, ids, site.now),
    listSuccesses(sql, ids, site.now),
    listIncidents(sql, site),
    listPauses(sql, site.now),
    readLookedAt(sql, site),
    readOutOfSeason(sql, site),
    readSettled(sql, site),
    listLost(sql, site),
  ])
  const open = told.map((incident) => withPause(quotedIncident(site, incident), pauses, site.zone))
  const calendar = site.jobs.map((job) => slotsToCome(job, site.now, { out, settled }))
  return {
    headline: clipped(headlineOf({ today, late, lost, incidents: open, lookedAt }, site), LONGEST),
    open: clipped(open, LONGEST),
    incidents,
    jobs: site.jobs.flatMap((job) => {
      const row = today.find((one) => one.job === job.id)
      if (row === undefined) return []
      const own = runs.filter((run) => run.job === job.id).map((run) => toRun(run, site))
      const success = successes.find((one) => one.job === job.id)?.at ?? undefined
      return [{ job, today: row, runs: own, lastSuccessAt: success, paused: clipped(pauseOf(pauses, job.id), LONGEST) }]
    }),
    calendar: calendar.flatMap(({ slots }) => slots).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()),
    tooOften: calendar.filter(({ tooOften }) => tooOften).map(({ job }) => job),
  }
}

function slotsToCome(
  job: ViewJob,
  now: Date,
  { out, settled }: { out: OutOfSeason; settled: Settled },
): { job: string; slots: CalendarSlot[]; tooOften: boolean } {
  const until = new Date(now.getTime() + CALENDAR_DAYS * DAY_MS)
  const lines = (job.workflow?.schedules ?? []).map((line) => ({ line, due: dueBetween(line, now, until) }))
  const kept = lines.filter(({ due }) => due.length <= MOST_EVENTS)
  // Two lines may be due at one instant: that is one slot.
  const byTime = new Map(
    kept.flatMap(({ line, due }) =>
      due.filter((at) => !out(job, at) && !settled(job.id, at)).map((at) => [at.getTime(), line.zone]),
    ),
  )
  const { id, title, graceMinutes, deadlineMinutes } = job
  return {
    job: id,
    tooOften: kept.length < lines.length,
    slots: [...byTime].map(([ms, zone]) => ({ job: id, title, dueAt: new Date(ms), zone, graceMinutes, deadlineMinutes })), // prettier-ignore
  }
}

interface RunRow {
  job: string
  id: string
  outcome: Outcome
  trigger: string
  attempt: number
  slot_due_at: Date | null
  period: string | null
  started_at: Date
  finished_at: Date | null
  duration_ms: number | null
  items_read: number
  items_written: number
  items_skipped: number
  items_failed: number
  reason: string | null
  code: string | null
  message: string | null
  github_run_id: string | null
  github_attempt: number | null
}

// "between" where "=" would do: see src/ledger/job-health.ts.
async function listNewestRuns(sql: Sql, jobs: readonly string[], now: Date): Promise<RunRow[]> {
  return await sql<RunRow[]>`
    select newest.*
    from unnest(${[...jobs]}::text[]) as wanted (job)
    join lateral (
      select job, id, outcome, trigger, attempt, slot_due_at, period, started_at, finished_at, duration_ms,
        items_read::double precision as items_read, items_written::double precision as items_written,
        items_skipped::double precision as items_skipped, items_failed::double precision as items_failed,
        left(reason, ${LONGEST}) as reason, errors -> 0 ->> 'code' as code,
        left(errors -> 0 ->> 'message', ${LONGEST}) as message,
        github_run_id::text as github_run_id, github_attempt
      from ledger.runs
      where job between wanted.job and wanted.job and outcome <> 'gated' and started_at <= ${now}
      -- As runs_by_job has them: any other order would sort the job's whole history.
      order by job, started_at desc limit ${HISTORY}
    ) newest on true
  `
}

function toRun(row: RunRow, site: ViewContext): FeedRun {
  return {
    id: row.id,
    outcome: row.outcome,
    trigger: row.trigger,
    attempt: row.attempt,
    slotDueAt: row.slot_due_at ?? undefined,
    period: row.period ?? undefined,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    items: { read: row.items_read, written: row.items_written, skipped: row.items_skipped, failed: row.items_failed },
    reason: quotedWhy(site, { ...row, why: row.reason }),
    error:
      row.message === null
        ? undefined
        : { code: row.code ?? undefined, message: quotedWords(site, row.job, row.message) },
    github: row.github_run_id === null ? undefined : { runId: row.github_run_id, attempt: row.github_attempt ?? 1 },
  }
}

/** Slots remember what runs that are long gone did. */
async function listSuccesses(
  sql: Sql,
  jobs: readonly string[],
  now: Date,
): Promise<{ job: string; at: Date | null }[]> {
  return await sql<{ job: string; at: Date | null }[]>`
    select wanted.job, served.started_at as at
    from unnest(${[...jobs]}::text[]) as wanted (job)
    left join lateral (
      select started_at from ledger.slots
      where job between wanted.job and wanted.job and state = 'served' and started_at <= ${now}
      order by job, due_at desc limit 1
    ) served on true
  `
}

interface IncidentRow extends Omit<FeedIncident, 'runId' | 'openedAt' | 'closedAt' | 'changedAt'> {
  readonly run_id: string | null
  readonly opened_at: Date
  readonly closed_at: Date | null
  readonly changed_at: Date
}

async function listIncidents(sql: Sql, site: ViewContext): Promise<FeedIncident[]> {
  // One that came back is open since it first opened: only its flips say when that was.
  const rows = await sql<IncidentRow[]>`
    select id, subject, cause, severity, title, detail, run_id, opened_at, closed_at,
      greatest(opened_at, closed_at, flip.flipped_at) as changed_at
    from (
      select * from ledger.incidents
      -- What is open is in a feed for as long as it is; of the rest, what ended last.
      order by closed_at is not null, coalesce(closed_at, opened_at) desc limit ${INCIDENTS}
    ) incident
    left join lateral (
      select flipped_at from ledger.flips where incident_id = incident.id order by ledger.flips.id desc limit 1
    ) flip on true
    order by opened_at desc
  `
  return rows.map(({ run_id, opened_at, closed_at, changed_at, ...rest }) => ({
    ...clipped(quotedIncident(site, rest), LONGEST),
    runId: run_id ?? undefined,
    openedAt: opened_at,
    closedAt: closed_at ?? undefined,
    changedAt: changed_at,
  }))
}
