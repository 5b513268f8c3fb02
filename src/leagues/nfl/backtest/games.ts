// What a backtest runs on: games of one or more copies of games.csv, cleaned by silver's own rules, and opening lines.

import { readFile } from 'node:fs/promises'

import { ConfigFailure, DataFailure } from '../../../core/errors.ts'
import type { GameLines } from '../../../models/markets/markets.ts'
import type { RatedGame } from '../../../models/ratings/weeks.ts'
import type { Row } from '../../../sources/csv-table.ts'
import { cleanGame, type CleanGame } from '../lake/clean-game.ts'
import { findFranchise } from '../lake/teams.ts'
import { parseOpeningLines } from '../sources/nfelo/lines-table.ts'
import { fetchGames } from '../sources/nflverse/games.ts'

/** A game with the lines it closed with. */
export type BacktestGame = RatedGame & GameLines

export interface GamesWish {
  /** Files or URLs; none means live nflverse. */
  readonly sources: readonly string[]
  /** Let each source replace whole seasons from its first on, and not game by game. */
  readonly splice: boolean
  readonly now: Date
  readonly signal: AbortSignal
}

/** The games of all sources; of a game in several, the last one's. Throws SourceFailure or DataFailure. */
export async function loadGames(wish: GamesWish): Promise<BacktestGame[]> {
  const games = new Map<string, Row>()
  for (const address of wish.sources.length === 0 ? [undefined] : wish.sources) {
    const received = await fetchGames({ address, signal: wish.signal })
    if (received.kind === 'unchanged') throw new Error('a first request cannot be answered with "unchanged"')
    if (wish.splice) dropFrom(games, Math.min(...received.rows.map(seasonOf)))
    for (const row of received.rows) games.set(row['game_id'] ?? '', row)
  }
  return [...games.values()].map((cells) => toGame(cells, wish.now))
}

/** The opening lines of a file by `openerKey`. Throws ConfigFailure for a file that is not there, and DataFailure. */
export async function loadOpeners(path: string): Promise<Map<string, Pick<GameLines, 'spreadHome' | 'totalLine'>>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigFailure(`the opening lines cannot be read from "${path}": check the path`, { cause: error })
  })
  return new Map(
    parseOpeningLines(text).map((lines) => {
      const [home, away] = [findFranchise(lines.home), findFranchise(lines.away)]
      if (home === undefined || away === undefined) {
        throw new DataFailure(
          `the opening lines name ${lines.away} at ${lines.home}: add the unknown code to src/leagues/nfl/lake/teams.ts`,
        )
      }
      return [openerKey({ ...lines, home, away }), lines]
    }),
  )
}

/** Season, week and today's codes of both teams: ids differ between the tables (OAK, LAR). */
export function openerKey(game: { season: number; week: number; home: string; away: string }): string {
  return `${game.season} ${game.week} ${game.away} ${game.home}`
}

const seasonOf = (cells: Row) => Number(cells['season'])

function dropFrom(games: Map<string, Row>, season: number): void {
  for (const [id, cells] of games) if (seasonOf(cells) >= season) games.delete(id)
}

function toGame(cells: Row, now: Date): BacktestGame {
  const clean = cleanGame(cells, now)
  if ('game' in clean) return toBacktestGame(clean.game)
  throw new DataFailure(`${cells['game_id'] ?? 'a game'} breaks rules of silver: ${clean.problems.join('; ')}`)
}

function toBacktestGame(game: CleanGame): BacktestGame {
  return {
    gameId: game.game_id,
    season: game.season,
    week: game.week,
    gameType: game.game_type,
    kickoffAt: new Date(game.kickoff_at),
    home: game.home_team,
    away: game.away_team,
    neutral: game.neutral,
    division: game.division,
    homeRest: game.home_rest,
    awayRest: game.away_rest,
    homeQb: game.home_qb_id,
    awayQb: game.away_qb_id,
    homeScore: game.home_score,
    awayScore: game.away_score,
    spreadHome: game.spread_home,
    spreadPriceHome: game.spread_price_home,
    spreadPriceAway: game.spread_price_away,
    moneylineHome: game.moneyline_home,
    moneylineAway: game.moneyline_away,
    totalLine: game.total_line,
    priceOver: game.price_over,
    priceUnder: game.price_under,
  }
}
