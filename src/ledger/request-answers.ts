// What becomes of requests: the one run that accepts each, and whether that run did what was asked for. Accepted is not done: the
// wish of a run that was lost is open again.

import type { Sql, TransactionSql } from 'postgres'

import { delayBeforeNextAsk } from '../core/retry.ts'

const DAY_MS = 24 * 60 * 60_000

/** A request as a run finds it that comes for it. */
export interface FoundRequest {
  readonly job: string
  readonly state: 'open' | 'sent' | 'accepted' | 'done' | 'dropped'
  readonly slotDueAt: Date | undefined
  /** The run that accepted it, if one did. */
  readonly runId: string | undefined
  /** When it was accepted, or ended. */
  readonly changedAt: Date | undefined
  readonly note: string | undefined
}

/** The request of this id; undefined when there is none. */
export async function findRequest(sql: Sql, id: string): Promise<FoundRequest | undefined> {
  const [row] = await sql<
    {
      job: string
      state: FoundRequest['state']
      slot_due_at: Date | null
      run_id: string | null
      changed_at: Date | null
      note: string | null
    }[]
  >`
    select job, state, slot_due_at, run_id, coalesce(accepted_at, ended_at) as changed_at, note
    from ledger.requests where id = ${id}
  `
  return (
    row && {
      job: row.job,
      state: row.state,
      slotDueAt: row.slot_due_at ?? undefined,
      runId: row.run_id ?? undefined,
      changedAt: row.changed_at ?? undefined,
      note: row.note ?? undefined,
    }
  )
}

/** The request for a job that waits for exactly this run of GitHub's: of a run that was not told its request. */
export async function findByReference(sql: Sql, job: string, githubRunId: string): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    select id from ledger.requests where job = ${job} and state in ('open', 'sent') and reference = ${githubRunId}
  `
  return row?.id
}

interface Answer {
  readonly id: string
  readonly job: string
  readonly startedAt: Date
}

// A request with a slot only wakes: its slot keeps it from being served twice, so that one that was given up may still come.

/** Accepts a request for a run that the same transaction has inserted, by compare-and-set: of two runs that come for one
 *  request, one gets it. To be called last, as requests are written last at a run's end. */
export async function acceptRequest(tx: TransactionSql, id: string, run: Answer): Promise<boolean> {
  const rows = await tx`
    with accepted as (
      update ledger.requests
      set state = 'accepted', run_id = ${run.id}, accepted_at = ${run.startedAt}, ended_at = null, note = null
      where id = ${id} and job = ${run.job}
        and (state in ('open', 'sent') or (state = 'dropped' and slot_due_at is not null))
      returning id
    )
    update ledger.runs set request_id = accepted.id from accepted where runs.id = ${run.id} returning runs.id
  `
  return rows.length === 1
}

/** A run came for a request and was gated: that answers it too. Its slot, if it has one, is judged anew. */
export async function answerGated(sql: Sql, id: string, run: Answer): Promise<void> {
  await sql`
    with answered as (
      update ledger.requests set state = 'done', ended_at = ${run.startedAt}, run_id = ${run.id}, accepted_at = ${run.startedAt}
      where id = ${id} and job = ${run.job}
        and (state in ('open', 'sent') or (state = 'dropped' and slot_due_at is not null))
      returning id
    )
    update ledger.runs set request_id = answered.id from answered where runs.id = ${run.id}
  `
}

/** Brings accepted requests in line with their runs. Done: the run ended by itself, or its slot is judged anew anyway. Of a
 *  run that was lost, or cancelled before it had touched anything, a wish without a slot is open again, for a day; it waits
 *  while the job is asked for by another request. Safe to repeat and to leave out: the next call does the same. */
export async function settleRequests(sql: Sql, now: Date): Promise<void> {
  const rows = await sql<
    {
      id: string
      created_at: Date
      asks: number
      ended_at: Date
      unfinished: boolean | null
      outcome: string
      reason: string | null
    }[]
  >`
    select q.id, q.created_at, q.asked_before + q.tries as asks, coalesce(r.finished_at, ${now}) as ended_at, r.outcome, r.reason,
      q.slot_due_at is null and (r.outcome = 'abandoned'
        or (r.outcome = 'cancelled' and r.items_read + r.items_written + r.items_skipped + r.items_failed = 0)) as unfinished
    from ledger.requests q left join ledger.runs r on r.id = q.run_id
    where q.state = 'accepted' and r.outcome is distinct from 'running'
    order by q.id
  `
  for (const { id, asks, ended_at: endedAt, created_at: createdAt, ...row } of rows) {
    const why = `its run was ${row.outcome}: ${row.reason ?? 'no reason kept'}`
    if (row.unfinished !== true) await end(sql, id, { state: 'done', at: endedAt, note: null })
    else if (now.getTime() - createdAt.getTime() > DAY_MS)
      await end(sql, id, { state: 'dropped', at: now, note: `lost: asked for ${asks} times within a day, and ${why}` })
    else await reopen(sql, id, { at: new Date(endedAt.getTime() + delayBeforeNextAsk(asks)), note: why })
  }
}

async function end(
  sql: Sql,
  id: string,
  how: { state: 'done' | 'dropped'; at: Date; note: string | null },
): Promise<void> {
  await sql`
    update ledger.requests set state = ${how.state}, ended_at = ${how.at}, note = coalesce(${how.note}, note)
    where id = ${id} and state = 'accepted'
  `
}

async function reopen(sql: Sql, id: string, again: { at: Date; note: string }): Promise<void> {
  try {
    await sql`
      update ledger.requests wish
      set state = 'open', run_id = null, reference = null, next_try_at = ${again.at}, note = ${again.note}
      where id = ${id} and state = 'accepted'
        and not exists (select 1 from ledger.requests other where other.job = wish.job and other.state in ('open', 'sent'))
    `
  } catch (error) {
    // Somebody asked for the job between the look and the write: it stays accepted, and waits.
    if ((error as { constraint_name?: string }).constraint_name !== 'requests_one_outstanding') throw error
  }
}
