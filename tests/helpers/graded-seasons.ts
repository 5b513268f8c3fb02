// Several seasons of predictions and grades from a real games.csv, as the jobs would have left them: fits before each season,
// one prediction four days before kick-off at the opening line and one on the day at the last. For pages and dashboards
// that want a history to look at.

import { loadOpeners, openerKey } from '../../src/leagues/nfl/backtest/games.ts'
import { cleanGame } from '../../src/leagues/nfl/lake/clean-game.ts'
import { listGames, type Game } from '../../src/leagues/nfl/lake/silver-games.ts'
import { fetchGames } from '../../src/leagues/nfl/sources/nflverse/games.ts'
import type { Sql } from '../../src/lib/db.ts'
import { forecast } from '../../src/models/forecasts/forecast.ts'
import { fitMarket, type Parameters, type Sample } from '../../src/models/forecasts/market-models.ts'
import { gradePick } from '../../src/models/grading/grade.ts'
import { MARKETS, MODEL_VERSION, offerOf, type GameLines, type Market } from '../../src/models/markets/markets.ts'
import { gameFeatures, type GameFeatures } from '../../src/models/ratings/features.ts'

import { insertGames, insertGrades, insertPredictions } from './predictions.ts'

const HOUR = 3_600_000
const OPENING_LEAD = 4

export interface GradedSeasonsWish {
  readonly sql: Sql
  /** A games.csv; its games feed ratings and fits from its first season on. */
  readonly games: string
  /** nfelo's lines.csv; without it the early prediction saw the last line too. */
  readonly openers?: string
  /** The first season that is predicted. */
  readonly from: number
  /** Games from then on are not over, and later than a week from then not predicted. */
  readonly now: Date
  /** Predictions of this season and later count as recorded when they were made, earlier ones as worked out now. */
  readonly prospectiveFrom: number
}

type Openers = Awaited<ReturnType<typeof loadOpeners>>

/** Fills silver.nfl_games, predictions.games and predictions.grades, which must be empty. */
export async function fillGradedSeasons(wish: GradedSeasonsWish): Promise<void> {
  const { sql, now } = wish
  await landSilver(wish)
  const openers = wish.openers === undefined ? undefined : await loadOpeners(wish.openers)
  const games = await listGames(sql)
  const byId = new Map(games.map((game) => [game.gameId, game]))
  const features = gameFeatures(games)
  const samples = (market: Market): (Sample & GameFeatures)[] =>
    features.flatMap((row) => {
      const game = byId.get(row.gameId)
      if (!game || game.homeScore === null || game.awayScore === null) return []
      return [{ ...game, ...row, homeScore: game.homeScore, awayScore: game.awayScore, features: row[market] }]
    })
  for (const market of MARKETS) {
    const known = samples(market)
    const fits = new Map<number, Parameters>()
    const rows = features.flatMap((row) => {
      const game = byId.get(row.gameId)
      if (!game || game.season < wish.from || game.kickoffAt.getTime() > now.getTime() + 7 * 24 * HOUR) return []
      const fit = fits.get(game.season) ?? fitMarket(market, known.filter((s) => s.season < game.season), game.season) // prettier-ignore
      fits.set(game.season, fit)
      return rowsOf(game, { market, features: row[market], fit, openers, wish })
    })
    await insertPredictions(sql, rows.map(({ prediction }) => prediction)) // prettier-ignore
    await insertGrades(sql, rows.flatMap(({ grade }) => (grade === undefined ? [] : [grade]))) // prettier-ignore
  }
}

async function landSilver({ sql, games, now }: GradedSeasonsWish): Promise<void> {
  const received = await fetchGames({ address: games, signal: new AbortController().signal })
  if (received.kind === 'unchanged') return
  const rows = received.rows.flatMap((cells) => {
    // Scores of games that are not over as of `now` are taken away below, not complained of.
    const clean = cleanGame(cells, new Date('2100-01-01'))
    if (!('game' in clean)) return []
    const over = new Date(clean.game.kickoff_at).getTime() + 4 * HOUR < now.getTime()
    return [over ? clean.game : { ...clean.game, home_score: null, away_score: null, finished: false }]
  })
  await insertGames(sql, rows)
}

interface Making {
  readonly market: Market
  readonly features: GameFeatures['moneyline']
  readonly fit: Parameters
  readonly openers: Openers | undefined
  readonly wish: GradedSeasonsWish
}

interface Made {
  readonly prediction: Record<string, unknown>
  readonly grade: Record<string, unknown> | undefined
}

function rowsOf(game: Game, making: Making): Made[] {
  const opener = making.openers?.get(openerKey(game))
  const opening = {
    ...game,
    spreadHome: opener?.spreadHome ?? game.spreadHome,
    totalLine: opener?.totalLine ?? game.totalLine,
  }
  return [
    ...rowOf(game, { ...making, lead: OPENING_LEAD, lines: opening }),
    ...rowOf(game, { ...making, lead: 0, lines: game }),
  ]
}

function rowOf(game: Game, making: Making & { lead: number; lines: GameLines }): Made[] {
  const { market, lead, lines, wish } = making
  const madeAt = new Date(game.kickoffAt.getTime() - (24 * lead + 2) * HOUR)
  const made = madeAt > wish.now ? undefined : forecast(market, making.features, { lines, parameters: making.fit })
  if (made === undefined) return []
  const offer = offerOf(market, lines)
  const key = { game_id: game.gameId, market, lead_days: lead }
  const recordedAt = game.season >= wish.prospectiveFrom ? madeAt : wish.now
  const prediction = {
    ...key, season: game.season, week: game.week, model_version: MODEL_VERSION, as_of: madeAt, recorded_at: recordedAt,
    starts_at: game.kickoffAt, line: offer.line, price_for: offer.priceFor, price_against: offer.priceAgainst,
    p_model: made.pModel, p_market: made.pMarket, p_final: made.pFinal, p_push: made.pPush, expected: made.expected,
    expected_final: made.expectedFinal, pick: made.pick, edge: made.edge, stake: made.stake,
    starters: market === 'ou' ? null : 'last_known',
  } // prettier-ignore
  if (game.homeScore === null || game.awayScore === null) return [{ prediction, grade: undefined }]
  const score = { home: game.homeScore, away: game.awayScore }
  const { outcome, brier, profit, ...grade } = gradePick({ market, ...offer, ...made }, score, game)
  return [
    {
      prediction,
      grade: {
        ...key, started_at: game.kickoffAt, home_score: score.home, away_score: score.away, outcome, brier, profit, log_loss: grade.logLoss,
        final_brier: grade.finalBrier, final_log_loss: grade.finalLogLoss, market_brier: grade.marketBrier,
        market_log_loss: grade.marketLogLoss, model_error: grade.modelError, final_error: grade.finalError,
        line_error: grade.lineError, close_line: grade.closeLine, p_close: grade.pClose, close_brier: grade.closeBrier,
        close_log_loss: grade.closeLogLoss, close_error: grade.closeError, clv_points: grade.clvPoints,
        clv_price: grade.clvPrice, graded_as_of: wish.now, recorded_at: wish.now,
      }, // prettier-ignore
    },
  ]
}
