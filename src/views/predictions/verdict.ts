// Does anything here beat the close? Pure, and hard to please: nine figures are looked at together, and what was worked out
// after the games proves nothing by itself.

import type { Interval } from '../../core/interval.ts'
import type { PredictedMarket } from '../../core/predicted.ts'
import type { Account, AccountLine } from './account.ts'

export interface Claim {
  readonly market: PredictedMarket
  /** Our probability, the published one, or money. */
  readonly figure: 'model' | 'final' | 'profit'
  readonly interval: Interval
}

export type Verdict =
  /** Nothing has been graded beside a closing line. */
  | { readonly kind: 'nothing graded' }
  /** So few games that neither answer would mean anything. */
  | { readonly kind: 'too few'; readonly games: number }
  | { readonly kind: 'nothing beats the close' }
  /** Only where it was worked out afterwards: a leak, until it is shown before kick-off. */
  | { readonly kind: 'only in hindsight'; readonly claims: readonly Claim[] }
  | { readonly kind: 'beats the close'; readonly claims: readonly Claim[] }

const FEWEST_GAMES = 100
/** Standard errors that one of nine must be away for all nine to be wrong in one case of twenty (Bonferroni). */
const SURE = 2.77

/** What the account comes to. */
export function judgeAccount(account: Account): Verdict {
  const games = Math.max(0, ...account.all.map((line) => line.brierLead?.n ?? 0))
  if (games === 0) return { kind: 'nothing graded' }
  if (games < FEWEST_GAMES) return { kind: 'too few', games }
  const shown = account.prospective.flatMap(claimsOf)
  if (shown.length > 0) return { kind: 'beats the close', claims: shown }
  const claims = account.all.flatMap(claimsOf)
  return claims.length > 0 ? { kind: 'only in hindsight', claims } : { kind: 'nothing beats the close' }
}

function claimsOf({ market, brierLead, finalLead, profit }: AccountLine): Claim[] {
  const claim = (figure: Claim['figure'], interval: Interval | undefined, sign: 1 | -1): Claim[] => {
    if (!interval || interval.error === null || interval.n < FEWEST_GAMES) return []
    return sign * interval.value > SURE * interval.error ? [{ market, figure, interval }] : []
  }
  return [...claim('model', brierLead, -1), ...claim('final', finalLead, -1), ...claim('profit', profit, 1)]
}
