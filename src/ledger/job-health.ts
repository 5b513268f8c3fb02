// Reads how each job fares, in one row a job: its line, its newest runs, what became of its newest slots, a request that was lost.

import type { Sql } from 'postgres'

import type { SlotState } from '../core/slot.ts'
import { serving, telling } from './outcomes.ts'

/** A job with a cron line in force, or with a run in the last seven days. */
export interface JobHealth {
  readonly job: string
  /** Since when it has had a cron line that is in force now; undefined: it has none. */
  readonly scheduledFrom: Date | undefined
  /** When its newest run of any kind began. */
  readonly lastSeenAt: Date | undefined
  /** Its newest run that says how it fares: ended, and neither gated, not ready, cancelled nor dry. */
  readonly lastRun: LastRun | undefined
  /** By a slot that was served, or by a run without one. */
  readonly lastSuccessAt: Date | undefined
  /** Its newest failed or missed slot, when none after it has been served. */
  readonly lostSlot: LostSlot | undefined
  /** Its newest slot up to now, and its first one after now, in whatever state. */
  readonly lastDueAt: Date | undefined
  readonly nextDueAt: Date | undefined
  /** The newest request for it that was given up as lost in the last 24 hours. */
  readonly lostRequest: LostRequest | undefined
}

export interface LastRun {
  readonly id: string
  readonly outcome: 'succeeded' | 'partial' | 'failed' | 'abandoned'
  readonly finishedAt: Date
  readonly reason: string | undefined
  /** The first of its errors. */
  readonly error: { readonly message: string; readonly retryable: boolean } | undefined
  /** From when on a run that a person wished for is asked for again. */
  readonly wishedAt: Date | undefined
  /** The slot that it held, as it is now. */
  readonly slot:
    | { readonly dueAt: Date; readonly state: SlotState; readonly tries: number; readonly notBefore: Date | undefined }
    | undefined
}

export interface LostSlot {
  readonly dueAt: Date
  readonly state: 'failed' | 'missed'
  readonly period: string
  readonly reason: string | undefined
  readonly deadlineAt: Date
  readonly changedAt: Date
}

export interface LostRequest {
  readonly kind: string
  readonly tries: number
  readonly createdAt: Date
  readonly endedAt: Date
  readonly note: string
}

/** The health of every job, by name. */
export async function listJobHealth(sql: Sql, now: Date): Promise<JobHealth[]> {
  const [runs, slots] = await Promise.all([listRunRows(sql, now), listSlotRows(sql, now)])
  const slotsOf = new Map(slots.map((row) => [row.job, row]))
  return runs.map((row) => toJobHealth(row, slotsOf.get(row.job)))
}

// A walk back through one job's runs or slots ends at the first that counts. What may stand before it without end (gated runs,
// slots waived all summer) is walked 1,000 steps at most.
//
// "between" and comparisons of pairs, where "=" would do: with "=" the planner may take an index by time alone, and for a job
// that has few slots walk through everybody's. The outer order repeats the inner one, or there would be a sort of it all.

async function listRunRows(sql: Sql, now: Date): Promise<RunRow[]> {
  return await sql<RunRow[]>`
    with recursive seen as (
      -- From one job to the next by index: "select distinct" would read all runs.
      (select job from ledger.runs order by job limit 1)
      union all
      select (select job from ledger.runs where job > seen.job order by job limit 1) from seen where seen.job is not null
    ), jobs as (
      select job from seen where job is not null
      union
      select job from ledger.schedules where valid_to is null
    )
    select jobs.job, line.valid_from as scheduled_from, newest.started_at as seen_at,
      ran.id, ran.outcome, ran.finished_at, ran.reason, ran.errors -> 0 as error, good.finished_at as succeeded_at,
      held.due_at as held_due_at, held.state as held_state, held.tries as held_tries, held.not_before,
      wish.next_try_at as wished_at,
      asked.kind, asked.tries as asked_tries, asked.created_at as asked_at, asked.ended_at, asked.note
    from jobs
    left join lateral (
      select min(valid_from) as valid_from from ledger.schedules
      where job = jobs.job and valid_to is null and valid_from <= ${now}
    ) line on true
    left join lateral (
      select started_at from ledger.runs where job between jobs.job and jobs.job order by job, started_at desc limit 1
    ) newest on true
    left join lateral (
      select * from (
        select job, id, outcome, finished_at, reason, errors, slot_due_at, started_at, dry_run
        from ledger.runs where job between jobs.job and jobs.job order by job, started_at desc limit 1000
      ) back
      where outcome in ${telling(sql)} and not dry_run
      order by job, started_at desc limit 1
    ) ran on true
    left join lateral (
      select due_at, state, tries, not_before from ledger.slots where job = jobs.job and due_at = ran.slot_due_at
    ) held on true
    left join lateral (
      select finished_at from (
        select job, outcome, finished_at, started_at, dry_run
        from ledger.runs where job between jobs.job and jobs.job order by job, started_at desc limit 1000
      ) back
      where outcome in ${serving(sql)} and not dry_run
      order by job, started_at desc limit 1
    ) good on true
    left join lateral (
      select min(next_try_at) as next_try_at from ledger.requests
      where job = jobs.job and state in ('open', 'sent') and kind in ('manual', 'cascade')
    ) wish on true
    left join lateral (
      select kind, tries, created_at, ended_at, note from ledger.requests
      where job between jobs.job and jobs.job and state = 'dropped' and ended_at > ${now}::timestamptz - interval '1 day'
        and note like 'lost:%'
      order by job, ended_at desc limit 1
    ) asked on true
    where line.valid_from is not null or newest.started_at > ${now}::timestamptz - interval '7 days'
    order by jobs.job
  `
}

