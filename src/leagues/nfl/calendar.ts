// The NFL's calendar as a pure function of an instant: which season and week a moment belongs to.
// Weeks turn on Wednesday 00:00 in Los Angeles, as ESPN's do: checked on 2002 to 2025, that is wrong for one game of
// 6,499 (2020_12_BAL_PIT, played on a Wednesday); a Tuesday boundary is wrong for six.

import type { Calendar, NamedWeek } from '../../core/calendar.ts'
import type { Period } from '../../core/period.ts'
import { addDays, daysBetween, localDay } from '../../core/zone.ts'

/** Where the league's times are told. */
export const ZONE = 'America/New_York'
const LEAGUE_DAY = 'America/Los_Angeles'
const HOUR_MS = 3_600_000

/** One week of a season. */
export interface Week extends Period {
  /** The year in which it starts. */
  readonly season: number
  /** From 1; playoffs continue the count. */
  readonly week: number
}

export function aWeek(season: number, week: number): Week {
  return { key: `${season}-W${String(week).padStart(2, '0')}`, season, week }
}

/** The week that a stored period is: `2026-W11`. Throws RangeError for another kind of period. */
export function toWeek({ key }: Pick<Period, 'key'>): Week {
  const [, season, week] = /^(\d{4})-W(\d{2})$/.exec(key) ?? []
  if (season === undefined || week === undefined)
    throw new RangeError(`"${key}" is no week of the NFL: expected such as 2026-W11`)
  return aWeek(Number(season), Number(week))
}

/** The week of an instant. From the Super Bowl's week until the next opener it stays the Super Bowl's. */
export function nflWeekAt(at: Date): Week {
  return nflWeekOfDay(dayOfLeague(at))
}

/** Los Angeles is eight hours behind UTC, or seven in summer. Only in the hour in which that makes two days is the zone asked: every
 *  door wants to know the week, and to ask loads 9 MB of zones and languages. */
function dayOfLeague(at: Date): string {
  const inWinter = localDay(new Date(at.getTime() - 8 * HOUR_MS), 'UTC')
  const inSummer = localDay(new Date(at.getTime() - 7 * HOUR_MS), 'UTC')
  return inWinter === inSummer ? inWinter : localDay(at, LEAGUE_DAY)
}

/** The week of a `YYYY-MM-DD` day on the league's own calendar (games: nflverse's `gameday`). */
export function nflWeekOfDay(day: string): Week {
  const year = Number(day.slice(0, 4))
  const season = day >= firstDay(year) ? year : year - 1
  const week = Math.floor(daysBetween(firstDay(season), day) / 7) + 1
  return aWeek(season, Math.min(week, superBowlWeek(season)))
}

/** The week before, across the turn of a season. */
export function nflWeekBefore(week: Week): Week {
  return week.week > 1 ? aWeek(week.season, week.week - 1) : aWeek(week.season - 1, superBowlWeek(week.season - 1))
}

/** The Super Bowl's week number: 22 since 2021, when the regular season grew to 18 weeks. */
export function superBowlWeek(season: number): number {
  return season >= 2021 ? 22 : 21
}

/** Pages count weeks from Tuesday to Monday, so that bronze, the games and Monday night's grading lie in one. */
export const calendar: Calendar = {
  zone: ZONE,
  period: 'week',
  periodAt: nflWeekAt,
  weeks: { begin: 2, reach: "from the first stage to Monday night's grading", named: weekFromTuesday },
}

/** Out of season, and of the idle week before the Super Bowl's, a week is called after its Tuesday. */
function weekFromTuesday(tuesday: string): NamedWeek {
  // The league turns its own week on Wednesday: Thursday is in it.
  const [own, before, twoBefore] = [2, -5, -12].map((days) => nflWeekOfDay(addDays(tuesday, days))) as [Week, Week, Week] // prettier-ignore
  // Its calendar stands still from the idle week before the Super Bowl to the next opener: of all that it gives the
  // last number, the second is the one that is played.
  const again = own.key === before.key
  const isLast = own.week === superBowlWeek(own.season)
  const isPlayed = isLast ? again && twoBefore.key !== own.key : !again
  return {
    key: isPlayed ? own.key : tuesday,
    season: own.season,
    week: isPlayed ? own.week : undefined,
    isLast: isPlayed && isLast,
  }
}

/** Wednesday of opening week: two days after Labor Day, the first Monday of September. */
function firstDay(season: number): string {
  const weekdayOfFirst = new Date(Date.UTC(season, 8, 1)).getUTCDay()
  const laborDay = ((8 - weekdayOfFirst) % 7) + 1
  return addDays(`${season}-09-${String(laborDay).padStart(2, '0')}`, 2)
}
