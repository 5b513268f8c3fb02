// The cron lines of all jobs as every wake-up reads them, each with the last slot that is written for it.

import type { Sql } from 'postgres'

import type { SlotState } from '../core/slot.ts'

/** One cron line of one job, as it is or was in force. */
export interface ScheduleRow {
  readonly id: string
  readonly job: string
  readonly cron: string
  readonly zone: string
  readonly validFrom: Date
  readonly validTo: Date | undefined
  /** The latest slot written for this line so far. */
  readonly lastDueAt: Date | undefined
  readonly lastState: SlotState | undefined
}

/** Up to when the slots of a line are written down. One that came back with its line may lie before it: what was between them
 *  nobody asked for. */
export function writtenUpTo({ lastDueAt, validFrom }: ScheduleRow): Date {
  return lastDueAt && lastDueAt > validFrom ? lastDueAt : validFrom
}

/** Every line that is in force or once was, with the last slot it has. */
export async function listSchedules(sql: Sql): Promise<ScheduleRow[]> {
  const rows = await sql<
    {
      id: string
      job: string
      cron: string
      zone: string
      valid_from: Date
      valid_to: Date | null
      last: Date | null
      state: SlotState | null
    }[]
  >`
    select s.id, s.job, s.cron, s.zone, s.valid_from, s.valid_to, newest.due_at as last, newest.state
    from ledger.schedules s
    left join lateral (
      select due_at, state from ledger.slots
      where schedule_id = s.id and job = s.job -- without the job the planner walks all slots back to an ended line's last
      order by due_at desc limit 1
    ) newest on true
    order by s.job, s.id
  `
  return rows.map((row) => ({
    id: row.id,
    job: row.job,
    cron: row.cron,
    zone: row.zone,
    validFrom: row.valid_from,
    validTo: row.valid_to ?? undefined,
    lastDueAt: row.last ?? undefined,
    lastState: row.state ?? undefined,
  }))
}
