// Requests: wishes that a job be started, written down before anything acts on them. Reconcile has one outstanding per job; beside
// it stands what people wish, and what follows from that, each wish once.

import type { Sql, TransactionSql } from 'postgres'

import { serving } from './outcomes.ts'

export type RequestKind = 'rescue' | 'retry' | 'cascade' | 'manual'

/** Does it come from a person, or follow from what a person asked for? Then its run is that person's, and needs no slot. */
export function isWish(kind: RequestKind): boolean {
  return kind === 'manual' || kind === 'cascade'
}

/** A wish about to be written down. */
export interface NewRequest {
  readonly job: string
  readonly kind: RequestKind
  readonly slotDueAt?: Date | undefined
  readonly reason: string
  /** Parameters of the run by their names in the workflow: `{ season: 2026, retry: '12' }`. */
  readonly parameters: Record<string, unknown>
  /** Of a manual one: who. */
  readonly actor?: string | undefined
  /** Schedule time. */
  readonly at: Date
  /** Not sent before this; at once unless told. */
  readonly nextTryAt?: Date | undefined
  /** How often the same was asked for by earlier requests. */
  readonly askedBefore?: number | undefined
}

export interface OutstandingRequest extends NewRequest {
  readonly id: string
  readonly state: 'open' | 'sent'
  readonly tries: number
  readonly nextTryAt: Date
  readonly askedBefore: number
  readonly sentAt: Date | undefined
  /** When a run accepted it that was lost afterwards: then it was opened again. */
  readonly acceptedAt: Date | undefined
  /** What the executor answered: GitHub's run id, a process id. */
  readonly reference: string | undefined
  /** What the last try met. */
  readonly note?: string | undefined
}

/** Writes a request down; false when the same is asked for already: then it is not asked for twice. */
export async function insertRequest(sql: Sql | TransactionSql, request: NewRequest): Promise<boolean> {
  const done = await sql`
    insert into ledger.requests (
      job, kind, slot_due_at, reason, parameters, actor, next_try_at, created_at, asked_before
    )
    values (${request.job}, ${request.kind}, ${request.slotDueAt ?? null}, ${request.reason},
      ${sql.json(request.parameters as never)}, ${request.actor ?? null}, ${request.nextTryAt ?? request.at}, ${request.at},
      ${request.askedBefore ?? 0})
    on conflict do nothing
  `
  return done.count === 1
}

/** All requests that are open or sent, oldest first. */
export async function listOutstanding(sql: Sql): Promise<OutstandingRequest[]> {
  const rows = await sql<
    {
      id: string
      job: string
      kind: RequestKind
      slot_due_at: Date | null
      reason: string
      parameters: Record<string, unknown>
      actor: string | null
      state: 'open' | 'sent'
      tries: number
      next_try_at: Date
      asked_before: number
      created_at: Date
      sent_at: Date | null
      accepted_at: Date | null
      reference: string | null
      note: string | null
    }[]
  >`
    select id, job, kind, slot_due_at, reason, parameters, actor, state, tries, next_try_at, asked_before, created_at, sent_at,
      accepted_at, reference, note
    from ledger.requests
    where state in ('open', 'sent')
    order by created_at, id
  `
  return rows.map((row) => ({
    id: row.id,
    job: row.job,
    kind: row.kind,
    slotDueAt: row.slot_due_at ?? undefined,
    reason: row.reason,
    parameters: row.parameters,
    actor: row.actor ?? undefined,
    at: row.created_at,
    state: row.state,
    tries: row.tries,
    nextTryAt: row.next_try_at,
    askedBefore: row.asked_before,
    sentAt: row.sent_at ?? undefined,
    acceptedAt: row.accepted_at ?? undefined,
    reference: row.reference ?? undefined,
    note: row.note ?? undefined,
  }))
}

/** How often something was asked for, and from when on it may be asked for again. */
export interface Asked {
  readonly job: string
  /** Undefined: the job as a whole, since a run last came for a request. */
  readonly slotDueAt: Date | undefined
  readonly asks: number
  readonly againAt: Date
}

/** What earlier requests asked for since an instant: each slot of these jobs, whatever came of it; and each job as a whole,
 *  as far as it was refused or no run came, since one last did. */
export async function countAsks(sql: Sql, jobs: readonly string[], since: Date): Promise<Asked[]> {
  if (jobs.length === 0) return []
  const rows = await sql<{ job: string; slot_due_at: Date | null; asks: number; again_at: Date }[]>`
    with ended as (
      select job, slot_due_at, tries, next_try_at, run_id,
        run_id is null and (refused > 0 or note like 'lost:%')
          and (created_at > max(created_at) filter (where run_id is not null) over (partition by job)) is not false as vain
      from ledger.requests
      where job = any(${sql.array([...jobs])}) and created_at > ${since} and tries > 0 and state not in ('open', 'sent')
    )
    select job, slot_due_at, sum(tries)::integer as asks, max(next_try_at) as again_at
    from ended where slot_due_at is not null group by job, slot_due_at
    union all
    select job, null, sum(tries)::integer, max(next_try_at) from ended where vain group by job
  `
  return rows.map((row) => ({
    job: row.job,
    slotDueAt: row.slot_due_at ?? undefined,
    asks: row.asks,
    againAt: row.again_at,
  }))
}

