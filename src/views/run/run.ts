// A run's page: everything that the ledger keeps of it, with its slot, its chain and what else belongs to its story.

import type { Sql } from 'postgres'

import type { ErrorRecord } from '../../core/errors.ts'
import type { Outcome, Trigger } from '../../core/run.ts'
import type { SlotState } from '../../core/slot.ts'
import { clipped } from '../clipped.ts'
import type { ViewContext } from '../context.ts'
import { groupBy } from '../group-by.ts'
import { toGithub } from '../job/history.ts'
import { mayQuote, quotedError, quotedParts, quotedWhy } from '../quoting.ts'
import { readParts, type RunParts } from './parts.ts'

export interface RunView extends RunParts {
  readonly id: string
  readonly job: string
  readonly outcome: Outcome
  /** Of a gated, not ready, cancelled or abandoned run; or why its slot was not served. */
  readonly reason: string | undefined
  readonly slot: RunSlot | undefined
  readonly period: string | undefined
  readonly trigger: Trigger
  /** The request that it answers. */
  readonly request: { readonly kind: string; readonly reason: string; readonly actor: string | undefined } | undefined
  readonly attempt: number
  readonly retryOf: string | undefined
  /** Is the run that it tries again still in the ledger? Its story may be too long for all of it to be in `family`. */
  readonly retriedIsKept: boolean
  readonly correlationId: string
  readonly startedAt: Date
  readonly finishedAt: Date | undefined
  readonly durationMs: number | undefined
  readonly environment: string
  readonly actor: string | undefined
  readonly commit: string | undefined
  readonly github: { readonly runId: string; readonly attempt: number | undefined } | undefined
  readonly totals: { readonly read: number; readonly written: number; readonly skipped: number; readonly failed: number }
  readonly progress: { readonly done: number; readonly total: number; readonly unit: string } | undefined
  readonly cpuMs: number | undefined
  readonly peakMemoryBytes: number | undefined
  readonly simulated: boolean
  readonly dryRun: boolean
  readonly errors: readonly ErrorRecord[]
  readonly parameters: Readonly<Record<string, unknown>>
  readonly notes: Readonly<Record<string, unknown>>
  readonly result: unknown
  readonly tables: readonly RunTable[]
  readonly logTail: readonly string[]
  /** The runs of its story (one correlation id), itself among them, oldest first; gated ones left out. */
  readonly family: readonly FamilyRun[]
} // prettier-ignore

export interface RunSlot {
  readonly dueAt: Date
  /** Where the slot still is in the ledger. */
  readonly now:
    { readonly state: SlotState; readonly tries: number; readonly deadlineAt: Date; readonly zone: string } | undefined
}

export interface RunTable {
  readonly title: string
  readonly rows: readonly Readonly<Record<string, string | number | null>>[]
  /** Rows that the job gave: more than are kept. */
  readonly total: number
}

export interface FamilyRun {
  readonly id: string
  readonly job: string
  readonly outcome: Outcome
  readonly trigger: Trigger
  readonly retryOf: string | undefined
  readonly attempt: number
  readonly startedAt: Date
  readonly durationMs: number | undefined
}

/** Of one story. */
const MOST_FAMILY = 40
/** Signs of a text that the page says whole, of a line, and of a cell. */
const LONGEST_TEXT = 10_000
const LONGEST_LINE = 1_000
const LONGEST_CELL = 300
const MOST_TABLES = 20

/** The views of all runs that have a page, oldest first; each statement reads for all of them. */
export async function readRuns(sql: Sql, site: ViewContext): Promise<RunView[]> {
  const ids = [...(site.runsWithPages ?? [])]
  const [rows, families, parts] = await Promise.all([readRows(sql, ids), readFamilies(sql, ids), readParts(sql, ids)])
  return rows.map((row) => ({
    ...toRun(row, site),
    ...quotedParts(site, row.job, parts.get(row.id) ?? { spans: [], spansLeftOut: 0, items: [], letters: [] }),
    family: families.get(row.correlation_id) ?? [],
  }))
}

interface RunRow {
  id: string
  job: string
  outcome: Outcome
  reason: string | null
  slot_due_at: Date | null
  slot_state: SlotState | null
  tries: number
  deadline_at: Date
  zone: string | null
  period: string | null
  trigger: Trigger
  request_kind: string | null
  request_reason: string | null
  request_actor: string | null
  attempt: number
  retry_of: string | null
  retried_is_kept: boolean
  correlation_id: string
  started_at: Date
  finished_at: Date | null
  duration_ms: number | null
  environment: string
  actor: string | null
  commit: string | null
  github_run_id: string | null
  github_attempt: number | null
  read: number
  written: number
  skipped: number
  failed: number
  done: number | null
  total: number | null
  unit: string | null
  cpu_ms: number | null
  peak: number | null
  simulated: boolean
  dry_run: boolean
  errors: ErrorRecord[]
  parameters: Record<string, unknown>
  notes: Record<string, unknown>
  result: unknown
  tables: RunTable[]
  log_tail: string[] | null
}

