// All SQL about slots. Every change of state is compare-and-set: the old state stands in the `where`, and "no row
// changed" means that somebody was first. Who changes several locks them by (job, due_at) first (see src/README.md).

import type { Sql } from 'postgres'

import type { Period } from '../core/period.ts'
import type { Outcome } from '../core/run.ts'
import type { Slot, SlotState } from '../core/slot.ts'
import { serving } from './outcomes.ts'

/** A slot about to be written for the first time. */
export interface NewSlot {
  readonly job: string
  readonly dueAt: Date
  readonly scheduleId: string
  readonly period: Period
  readonly state: 'due' | 'waived'
  readonly reason: string | null
  readonly graceUntil: Date
  readonly deadlineAt: Date
}

/** A slot with what a decision about it needs. */
export interface OpenSlot extends Slot {
  readonly period: Period
  readonly graceUntil: Date
  readonly deadlineAt: Date
  readonly runId: string | undefined
  readonly tries: number
  /** Reconcile starts nothing for it before this. */
  readonly notBefore: Date | undefined
  /** Of the last run that held it, and what that run left as the reason. */
  readonly outcome: Outcome | undefined
  readonly reason: string | undefined
  readonly changedAt: Date
}

/** What an overdue line in a summary says. */
export interface OverdueSlot {
  readonly job: string
  readonly dueAt: Date
  readonly deadlineAt: Date
}

/** Writes slots that are not there yet; those that are stay as they are. Only one that was waived because its line ended
 *  comes back when another line names the same moment. */
export async function insertSlots(sql: Sql, slots: readonly NewSlot[], at: Date): Promise<void> {
  if (slots.length === 0) return
  const rows = slots.map((slot) => ({
    job: slot.job,
    due_at: slot.dueAt,
    schedule_id: slot.scheduleId,
    period: slot.period.key,
    season: slot.period.season,
    state: slot.state,
    reason: slot.reason,
    grace_until: slot.graceUntil,
    deadline_at: slot.deadlineAt,
  }))
  // One parameter rather than nine a row: after a year's sleep there are more slots than a statement has places.
  await sql`
    insert into ledger.slots as old (
      job, due_at, schedule_id, period, season, state, reason, grace_until, deadline_at, changed_at
    )
    select distinct on (job, due_at)
      job, due_at, schedule_id, period, season, state, reason, grace_until, deadline_at, ${at}::timestamptz
    from jsonb_to_recordset(${sql.json(rows)}::jsonb) as slot (
      job text, due_at timestamptz, schedule_id bigint, period text, season integer, state text,
      reason text, grace_until timestamptz, deadline_at timestamptz
    )
    -- Two runners that insert the same slots must meet them in the same order. Of two lines that name one moment, one due
    -- (which sorts before waived) counts.
    order by job, due_at, state, schedule_id
    on conflict (job, due_at) do update
    set schedule_id = excluded.schedule_id, state = excluded.state, reason = excluded.reason,
      period = excluded.period, season = excluded.season,
      grace_until = excluded.grace_until, deadline_at = excluded.deadline_at, changed_at = excluded.changed_at
    where old.state = 'waived' and old.schedule_id <> excluded.schedule_id
      and exists (select 1 from ledger.schedules where id = old.schedule_id and valid_to <= excluded.due_at)
  `
}

/** The jobs of which a slot has come due and waits. */
export async function listWaitingJobs(sql: Sql, now: Date): Promise<string[]> {
  const rows = await sql<{ job: string }[]>`
    select distinct job from ledger.slots where state = 'due' and due_at <= ${now}
  `
  return rows.map((row) => row.job)
}

/** A job's slots that wait or run, oldest first. */
export async function listOpenSlots(sql: Sql, job: string): Promise<OpenSlot[]> {
  const rows = await sql<OpenSlotRow[]>`
    select job, due_at, state, period, season, grace_until, deadline_at, run_id, tries,
      not_before, outcome, reason, changed_at
    from ledger.slots
    where job = ${job} and state in ('due', 'running')
    order by due_at
  `
  return rows.map(toOpenSlot)
}

interface OpenSlotRow {
  job: string
  due_at: Date
  state: SlotState
  period: string
  season: number | null
  grace_until: Date
  deadline_at: Date
  run_id: string | null
  tries: number
  not_before: Date | null
  outcome: Outcome | null
  reason: string | null
  changed_at: Date
}

