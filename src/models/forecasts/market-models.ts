// The model of each market: what it fits to finished games, and what it then expects of a game. A fit is numbers by
// name, and falls back on the published value where games are too few.

import type { GameLines, Market } from '../markets/markets.ts'
import { logistic, logit, normalCdf } from '../probability.ts'
import { eloMargin, eloProbability } from '../ratings/elo.ts'
import type { Features } from '../ratings/features.ts'
import { errorSize, fitLogistic, fitWinSigma } from './fit.ts'
import { fitKeyWeights, LAST_KEY_MARGIN, lineChances, type LineChances } from './score-distribution.ts'

export type Parameters = Readonly<Record<string, number>>

/** A finished game: what was known before its week, the lines it closed with, and how it ended. */
export interface Sample extends GameLines {
  readonly season: number
  readonly features: Features
  readonly homeScore: number
  readonly awayScore: number
}

/** Sizes of errors and key numbers come from so many seasons back: the game changes. Section 3.3. */
const RECENT_SEASONS = 10
/** Platt scaling wants at least so many (2.4), and then takes all there are. */
const CALIBRATION_SEASONS = 5
/** No forecast is surer than this. */
const CLIP = [0.02, 0.98] as const
// 538's weight of play-off games, which favourites win more often ("How our NFL predictions work", FiveThirtyEight).
const PLAYOFF = 1.2
// Published sizes, for the first seasons.
const WIN_SIGMA = 13
const SPREAD_WIN_SIGMA = 11.4
const MARGIN_SIGMA = 13
const TOTAL_SIGMA = 13.2

const KEY_NAMES = Array.from({ length: LAST_KEY_MARGIN + 1 }, (_, k) => `key_${k}`)

/** A market's parameters for a game of `season`, from finished games; the caller sees to it that they are over. */
export function fitMarket(market: Market, samples: readonly Sample[], season: number): Parameters {
  const recent = samples.filter((sample) => sample.season >= season - RECENT_SEASONS)
  if (market === 'moneyline') return fitWinner(samples, recent)
  if (market === 'ats') return fitMargin(recent)
  return {
    sigma: errorSize(
      recent.map((sample) => totalOf(sample) - expectedTotal(sample.features)),
      TOTAL_SIGMA,
    ),
  }
}

/** P(home wins), blind to the market: the mean of both ratings' probabilities, calibrated. */
export function winProbability(features: Features, fit: Parameters): number {
  const raw = rawWinProbability(features, valueOf(fit, 'filter_sigma'))
  return clipped(logistic(valueOf(fit, 'intercept') + valueOf(fit, 'slope') * logit(raw)))
}

/** P(home wins) that a spread tells: Φ(spread / sigma). As good as the moneyline (1.1). */
export function spreadWinProbability(spreadHome: number, fit: Parameters): number {
  return normalCdf(spreadHome / valueOf(fit, 'spread_sigma'))
}

/** Home points less away points: the mean of both ratings' margins. */
export function expectedMargin(features: Features): number {
  return (eloMargin(valueOf(features, 'elo_difference')) + valueOf(features, 'filter_margin')) / 2
}

/** Points of both sides. */
export function expectedTotal(features: Features): number {
  return valueOf(features, 'filter_total')
}

/** Chances about a line around an expected margin (ats, with key numbers) or total (ou). */
export function chancesAt(line: number, expected: number, fit: Parameters): LineChances {
  const weights = KEY_NAMES.map((name) => fit[name] ?? 1)
  return lineChances({ mean: expected, sigma: valueOf(fit, 'sigma'), weights }, line)
}

function fitWinner(samples: readonly Sample[], recent: readonly Sample[]): Parameters {
  const filterSigma = fitWinSigma(
    decided(recent).map((sample) => ({ margin: valueOf(sample.features, 'filter_margin'), won: homeWon(sample) })),
    WIN_SIGMA,
  )
  const spreads = decided(recent).flatMap((sample) =>
    sample.spreadHome === null ? [] : [{ margin: sample.spreadHome, won: homeWon(sample) }],
  )
  return {
    filter_sigma: filterSigma,
    spread_sigma: fitWinSigma(spreads, SPREAD_WIN_SIGMA),
    ...fitCalibration(samples, filterSigma),
  }
}

function fitCalibration(samples: readonly Sample[], filterSigma: number): { intercept: number; slope: number } {
  const seasons = new Set(samples.map((sample) => sample.season))
  if (seasons.size < CALIBRATION_SEASONS) return { intercept: 0, slope: 1 }
  return fitLogistic(
    decided(samples).map((sample) => ({
      x: logit(rawWinProbability(sample.features, filterSigma)),
      y: homeWon(sample) ? 1 : 0,
    })),
  )
}

function fitMargin(recent: readonly Sample[]): Parameters {
  const sigma = errorSize(
    recent.map((sample) => marginOf(sample) - expectedMargin(sample.features)),
    MARGIN_SIGMA,
  )
  // Around the spread where there is one: it lies nearer to what happens, so that the shape shows more clearly.
  const weights = fitKeyWeights(
    recent.map((sample) => ({
      margin: marginOf(sample),
      expected: sample.spreadHome ?? expectedMargin(sample.features),
    })),
  )
  return { sigma, ...Object.fromEntries(weights.map((weight, k) => [KEY_NAMES[k], weight])) }
}

function rawWinProbability(features: Features, filterSigma: number): number {
  const stake = valueOf(features, 'playoff') === 1 ? PLAYOFF : 1
  const elo = eloProbability(stake * valueOf(features, 'elo_difference'))
  return (elo + normalCdf(valueOf(features, 'filter_margin') / filterSigma)) / 2
}

function clipped(p: number): number {
  return Math.min(Math.max(p, CLIP[0]), CLIP[1])
}

/** Without ties, which are neither won nor lost. */
function decided(samples: readonly Sample[]): Sample[] {
  return samples.filter((sample) => sample.homeScore !== sample.awayScore)
}

const homeWon = (sample: Sample) => sample.homeScore > sample.awayScore
const marginOf = (sample: Sample) => sample.homeScore - sample.awayScore
const totalOf = (sample: Sample) => sample.homeScore + sample.awayScore

function valueOf(numbers: Readonly<Record<string, number>>, name: string): number {
  const value = numbers[name]
  if (value === undefined)
    throw new RangeError(`the number "${name}" is missing: found ${Object.keys(numbers).join(', ')}`)
  return value
}
