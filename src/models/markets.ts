// The three markets of a game and the plain model of each: Elo with a fitted scale, margin and total with a normal error.
// Probabilities are of the home win (moneyline), of the home side covering the line (ats) and of the over (ou).

import { eloMargin } from './elo.ts'
import { fitLogistic, fitResiduals } from './fit.ts'
import type { Features } from './features.ts'
import { logistic, normalCdf } from './probability.ts'

export const MARKETS = ['moneyline', 'ats', 'ou'] as const
/** Who wins, who covers the spread, over or under the total. */
export type Market = (typeof MARKETS)[number]

export type Parameters = Readonly<Record<string, number>>

/** A finished game: what was known before its week, and how it ended. */
export interface Sample {
  readonly season: number
  readonly features: Features
  /** Home score less away score. */
  readonly margin: number
  /** Both scores together. */
  readonly total: number
}

export interface MarketModel {
  /** Parameters from finished games; the caller sees to it that they are over. */
  fit(samples: readonly Sample[]): Parameters
  /** `line` is the spread (positive: home favoured) or the total; the moneyline has none. */
  probability(features: Features, parameters: Parameters, line: number | null): number
  /** The expected margin or total, in points; undefined for the moneyline. */
  expected(features: Features, parameters: Parameters): number | undefined
  readonly sides: { readonly yes: Side; readonly no: Side }
}

export type Side = 'home' | 'away' | 'over' | 'under'

/** Goes up with every change that changes a probability. */
export const MODEL_VERSION = 'plain-1'

// 400 Elo points are a factor of ten in the odds.
const LOGIT_PER_ELO = Math.LN10 / 400

const moneyline: MarketModel = {
  fit: (samples) =>
    fitLogistic(
      // A tie is neither a win nor a loss.
      samples
        .filter((sample) => sample.margin !== 0)
        .map((sample) => ({ x: eloLogit(sample.features), y: sample.margin > 0 ? 1 : 0 })),
    ),
  probability: (features, fit) => logistic(valueOf(fit, 'intercept') + valueOf(fit, 'slope') * eloLogit(features)),
  expected: () => undefined,
  sides: { yes: 'home', no: 'away' },
}

const ats: MarketModel = {
  fit: (samples) => fitResiduals(samples.map((sample) => sample.margin - rawMargin(sample.features))),
  probability: (features, fit, line) => overLine(rawMargin(features), fit, line),
  expected: (features, fit) => rawMargin(features) + valueOf(fit, 'bias'),
  sides: { yes: 'home', no: 'away' },
}

const ou: MarketModel = {
  fit: (samples) => fitResiduals(samples.map((sample) => sample.total - valueOf(sample.features, 'expected_total'))),
  probability: (features, fit, line) => overLine(valueOf(features, 'expected_total'), fit, line),
  expected: (features, fit) => valueOf(features, 'expected_total') + valueOf(fit, 'bias'),
  sides: { yes: 'over', no: 'under' },
}

export const marketModels: Readonly<Record<Market, MarketModel>> = { moneyline, ats, ou }

/** P(result > line) with a normal error. Pushes are not set apart: plain. */
function overLine(expected: number, fit: Parameters, line: number | null): number {
  if (line === null) throw new RangeError('a line is needed for the spread and the total')
  return normalCdf((expected + valueOf(fit, 'bias') - line) / valueOf(fit, 'sigma'))
}

function eloLogit(features: Features): number {
  return LOGIT_PER_ELO * valueOf(features, 'elo_difference')
}

function rawMargin(features: Features): number {
  return eloMargin(valueOf(features, 'elo_difference'))
}

function valueOf(numbers: Readonly<Record<string, number>>, name: string): number {
  const value = numbers[name]
  if (value === undefined)
    throw new RangeError(`the number "${name}" is missing: found ${Object.keys(numbers).join(', ')}`)
  return value
}
