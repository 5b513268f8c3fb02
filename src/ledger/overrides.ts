// Break-glass: who went round the schedule, why, and until when. An override expires by itself, because whoever reads one
// compares it with the present; its row stays.

import type { Sql, TransactionSql } from 'postgres'

import { ConfigFailure } from '../core/errors.ts'
import { insertRequest } from './requests.ts'

/** A pause gates a job; a waive closes its slots unserved; a force was a run past the gates. */
export type OverrideKind = 'pause' | 'waive' | 'force'

/** The job of an override that is about all jobs. */
export const ALL_JOBS = '*'

/** Longer than this and nobody remembers that it is there. */
const LONGEST_DAYS = 30
const LONGEST_MS = LONGEST_DAYS * 86_400_000

export interface Override {
  readonly id: string
  /** A job's id, or ALL_JOBS. */
  readonly job: string
  readonly kind: OverrideKind
  readonly reason: string
  readonly actor: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | undefined
  readonly endedBy: string | undefined
  /** Of one that is about a single slot. */
  readonly slotDueAt: Date | undefined
  /** Of a force: the run that went past the gates, where it was known. */
  readonly runId: string | undefined
}

/** Who did it, to which job and why. `at` is schedule time. */
export interface Deed {
  readonly job: string
  readonly actor: string
  readonly reason: string
  readonly at: Date
}

/** Gates a job, or all, from now until it expires. Returns its id. Throws ConfigFailure. */
export async function insertPause(sql: Sql, deed: Deed & { expiresAt: Date }): Promise<string> {
  return await insert(sql, 'pause', deed)
}

/** From now until it expires nobody is to serve these slots: one, or every one that waits and is due before then. Closes
 *  nothing by itself, see waiveSlots. Returns its id. Throws ConfigFailure. */
export async function insertWaive(
  sql: Sql,
  deed: Deed & { expiresAt: Date; slotDueAt: Date | undefined },
): Promise<string> {
  return await insert(sql, 'waive', deed)
}

/** Records that somebody ran a job past its gates: history from its first moment, so never in force. Returns its id. */
export async function insertForce(
  sql: Sql | TransactionSql,
  deed: Deed & { slotDueAt?: Date | undefined; runId?: string | undefined },
): Promise<string> {
  return await insert(sql, 'force', { ...deed, expiresAt: deed.at })
}

interface NewOverride extends Deed {
  readonly expiresAt: Date
  readonly slotDueAt?: Date | undefined
  readonly runId?: string | undefined
}

async function insert(sql: Sql | TransactionSql, kind: OverrideKind, deed: NewOverride): Promise<string> {
  refuseNonsense(kind, deed)
  const over = kind === 'force'
  const runId = deed.runId ?? null
  const [row] = await sql<{ id: string }[]>`
    insert into ledger.overrides (
      job, kind, reason, actor, created_at, expires_at, slot_due_at, run_id, ended_at, ended_by
    )
    select ${deed.job}, ${kind}, ${deed.reason}, ${deed.actor}, ${deed.at}::timestamptz, ${deed.expiresAt}::timestamptz,
      ${deed.slotDueAt ?? null}::timestamptz, ${runId}::uuid, ${over ? deed.at : null}::timestamptz,
      ${over ? deed.actor : null}::text
    -- A run goes past its gates once, however often that is written down.
    where ${runId}::uuid is null or not exists (select 1 from ledger.overrides where kind = ${kind} and run_id = ${runId})
    returning id
  `
  return row?.id ?? ''
}

function refuseNonsense(kind: OverrideKind, { job, reason, actor, at, expiresAt }: NewOverride): void {
  if (reason.trim() === '' || actor.trim() === '') {
    throw new ConfigFailure(`a ${kind} of ${job} needs who does it and why: the others will ask`, { code: 'no_reason' })
  }
  const ms = expiresAt.getTime() - at.getTime()
  if (kind === 'force' || (ms > 0 && ms <= LONGEST_MS)) return
  throw new ConfigFailure(
    `a ${kind} of ${job} would end ${expiresAt.toISOString()}: expected within ${LONGEST_DAYS} days from ${at.toISOString()}. Renew it when it is still needed then.`,
    { code: 'bad_expiry' },
  )
}

/** Ends what is in force for a job (or, with ALL_JOBS, for all at once); returns what this call ended. Slots that were
 *  waived stay waived. */
export async function resume(
  sql: Sql,
  by: { job: string; actor: string; at: Date; why?: string | undefined },
): Promise<Override[]> {
  const rows = await sql<OverrideRow[]>`
    update ledger.overrides
    set ended_at = ${by.at}, ended_by = ${by.actor}, end_reason = ${by.why ?? null}
    where job = ${by.job} and kind in ('pause', 'waive') and ended_at is null
      and created_at <= ${by.at} and expires_at > ${by.at}
    returning id, job, kind, reason, actor, created_at, expires_at, ended_at, ended_by, slot_due_at, run_id
  `
  return rows.map(toOverride)
}

