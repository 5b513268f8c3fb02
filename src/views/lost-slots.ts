// Lists what was lost in the last day: slots that were missed or failed, whatever was served since.

import type { Sql } from 'postgres'

import type { SlotShown } from '../core/slot-shown.ts'
import type { ViewContext } from './context.ts'
import { slotReason } from './quoting.ts'
import { shownState } from './slot-state.ts'

export interface LostSlot {
  readonly job: string
  readonly dueAt: Date
  /** Of its cron line. */
  readonly zone: string
  readonly state: Extract<SlotShown, 'missed' | 'failed'>
  readonly reason: string | undefined
}

/** No deadline is farther from its slot. */
const LONGEST_DAYS = 9
const MOST = 50

/** Lost within the last 24 hours, the newest first; a slot past its deadline that nobody has looked at among them. */
export async function listLost(
  sql: Sql,
  site: Pick<ViewContext, 'jobs' | 'now' | 'quotableJobs'>,
): Promise<LostSlot[]> {
  const { now } = site
  const rows = await sql<(Omit<LostSlot, 'reason'> & { reason: string | null })[]>`
    select slot.job, slot.due_at as "dueAt", line.zone, ${shownState(sql, now)} as state,
      ${slotReason(sql, site)} as reason
    from ledger.slots slot join ledger.schedules line on line.id = slot.schedule_id
    where slot.due_at > ${now}::timestamptz - make_interval(days => ${LONGEST_DAYS}) and slot.due_at <= ${now}
      and case slot.state
        when 'due' then slot.deadline_at between ${now}::timestamptz - interval '1 day' and ${now}
        else slot.state in ('missed', 'failed') and slot.changed_at > ${now}::timestamptz - interval '1 day'
      end
    order by slot.due_at desc, slot.job limit ${MOST}
  `
  return rows.map(({ reason, ...row }) => ({ ...row, reason: reason ?? undefined }))
}
