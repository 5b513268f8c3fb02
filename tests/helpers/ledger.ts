// Rows of the ledger, for tests of its statements.

import type { Sql } from '../../src/lib/db.ts'
import type { NewSlot } from '../../src/ledger/slots.ts'

import { at, dayOf } from './builders.ts'

/** A cron line in force since the first of the month, unless told; returns its id. */
export async function aScheduleLine(
  sql: Sql,
  wish: { job: string; cron?: string; zone?: string; validFrom?: Date },
): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into ledger.schedules (job, cron, zone, valid_from, commit)
    values (${wish.job}, ${wish.cron ?? '7 8 * * *'}, ${wish.zone ?? 'UTC'}, ${wish.validFrom ?? at('01 00:00')}, 'c0ffee')
    returning id
  `
  return row!.id
}

/** A due slot with half an hour of grace and six hours until its deadline. */
export function aNewSlot(wish: Pick<NewSlot, 'job' | 'scheduleId'> & Partial<NewSlot>): NewSlot {
  const dueAt = wish.dueAt ?? at('19 08:07')
  return {
    dueAt,
    period: dayOf(dueAt),
    state: 'due',
    reason: null,
    graceUntil: new Date(dueAt.getTime() + 30 * 60_000),
    deadlineAt: new Date(dueAt.getTime() + 360 * 60_000),
    ...wish,
  }
}