/** Moves tries and next try before anything is sent, so that a crash in between delays and never doubles. False: another
 *  pass was first. */
export async function claimRequest(
  sql: Sql,
  request: { id: string; tries: number },
  claim: { at: Date; nextTryAt: Date },
): Promise<boolean> {
  const done = await sql`
    update ledger.requests
    set state = 'sent', tries = tries + 1, next_try_at = ${claim.nextTryAt}, sent_at = ${claim.at}, reference = null,
      note = null
    where id = ${request.id} and tries = ${request.tries} and state in ('open', 'sent') and next_try_at <= ${claim.at}
  `
  return done.count === 1
}

/** Keeps what the executor answered. */
export async function keepReference(sql: Sql, id: string, reference: string | undefined): Promise<void> {
  if (reference === undefined) return
  await sql`update ledger.requests set reference = ${reference} where id = ${id} and state = 'sent'`
}

/** The executor refused: the request is open again, for a later try. */
export async function returnRequest(sql: Sql, id: string, again: { at: Date; note: string }): Promise<void> {
  await sql`
    update ledger.requests set state = 'open', next_try_at = ${again.at}, note = ${again.note}, refused = refused + 1
    where id = ${id} and state = 'sent'
  `
}

/** The run of a sent request has ended without a word, or is not known: it may be sent again from an instant on, and nobody
 *  has to ask after that run any more. False: its time has come already. */
export async function hastenRequest(sql: Sql, id: string, again: { at: Date; note: string }): Promise<boolean> {
  const done = await sql`
    update ledger.requests
    set next_try_at = least(next_try_at, ${again.at}), note = ${again.note}, reference = null
    where id = ${id} and state = 'sent'
  `
  return done.count === 1
}

/** The run of a sent request is still to come: it is not sent again before an instant. */
export async function postponeRequest(sql: Sql, id: string, until: { at: Date; note: string }): Promise<void> {
  await sql`
    update ledger.requests set next_try_at = greatest(next_try_at, ${until.at}), note = ${until.note}
    where id = ${id} and state = 'sent'
  `
}

/** Ends a request without a run; false when it had ended already. */
export async function dropRequest(sql: Sql, id: string, end: { at: Date; note: string }): Promise<boolean> {
  const done = await sql`
    update ledger.requests set state = 'dropped', ended_at = ${end.at}, note = ${end.note}
    where id = ${id} and state in ('open', 'sent')
  `
  return done.count === 1
}

/** Holds an open wish until an instant, or lets it go. */
export async function holdWish(sql: Sql, id: string, until: { at: Date; note: string | null }): Promise<void> {
  await sql`
    update ledger.requests set next_try_at = ${until.at}, note = ${until.note}
    where id = ${id} and state = 'open' and (next_try_at, note) is distinct from (${until.at}, ${until.note})
  `
}

/** Has one of these jobs come to something since an instant? */
export async function hasSucceededSince(sql: Sql, jobs: readonly string[], since: Date): Promise<boolean> {
  if (jobs.length === 0) return false
  const rows = await sql`
    select 1 from ledger.runs
    where job = any(${sql.array([...jobs])}) and outcome in ${serving(sql)} and finished_at > ${since}
    limit 1
  `
  return rows.length > 0
}

/** Is a run wished for of one of these jobs, and not under way? */
export async function hasOpenWish(sql: Sql, jobs: readonly string[]): Promise<boolean> {
  if (jobs.length === 0) return false
  const rows = await sql`
    select 1 from ledger.requests
    where job = any(${sql.array([...jobs])}) and state = 'open' and kind in ('manual', 'cascade')
    limit 1
  `
  return rows.length > 0
}

/** Is a job asked for by a person, or running? */
export async function isUnderWay(sql: Sql, job: string): Promise<boolean> {
  const [row] = await sql<{ under_way: boolean }[]>`
    select exists (
      select 1 from ledger.requests where job = ${job} and kind = 'manual' and state in ('open', 'sent', 'accepted')
    ) or exists (select 1 from ledger.runs where job = ${job} and outcome = 'running') as under_way
  `
  return row?.under_way ?? false
}

/** From when on a run that is wished for of a job is asked for; undefined: none is. */
export async function findNextWish(sql: Sql, job: string): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`
    select min(next_try_at) as at from ledger.requests
    where job = ${job} and state in ('open', 'sent') and kind in ('manual', 'cascade')
  `
  return row?.at ?? undefined
}
