// Reads how each job is doing now: its newest slot and what became of it, what runs, what ended today, what is wrong.

import type { Sql } from 'postgres'

import type { Outcome } from '../../core/run.ts'
import type { SlotState } from '../../core/slot.ts'
import type { Incident } from '../../ledger/incidents.ts'
import type { ViewContext } from '../context.ts'
import { groupBy } from '../group-by.ts'
import { listPauses, pauseOf } from '../pauses.ts'
import { quotedIncident } from '../quoting.ts'
import { readToday, type TodayRow } from '../today.ts'

/** What stands between a job and "fine". */
export interface Standing {
  readonly today: TodayRow
  /** Of the newest slot. */
  readonly slot: StandingSlot | undefined
  readonly running: readonly RunningRun[]
  /** Runs that ended since midnight in the site's zone, gated ones aside, by outcome. */
  readonly endedToday: Partial<Readonly<Record<Outcome, number>>>
  readonly incidents: readonly StandingIncident[]
  /** A person stopped it for a while. */
  readonly pause: { readonly reason: string; readonly actor: string; readonly until: Date } | undefined
}

export interface StandingSlot {
  readonly state: SlotState
  readonly period: string
  readonly tries: number
  readonly deadlineAt: Date
  readonly durationMs: number | undefined
  readonly itemsFailed: number
}

export interface RunningRun {
  readonly id: string
  readonly startedAt: Date
  readonly progress: { readonly done: number; readonly total: number; readonly unit: string } | undefined
}

export type StandingIncident = Pick<Incident, 'cause' | 'severity' | 'title' | 'detail' | 'openedAt'>

/** The standing of every job of the registry, by id. */
export async function readStandings(sql: Sql, site: ViewContext): Promise<Map<string, Standing>> {
  const [today, ended, running, incidents, pauses] = await Promise.all([
    readToday(sql, site),
    readEnded(sql, site),
    readRunning(sql),
    readIncidents(sql, site),
    listPauses(sql, site.now),
  ])
  const slots = await readSlots(sql, today)
  return new Map(
    today.map((row) => {
      const slot = slots.find(({ job }) => job === row.job)
      const standing: Standing = {
        today: row,
        slot: slot && toSlot(slot),
        running: running.get(row.job) ?? [],
        endedToday: ended.get(row.job) ?? {},
        incidents: incidents.get(row.job) ?? [],
        pause: pauseOf(pauses, row.job),
      }
      return [row.job, standing]
    }),
  )
}

interface SlotRow {
  job: string
  state: SlotState
  period: string
  tries: number
  deadline_at: Date
  duration_ms: number | null
  items_failed: number | null
}

async function readSlots(sql: Sql, today: readonly TodayRow[]): Promise<SlotRow[]> {
  const wanted = today.flatMap(({ job, slot }) => (slot ? [{ job, due_at: slot.dueAt }] : []))
  return await sql<SlotRow[]>`
    select slots.job, slots.state, slots.period, slots.tries, slots.deadline_at, slots.duration_ms,
      slots.items_failed::double precision as items_failed
    from jsonb_to_recordset(${sql.json(wanted)}::jsonb) as wanted (job text, due_at timestamptz)
    join ledger.slots on slots.job = wanted.job and slots.due_at = wanted.due_at
  `
}

function toSlot(row: SlotRow): StandingSlot {
  return {
    state: row.state,
    period: row.period,
    tries: row.tries,
    deadlineAt: row.deadline_at,
    durationMs: row.duration_ms ?? undefined,
    itemsFailed: row.items_failed ?? 0,
  }
}

async function readEnded(sql: Sql, { now, zone }: ViewContext): Promise<Map<string, Standing['endedToday']>> {
  const rows = await sql<{ job: string; outcome: Outcome; runs: number }[]>`
    select job, outcome, count(*)::integer as runs from ledger.runs
    where started_at >= date_trunc('day', ${now}::timestamptz, ${zone}::text) - interval '1 day' and started_at <= ${now}
      and finished_at >= date_trunc('day', ${now}::timestamptz, ${zone}::text) and outcome <> 'gated'
    group by job, outcome
  `
  return groupBy(rows, ({ job }) => job, (own) => Object.fromEntries(own.map(({ outcome, runs }) => [outcome, runs]))) // prettier-ignore
}

async function readRunning(sql: Sql): Promise<Map<string, RunningRun[]>> {
  const rows = await sql<
    { job: string; id: string; started_at: Date; done: number | null; total: number | null; unit: string | null }[]
  >`
    select job, id, started_at, progress_done as done, progress_total as total, progress_unit as unit
    from ledger.runs where outcome = 'running' order by job, started_at desc
  `
  return groupBy(rows, ({ job }) => job, (own) =>
    own.map(({ id, started_at: startedAt, done, total, unit }) => ({
      id,
      startedAt,
      progress: done === null || total === null || unit === null ? undefined : { done, total, unit },
    })),
  ) // prettier-ignore
}

async function readIncidents(sql: Sql, site: ViewContext): Promise<Map<string, StandingIncident[]>> {
  const rows = await sql<(Omit<StandingIncident, 'openedAt'> & { subject: string; opened_at: Date })[]>`
    select subject, cause, severity, title, detail, opened_at from ledger.incidents where closed_at is null
    order by case severity when 'critical' then 0 when 'warning' then 1 else 2 end, opened_at
  ` // prettier-ignore
  return groupBy(rows.map((row) => quotedIncident(site, row)), ({ subject }) => subject, (own) =>
    own.map(({ cause, severity, title, detail, opened_at: openedAt }) => ({ cause, severity, title, detail, openedAt })),
  ) // prettier-ignore
}
