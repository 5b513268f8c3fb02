// Weeks as people watch them, by a league's calendar: seven days from midnight to midnight, with the season's numbers while there
// are games.

import type { Calendar, NamedWeek } from '../../core/calendar.ts'
import { instantAt } from '../../core/local-time.ts'
import { addDays, localDay } from '../../core/zone.ts'

export type WeekCalendar = Pick<Calendar, 'zone' | 'weeks'>

/** From one midnight to another, in the calendar's zone. */
export interface GameWeek extends NamedWeek {
  /** `YYYY-MM-DD`. */
  readonly firstDay: string
  /** Included. */
  readonly from: Date
  /** Not included. */
  readonly to: Date
  /** The midnights at which its seven days begin. */
  readonly days: readonly Date[]
}

/** The week that an instant lies in. */
export function gameWeekAt(at: Date, calendar: WeekCalendar): GameWeek {
  const today = localDay(at, calendar.zone)
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay()
  return gameWeekFrom(addDays(today, -((weekday - calendar.weeks.begin + 7) % 7)), calendar)
}

/** The week that begins on a day, which is of the weekday on which weeks begin. */
export function gameWeekFrom(firstDay: string, { zone, weeks }: WeekCalendar): GameWeek {
  return {
    ...weeks.named(firstDay),
    firstDay,
    from: instantAt(firstDay, '00:00', zone),
    to: instantAt(addDays(firstDay, 7), '00:00', zone),
    days: Array.from({ length: 7 }, (_, day) => instantAt(addDays(firstDay, day), '00:00', zone)),
  }
}

/** Every week from the season's first to the later of its last and the present one, in order. */
export function weeksOfSeason(now: Date, calendar: WeekCalendar): GameWeek[] {
  const at = ({ firstDay }: GameWeek, days: number) => gameWeekFrom(addDays(firstDay, days), calendar)
  const present = gameWeekAt(now, calendar)
  let first = present
  for (let before = at(first, -7); before.season === present.season; before = at(first, -7)) first = before
  const weeks = [first]
  for (;;) {
    const next = at(weeks.at(-1) ?? first, 7)
    const over = weeks.some(({ isLast }) => isLast) || next.season !== present.season
    if (over && next.from > now) return weeks
    weeks.push(next)
  }
}
