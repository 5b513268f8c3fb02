// What is late now: slots whose grace is over and that nobody has served, with what has been asked for them; and when anybody
// last looked for such.

import type { Sql } from 'postgres'

import type { ViewContext } from './context.ts'

/** A slot whose grace is over and that nobody has served. */
export interface LateSlot {
  readonly job: string
  readonly dueAt: Date
  readonly zone: string
  readonly deadlineAt: Date
  readonly reason: string | undefined
  readonly tries: number
  /** What has been asked for it. */
  readonly asked: { readonly kind: string; readonly sentAt: Date | undefined; readonly nextTryAt: Date } | undefined
}

/** At most 50, the oldest first. */
export async function listLate(sql: Sql, now: Date): Promise<LateSlot[]> {
  const rows = await sql<
    {
      job: string
      due_at: Date
      zone: string
      deadline_at: Date
      reason: string | null
      tries: number
      kind: string | null
      sent_at: Date | null
      next_try_at: Date
    }[]
  >`
    select slot.job, slot.due_at, line.zone, slot.deadline_at, slot.reason, slot.tries,
      asked.kind, asked.sent_at, asked.next_try_at
    from ledger.slots slot
    join ledger.schedules line on line.id = slot.schedule_id
    left join ledger.requests asked on asked.job = slot.job and asked.state in ('open', 'sent')
    where slot.state = 'due' and slot.grace_until < ${now}
    order by slot.due_at, slot.job
    limit 50
  `
  return rows.map((row) => ({
    job: row.job,
    dueAt: row.due_at,
    zone: row.zone,
    deadlineAt: row.deadline_at,
    reason: row.reason ?? undefined,
    tries: row.tries,
    asked: row.kind === null ? undefined : { kind: row.kind, sentAt: row.sent_at ?? undefined, nextTryAt: row.next_try_at }, // prettier-ignore
  }))
}

/** When anybody last looked at the account. Undefined: nobody ever has, or nobody is to: a replay has no ops-watch. */
export async function readLookedAt(
  sql: Sql,
  { environment }: Pick<ViewContext, 'environment'>,
): Promise<Date | undefined> {
  if (environment === 'replay') return undefined
  const [row] = await sql<{ looked_at: Date | null }[]>`select looked_at from ledger.watch`
  return row?.looked_at ?? undefined
}
