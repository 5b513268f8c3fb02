// Grades a frozen prediction: what became of its pick, of its probabilities and points, and of the line that it took against
// the one the market closed with.

import { offerOf, tookFor, type GameLines, type Market, type Side } from '../markets/markets.ts'
import { fairProbability, profitAt } from '../markets/odds.ts'
import { brierScore, logLoss } from '../probability.ts'

export interface GradedPick {
  readonly market: Market
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pFinal: number
  readonly expected: number | null
  readonly expectedFinal: number | null
  readonly pick: Side
}

/** Scores of what cannot be judged (a push, no price, no line) are null. Errors are in points: what happened less what was
 *  expected. */
export interface Grade {
  /** Of the pick. */
  readonly outcome: 'won' | 'lost' | 'push'
  /** Of `pModel`. */
  readonly brier: number | null
  readonly logLoss: number | null
  readonly finalBrier: number | null
  readonly finalLogLoss: number | null
  /** Of the market at the time of the prediction. */
  readonly marketBrier: number | null
  readonly marketLogLoss: number | null
  readonly modelError: number | null
  readonly finalError: number | null
  readonly lineError: number | null
  /** Units won per unit staked on the pick at its stored price; a push returns the stake. */
  readonly profit: number | null
  /** The closing line and its fair probability, with their own scores on the same game. */
  readonly closeLine: number | null
  readonly pClose: number | null
  readonly closeBrier: number | null
  readonly closeLogLoss: number | null
  readonly closeError: number | null
  /** Closing line value: points by which the line moved the pick's way after it was taken. */
  readonly clvPoints: number | null
  /** And what the taken price is worth by the closing one: p_close · decimal - 1, while both are about the same line. */
  readonly clvPrice: number | null
}

/** A tie on the moneyline, or a result on the line, is a push: stakes go back, probabilities are not judged. `closing` are
 *  the game's last lines before kick-off. */
export function gradePick(pick: GradedPick, score: { home: number; away: number }, closing: GameLines): Grade {
  const result = pick.market === 'ou' ? score.home + score.away : score.home - score.away
  const line = pick.market === 'moneyline' ? 0 : (pick.line ?? NaN)
  const over = result === line ? undefined : result > line
  const [model, final, market] = [judge(pick.pModel, over), judge(pick.pFinal, over), judge(pick.pMarket, over)]
  return {
    ...settle(pick, over),
    brier: model.brier,
    logLoss: model.logLoss,
    finalBrier: final.brier,
    finalLogLoss: final.logLoss,
    marketBrier: market.brier,
    marketLogLoss: market.logLoss,
    modelError: less(result, pick.expected),
    finalError: less(result, pick.expectedFinal),
    lineError: pick.market === 'moneyline' ? null : result - line,
    ...compareWithClose(pick, result, closing),
  }
}

function settle(pick: GradedPick, over: boolean | undefined): Pick<Grade, 'outcome' | 'profit'> {
  const price = tookFor(pick.pick) ? pick.priceFor : pick.priceAgainst
  if (over === undefined) return { outcome: 'push', profit: price === null ? null : 0 }
  const won = tookFor(pick.pick) === over
  return { outcome: won ? 'won' : 'lost', profit: price === null ? null : won ? profitAt(price) : -1 }
}

const NOT_JUDGED = { brier: null, logLoss: null }

function judge(p: number | null, happened: boolean | undefined): { brier: number | null; logLoss: number | null } {
  if (p === null || happened === undefined) return NOT_JUDGED
  return { brier: brierScore(p, happened), logLoss: logLoss(p, happened) }
}

/** Points of what happened less what was expected, if anything was. */
function less(result: number, expected: number | null): number | null {
  return expected === null ? null : result - expected
}

type Comparison = Pick<
  Grade,
  'closeLine' | 'pClose' | 'closeBrier' | 'closeLogLoss' | 'closeError' | 'clvPoints' | 'clvPrice'
>

function compareWithClose(pick: GradedPick, result: number, closing: GameLines): Comparison {
  const close = offerOf(pick.market, closing)
  const pClose = fairProbability(close.priceFor, close.priceAgainst) ?? null
  const line = pick.market === 'moneyline' ? 0 : close.line
  const judged = judge(pClose, line === null || result === line ? undefined : result > line)
  const moved = pick.line === null || close.line === null ? null : close.line - pick.line
  return {
    closeLine: close.line,
    pClose,
    closeBrier: judged.brier,
    closeLogLoss: judged.logLoss,
    closeError: less(result, close.line),
    // 0 - x and not -x: there is a -0.
    clvPoints: moved === null || tookFor(pick.pick) ? moved : 0 - moved,
    clvPrice: pick.market === 'moneyline' || moved === 0 ? worthAtClose(pick, pClose) : null,
  }
}

function worthAtClose(pick: GradedPick, pClose: number | null): number | null {
  const isFor = tookFor(pick.pick)
  const price = isFor ? pick.priceFor : pick.priceAgainst
  if (price === null || pClose === null) return null
  return (isFor ? pClose : 1 - pClose) * (profitAt(price) + 1) - 1
}
