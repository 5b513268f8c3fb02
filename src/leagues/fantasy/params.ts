// What a person may name in the inputs of fantasy/import: a season, a week, and whose projections.

import { toNames, Unfit, type Given, type ValuesOf } from '../../core/reader.ts'
import { weekParams } from '../nfl/week-params.ts'
import { PROJECTION_SOURCES } from './sources/projections/index.ts'

/** The name of our own projections among the sources. */
export const OURS = 'matchday'

const NAMES = [OURS, ...Object.keys(PROJECTION_SOURCES)]
const SOURCES = `expected a comma list of ${NAMES.join(', ')}`
const TWICE = 'names a source twice, and a source averaged with itself is no second opinion: expected different ones'

function source(given: Given): string[] | Unfit {
  const names = typeof given === 'string' ? toNames(given) : []
  if (names.length === 0) return NAMES
  if (!names.every((name) => NAMES.includes(name))) return new Unfit(SOURCES)
  return new Set(names).size === names.length ? names : new Unfit(TWICE)
}

export const importParams = { ...weekParams, source }
export type ImportParams = ValuesOf<typeof importParams>
