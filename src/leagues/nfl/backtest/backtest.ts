// Walks forward over past seasons by the jobs' own functions: features of every game before its week, a fit before each
// season to earlier seasons, the forecast, the grade. (nfl/train fits anew each week; that changes little.) Pure.

import type { Sample } from '../../../models/forecasts/market-models.ts'
import { walkForward, type Verdict } from '../../../models/forecasts/walk-forward.ts'
import { MARKETS, type Market } from '../../../models/markets/markets.ts'
import { publishedElo } from '../../../models/ratings/elo.ts'
import { gameFeatures, withNamedStarters, type Features } from '../../../models/ratings/features.ts'
import { openerKey, type BacktestGame, type loadOpeners } from './games.ts'

export type BacktestSample = Sample & { readonly gameId: string; readonly week: number }
export type BacktestVerdict = Verdict<BacktestSample>

export interface Backtest {
  readonly games: number
  /** By market, forecasts that count on the last known starters, at closing lines. */
  readonly verdicts: Readonly<Record<Market, readonly BacktestVerdict[]>>
  /** The winner once more with the starters that were named, as published models have it. */
  readonly named: readonly BacktestVerdict[]
  /** The spread as it opened, where opening lines were given. */
  readonly atOpener: readonly BacktestVerdict[]
  /** 538's Elo: P(home wins) by game id. */
  readonly elo: ReadonlyMap<string, number>
}

export interface BacktestWish {
  readonly games: readonly BacktestGame[]
  readonly from: number
  readonly to: number
  readonly openers: Awaited<ReturnType<typeof loadOpeners>> | undefined
  /** Told before each step. */
  readonly progress: (step: string) => void
}

/** Forecasts and grades of all finished games of the seasons wished for; every earlier game feeds ratings and fits. */
export function runBacktest({ games, from, to, openers, progress }: BacktestWish): Backtest {
  const known = games.filter((game) => game.season <= to)
  progress('ratings')
  const samples = samplesOf(known)
  const elo = publishedElo(known)
  const walk = (market: Market, ofMarket = samples[market]) => {
    progress(market)
    return walkForward(market, ofMarket, { from })
  }
  const verdicts = { moneyline: walk('moneyline'), ats: walk('ats'), ou: walk('ou') }
  progress('named starters')
  const named = walkForward('moneyline', samples.moneyline.map(toNamed), { from })
  progress('openers')
  const atOpener =
    openers === undefined ? [] : walkForward('ats', samples.ats, { from, linesOf: openerOf(openers, known) })
  return { games: verdicts.moneyline.length, verdicts, named, atOpener, elo }
}

function samplesOf(games: readonly BacktestGame[]): Record<Market, BacktestSample[]> {
  const byId = new Map(games.map((game) => [game.gameId, game]))
  const features = gameFeatures(games)
  const ofMarket = (market: Market) =>
    features.flatMap((row): BacktestSample[] => {
      const game = byId.get(row.gameId)
      if (game === undefined || game.homeScore === null || game.awayScore === null) return []
      return [{ ...game, homeScore: game.homeScore, awayScore: game.awayScore, features: row[market] }]
    })
  return Object.fromEntries(MARKETS.map((market) => [market, ofMarket(market)])) as Record<Market, BacktestSample[]>
}

function toNamed(sample: BacktestSample): BacktestSample {
  const named: Features | undefined = withNamedStarters(sample.features)
  return named === undefined ? sample : { ...sample, features: named }
}

function openerOf(openers: NonNullable<BacktestWish['openers']>, games: readonly BacktestGame[]) {
  const keys = new Map(games.map((game) => [game.gameId, openerKey(game)]))
  return (sample: BacktestSample) => ({
    spreadHome: openers.get(keys.get(sample.gameId) ?? '')?.spreadHome ?? null,
    spreadPriceHome: null,
    spreadPriceAway: null,
    moneylineHome: null,
    moneylineAway: null,
    totalLine: null,
    priceOver: null,
    priceUnder: null,
  })
}
