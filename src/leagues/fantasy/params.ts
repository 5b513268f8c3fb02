// What a person may name in the inputs of fantasy/import: a season, a week, and whose projections.

import { z } from 'zod'

import { weekParams } from '../nfl/week-params.ts'
import { PROJECTION_SOURCES } from './sources/projections/index.ts'

/** The name of our own projections among the sources. */
export const OURS = 'matchday'

const NAMES = [OURS, ...Object.keys(PROJECTION_SOURCES)]
const SOURCES = `expected a comma list of ${NAMES.join(', ')}`
const TWICE = 'names a source twice, and a source averaged with itself is no second opinion: expected different ones'

const source = z.preprocess(
  (value) => (typeof value === 'string' ? toList(value) : (value ?? NAMES)),
  z
    .array(z.enum(NAMES, { error: SOURCES }))
    .min(1, { error: SOURCES })
    .refine((names) => new Set(names).size === names.length, { error: TWICE }),
)

export const importParams = { ...weekParams, source }
export type ImportParams = z.infer<z.ZodObject<typeof importParams>>

function toList(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names.length === 0 ? NAMES : names
}
