// The NFL's calendar as a pure function of an instant: which season and week a moment belongs to.
// Weeks turn on Wednesday 00:00 in Los Angeles, as ESPN's do: checked on 2002 to 2025, that is wrong for one game of
// 6,499 (2020_12_BAL_PIT, played on a Wednesday); a Tuesday boundary is wrong for six.

import { aWeek, type Week } from '../../core/period.ts'
import { addDays, daysBetween, localDay } from '../../core/zone.ts'

const LEAGUE_DAY = 'America/Los_Angeles'

/** The week of an instant. From the Super Bowl's week until the next opener it stays the Super Bowl's. */
export function nflWeekAt(at: Date): Week {
  return nflWeekOfDay(localDay(at, LEAGUE_DAY))
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

/** Wednesday of opening week: two days after Labor Day, the first Monday of September. */
function firstDay(season: number): string {
  const weekdayOfFirst = new Date(Date.UTC(season, 8, 1)).getUTCDay()
  const laborDay = ((8 - weekdayOfFirst) % 7) + 1
  return addDays(`${season}-09-${String(laborDay).padStart(2, '0')}`, 2)
}
