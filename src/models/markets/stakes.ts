// Computes what a bet is worth and what to stake on it, after Kelly, "A new interpretation of information rate" (1956).

import { profitAt } from './odds.ts'

/** A bet's chances; what is left over is a push, which returns the stake. */
export interface Chances {
  readonly win: number
  readonly lose: number
}

/** A quarter of Kelly's stake, because the probability is an estimate. */
const KELLY_SHARE = 0.25
/** Of the bankroll, at most, on one bet. */
const KELLY_CAP = 0.02

/** Expected profit per unit staked at American odds: p_win · (decimal - 1) - p_lose. */
export function expectedProfit({ win, lose }: Chances, american: number): number {
  return win * profitAt(american) - lose
}

/** The share of the bankroll to stake: a quarter of Kelly's f = (b·p - q) / b, capped; nothing without an advantage. With
 *  pushes the growth-optimal f is (b·p - q) / (b·(p + q)). */
export function kellyStake({ win, lose }: Chances, american: number): number {
  const profit = profitAt(american)
  const full = expectedProfit({ win, lose }, american) / (profit * (win + lose))
  return Math.min(Math.max(KELLY_SHARE * full, 0), KELLY_CAP)
}
