// Games as ratings and models need them, made by hand.

import type { GameLines } from '../../src/models/markets/markets.ts'
import type { RatedGame } from '../../src/models/ratings/weeks.ts'

/** An unplayed Sunday game of 2025, `wish` laid over it. */
export function aGame(week: number, home: string, away: string, wish: Partial<RatedGame>): RatedGame {
  return {
    gameId: `2025_${week}_${away}_${home}`,
    season: 2025,
    week,
    gameType: 'REG',
    kickoffAt: new Date(Date.UTC(2025, 8, 7 + 7 * (week - 1), 17)),
    home,
    away,
    neutral: false,
    division: null,
    homeRest: 7,
    awayRest: 7,
    homeQb: `${home}-qb`,
    awayQb: `${away}-qb`,
    homeScore: null,
    awayScore: null,
    ...wish,
  }
}

/** A game that no book has posted anything for. */
export const NO_LINES: GameLines = {
  spreadHome: null,
  spreadPriceHome: null,
  spreadPriceAway: null,
  moneylineHome: null,
  moneylineAway: null,
  totalLine: null,
  priceOver: null,
  priceUnder: null,
}
