// How the Predictions page says markets, lines, prices and money.

import type { PredictedMarket } from '../../../../src/core/predicted.ts'
import { count } from '../../../../src/core/wording.ts'
import type { AccountLine } from '../../../../src/views/predictions/account.ts'
import type { GameRow, MarketCell, PredictedPeriod } from '../../../../src/views/predictions/period.ts'
import { saySigned, sayShare } from '../../kit/numbers.ts'

/** `−1.6` for a return of −0.016: the unit is left to the reader of the column. */
export const saySignedPercent = (value: number) => saySigned(100 * value, 1)
export const sayPercent = (value: number) => (100 * value).toFixed(1)

/** `−110`, `+145`. */
export function sayPrice(american: number): string {
  return american < 0 ? `−${Math.abs(american)}` : `+${american}`
}

/** `KC −11`, `CAR +11`, `LA pick’em`, `over 43`, `KC`. */
export function sayPick({ kind }: PredictedMarket, cell: MarketCell, game: GameRow): string {
  const team = cell.pick === 'home' ? game.home : game.away
  if (kind === 'winner') return team
  if (cell.line === undefined) return kind === 'total' ? cell.pick : team
  if (kind === 'total') return `${cell.pick} ${cell.line}`
  // The line says by how much the home side is favoured; books write it as what a side gives.
  const given = cell.pick === 'home' ? 0 - cell.line : cell.line
  return given === 0 ? `${team} pick’em` : `${team} ${given < 0 ? '−' : '+'}${Math.abs(given)}`
}

/** `bet 0.4 % at −110`: the share of a bankroll, and the price. */
export function sayBet({ stake, price }: MarketCell): string {
  return `bet ${sayShare(stake)}${price === undefined ? '' : ` at ${sayPrice(price)}`}`
}

/** `No bet.`, or every bet of a period: `2 bets: KC −11 in KC at CAR, bet 0.4 % at −110; …`; '' of one without predictions. */
export function sayBets({ games }: PredictedPeriod, markets: readonly PredictedMarket[]): string {
  const cells = games.flatMap((game) =>
    markets.flatMap((market) => {
      const cell = game.markets[market.id]
      return cell ? [{ game, market, cell }] : []
    }),
  )
  if (cells.length === 0) return ''
  const bets = cells.filter(({ cell }) => cell.stake > 0)
  if (bets.length === 0) return 'No bet.'
  const said = bets.map(({ game, market, cell }) => `${sayPick(market, cell, game)} in ${game.away} at ${game.home}, ${sayBet(cell)}`) // prettier-ignore
  return `${count(bets.length, 'bet')}: ${said.join('; ')}.`
}

/** `before`, `afterwards`, or how many of them before. */
export function sayRecorded({ games, prospective }: Pick<AccountLine, 'games' | 'prospective'>): string {
  if (prospective === games) return 'before'
  return prospective === 0 ? 'afterwards' : `${prospective.toLocaleString('en-US')} before`
}
