// One game, one market: the model's probability, the market's, both together, and the side to pick.

import type { Features } from './features.ts'
import { marketModels, type Market, type Parameters, type Side } from './markets.ts'
import { fairProbability } from './odds.ts'
import { blend } from './probability.ts'

/** What the books offer: the line (none for the moneyline) and American odds on the home side or the over, and against. */
export interface Offer {
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
}

export interface Forecast {
  readonly pModel: number
  readonly pMarket: number | null
  readonly pFinal: number
  readonly pick: Side
}

/** The model's share, in log-odds. Origin: models-and-sources, section 3.3: 0 to 5 % is all that it has earned. */
const MODEL_SHARE = 0.05

/** Undefined when the market needs a line and none is posted. */
export function forecast(
  market: Market,
  features: Features,
  at: { offer: Offer; parameters: Parameters },
): Forecast | undefined {
  const { offer, parameters } = at
  if (market !== 'moneyline' && offer.line === null) return undefined
  const model = marketModels[market]
  const pModel = model.probability(features, parameters, offer.line)
  const pMarket = fairProbability(offer.priceFor, offer.priceAgainst) ?? null
  const pFinal = pMarket === null ? pModel : blend(pModel, pMarket, MODEL_SHARE)
  return { pModel, pMarket, pFinal, pick: pModel >= 0.5 ? model.sides.yes : model.sides.no }
}

/** The part of a game's lines that belongs to a market. */
export function offerOf(market: Market, lines: GameLines): Offer {
  if (market === 'moneyline') return { line: null, priceFor: lines.moneylineHome, priceAgainst: lines.moneylineAway }
  if (market === 'ou') return { line: lines.totalLine, priceFor: lines.priceOver, priceAgainst: lines.priceUnder }
  return { line: lines.spreadHome, priceFor: lines.spreadPriceHome, priceAgainst: lines.spreadPriceAway }
}

/** All lines of a game; `spreadHome` is positive when the home side is favoured. */
export interface GameLines {
  readonly spreadHome: number | null
  readonly spreadPriceHome: number | null
  readonly spreadPriceAway: number | null
  readonly moneylineHome: number | null
  readonly moneylineAway: number | null
  readonly totalLine: number | null
  readonly priceOver: number | null
  readonly priceUnder: number | null
}