async function readRows(sql: Sql, ids: readonly string[]): Promise<RunRow[]> {
  return await sql<RunRow[]>`
    select r.id, r.job, r.outcome, r.reason, r.slot_due_at, s.state as slot_state, s.tries, s.deadline_at, line.zone,
      r.period, r.trigger, q.kind as request_kind, q.reason as request_reason, q.actor as request_actor, r.attempt,
      r.retry_of, retried.id is not null as retried_is_kept, r.correlation_id, r.started_at, r.finished_at,
      r.duration_ms, r.environment, r.actor, r.commit,
      r.github_run_id, r.github_attempt, r.items_read::double precision as read,
      r.items_written::double precision as written, r.items_skipped::double precision as skipped,
      r.items_failed::double precision as failed, r.progress_done as done, r.progress_total as total,
      r.progress_unit as unit, r.cpu_ms, r.peak_memory_bytes::double precision as peak, r.simulated, r.dry_run, r.errors,
      r.parameters, r.notes, r.result, r.tables, r.log_tail
    from ledger.runs r
    left join ledger.slots s on s.job = r.job and s.due_at = r.slot_due_at
    left join ledger.schedules line on line.id = s.schedule_id
    left join ledger.requests q on q.id = r.request_id
    left join ledger.runs retried on retried.id = r.retry_of
    where r.id = any(${[...ids]}::uuid[])
    order by r.started_at
  `
}

function toRun(row: RunRow, site: ViewContext): Omit<RunView, 'family' | keyof RunParts> {
  const { id, job, outcome, trigger, attempt, environment, simulated } = row
  const { parameters, notes, result } = row
  const errors = row.errors.map((error) => quotedError(site, job, error))
  return {
    ...{ id, job, outcome, trigger, attempt, environment, simulated },
    ...clipped({ errors, parameters, notes, result }, LONGEST_TEXT),
    tables: clipped(row.tables.slice(0, MOST_TABLES), LONGEST_CELL),
    reason: clipped(quotedWhy(site, { job, outcome, code: null, why: row.reason }), LONGEST_LINE),
    slot: toSlot(row),
    period: row.period ?? undefined,
    request: toRequest(row, site),
    retryOf: row.retry_of ?? undefined,
    retriedIsKept: row.retried_is_kept,
    correlationId: row.correlation_id,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    actor: row.actor ?? undefined,
    commit: row.commit ?? undefined,
    github: toGithub(row),
    totals: { read: row.read, written: row.written, skipped: row.skipped, failed: row.failed },
    progress: toProgress(row),
    cpuMs: row.cpu_ms ?? undefined,
    peakMemoryBytes: row.peak ?? undefined,
    dryRun: row.dry_run,
    logTail: mayQuote(site, job) ? clipped(row.log_tail ?? [], LONGEST_LINE) : [],
  }
}

function toSlot(row: RunRow): RunSlot | undefined {
  if (row.slot_due_at === null) return undefined
  const now =
    row.slot_state === null
      ? undefined
      : { state: row.slot_state, tries: row.tries, deadlineAt: row.deadline_at, zone: row.zone ?? 'UTC' }
  return { dueAt: row.slot_due_at, now }
}

function toRequest(row: RunRow, site: ViewContext): RunView['request'] {
  if (row.request_kind === null) return undefined
  const reason = row.request_reason ?? ''
  // A retry's says what the slot says: the message of the run that failed.
  const told = row.request_kind === 'retry' && !mayQuote(site, row.job) ? (reason.split(/: /)[0] ?? '') : reason
  return {
    kind: row.request_kind,
    reason: clipped(told, LONGEST_LINE),
    actor: row.request_actor ?? undefined,
  }
}

function toProgress({ done, total, unit }: RunRow): RunView['progress'] {
  return done === null || total === null || unit === null ? undefined : { done, total, unit }
}

interface FamilyRow {
  correlation_id: string
  id: string
  job: string
  outcome: Outcome
  trigger: Trigger
  retry_of: string | null
  attempt: number
  started_at: Date
  duration_ms: number | null
}

async function readFamilies(sql: Sql, ids: readonly string[]): Promise<Map<string, FamilyRun[]>> {
  const rows = await sql<FamilyRow[]>`
    select story.correlation_id, member.*
    from (
      select distinct correlation_id from ledger.runs where id = any(${[...ids]}::uuid[])
    ) story
    cross join lateral (
      select id, job, outcome, trigger, retry_of, attempt, started_at, duration_ms
      from ledger.runs where correlation_id = story.correlation_id and outcome <> 'gated'
      order by started_at limit ${MOST_FAMILY}
    ) member
    order by story.correlation_id, member.started_at
  `
  return groupBy(rows, (row) => row.correlation_id, (own) =>
    own.map(({ id, job, outcome, trigger, attempt, retry_of, started_at: startedAt, duration_ms }) => ({
      ...{ id, job, outcome, trigger, attempt, startedAt },
      retryOf: retry_of ?? undefined,
      durationMs: duration_ms ?? undefined,
    })),
  ) // prettier-ignore
}
