// Lists what is late now: slots whose grace is over and that nobody has served, with what holds them or has been asked for them;
// and when anybody last looked for such.

import type { Sql } from 'postgres'

import type { ViewContext } from './context.ts'
import { listPauses, pauseOf } from './pauses.ts'
import { slotReason } from './quoting.ts'

/** A slot whose grace is over, whose deadline is not, and that nobody has served. */
export interface LateSlot {
  readonly job: string
  readonly dueAt: Date
  readonly zone: string
  readonly deadlineAt: Date
  readonly reason: string | undefined
  readonly tries: number
  /** What has been asked for it. */
  readonly asked: { readonly kind: string; readonly sentAt: Date | undefined; readonly nextTryAt: Date } | undefined
  /** Why nothing is asked for it: as ops-watch judges, it is nobody's fault, or its parents' (src/reconcile/judge.ts). */
  readonly heldBy: LateHold | undefined
}

/** A person's pause, or parents whose own slots are not served. */
export type LateHold =
  | { readonly by: 'pause'; readonly until: Date; readonly actor: string }
  | { readonly by: 'parents'; readonly jobs: readonly string[] }

export interface LateSlots {
  /** At most 50, the oldest first. */
  readonly slots: readonly LateSlot[]
  /** Of all. */
  readonly count: number
}

interface Row {
  job: string
  due_at: Date
  zone: string
  deadline_at: Date
  reason: string | null
  tries: number
  kind: string | null
  sent_at: Date | null
  next_try_at: Date
  all: number
}

const MOST = 50

/** Reads what is late. */
export async function listLate(sql: Sql, site: Pick<ViewContext, 'jobs' | 'now' | 'quotableJobs'>): Promise<LateSlots> {
  const { now } = site
  const [rows, pauses] = await Promise.all([
    sql<Row[]>`
      select slot.job, slot.due_at, line.zone, slot.deadline_at, ${slotReason(sql, site)} as reason, slot.tries,
        asked.kind, asked.sent_at, asked.next_try_at, (count(*) over ())::integer as all
      from ledger.slots slot
      join ledger.schedules line on line.id = slot.schedule_id
      left join ledger.requests asked on asked.job = slot.job and asked.state in ('open', 'sent')
      where slot.state = 'due' and slot.grace_until < ${now} and slot.deadline_at > ${now}
      order by slot.due_at, slot.job
      limit ${MOST}
    `,
    listPauses(sql, now),
  ])
  const waiting = await listUnservedParents(sql, site, rows)
  const holdOf = ({ job, due_at }: Row): LateHold | undefined => {
    const pause = pauseOf(pauses, job)
    if (pause) return { by: 'pause', until: pause.until, actor: pause.actor }
    const parents = waiting.filter((one) => one.job === job && one.dueAt.getTime() === due_at.getTime())
    return parents.length > 0 ? { by: 'parents', jobs: parents.map(({ parent }) => parent) } : undefined
  }
  return { slots: rows.map((row) => toLate(row, holdOf(row))), count: rows[0]?.all ?? 0 }
}

/** How many are late without anything that holds them. */
export function countUnheld({ slots, count }: LateSlots): number {
  return count - slots.filter(({ heldBy }) => heldBy !== undefined).length
}

function toLate(row: Row, heldBy: LateHold | undefined): LateSlot {
  return {
    job: row.job,
    dueAt: row.due_at,
    zone: row.zone,
    deadlineAt: row.deadline_at,
    reason: row.reason ?? undefined,
    tries: row.tries,
    asked:
      row.kind === null ? undefined : { kind: row.kind, sentAt: row.sent_at ?? undefined, nextTryAt: row.next_try_at },
    heldBy,
  }
}

/** Of each slot the parents that it needs fresh and whose latest slot at its moment is not served. */
async function listUnservedParents(sql: Sql, { jobs }: Pick<ViewContext, 'jobs'>, rows: readonly Row[]) {
  const needed = rows.flatMap(({ job, due_at }) => {
    const needs = jobs.find(({ id }) => id === job)?.needs ?? {}
    const fresh = Object.keys(needs).filter((parent) => needs[parent] === 'fresh')
    return fresh.map((parent) => ({ job, due_at, parent }))
  })
  if (needed.length === 0) return []
  return await sql<{ job: string; dueAt: Date; parent: string }[]>`
    select needed.job, needed.due_at as "dueAt", needed.parent
    from jsonb_to_recordset(${sql.json(needed)}::jsonb) as needed (job text, due_at timestamptz, parent text)
    join lateral (
      select state from ledger.slots
      where job = needed.parent and due_at <= needed.due_at order by due_at desc limit 1
    ) latest on true
    where latest.state <> 'served'
  `
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
