// What the site keeps of each job's past: its newest runs that did anything, line by line, and of the wake-ups that did
// nothing only how many there were and the last ones.

import type { Sql } from 'postgres'

import { GOOD_RUN_DAYS, type Outcome, type Trigger } from '../../core/run.ts'
import type { ViewContext } from '../context.ts'
import { groupBy } from '../group-by.ts'
import { quotedWhy } from '../quoting.ts'

/** Runs of each job that the site tells of. */
export const KEPT_RUNS = 1000
const GATED_SHOWN = 10

export interface HistoryRun {
  readonly id: string
  readonly outcome: Outcome
  readonly trigger: Trigger
  readonly period: string | undefined
  readonly dueAt: Date | undefined
  readonly startedAt: Date
  /** Undefined while it is running, and of an abandoned one. */
  readonly durationMs: number | undefined
  readonly itemsWritten: number
  readonly itemsFailed: number
  readonly attempt: number
  /** The code of its first error. */
  readonly code: string | undefined
  /** In short: its reason, or its first error's message. */
  readonly why: string | undefined
  readonly github: { readonly runId: string; readonly attempt: number | undefined } | undefined
}

export interface GatedWakeUp {
  readonly id: string
  readonly startedAt: Date
  readonly trigger: Trigger
  readonly gate: string
  readonly reason: string
}

export interface History {
  /** Newest first; at most 1,000. */
  readonly runs: readonly HistoryRun[]
  /** After so many days runs that went well are removed, and gated wake-ups. */
  readonly goodRunDays: number
  /** Wake-ups that were gated, of those days. */
  readonly gated: { readonly count: number; readonly newest: readonly GatedWakeUp[] }
}

const NONE_GATED: History['gated'] = { count: 0, newest: [] }

/** The history of every job of the registry, by id. */
export async function readHistories(sql: Sql, site: ViewContext): Promise<Map<string, History>> {
  const [runs, gated] = await Promise.all([readRuns(sql, site), readGated(sql, site)])
  return new Map(
    site.jobs.map(({ id }) => [
      id,
      { runs: runs.get(id) ?? [], goodRunDays: GOOD_RUN_DAYS, gated: gated.get(id) ?? NONE_GATED },
    ]),
  )
}

interface RunRow {
  job: string
  id: string
  outcome: Outcome
  trigger: Trigger
  period: string | null
  slot_due_at: Date | null
  started_at: Date
  duration_ms: number | null
  items_written: number
  items_failed: number
  attempt: number
  code: string | null
  why: string | null
  github_run_id: string | null
  github_attempt: number | null
}

async function readRuns(sql: Sql, site: ViewContext): Promise<Map<string, HistoryRun[]>> {
  // "between" where "=" would do: see src/ledger/job-health.ts.
  const rows = await sql<RunRow[]>`
    select newest.* from unnest(${site.jobs.map(({ id }) => id)}::text[]) as wanted (job)
    cross join lateral (
      select job, id, outcome, trigger, period, slot_due_at, started_at, duration_ms,
        items_written::double precision as items_written, items_failed::double precision as items_failed, attempt,
        errors -> 0 ->> 'code' as code, left(coalesce(errors -> 0 ->> 'message', reason), 300) as why,
        github_run_id, github_attempt
      from ledger.runs
      where job between wanted.job and wanted.job and outcome <> 'gated' and started_at <= ${site.now}
      order by job, started_at desc limit ${KEPT_RUNS}
    ) newest
  `
  return groupBy(rows, ({ job }) => job, (own) => own.map((row) => toRun(row, site))) // prettier-ignore
}

function toRun(row: RunRow, site: ViewContext): HistoryRun {
  return {
    id: row.id,
    outcome: row.outcome,
    trigger: row.trigger,
    period: row.period ?? undefined,
    dueAt: row.slot_due_at ?? undefined,
    startedAt: row.started_at,
    durationMs: row.duration_ms ?? undefined,
    itemsWritten: row.items_written,
    itemsFailed: row.items_failed,
    attempt: row.attempt,
    code: row.code ?? undefined,
    why: quotedWhy(site, row),
    github: toGithub(row),
  }
}

/** Which run of GitHub's a row came from. */
export function toGithub(row: { github_run_id: string | null; github_attempt: number | null }): HistoryRun['github'] {
  return row.github_run_id === null ? undefined : { runId: row.github_run_id, attempt: row.github_attempt ?? undefined }
}

interface GatedRow {
  job: string
  count: number
  id: string
  started_at: Date
  trigger: Trigger
  gate: string | null
  reason: string | null
}

async function readGated(sql: Sql, { now, jobs }: ViewContext): Promise<Map<string, History['gated']>> {
  const since = new Date(now.getTime() - GOOD_RUN_DAYS * 24 * 60 * 60_000)
  const rows = await sql<GatedRow[]>`
    select counted.job, counted.count, newest.*
    from (
      select job, count(*)::integer as count from ledger.runs
      where outcome = 'gated' and started_at > ${since} and started_at <= ${now}
        and job = any(${jobs.map(({ id }) => id)}::text[])
      group by job
    ) counted
    cross join lateral (
      select id, started_at, trigger, gate, reason from ledger.runs
      where job between counted.job and counted.job and outcome = 'gated' and started_at > ${since} and started_at <= ${now}
      order by runs.job, started_at desc limit ${GATED_SHOWN}
    ) newest
    order by counted.job, newest.started_at desc
  `
  return groupBy(rows, ({ job }) => job, (own) => ({
    count: own[0]?.count ?? 0,
    newest: own.map(({ id, started_at: startedAt, trigger, gate, reason }) => ({
      id,
      startedAt,
      trigger,
      gate: gate ?? 'unknown',
      reason: reason ?? '',
    })),
  })) // prettier-ignore
}
