// Chooses the week of a replay: the one that was named, or the last whose games all have results.

import { ConfigFailure } from '../../../core/errors.ts'
import type { Window } from '../../../core/league-replay.ts'
import { instantAt } from '../../../core/local-time.ts'
import { addDays } from '../../../core/zone.ts'
import { aWeek, nflWeekAt, ZONE, type Week } from '../calendar.ts'

const DAY = 86_400_000

export interface CompleteWeek {
  readonly week: Week
  /** `YYYY-MM-DD`. */
  readonly firstGameDay: string
}

export interface NamedWeek {
  readonly season: number | undefined
  readonly week: number | undefined
}

/** Throws ConfigFailure. */
export function readNamedWeek({ season, week }: Readonly<Record<string, string | undefined>>): NamedWeek {
  const named = { season: readNumber('season', season), week: readNumber('week', week) }
  if (named.season !== undefined || named.week === undefined) return named
  throw new ConfigFailure('--week needs --season, such as --season 2024 --week 12')
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new ConfigFailure(`--${name} "${text}": expected a number, such as --season 2024 --week 12`)
}

/** The last of those that were named, oldest first. Throws ConfigFailure. */
export function chooseWeek({ season, week }: NamedWeek, weeks: readonly CompleteWeek[]): ReplayedWeek {
  const wanted = weeks.filter(
    (one) => (season === undefined || one.week.season === season) && (week === undefined || one.week.week === week),
  )
  const last = wanted.at(-1)
  if (last) return { period: last.week, window: windowOfWeek(last.firstGameDay) }
  const key = season !== undefined && week !== undefined ? aWeek(season, week).key : String(season ?? 'the last week')
  const [oldest, newest] = [weeks[0]?.week.key, weeks.at(-1)?.week.key]
  throw new ConfigFailure(
    `${key} cannot be replayed: expected a week whose games all have results, and this data has those of ${oldest ?? 'none'} to ${newest ?? 'none'}`,
  )
}

interface ReplayedWeek {
  readonly period: Week
  readonly window: Window
}

/** Seven days from an instant; on a Tuesday that is the week whose games are still to come. */
export function weekFrom(from: Date): ReplayedWeek {
  const after = (days: number) => new Date(from.getTime() + days * DAY)
  return { period: nflWeekAt(after(2)), window: { from, to: after(7) } }
}

/** A week runs from Tuesday morning, just before nfl/bronze, to the Tuesday after: Monday night's games and their
 *  grading lie inside. It is counted from the day of its first game, not from the calendar: the week of the Super Bowl has an idle one
 *  before it that bears the same number. */
export function windowOfWeek(firstGameDay: string): Window {
  const weekday = new Date(`${firstGameDay}T00:00:00Z`).getUTCDay()
  const tuesday = addDays(firstGameDay, -((weekday - 3 + 7) % 7) - 1)
  return { from: instantAt(tuesday, '08:00', ZONE), to: instantAt(addDays(tuesday, 7), '08:00', ZONE) }
}
