// Works out what a slot is shown as: one definition for all pages, as an expression of SQL, so that pages may count by it.

import type { Sql } from 'postgres'

import { EARLY_MINUTES, LATE_MINUTES } from '../core/slot.ts'

/** The shown state of the row `slot` of ledger.slots: `select ${shownState(sql, now)} as state from ledger.slots slot`.
 *  Rescues are known for as long as runs are kept; older ones, and all of them with `rescues: false`, are late. */
export function shownState(sql: Sql, now: Date, { rescues = true } = {}) {
  const rescued = rescues
    ? sql`when slot.run_id is not null and (
          exists (select 1 from ledger.runs run where run.id = slot.run_id and run.trigger = 'request' and run.retry_of is null)
          or exists (
            select 1 from ledger.requests asked
            where asked.job = slot.job and asked.slot_due_at = slot.due_at and asked.kind = 'rescue'
              and asked.state in ('accepted', 'done') and asked.run_id = slot.run_id
          )
        ) then 'rescued'`
    : sql``
  return sql`
    case
      when slot.state in ('running', 'failed', 'missed', 'waived', 'coalesced') then slot.state
      -- Past its deadline it is missed, although nobody has looked and written it down.
      when slot.state = 'due' and slot.deadline_at <= ${now}::timestamptz then 'missed'
      when slot.state = 'due' then case when slot.grace_until < ${now}::timestamptz then 'late' else 'waiting' end
      when slot.outcome = 'partial' then 'partial'
      when slot.started_at < slot.due_at - make_interval(mins => ${EARLY_MINUTES}) then 'early'
      when slot.started_at is null or slot.started_at <= slot.due_at + make_interval(mins => ${LATE_MINUTES}) then 'on time'
      else case ${rescued} when true then 'late' end
    end`
}

/** When the run began that holds the row `slot` of ledger.slots, or that ended it. A try that failed and left it due, to be
 *  taken, lost or waived later, is none: shown as its start it would look like a late success. */
export function heldSince(sql: Sql) {
  return sql`case when slot.state in ('running', 'served', 'failed') then slot.started_at end`
}
