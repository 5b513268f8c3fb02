// How a person names a week of the NFL in the inputs of a job: a season and a week. Flags and dispatch inputs are texts, and
// an input left empty arrives as an empty text.

import { ConfigFailure } from '../../core/errors.ts'
import type { NamedBy } from '../../core/job.ts'
import { text, Unfit, type Given, type ValuesOf } from '../../core/reader.ts'
import { aWeek, nflWeekAt, nflWeekBefore, superBowlWeek, toWeek, type Week } from './calendar.ts'

const FIRST_SEASON = 1999 // of games.csv

function season(given: Given): number | undefined | Unfit {
  const year = toNumber(given)
  if (year === undefined || (year >= FIRST_SEASON && year <= 2100)) return year
  return new Unfit(`expected the year in which a season begins, from ${FIRST_SEASON}`)
}

function week(given: Given): 'current' | 'previous' | number | undefined | Unfit {
  const named = text(given)
  if (named === 'current' || named === 'previous') return named
  const number = toNumber(given)
  if (number === undefined || (number >= 1 && number <= 22)) return number
  return new Unfit('expected current, previous or a number from 1 to 22')
}

/** Inputs of every job that is about a week of the NFL. */
export const weekParams = { season, week }
export type WeekParams = ValuesOf<typeof weekParams>

/** The inputs that name a week, and what each is of one. */
export const namedBy: NamedBy = { season: (period) => toWeek(period).season, week: (period) => toWeek(period).week }

/** The week that was named: a season with a week, a week of the season of `now`, or neither. Throws ConfigFailure. */
export function namedPeriod(
  named: { season?: number | undefined; week?: 'current' | 'previous' | number | undefined },
  now: Date,
): Week | undefined {
  const today = nflWeekAt(now)
  if (named.week === undefined) {
    if (named.season === undefined) return undefined
    throw new ConfigFailure(
      `season ${named.season} was given without a week: expected both, such as season ${named.season} and week 7`,
    )
  }
  if (typeof named.week === 'string') {
    if (named.season === undefined) return named.week === 'current' ? today : nflWeekBefore(today)
    throw new ConfigFailure(
      `week "${named.week}" was given with season ${named.season}: expected a number from 1 to 22 beside a season, or the word alone`,
    )
  }
  const season = named.season ?? today.season
  if (named.week <= superBowlWeek(season)) return aWeek(season, named.week)
  throw new ConfigFailure(
    `week ${named.week} is not in season ${season}: expected 1 to ${superBowlWeek(season)}, the Super Bowl's`,
  )
}

/** Empty is not given; what is no whole number is none. */
function toNumber(given: Given): number | undefined {
  const digits = typeof given === 'boolean' ? String(given) : text(given)
  return digits === undefined ? undefined : /^\d+$/.test(digits) ? Number(digits) : NaN
}