interface OverrideRow {
  id: string
  job: string
  kind: OverrideKind
  reason: string
  actor: string
  created_at: Date
  expires_at: Date
  ended_at: Date | null
  ended_by: string | null
  slot_due_at: Date | null
  run_id: string | null
}

function toOverride(row: OverrideRow): Override {
  return {
    id: row.id,
    job: row.job,
    kind: row.kind,
    reason: row.reason,
    actor: row.actor,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
    endedBy: row.ended_by ?? undefined,
    slotDueAt: row.slot_due_at ?? undefined,
    runId: row.run_id ?? undefined,
  }
}

/** Overrides, newest first: all that ever were, or those in force at an instant. */
export async function listOverrides(
  sql: Sql,
  wish: { inForceAt?: Date | undefined; limit: number },
): Promise<Override[]> {
  const at = wish.inForceAt ?? null
  const rows = await sql<OverrideRow[]>`
    select id, job, kind, reason, actor, created_at, expires_at, ended_at, ended_by, slot_due_at, run_id
    from ledger.overrides
    where ${at}::timestamptz is null or (ended_at is null and created_at <= ${at} and expires_at > ${at})
    order by created_at desc, id desc
    limit ${wish.limit}
  `
  return rows.map(toOverride)
}

/** Closes every waiting slot that a waive in force covers: its own slot, or those due before it expires, the overdue ones
 *  among them. Cheap when there is none. Returns what it closed. */
export async function waiveSlots(sql: Sql, now: Date): Promise<{ job: string; dueAt: Date }[]> {
  const rows = await sql<{ job: string; due_at: Date }[]>`
    with cover as (
      select distinct on (s.job, s.due_at) s.job, s.due_at, 'waived by ' || o.actor || ': ' || o.reason as reason
      from ledger.overrides o
      join ledger.slots s on s.state = 'due' and (s.job = o.job or o.job = ${ALL_JOBS})
        and (s.due_at = o.slot_due_at or (o.slot_due_at is null and s.due_at < o.expires_at))
      where o.kind = 'waive' and o.ended_at is null and o.created_at <= ${now} and o.expires_at > ${now}
      order by s.job, s.due_at, o.id
    ), covered as (
      select s.job, s.due_at, cover.reason
      from cover join ledger.slots s on s.job = cover.job and s.due_at = cover.due_at and s.state = 'due'
      order by s.job, s.due_at
      for update of s
    )
    update ledger.slots slot
    set state = 'waived', changed_at = ${now}, reason = covered.reason
    from covered
    where slot.job = covered.job and slot.due_at = covered.due_at and slot.state = 'due'
    returning slot.job, slot.due_at
  `
  return rows.map((row) => ({ job: row.job, dueAt: row.due_at }))
}

/** A request that stands in the way of another of the same job. */
export interface Outstanding {
  readonly kind: string
  readonly state: string
  readonly reason: string
  readonly createdAt: Date
}

/** Writes down a person's wish that a job be run now, past its gates, and who it was. What reconcile has asked for and not
 *  yet sent gives way: it asks again if that is still needed. Anything else that is outstanding is returned, and nothing is
 *  written. */
export async function insertForcedRun(
  sql: Sql,
  deed: Deed,
): Promise<{ asked: true } | { asked: false; outstanding: Outstanding | undefined }> {
  const { job, actor, reason, at } = deed
  return await sql.begin(async (tx) => {
    await dropReplaced(tx, deed)
    const outstanding = await findOutstanding(tx, job)
    if (outstanding) return { asked: false, outstanding }
    const asked = await insertRequest(tx, { job, kind: 'manual', reason, parameters: { force: true }, actor, at })
    if (!asked) return { asked, outstanding: await findOutstanding(tx, job) }
    await insertForce(tx, deed)
    return { asked }
  })
}

async function dropReplaced(tx: TransactionSql, { job, actor, at }: Deed): Promise<void> {
  await tx`
    update ledger.requests
    set state = 'dropped', ended_at = ${at}, note = ${`replaced: ${actor} asked for a run past the gates`}
    where job = ${job} and state = 'open' and kind in ('rescue', 'retry') and actor is null
  `
}

async function findOutstanding(tx: TransactionSql, job: string): Promise<Outstanding | undefined> {
  const [row] = await tx<{ kind: string; state: string; reason: string; created_at: Date }[]>`
    select kind, state, reason, created_at from ledger.requests where job = ${job} and state in ('open', 'sent')
  `
  return row && { kind: row.kind, state: row.state, reason: row.reason, createdAt: row.created_at }
}
