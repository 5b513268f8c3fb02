// Runs that ended and had something to do, however old: retention removes good ones, and what their slots
// remember of them stands in for those, or a page would count failures alone.

import type { Sql } from 'postgres'

import { GOOD_RUN_DAYS } from '../core/run.ts'
import { ended } from '../ledger/outcomes.ts'

/** Rows of a run's id, job, outcome, started_at, slot_due_at, duration_ms and items_written, begun after an instant. What had
 *  no slot, a person's run for the present, is gone when its run is: of such runs only those count that are young enough for
 *  the good ones to be there, or a share of them would be one of failures. */
export const endedRuns = (sql: Sql, { since, now }: { readonly since: Date; readonly now: Date }) => sql`
  select id, job, outcome, started_at, slot_due_at, duration_ms, items_written
  from ledger.runs
  where started_at > ${since} and started_at <= ${now}
    and outcome in ${ended(sql)}
    and (slot_due_at is not null or started_at > ${now}::timestamptz - make_interval(days => ${GOOD_RUN_DAYS}))
  union all
  select slot.run_id, slot.job, slot.outcome, slot.started_at, slot.due_at, slot.duration_ms, slot.items_written
  from ledger.slots slot
  -- A slot may be served days before it is due.
  where slot.due_at > ${since} and slot.due_at <= ${now}::timestamptz + interval '8 days' and slot.state = 'served'
    and slot.started_at > ${since} and slot.started_at <= ${now}
    and not exists (select 1 from ledger.runs run where run.id = slot.run_id)
`
