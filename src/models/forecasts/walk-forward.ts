// Forecasts of past seasons as they would have been made, each from a fit to earlier seasons only, and their grades. The
// same forecast and the same grade as of the jobs: nfl/train tells how well its fits foretold by this, and so does backtest.

import { gradePick, type Grade } from '../grading/grade.ts'
import { offerOf, type GameLines, type Market } from '../markets/markets.ts'
import { mean } from '../probability.ts'
import { forecast, type Forecast } from './forecast.ts'
import { fitMarket, type Sample } from './market-models.ts'

/** A finished game, its forecast and what became of it. */
export interface Verdict<S extends Sample = Sample> {
  readonly sample: S
  readonly lines: GameLines
  readonly forecast: Forecast
  readonly grade: Grade
}

/** Scores by name; a score of no games is left out. */
export type Scores = Readonly<Record<string, number>>

/** Verdicts on all games of the season `from` and later. Fits always look at closing lines, which the past has; the
 *  forecast sees `linesOf` its game, the closing ones unless told otherwise. */
export function walkForward<S extends Sample>(
  market: Market,
  samples: readonly S[],
  { from, linesOf = (sample) => sample }: { from: number; linesOf?: (sample: S) => GameLines },
): Verdict<S>[] {
  const seasons = [...new Set(samples.map((sample) => sample.season))].filter((season) => season >= from)
  return seasons
    .sort((a, b) => a - b)
    .flatMap((season) => {
      const earlier = samples.filter((sample) => sample.season < season)
      const parameters = fitMarket(market, earlier, season)
      return samples.flatMap((sample) => {
        if (sample.season !== season) return []
        const lines = linesOf(sample)
        const made = forecast(market, sample.features, { lines, parameters })
        if (made === undefined) return []
        const score = { home: sample.homeScore, away: sample.awayScore }
        const grade = gradePick({ market, ...offerOf(market, lines), ...made }, score, sample)
        return [{ sample, lines, forecast: made, grade }]
      })
    })
}

/** Means for the row of a fit: ours beside the market's, on the same games. */
export function scoresOf(verdicts: readonly Verdict[]): Scores {
  const both = verdicts.filter(({ grade }) => grade.closeBrier !== null || grade.closeError !== null)
  const means: Record<string, number[]> = {
    brier: both.flatMap(({ grade }) => (grade.closeBrier === null ? [] : (grade.brier ?? []))),
    log_loss: both.flatMap(({ grade }) => (grade.closeBrier === null ? [] : (grade.logLoss ?? []))),
    final_brier: both.flatMap(({ grade }) => (grade.closeBrier === null ? [] : (grade.finalBrier ?? []))),
    market_brier: both.flatMap(({ grade }) => grade.closeBrier ?? []),
    market_log_loss: both.flatMap(({ grade }) => grade.closeLogLoss ?? []),
    mae: both.flatMap(({ grade }) => size(grade.modelError)),
    final_mae: both.flatMap(({ grade }) => size(grade.finalError)),
    market_mae: both.flatMap(({ grade }) => size(grade.closeError)),
    hit_rate: both.flatMap(({ grade }) => (grade.outcome === 'push' ? [] : Number(grade.outcome === 'won'))),
  }
  const known = Object.entries(means).filter(([, values]) => values.length > 0)
  return { games: both.length, ...Object.fromEntries(known.map(([name, values]) => [name, mean(values)])) }
}

function size(error: number | null): number[] {
  return error === null ? [] : [Math.abs(error)]
}
