// How a person names a week of the NFL in the inputs of a job: a season and a week. Flags and dispatch inputs are texts, and
// an input left empty arrives as an empty text.

import { z } from 'zod'

import { ConfigFailure } from '../../core/errors.ts'
import type { NamedBy } from '../../core/job.ts'
import { aWeek, nflWeekAt, nflWeekBefore, superBowlWeek, toWeek, type Week } from './calendar.ts'

const FIRST_SEASON = 1999 // of games.csv

// Told after the flag and what was given for it.
const A_SEASON = `expected the year in which a season begins, from ${FIRST_SEASON}`
const A_WEEK = 'expected current, previous or a number from 1 to 22'

const season = z.preprocess(toNumber, z.number({ error: A_SEASON }).refine(isSeason, { error: A_SEASON }).optional())

const week = z.preprocess(
  toNumber,
  z.custom<'current' | 'previous' | number | undefined>(isWeek, { error: A_WEEK }).optional(),
)

/** Inputs of every job that is about a week of the NFL. */
export const weekParams = { season, week }
export type WeekParams = z.infer<z.ZodObject<typeof weekParams>>

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

/** Empty is not given; digits become a number; anything else is left for the schema to refuse in its own words. */
function toNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (text === '') return undefined
  return /^\d+$/.test(text) ? Number(text) : text
}

function isSeason(value: number): boolean {
  return Number.isInteger(value) && value >= FIRST_SEASON && value <= 2100
}

function isWeek(value: unknown): boolean {
  if (value === undefined || value === 'current' || value === 'previous') return true
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 22
}
