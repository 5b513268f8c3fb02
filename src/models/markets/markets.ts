// The three markets of a game and the lines that books post for them. Probabilities are always of the home win (moneyline),
// of the home side covering the line (ats) and of the over (ou).

export const MARKETS = ['moneyline', 'ats', 'ou'] as const
/** Who wins, who covers the spread, over or under the total. */
export type Market = (typeof MARKETS)[number]

export type Side = 'home' | 'away' | 'over' | 'under'

/** Goes up with every change that changes a probability. */
export const MODEL_VERSION = 'elo-filter-1'

/** All lines of a game; `spreadHome` is positive when the home side is favoured. Prices are American odds. */
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

/** What the books offer: the line (none for the moneyline) and American odds on the home side or the over, and against. */
export interface Offer {
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
}

/** The part of a game's lines that belongs to a market. */
export function offerOf(market: Market, lines: GameLines): Offer {
  if (market === 'moneyline') return { line: null, priceFor: lines.moneylineHome, priceAgainst: lines.moneylineAway }
  if (market === 'ou') return { line: lines.totalLine, priceFor: lines.priceOver, priceAgainst: lines.priceUnder }
  return { line: lines.spreadHome, priceFor: lines.spreadPriceHome, priceAgainst: lines.spreadPriceAway }
}

/** The side that `probability` is of, or the other. */
export function sideOf(market: Market, isFor: 'for' | 'against'): Side {
  if (market === 'ou') return isFor === 'for' ? 'over' : 'under'
  return isFor === 'for' ? 'home' : 'away'
}

/** Did the pick take the side that the probabilities are of? */
export function tookFor(pick: Side): boolean {
  return pick === 'home' || pick === 'over'
}
