// What a person may name in the inputs of the NFL's jobs: a season, a week, markets.

import { toNames, Unfit, type Given, type ValuesOf } from '../../core/reader.ts'
import { MARKETS, type Market } from '../../models/markets/markets.ts'
import { weekParams } from './week-params.ts'

export { namedBy, namedPeriod, weekParams, type WeekParams } from './week-params.ts'

function markets(given: Given): Market[] | Unfit {
  const names = typeof given === 'string' ? [...new Set(toNames(given))] : []
  if (names.length === 0) return [...MARKETS]
  return names.every(isMarket) ? names : new Unfit(`expected a comma list of ${MARKETS.join(', ')}`)
}

function isMarket(name: string): name is Market {
  return (MARKETS as readonly string[]).includes(name)
}

/** Inputs of the jobs that work per market. */
export const marketParams = { ...weekParams, markets }
export type MarketParams = ValuesOf<typeof marketParams>
