// The Slots page: what became of every slot of the last SLOT_DAYS, of a year by month, how long nobody looked, and what
// GitHub's cron alone would have come to.

import type { Sql } from 'postgres'

import type { SlotShown } from '../../core/slot-shown.ts'
import { SLOT_DAYS } from '../../core/windows.ts'
import type { ViewContext } from '../context.ts'
import { slotReason } from '../quoting.ts'
import { firstDay, readGaps, readMonths, type MonthOfSlots, type WakeUpGaps } from '../slot-history.ts'
import { heldSince, shownState } from '../slot-state.ts'
import { readJobWords, type JobWord } from '../word-kept.ts'

export interface SlotRow {
  readonly job: string
  readonly dueAt: Date
  /** Of its cron line. */
  readonly zone: string
  /** `2026-11-19`, in the site's zone. */
  readonly day: string
  readonly state: SlotShown
  /** Minutes, negative when early; undefined: no run holds or ended it, whatever was tried. */
  readonly lateness: number | undefined
  readonly runId: string | undefined
  readonly reason: string | undefined
}

export interface SlotsView {
  /** The last SLOT_DAYS, today last. */
  readonly days: readonly string[]
  /** The jobs that had a slot in these days: those of the registry first, in its order. */
  readonly jobs: readonly string[]
  /** All slots of these days, by moment and job. */
  readonly slots: readonly SlotRow[]
  readonly months: readonly MonthOfSlots[]
  readonly gaps: WakeUpGaps
  readonly words: readonly JobWord[]
}

/** Reads the Slots page's view. As large as SLOT_DAYS of slots, however long the history. */
export async function readSlots(sql: Sql, site: ViewContext): Promise<SlotsView> {
  const [days, slots, months, gaps, words] = await Promise.all([
    listDays(sql, site),
    listSlots(sql, site),
    readMonths(sql, site),
    readGaps(sql, site),
    readJobWords(sql, site.now),
  ])
  const seen = new Set(slots.map(({ job }) => job))
  const known = site.jobs.map(({ id }) => id)
  const unknown = [...seen].filter((job) => !known.includes(job)).sort()
  return { days, jobs: [...known.filter((job) => seen.has(job)), ...unknown], slots, months, gaps, words }
}

async function listDays(sql: Sql, { now, zone }: ViewContext): Promise<string[]> {
  const rows = await sql<{ day: string }[]>`
    select to_char(day, 'YYYY-MM-DD') as day
    from generate_series(${firstDay(sql, { now, zone })}, ${now}::timestamptz at time zone ${zone}, interval '1 day') as day
    order by day
  `
  return rows.map(({ day }) => day)
}

interface Row {
  job: string
  due_at: Date
  zone: string
  day: string
  state: SlotShown
  lateness: number | null
  run_id: string | null
  reason: string | null
}

async function listSlots(sql: Sql, site: ViewContext): Promise<SlotRow[]> {
  const { now, zone } = site
  const rows = await sql<Row[]>`
    select slot.job, slot.due_at, line.zone, to_char(slot.due_at at time zone ${zone}, 'YYYY-MM-DD') as day,
      ${shownState(sql, now)} as state, slot.run_id, ${slotReason(sql, site)} as reason,
      extract(epoch from ${heldSince(sql)} - slot.due_at)::double precision / 60 as lateness
    from ledger.slots slot
    join ledger.schedules line on line.id = slot.schedule_id
    where slot.due_at >= (${firstDay(sql, site)}) at time zone ${zone}
      and slot.due_at < (${firstDay(sql, site)} + make_interval(days => ${SLOT_DAYS})) at time zone ${zone}
    order by slot.due_at, slot.job
  `
  return rows.map(({ due_at: dueAt, lateness, run_id: runId, reason, ...row }) => ({
    ...row,
    dueAt,
    lateness: lateness ?? undefined,
    runId: runId ?? undefined,
    reason: reason ?? undefined,
  }))
}
