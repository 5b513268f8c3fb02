// The account of slots beyond single days: a year by month, and the stretches in which nobody looked.

import type { Sql } from 'postgres'

import type { SlotShown } from '../core/slot-shown.ts'
import { GAP_MINUTES, SLOT_DAYS } from '../core/windows.ts'
import type { ViewContext } from './context.ts'
import { shownState } from './slot-state.ts'

/** Months of history, this one included. */
const MONTHS = 12

/** The first of them, as the site's wall clock shows its beginning. */
export const firstDay = (sql: Sql, { now, zone }: Pick<ViewContext, 'now' | 'zone'>) =>
  sql`date_trunc('day', ${now}::timestamptz at time zone ${zone}) - make_interval(days => ${SLOT_DAYS - 1})`

export interface MonthOfSlots {
  /** `2026-11`, in the site's zone. */
  readonly month: string
  /** Rescued ones count as late here: what rescued a slot is forgotten with its run. */
  readonly byState: Partial<Readonly<Record<SlotShown, number>>>
}

export interface GapDay {
  /** `2026-11-19`, in the site's zone: when the gap began, or the first day shown for one that began before it. */
  readonly day: string
  readonly gaps: number
  /** Minutes. */
  readonly median: number
  readonly worst: number
}

export interface WakeUpGaps {
  /** Days with a gap of more than five minutes, oldest first. */
  readonly days: readonly GapDay[]
  readonly gaps: number
  /** Minutes; undefined: there was none. */
  readonly median: number | undefined
  readonly worst: number | undefined
}

/** The last twelve months, the oldest first; months without slots are left out. */
export async function readMonths(sql: Sql, { now, zone }: ViewContext): Promise<MonthOfSlots[]> {
  const rows = await sql<{ month: string; state: SlotShown; count: number }[]>`
    select to_char(month, 'YYYY-MM') as month, state, count(*)::integer as count from (
      select date_trunc('month', slot.due_at at time zone ${zone}) as month,
        ${shownState(sql, now, { rescues: false })} as state
      from ledger.slots slot
      where slot.due_at <= ${now} and slot.due_at >=
        (date_trunc('month', ${now}::timestamptz at time zone ${zone}) - make_interval(months => ${MONTHS - 1})) at time zone ${zone}
    ) shown
    group by 1, 2 order by 1
  `
  return [...new Set(rows.map(({ month }) => month))].map((month) => ({
    month,
    byState: Object.fromEntries(rows.filter((row) => row.month === month).map(({ state, count }) => [state, count])),
  }))
}

/** The wake-up gaps with the one that is still open, if nobody has looked for five minutes. */
export const gapsUntil = (sql: Sql, now: Date) => sql`
  select began_at, ended_at from ledger.wake_up_gaps
  union all
  select looked_at, ${now}::timestamptz from ledger.watch where looked_at < ${now}::timestamptz - make_interval(mins => ${GAP_MINUTES})
`

/** The wake-up gaps of the last SLOT_DAYS, by the day on which they began. */
export async function readGaps(sql: Sql, site: ViewContext): Promise<WakeUpGaps> {
  const { now, zone } = site
  const rows = await sql<(Omit<GapDay, 'day'> & { day: string | null })[]>`
    select to_char(greatest(began_at at time zone ${zone}, ${firstDay(sql, site)}), 'YYYY-MM-DD') as day, count(*)::integer as gaps,
      percentile_cont(0.5) within group (order by minutes) as median, max(minutes) as worst
    from (
      select began_at, extract(epoch from ended_at - began_at)::double precision / 60 as minutes
      from (${gapsUntil(sql, now)}) known
      where ended_at >= (${firstDay(sql, site)}) at time zone ${zone} and began_at <= ${now}
    ) gap
    group by grouping sets ((1), ())
    order by 1
  `
  const all = rows.find(({ day }) => day === null)
  return {
    days: rows.flatMap((row) => (row.day === null ? [] : { ...row, day: row.day })),
    gaps: all?.gaps ?? 0,
    median: all?.median ?? undefined,
    worst: all?.worst ?? undefined,
  }
}
