// Weeks as people watch them: Tuesday to Monday, so that bronze, the games and Monday night's grading lie in one. Named
// after the NFL's week while there is a season, after their first day otherwise.

import { addDays, instantAt, localDay } from '../../core/zone.ts'
import { nflWeekAt, superBowlWeek } from '../../leagues/nfl/calendar.ts'

/** From a Tuesday's midnight to the next, in one zone. */
export interface GameWeek {
  /** `2026-W11`; out of season, and of the idle week before the Super Bowl's, `2026-03-10`, its Tuesday. */
  readonly key: string
  readonly season: number
  /** Undefined out of season and in the idle week. */
  readonly week: number | undefined
  /** `YYYY-MM-DD`, a Tuesday. */
  readonly firstDay: string
  /** Included. */
  readonly from: Date
  /** Not included. */
  readonly to: Date
  /** The midnights at which its seven days begin. */
  readonly days: readonly Date[]
}

/** The week that an instant lies in. */
export function gameWeekAt(at: Date, zone: string): GameWeek {
  const today = localDay(at, zone)
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay()
  return gameWeekFrom(addDays(today, -((weekday + 5) % 7)), zone)
}

/** The week that begins on a Tuesday. */
export function gameWeekFrom(firstDay: string, zone: string): GameWeek {
  const own = thursdayOf(firstDay, zone)
  const before = thursdayOf(addDays(firstDay, -7), zone)
  // The league's calendar stands still from the idle week before the Super Bowl to the next opener: of all that it gives the
  // last number, the second is the one that is played.
  const again = own.key === before.key
  const isLast = own.week === superBowlWeek(own.season)
  const inSeason = isLast ? again && thursdayOf(addDays(firstDay, -14), zone).key !== own.key : !again
  return {
    key: inSeason ? own.key : firstDay,
    season: own.season,
    week: inSeason ? own.week : undefined,
    firstDay,
    from: instantAt(firstDay, '00:00', zone),
    to: instantAt(addDays(firstDay, 7), '00:00', zone),
    days: Array.from({ length: 7 }, (_, day) => instantAt(addDays(firstDay, day), '00:00', zone)),
  }
}

/** The league turns its own week on Wednesday: Thursday is in it. */
function thursdayOf(firstDay: string, zone: string) {
  return nflWeekAt(instantAt(addDays(firstDay, 2), '12:00', zone))
}

/** Every week from the season's first to the later of the Super Bowl's and the present one, in order. */
export function weeksOfSeason(now: Date, zone: string): GameWeek[] {
  const present = gameWeekAt(now, zone)
  let first = present
  while (first.season === present.season && first.week !== 1) first = gameWeekFrom(addDays(first.firstDay, -7), zone)
  const weeks = [first]
  for (;;) {
    const next = gameWeekFrom(addDays(weeks.at(-1)?.firstDay ?? first.firstDay, 7), zone)
    const over = weeks.some(({ week }) => week === superBowlWeek(present.season)) || next.season !== present.season
    if (over && next.from > now) return weeks
    weeks.push(next)
  }
}
