// Dead letters after they were written: read, tried again, closed. One that is closed stays as it is; the same item that
// fails later gets a new one.

import type { Sql, TransactionSql } from 'postgres'

import type { FailedItem } from '../core/job.ts'
import type { Period } from '../core/period.ts'
import { insertRequest } from './requests.ts'

export interface DeadLetter {
  readonly id: string
  readonly job: string
  readonly kind: string
  readonly key: string
  readonly code: string
  readonly message: string
  readonly retryable: boolean
  /** Runs that met it, since it was opened. */
  readonly times: number
  /** When it last failed (schedule time). */
  readonly failedAt: Date
  /** The run that last met it. */
  readonly runId: string
}

/** A letter to try again, with the run whose chain a new try continues; undefined when retention has removed the run. */
export interface RetryLetter extends DeadLetter {
  readonly run:
    { readonly period: Period; readonly attempt: number; readonly correlationId: string; readonly dueAt: Date | undefined }
    | undefined // prettier-ignore
}

/** Open letters, of one job or of all, the latest failure first. */
export async function listOpenLetters(
  sql: Sql,
  wish: { job: string | undefined; limit: number },
): Promise<DeadLetter[]> {
  const rows = await sql<LetterRow[]>`
    select id, job, kind, key, code, message, retryable, times, failed_at, run_id
    from ledger.dead_letters
    where closed_at is null and (${wish.job ?? null}::text is null or job = ${wish.job ?? null})
    order by failed_at desc, id desc
    limit ${wish.limit}
  `
  return rows.map(toLetter)
}

/** How many letters are open, of one job or of all. */
export async function countOpenLetters(sql: Sql, job: string | undefined): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from ledger.dead_letters
    where closed_at is null and (${job ?? null}::text is null or job = ${job ?? null})
  `
  return row?.count ?? 0
}

interface LetterRow {
  id: string
  job: string
  kind: string
  key: string
  code: string
  message: string
  retryable: boolean
  times: number
  failed_at: Date
  run_id: string
}

function toLetter(row: LetterRow): DeadLetter {
  const { id, job, kind, key, code, message, retryable, times } = row
  return { id, job, kind, key, code, message, retryable, times, failedAt: row.failed_at, runId: row.run_id }
}

/** The open letters among those named: by their ids, or all that a run left. Letters of other jobs are not found. */
export async function findForRetry(
  sql: Sql,
  wish: { job: string } & ({ ids: readonly string[] } | { runId: string }),
): Promise<RetryLetter[]> {
  const ids = 'ids' in wish ? sql.array([...wish.ids]) : null
  const runId = 'runId' in wish ? wish.runId : null
  const rows = await sql<(LetterRow & RunColumns)[]>`
    select l.id, l.job, l.kind, l.key, l.code, l.message, l.retryable, l.times, l.failed_at, l.run_id,
      r.period, r.season, r.attempt, r.correlation_id, r.slot_due_at
    from ledger.dead_letters l left join ledger.runs r on r.id = l.run_id
    where l.job = ${wish.job} and l.closed_at is null and (l.id = any(${ids}::bigint[]) or l.run_id = ${runId}::uuid)
    order by l.id
  `
  return rows.map((row) => ({ ...toLetter(row), run: toRun(row) }))
}

interface RunColumns {
  period: string | null
  season: number | null
  attempt: number
  correlation_id: string | null
  slot_due_at: Date | null
}

function toRun(row: RunColumns): RetryLetter['run'] {
  if (row.period === null || row.correlation_id === null) return undefined
  return {
    period: { key: row.period, season: row.season },
    attempt: row.attempt,
    correlationId: row.correlation_id,
    dueAt: row.slot_due_at ?? undefined,
  }
}

/** The letters of these ids, closed ones too; ids that are none are left out. */
export async function listLetters(
  sql: Sql,
  ids: readonly string[],
): Promise<(DeadLetter & { closed: string | null })[]> {
  const rows = await sql<(LetterRow & { closed: string | null })[]>`
    select id, job, kind, key, code, message, retryable, times, failed_at, run_id, close_reason as closed
    from ledger.dead_letters where id = any(${sql.array([...ids])}::bigint[])
    order by id
  `
  return rows.map((row) => ({ ...toLetter(row), closed: row.closed }))
}

/** Closes open letters that a person has done with; returns the ids of those that were still open. */
export async function dismissLetters(
  sql: Sql,
  ids: readonly string[],
  by: { actor: string; why: string; at: Date },
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    with open as (
      select id from ledger.dead_letters
      where id = any(${sql.array([...ids])}::bigint[]) and closed_at is null
      order by job, kind, key, code
      for update
    )
    update ledger.dead_letters letter
    set closed_at = ${by.at}, closed_by = ${by.actor}, close_reason = ${by.why}
    from open
    where letter.id = open.id and letter.closed_at is null
    returning letter.id
  `
  return rows.map((row) => row.id)
}

/** Keeps all others from writing letters until the transaction ends. A run that both writes letters and closes others would
 *  else wait in a circle with one that does it the other way round: no order of rows helps where rows are new. */
export async function lockLetters(tx: TransactionSql): Promise<void> {
  await tx`lock table ledger.dead_letters in share row exclusive mode`
}

/** Closes the letters of items that a run tried again with success: of those given, the ones that it did not write down as
 *  failed once more, whatever they had failed of. To be called in the transaction that ends the run, after
 *  insertDeadLetters, and only when the run served. Returns how many were closed. */
export async function closeRetried(
  tx: TransactionSql,
  run: { job: string; runId: string; at: Date },
  items: readonly Pick<FailedItem, 'kind' | 'key'>[],
): Promise<number> {
  const tried = items.map(({ kind, key }) => ({ kind, key }))
  const done = await tx`
    update ledger.dead_letters old
    set closed_at = ${run.at}, closed_by = ${run.job}, close_reason = ${`tried again with success by run ${run.runId}`}
    where old.job = ${run.job} and old.closed_at is null
      and (old.kind, old.key) in (
        select kind, key from jsonb_to_recordset(${tx.json(tried)}::jsonb) as tried (kind text, key text)
      )
      and not exists (
        select 1 from ledger.dead_letters again
        where again.job = old.job and again.kind = old.kind and again.key = old.key and again.closed_at is null
          and again.run_id = ${run.runId}
      )
  `
  return done.count
}

/** Writes down a person's wish that letters of one job be tried again; false when the job is asked for already. */
export async function insertRetryRequest(
  sql: Sql,
  wish: { job: string; ids: readonly string[]; actor: string; why: string; at: Date },
): Promise<boolean> {
  const { job, actor, why, at } = wish
  return await insertRequest(sql, {
    job,
    kind: 'retry',
    reason: why,
    parameters: { retry: wish.ids.join(',') },
    actor,
    at,
  })
}
