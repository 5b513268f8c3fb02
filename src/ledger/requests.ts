// Requests: wishes that a job be started, written down before anything acts on them. One outstanding per job.

import type { Sql, TransactionSql } from 'postgres'

export type RequestKind = 'rescue' | 'retry' | 'cascade' | 'manual'

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
}

export interface OutstandingRequest extends NewRequest {
  readonly id: string
  readonly state: 'open' | 'sent'
  readonly tries: number
  readonly nextTryAt: Date
  readonly sentAt: Date | undefined
  /** What the executor answered: GitHub's run id, a process id. */
  readonly reference: string | undefined
  /** What the last try met. */
  readonly note?: string | undefined
}

/** Writes a request down; false when the job is asked for already: then it is not asked for twice. */
export async function insertRequest(sql: Sql | TransactionSql, request: NewRequest): Promise<boolean> {
  const done = await sql`
    insert into ledger.requests (job, kind, slot_due_at, reason, parameters, actor, next_try_at, created_at)
    values (${request.job}, ${request.kind}, ${request.slotDueAt ?? null}, ${request.reason},
      ${sql.json(request.parameters as never)}, ${request.actor ?? null}, ${request.at}, ${request.at})
    on conflict (job) where state in ('open', 'sent') do nothing
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
      created_at: Date
      sent_at: Date | null
      reference: string | null
      note: string | null
    }[]
  >`
    select id, job, kind, slot_due_at, reason, parameters, actor, state, tries, next_try_at, created_at, sent_at, reference,
      note
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
    sentAt: row.sent_at ?? undefined,
    reference: row.reference ?? undefined,
    note: row.note ?? undefined,
  }))
}

/** How often each of these jobs, and each slot, was started since an instant: tries of requests that were not refused. */
export async function countStarts(
  sql: Sql,
  jobs: readonly string[],
  since: Date,
): Promise<{ job: string; slotDueAt: Date | undefined; starts: number }[]> {
  if (jobs.length === 0) return []
  const rows = await sql<{ job: string; slot_due_at: Date | null; starts: number }[]>`
    select job, slot_due_at, sum(tries - refused)::integer as starts
    from ledger.requests
    where job = any(${sql.array([...jobs])}) and created_at > ${since} and tries > refused
    group by job, slot_due_at
  `
  return rows.map((row) => ({ job: row.job, slotDueAt: row.slot_due_at ?? undefined, starts: row.starts }))
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

/** A sent request whose run is known to have come to nothing may be sent again at once. */
export async function hastenRequest(sql: Sql, id: string, again: { at: Date; note: string }): Promise<boolean> {
  const done = await sql`
    update ledger.requests set next_try_at = ${again.at}, note = ${again.note}
    where id = ${id} and state = 'sent' and next_try_at > ${again.at}
  `
  return done.count === 1
}

/** Ends a request without a run; false when it had ended already. */
export async function dropRequest(sql: Sql, id: string, end: { at: Date; note: string }): Promise<boolean> {
  const done = await sql`
    update ledger.requests set state = 'dropped', ended_at = ${end.at}, note = ${end.note}
    where id = ${id} and state in ('open', 'sent')
  `
  return done.count === 1
}

/** A run that a request asked for has come, whatever becomes of it: ends the request and returns its id. */
export async function answerRequest(
  sql: Sql,
  job: string,
  run: { id: string; at: Date; githubRunId: string | undefined },
): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    with answered as (
      update ledger.requests set state = 'done', ended_at = ${run.at}, run_id = ${run.id}
      where job = ${job} and state = 'sent'
        -- Another dispatch's run than the one that was asked for last answers nothing.
        and (reference is null or ${run.githubRunId ?? null}::text is null or reference = ${run.githubRunId ?? null})
      returning id
    )
    update ledger.runs set request_id = answered.id from answered where runs.id = ${run.id} returning request_id as id
  `
  return row?.id
}