function toOpenSlot(row: OpenSlotRow): OpenSlot {
  return {
    job: row.job,
    dueAt: row.due_at,
    state: row.state,
    period: { key: row.period, season: row.season },
    graceUntil: row.grace_until,
    deadlineAt: row.deadline_at,
    runId: row.run_id ?? undefined,
    tries: row.tries,
    notBefore: row.not_before ?? undefined,
    outcome: row.outcome ?? undefined,
    reason: row.reason ?? undefined,
    changedAt: row.changed_at,
  }
}

/** What a run that did not serve its slot has left of it. */
export interface SlotAfter {
  readonly state: SlotState
  /** Failed runs so far. */
  readonly tries: number
  /** When reconcile starts it again, if it does. */
  readonly nextTryAt: Date | undefined
  readonly deadlineAt: Date
}

/** A slot as it stands; undefined when there is none. */
export async function findSlot(sql: Sql, job: string, dueAt: Date): Promise<SlotAfter | undefined> {
  const [row] = await sql<{ state: SlotState; tries: number; not_before: Date | null; deadline_at: Date }[]>`
    select state, tries, not_before, deadline_at from ledger.slots where job = ${job} and due_at = ${dueAt}
  `
  return (
    row && { state: row.state, tries: row.tries, nextTryAt: row.not_before ?? undefined, deadlineAt: row.deadline_at }
  )
}

/** The latest slot of a job with due_at at or before an instant. */
export async function findLatestSlot(sql: Sql, job: string, atOrBefore: Date): Promise<Slot | undefined> {
  const [row] = await sql<{ due_at: Date; state: SlotState; changed_at: Date; by_token: boolean }[]>`
    select latest.due_at, latest.state, latest.changed_at,
      latest.state = 'served' and coalesce(run.trigger = 'request', false) as by_token
    from (
      select due_at, state, changed_at, run_id from ledger.slots
      where job = ${job} and due_at <= ${atOrBefore}
      order by due_at desc limit 1
    ) latest
    left join ledger.runs run on run.id = latest.run_id
  `
  return row && { job, dueAt: row.due_at, state: row.state, changedAt: row.changed_at, byToken: row.by_token }
}

/** Was any slot of this job due in [from, before)? Then a later one is not the first that its parent leads to. */
export async function hasSlotBetween(sql: Sql, job: string, window: { from: Date; before: Date }): Promise<boolean> {
  const rows = await sql`
    select 1 from ledger.slots
    where job = ${job} and due_at >= ${window.from} and due_at < ${window.before}
    limit 1
  `
  return rows.length > 0
}

/** Did a job ever succeed, by slot or by hand? */
export async function hasEverSucceeded(sql: Sql, job: string): Promise<boolean> {
  const [row] = await sql<{ ever: boolean }[]>`
    select exists (select 1 from ledger.slots where job = ${job} and state = 'served') or (
      select true from ledger.runs where job = ${job} and outcome in ${serving(sql)}
      order by started_at desc limit 1 -- in an exists() it would be a scan of all runs, for most of them succeeded
    ) is not null as ever
  `
  return row?.ever ?? false
}

/** Moves a waiting slot to a final state; false when another process was first. */
export async function closeSlot(
  sql: Sql,
  slot: { job: string; dueAt: Date },
  to: { state: 'missed' | 'waived'; reason: string; at: Date },
): Promise<boolean> {
  const done = await sql`
    update ledger.slots set state = ${to.state}, reason = ${to.reason}, changed_at = ${to.at}
    where job = ${slot.job} and due_at = ${slot.dueAt} and state = 'due'
  `
  return done.count > 0
}

/** Slots whose deadline has passed while they waited become missed. Returns how many. */
export async function missExpiredSlots(sql: Sql, now: Date): Promise<number> {
  const done = await sql`
    with late as (
      select job, due_at from ledger.slots where state = 'due' and deadline_at <= ${now} order by job, due_at for update
    )
    update ledger.slots s
    set state = 'missed', changed_at = ${now}, reason = coalesce(s.reason || '; ', '') || 'the deadline passed'
    from late
    where s.job = late.job and s.due_at = late.due_at and s.state = 'due'
  `
  return done.count
}

/** Waiting slots whose grace is over, nearest deadline first: what the last step of a run tells people about. */
export async function listOverdueSlots(sql: Sql, now: Date): Promise<OverdueSlot[]> {
  const rows = await sql<{ job: string; due_at: Date; deadline_at: Date }[]>`
    select job, due_at, deadline_at from ledger.slots
    where state = 'due' and grace_until < ${now}
    order by deadline_at
    limit 50
  `
  return rows.map((row) => ({ job: row.job, dueAt: row.due_at, deadlineAt: row.deadline_at }))
}
