// Slots that an address asks for: those of one day, or the newest ones of a job or in a state, read backwards day by day.

import { count } from '../../../src/core/wording.ts'
import { sayDate } from '../kit/dates.ts'

// As dashboards/site/pages/slots/table.tsx writes it.
export type ShardRow = readonly [
  job: string,
  dueAt: string,
  due: string,
  state: string,
  glyph: string,
  tone: string,
  late: string,
  run: string,
  reason: string,
]

export interface Wish {
  readonly job: string
  readonly state: string
  /** Empty: of any day. */
  readonly day: string
}

export interface Found {
  readonly rows: readonly ShardRow[]
  /** The oldest day that was read; of a day that nothing is kept of it is undefined. */
  readonly since: string | undefined
  /** Are these all that are kept? */
  readonly all: boolean
}

export interface Search {
  /** Newest first. */
  readonly days: readonly string[]
  /** Undefined: there is no such file. */
  readonly load: (day: string) => Promise<readonly ShardRow[] | undefined>
  readonly tell: (progress: string) => void
}

/** Without a day it is enough to find so many. */
const ENOUGH = 60
/** Days read at once. */
const AT_ONCE = 6

/** Finds what is wished for. */
export async function findSlots(wish: Wish, search: Search): Promise<Found> {
  if (wish.day === '') return await findNewest(wish, search)
  const rows = search.days.includes(wish.day) ? await search.load(wish.day) : undefined
  return { rows: (rows ?? []).filter((row) => fits(row, wish)), since: rows && wish.day, all: true }
}

async function findNewest(wish: Wish, { days, load, tell }: Search): Promise<Found> {
  const rows: ShardRow[] = []
  for (let read = 0; read < days.length; read += AT_ONCE) {
    const next = days.slice(read, read + AT_ONCE)
    tell(`Reading ${sayDate(next[0] ?? '')} and before: ${count(rows.length, 'slot')} so far.`)
    const loaded = await Promise.all(next.map((day) => load(day)))
    for (const [i, ofDay] of loaded.entries()) {
      rows.push(...(ofDay ?? []).filter((row) => fits(row, wish)))
      const isLast = read + i === days.length - 1
      if (rows.length > ENOUGH || (rows.length === ENOUGH && !isLast))
        return { rows: rows.slice(0, ENOUGH), since: next[i], all: false }
    }
  }
  return { rows, since: days.at(-1), all: true }
}

function fits([job, , , state]: ShardRow, wish: Wish): boolean {
  return (wish.job === '' || job === wish.job) && (wish.state === '' || state === wish.state)
}

/** What is shown, in a sentence; `days` as they were searched, `place` is where their midnights are. */
export function sayFound(
  { rows, since, all }: Found,
  wish: Wish,
  { days, place }: { days: readonly string[]; place: string },
): string {
  const said = (day: string) => `${/^\d{4}-\d\d-\d\d$/.test(day) ? sayDate(day) : day} (${place})`
  if (wish.day !== '' && since === undefined)
    return `${said(wish.day)} is not among the days above: the bars by month tell what came of it.`
  const noun = `${wish.state ? `${wish.state} ` : ''}slot`
  const of = wish.job ? ` of ${wish.job}` : ''
  if (!all)
    return `The newest ${count(rows.length, noun)}${of}, back to ${said(since ?? '')}: name a day to see all of it.`
  const what = rows.length === 0 ? `No ${noun}${of}` : `${count(rows.length, noun)}${of}`
  const when = wish.day === '' ? ` in the ${days.length} days up to ${said(days[0] ?? '')}` : `, due ${said(wish.day)}`
  return `${what}${when}.`
}

/** `2026-11-27`, `2026-11-26` and so on, back to the oldest. */
export function daysBack(newest: string, oldest: string): string[] {
  const days: string[] = []
  for (let at = Date.parse(newest); at >= Date.parse(oldest); at -= 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10))
  return days
}
