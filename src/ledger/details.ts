// Keeps what a run leaves beside its row: spans, counted items, dead letters.

import type { Sql, TransactionSql } from 'postgres'

import type { FailedItem } from '../core/job.ts'
import { ITEM_RUNS } from '../core/retry.ts'

export interface Span {
  readonly place: number
  readonly parent: number | undefined
  readonly name: string
  readonly offsetMs: number
  readonly durationMs: number
  readonly error: string | undefined
}

export interface ItemCounts {
  readonly kind: string
  readonly read: number
  readonly written: number
  readonly skipped: number
  readonly failed: number
}

/** Writes the spans of a run that has ended and its counts, one row a kind of item. May be repeated. */
export async function insertDetails(
  sql: Sql | TransactionSql,
  runId: string,
  { spans, items }: { spans: readonly Span[]; items: readonly ItemCounts[] },
): Promise<void> {
  if (spans.length === 0 && items.length === 0) return
  const rows = spans.map((span) => ({
    place: span.place,
    parent: span.parent ?? null,
    name: span.name,
    offset_ms: span.offsetMs,
    duration_ms: span.durationMs,
    error: span.error ?? null,
  }))
  // jsonb_to_recordset, here and below, rather than rows of parameters: a long run has more than a statement has places.
  // The disk is not waited for: the run itself is safe, and these may be lost with a server that crashes within the second.
  await sql`
    with hurried as (
      select set_config('synchronous_commit', 'off', true) as done
    ), counted as (
      insert into ledger.items (run_id, kind, read, written, skipped, failed)
      select ${runId}::uuid, kind, read, written, skipped, failed
      from jsonb_to_recordset(${sql.json(items as never)}::jsonb) as item (
        kind text, read bigint, written bigint, skipped bigint, failed bigint
      )
      on conflict (run_id, kind) do nothing
    )
    insert into ledger.spans (run_id, place, parent, name, offset_ms, duration_ms, error)
    select ${runId}::uuid, place, parent, name, offset_ms, duration_ms, error
    from hurried, jsonb_to_recordset(${sql.json(rows)}::jsonb) as span (
      place integer, parent integer, name text, offset_ms double precision, duration_ms double precision, error text
    )
    on conflict (run_id, place) do nothing
  `
}

/** Keeps failed items as dead letters. One that is open already is counted again, under the newer run. */
export async function insertDeadLetters(
  tx: TransactionSql,
  run: { id: string; job: string; at: Date },
  failed: readonly FailedItem[],
): Promise<void> {
  if (failed.length === 0) return
  const letters = failed.map((item) => ({
    kind: item.kind,
    key: item.key,
    code: item.code,
    message: item.message,
    retryable: item.retryable ?? false,
    context: item.context ?? {},
  }))
  await tx`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, context, failed_at)
    select distinct on (kind, key, code) ${run.id}::uuid, ${run.job}, kind, key, code, message, retryable, context,
      ${run.at}::timestamptz
    from jsonb_to_recordset(${tx.json(letters)}::jsonb)
      as letter (kind text, key text, code text, message text, retryable boolean, context jsonb)
    order by kind, key, code
    on conflict (job, kind, key, code) where closed_at is null
    do update set run_id = excluded.run_id, message = excluded.message, failed_at = excluded.failed_at,
      retryable = excluded.retryable, context = excluded.context, times = ledger.dead_letters.times + 1
  `
}

/** Failed items are tried again half an hour later. */
export const ITEMS_PAUSE_MS = 30 * 60_000

/** Runs that left failed items which may be temporary: the newest of each job that was neither made nor asked for in the last half
 *  hour. Three new tries an item, and three for a run's items whose new tries never come as far as them. */
export async function listRetryableItems(
  sql: Sql,
  now: Date,
): Promise<{ job: string; runId: string; items: number }[]> {
  const before = new Date(now.getTime() - ITEMS_PAUSE_MS)
  const rows = await sql<{ job: string; run_id: string; items: number }[]>`
    select distinct on (job) job, run_id, items
    from (
      select job, run_id, count(*)::integer as items, max(failed_at) as failed_at from ledger.dead_letters
      where closed_at is null and retryable and times <= ${sql.unsafe(String(ITEM_RUNS))} and failed_at <= ${before}
      group by job, run_id
    ) failed
    left join lateral (
      select count(*) as times, max(created_at) as last_at from ledger.requests q
      where q.job = failed.job and q.kind = 'retry' and q.parameters ->> 'retry' = failed.run_id::text
    ) asked on true
    where asked.times < 3 and coalesce(asked.last_at <= ${before}, true)
    order by job, failed_at desc
  `
  return rows.map((row) => ({ job: row.job, runId: row.run_id, items: row.items }))
}
