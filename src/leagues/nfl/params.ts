// What a person may name in the inputs of the NFL's jobs: a season, a week, markets.

import { z } from 'zod'

import { MARKETS } from '../../models/markets.ts'
import { weekParams } from './week-params.ts'

export { namedBy, namedPeriod, weekParams, type WeekParams } from './week-params.ts'

// Told after the flag and what was given for it.
const SOME_MARKETS = `expected a comma list of ${MARKETS.join(', ')}`

const markets = z.preprocess(
  (value) => (typeof value === 'string' ? toList(value) : (value ?? [...MARKETS])),
  z.array(z.enum(MARKETS, { error: SOME_MARKETS })),
)

/** Inputs of the jobs that work per market. */
export const marketParams = { ...weekParams, markets }
export type MarketParams = z.infer<z.ZodObject<typeof marketParams>>

function toList(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names.length === 0 ? [...MARKETS] : [...new Set(names)]
}
