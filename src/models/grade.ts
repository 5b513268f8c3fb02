// What became of a frozen prediction: of its pick, and of its probabilities.

import type { Market, Side } from './markets.ts'
import { profitAt } from './odds.ts'
import { brierScore, logLoss } from './probability.ts'

export interface GradedPick {
  readonly market: Market
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pick: Side
}

export interface Grade {
  readonly outcome: 'won' | 'lost' | 'push'
  readonly brier: number | null
  readonly logLoss: number | null
  readonly marketBrier: number | null
  readonly marketLogLoss: number | null
  /** Result less line, in points; null for the moneyline. */
  readonly lineError: number | null
  /** Units won per unit staked; null without a price. */
  readonly profit: number | null
}

/** A tie on the moneyline, or a result on the line, is a push: stakes go back, probabilities are not judged. */
export function gradePick(pick: GradedPick, score: { home: number; away: number }): Grade {
  const result = pick.market === 'ou' ? score.home + score.away : score.home - score.away
  const line = pick.market === 'moneyline' ? 0 : (pick.line ?? NaN)
  const lineError = pick.market === 'moneyline' ? null : result - line
  if (result === line) {
    return { outcome: 'push', brier: null, logLoss: null, marketBrier: null, marketLogLoss: null, lineError, profit: 0 }
  }
  const happened = result > line
  const tookYes = pick.pick === 'home' || pick.pick === 'over'
  const won = tookYes === happened
  const price = tookYes ? pick.priceFor : pick.priceAgainst
  return {
    outcome: won ? 'won' : 'lost',
    brier: brierScore(pick.pModel, happened),
    logLoss: logLoss(pick.pModel, happened),
    marketBrier: pick.pMarket === null ? null : brierScore(pick.pMarket, happened),
    marketLogLoss: pick.pMarket === null ? null : logLoss(pick.pMarket, happened),
    lineError,
    profit: price === null ? null : won ? profitAt(price) : -1,
  }
}
