// Fits as they would have been made, season by season, and how well they then foretold: ours beside the market's, on the
// same games. Only the seasons before a game ever reach the fit that judges it.

import { marketModels, type Market, type Parameters, type Sample } from './markets.ts'
import { fairProbability } from './odds.ts'
import { brierScore, logLoss, mean } from './probability.ts'

/** A finished game with the line and prices it closed with. */
export interface ScoredSample extends Sample {
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
}

/** Scores by name; a score of no games is left out. */
export type Scores = Readonly<Record<string, number>>

/** A fit looks back at most so far: the game changes. Origin: models-and-sources, section 3.3. */
const SEASONS_BACK = 10
/** Ratings need some seasons to settle, a fit some more. */
const SEASONS_FIRST = 4

/** The parameters for a game of `season`. Throws RangeError without a single game to learn from. */
export function fitFor(market: Market, samples: readonly Sample[], season: number): Parameters {
  const recent = samples.filter((sample) => sample.season >= season - SEASONS_BACK)
  if (recent.length === 0) throw new RangeError(`no finished game in the ${SEASONS_BACK} seasons before ${season}`)
  return marketModels[market].fit(recent)
}

/** Scores of all seasons that have enough seasons before them. */
export function walkForward(market: Market, samples: readonly ScoredSample[]): Scores {
  const seasons = [...new Set(samples.map((sample) => sample.season))].sort((a, b) => a - b)
  const judged = seasons.slice(SEASONS_FIRST).flatMap((season) => {
    const parameters = fitFor(
      market,
      samples.filter((sample) => sample.season < season),
      season,
    )
    return samples
      .filter((sample) => sample.season === season)
      .map((sample) => judge(market, sample, parameters))
      .filter((verdict) => verdict !== undefined)
  })
  const names = [...new Set(judged.flatMap((verdict) => Object.keys(verdict)))]
  const means = names.map((name) => [name, mean(judged.flatMap((verdict) => verdict[name] ?? []))] as const)
  return { games: judged.length, ...Object.fromEntries(means) }
}

/** One game's scores; undefined where the market had no opinion to stand beside ours. */
function judge(market: Market, sample: ScoredSample, parameters: Parameters): Scores | undefined {
  return market === 'moneyline' ? judgeWinner(sample, parameters) : judgeLine(market, sample, parameters)
}

function judgeWinner(sample: ScoredSample, parameters: Parameters): Scores | undefined {
  const market = fairProbability(sample.priceFor, sample.priceAgainst)
  if (market === undefined || sample.margin === 0) return undefined
  const ours = marketModels.moneyline.probability(sample.features, parameters, null)
  const homeWon = sample.margin > 0
  return {
    brier: brierScore(ours, homeWon),
    log_loss: logLoss(ours, homeWon),
    accuracy: Number(ours >= 0.5 === homeWon),
    market_brier: brierScore(market, homeWon),
    market_log_loss: logLoss(market, homeWon),
    market_accuracy: Number(market >= 0.5 === homeWon),
  }
}

function judgeLine(market: 'ats' | 'ou', sample: ScoredSample, parameters: Parameters): Scores | undefined {
  const { line } = sample
  const expected = marketModels[market].expected(sample.features, parameters)
  if (line === null || expected === undefined) return undefined
  const actual = market === 'ats' ? sample.margin : sample.total
  const errors = { mae: Math.abs(actual - expected), market_mae: Math.abs(actual - line) }
  // A push is neither hit nor miss.
  return actual === line ? errors : { ...errors, hit_rate: Number(expected > line === actual > line) }
}