async function listSlotRows(sql: Sql, now: Date): Promise<SlotRow[]> {
  return await sql<SlotRow[]>`
    select jobs.job, served.changed_at as served_at, past.due_at as last_due_at, coming.due_at as next_due_at,
      lost.due_at, lost.state, lost.period, lost.reason, lost.deadline_at, lost.changed_at
    from (select distinct job from ledger.schedules) jobs
    left join lateral (
      select due_at, changed_at from ledger.slots
      where job between jobs.job and jobs.job and state = 'served' order by job, due_at desc limit 1
    ) served on true
    left join lateral (
      select * from (
        select job, due_at, state, period, reason, deadline_at, changed_at from ledger.slots
        where (job, due_at) > (jobs.job, coalesce(served.due_at, '-infinity')) and (job, due_at) <= (jobs.job, 'infinity')
        order by job desc, due_at desc limit 1000
      ) back
      where state in ('failed', 'missed')
      order by job desc, due_at desc limit 1
    ) lost on true
    left join lateral (
      select due_at from ledger.slots
      where (job, due_at) > (jobs.job, '-infinity') and (job, due_at) <= (jobs.job, ${now})
      order by job desc, due_at desc limit 1
    ) past on true
    left join lateral (
      select due_at from ledger.slots
      where (job, due_at) > (jobs.job, ${now}) and (job, due_at) <= (jobs.job, 'infinity')
      order by job, due_at limit 1
    ) coming on true
  `
}

// Of what one lateral found, all columns are null together.

interface RunRow {
  job: string
  scheduled_from: Date | null
  seen_at: Date | null
  id: string | null
  outcome: LastRun['outcome']
  finished_at: Date
  reason: string | null
  error: { message: string; retryable: boolean } | null
  succeeded_at: Date | null
  held_due_at: Date | null
  held_state: SlotState
  held_tries: number
  not_before: Date | null
  wished_at: Date | null
  kind: string | null
  asked_tries: number
  asked_at: Date
  ended_at: Date
  note: string
}

interface SlotRow {
  job: string
  served_at: Date | null
  last_due_at: Date | null
  next_due_at: Date | null
  due_at: Date | null
  state: LostSlot['state']
  period: string
  reason: string | null
  deadline_at: Date
  changed_at: Date
}

function toJobHealth(run: RunRow, slot: SlotRow | undefined): JobHealth {
  return {
    job: run.job,
    scheduledFrom: run.scheduled_from ?? undefined,
    lastSeenAt: run.seen_at ?? undefined,
    lastRun: toLastRun(run),
    lastSuccessAt: later(run.succeeded_at, slot?.served_at ?? null),
    lostSlot: slot && toLostSlot(slot),
    lastDueAt: slot?.last_due_at ?? undefined,
    nextDueAt: slot?.next_due_at ?? undefined,
    lostRequest: toLostRequest(run),
  }
}

function later(one: Date | null, other: Date | null): Date | undefined {
  return (one && other && one < other ? other : (one ?? other)) ?? undefined
}

function toLastRun(row: RunRow): LastRun | undefined {
  if (row.id === null) return undefined
  const { id, outcome, error, held_due_at: dueAt, held_state: state, held_tries: tries } = row
  return {
    id,
    outcome,
    finishedAt: row.finished_at,
    reason: row.reason ?? undefined,
    error: error ? { message: error.message, retryable: error.retryable } : undefined,
    wishedAt: row.wished_at ?? undefined,
    slot: dueAt === null ? undefined : { dueAt, state, tries, notBefore: row.not_before ?? undefined },
  }
}

function toLostSlot({ due_at: dueAt, state, period, reason, ...row }: SlotRow): LostSlot | undefined {
  if (dueAt === null) return undefined
  return { dueAt, state, period, reason: reason ?? undefined, deadlineAt: row.deadline_at, changedAt: row.changed_at }
}

function toLostRequest({ kind, note, ...row }: RunRow): LostRequest | undefined {
  if (kind === null) return undefined
  return { kind, tries: row.asked_tries, createdAt: row.asked_at, endedAt: row.ended_at, note }
}
