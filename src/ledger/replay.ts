// Answers what a replay asks of the ledger: which wake-ups are done, which processes an earlier replay left behind, and at the
// end the account of every slot of its window.

import type { Sql } from 'postgres'

import type { Outcome, Trigger } from '../core/run.ts'
import type { SlotState } from '../core/slot.ts'
import type { ProcessIdentity } from '../lib/process-identity.ts'
import { serving } from './outcomes.ts'

export interface DoneRun {
  readonly outcome: Outcome
  /** Of a gated run: which gate. */
  readonly gate: string | undefined
  readonly reason: string | undefined
  readonly slotDueAt: Date | undefined
  readonly written: number
  readonly failed: number
}

/** The run that a wake-up at this instant led to, if it came to an end of its own. One that was killed, cancelled or
 *  that found the job still running has to be woken again. */
export async function findDoneRun(
  sql: Sql,
  wakeUp: { job: string; at: Date; trigger: Trigger },
): Promise<DoneRun | undefined> {
  const [row] = await sql<
    {
      outcome: Outcome
      gate: string | null
      reason: string | null
      slot_due_at: Date | null
      written: string
      failed: string
    }[]
  >`
    select outcome, gate, reason, slot_due_at, items_written as written, items_failed as failed
    from ledger.runs
    where job = ${wakeUp.job} and started_at = ${wakeUp.at} and trigger = ${wakeUp.trigger}
      and outcome not in ('running', 'cancelled', 'abandoned') and gate is distinct from 'already_running'
    order by recorded_at desc
    limit 1
  `
  return (
    row && {
      outcome: row.outcome,
      gate: row.gate ?? undefined,
      reason: row.reason ?? undefined,
      slotDueAt: row.slot_due_at ?? undefined,
      written: Number(row.written),
      failed: Number(row.failed),
    }
  )
}

/** The processes that hold running runs. */
export async function listAllHolders(sql: Sql): Promise<ProcessIdentity[]> {
  const rows = await sql<{ host: string; pid: number; process_start: string }[]>`
    select host, pid, process_start from ledger.runs where outcome = 'running'
  `
  return rows.map((row) => ({ host: row.host, pid: row.pid, startedTicks: row.process_start }))
}

export interface SlotAccount {
  readonly job: string
  readonly dueAt: Date
  readonly period: string
  readonly state: SlotState
  readonly outcome: Outcome | undefined
  readonly startedAt: Date | undefined
  readonly reason: string | undefined
  /** Runs that served it: never more than one. */
  readonly servings: number
}

/** Every slot due in [from, to), in time order. */
export async function listSlotAccounts(sql: Sql, window: { from: Date; to: Date }): Promise<SlotAccount[]> {
  const rows = await sql<
    {
      job: string
      due_at: Date
      period: string
      state: SlotState
      outcome: Outcome | null
      started_at: Date | null
      reason: string | null
      servings: number
    }[]
  >`
    select s.job, s.due_at, s.period, s.state, s.outcome, s.started_at, s.reason, (
        select count(*)::integer from ledger.runs r
        where r.job = s.job and r.slot_due_at = s.due_at and r.outcome in ${serving(sql)}
      ) as servings
    from ledger.slots s
    where s.due_at >= ${window.from} and s.due_at < ${window.to}
    order by s.due_at, s.job
  `
  return rows.map((row) => ({
    job: row.job,
    dueAt: row.due_at,
    period: row.period,
    state: row.state,
    outcome: row.outcome ?? undefined,
    startedAt: row.started_at ?? undefined,
    reason: row.reason ?? undefined,
    servings: row.servings,
  }))
}
