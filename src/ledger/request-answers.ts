// Records what becomes of requests: the one run that accepts each, and whether that run did what was asked for. Accepted is not done: the
// wish of a run that was lost is open again.

import type { Sql, TransactionSql } from 'postgres'

import { delayBeforeNextAsk, delayBeforeNextRun } from '../core/retry.ts'
import type { RequestKind } from './requests.ts'

const DAY_MS = 24 * 60 * 60_000

/** A request as a run finds it that comes for it. */
export interface FoundRequest {
  readonly job: string
  readonly kind: RequestKind
  /** Of a person's wish, and of what follows from it: who. */
  readonly actor: string | undefined
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
      kind: RequestKind
      actor: string | null
      state: FoundRequest['state']
      slot_due_at: Date | null
      run_id: string | null
      changed_at: Date | null
      note: string | null
    }[]
  >`
    select job, kind, actor, state, slot_due_at, run_id, coalesce(accepted_at, ended_at) as changed_at, note
    from ledger.requests where id = ${id}
  `
  return (
    row && {
      job: row.job,
      kind: row.kind,
      actor: row.actor ?? undefined,
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

/** What follows from a person's wish about this job, if it names no period by these inputs: whatever wakes the job next may answer
 *  it. */
export async function findCascade(sql: Sql, job: string, inputs: readonly string[]): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    select id from ledger.requests
    where job = ${job} and kind = 'cascade' and state in ('open', 'sent') and not parameters ?| ${sql.array([...inputs])}::text[]
    order by id limit 1
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

/** A run came for a request and was gated: that answers it too, but for a wish behind a gate that opens by itself (see
 *  settleRequests). A slot, if it has one, is judged anew. */
export async function answerGated(sql: Sql, id: string, run: Answer & { readonly opens: boolean }): Promise<void> {
  await sql`
    with answered as (
      update ledger.requests
      set state = case when ${run.opens} and slot_due_at is null and kind in ('manual', 'cascade') then 'accepted' else 'done' end,
        ended_at = ${run.startedAt}, run_id = ${run.id}, accepted_at = ${run.startedAt}
      where id = ${id} and job = ${run.job}
        and (state in ('open', 'sent') or (state = 'dropped' and slot_due_at is not null))
      returning id
    )
    update ledger.runs set request_id = answered.id from answered where runs.id = ${run.id}
  `
}

interface Accepted {
  readonly id: string
  readonly created_at: Date
  readonly asks: number
  readonly ended_at: Date
  readonly unfinished: boolean | null
  readonly outcome: string
  readonly gate: string | null
  readonly reason: string | null
  readonly pause_seconds: number
}

/** Brings accepted requests in line with their runs. Done: the run ended by itself, or its slot is judged anew anyway. A wish
 *  without a slot is open again, for a day, if its run was lost, or cancelled before it had touched anything, found nothing
 *  ready, failed of what may be temporary, or met a gate that opens by itself; it waits while the same is asked for by another
 *  request. Safe to repeat and to leave out: the next call does the same. */
export async function settleRequests(sql: Sql, now: Date): Promise<void> {
  const rows = await sql<Accepted[]>`
    select q.id, q.created_at, q.asked_before + q.tries as asks, coalesce(r.finished_at, ${now}) as ended_at, r.outcome, r.gate,
      r.reason, coalesce((select max((e ->> 'retryAfterSeconds')::double precision) from jsonb_array_elements(r.errors) e), 0)
        as pause_seconds,
      q.slot_due_at is null and (r.outcome = 'abandoned'
        or (r.outcome = 'cancelled' and r.items_read + r.items_written + r.items_skipped + r.items_failed = 0)
        -- Of a slot that the run took, what is left is judged anew anyway.
        or (r.outcome = 'not_ready' and r.slot_due_at is null)
        or (r.outcome = 'gated' and q.kind in ('manual', 'cascade'))
        or (r.outcome = 'failed' and r.slot_due_at is null and q.kind in ('manual', 'cascade') and not q.parameters ? 'force'
          and jsonb_array_length(r.errors) > 0
          and not exists (select 1 from jsonb_array_elements(r.errors) e where e ->> 'retryable' <> 'true'))) as unfinished
    from ledger.requests q left join ledger.runs r on r.id = q.run_id
    where q.state = 'accepted' and r.outcome is distinct from 'running'
    order by q.id
  `
  for (const row of rows) {
    const { id, asks, ended_at: endedAt } = row
    const why = `its run ${sayEnd(row)}: ${row.reason ?? 'no reason kept'}`
    if (row.unfinished !== true) await end(sql, id, { state: 'done', at: endedAt, note: null })
    else if (now.getTime() - row.created_at.getTime() > DAY_MS)
      await end(sql, id, { state: 'dropped', at: now, note: `lost: asked for ${asks} times within a day, and ${why}` })
    else await reopen(sql, id, { at: new Date(endedAt.getTime() + pauseAfter(row)), note: why })
  }
}

function sayEnd({ outcome, gate }: Accepted): string {
  return outcome === 'gated' ? `met a gate (${gate ?? 'unknown'})` : `was ${outcome}`
}

/** A gate is judged anew at once; what ran comes again as a slot would. */
function pauseAfter({ outcome, gate, asks, pause_seconds: retryAfterSeconds }: Accepted): number {
  if (outcome === 'gated' && gate !== 'already_running') return 0
  if (outcome !== 'not_ready' && outcome !== 'failed') return delayBeforeNextAsk(asks)
  return delayBeforeNextRun({ attempt: asks, retryAfterSeconds }, 0.5)
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
      set state = 'open', run_id = null, reference = null, ended_at = null, next_try_at = ${again.at}, note = ${again.note}
      where id = ${id} and state = 'accepted'
        and not exists (
          select 1 from ledger.requests other
          where other.job = wish.job and other.state in ('open', 'sent')
            and case when wish.kind in ('manual', 'cascade')
              then other.kind in ('manual', 'cascade') and other.parameters = wish.parameters
              else other.kind not in ('manual', 'cascade') end
        )
    `
  } catch (error) {
    // Somebody asked for the same between the look and the write: it stays accepted, and waits.
    if ((error as { constraint_name?: string }).constraint_name !== 'requests_one_outstanding') throw error
  }
}
