// Rows of games, frozen predictions and their grades, made by hand: what a test does not wish for has a sensible default.

import { randomUUID } from 'node:crypto'

import { aWeek } from '../../src/leagues/nfl/calendar.ts'
import type { Sql } from '../../src/lib/db.ts'

type Row = object

const BY = { run_id: randomUUID(), simulated: false }

const GAME = {
  ...BY,
  season: 2024, week: 12, game_type: 'REG', game_day: '2024-11-24', kickoff_at: '2024-11-24T18:00:00Z',
  kickoff_assumed: false, home_team: 'CAR', away_team: 'KC', home_code: 'CAR', away_code: 'KC', neutral: false,
  finished: false, spread_home: -11, spread_price_home: -110, spread_price_away: -110, moneyline_home: 450,
  moneyline_away: -600, total_line: 43, price_over: -110, price_under: -110, bronze_revision: 1, rules_version: 1,
  fingerprint: 'of a test', as_of: '2024-11-19T13:07:00Z', updated_at: '2024-11-19T13:07:00Z',
} as const // prettier-ignore

const PREDICTION = {
  ...BY,
  league: 'nfl',
  market: 'moneyline', lead_days: 0, season: 2024, week: 12, model_version: 'test-1', as_of: '2024-11-24T13:37:00Z',
  recorded_at: '2024-11-24T13:37:00Z', starts_at: '2024-11-24T18:00:00Z', price_for: 450, price_against: -600,
  p_model: 0.2, p_market: 0.17, p_final: 0.18, p_push: 0, pick: 'away', edge: null, stake: 0,
} as const // prettier-ignore

const GRADE = {
  ...BY,
  league: 'nfl', started_at: '2024-11-24T18:00:00Z',
  market: 'moneyline', lead_days: 0, home_score: 27, away_score: 30, outcome: 'won', brier: 0.04, log_loss: 0.22,
  final_brier: 0.03, final_log_loss: 0.2, market_brier: 0.03, market_log_loss: 0.19, profit: 0.17, p_close: 0.17,
  close_brier: 0.0289, close_log_loss: 0.19, graded_as_of: '2024-11-26T07:07:00Z', recorded_at: '2024-11-26T07:07:00Z',
} as const // prettier-ignore

/** Unplayed games unless both scores are wished for; `game_id` is 2024_12_KC_CAR unless given. */
export async function insertGames(sql: Sql, wishes: readonly Row[]): Promise<void> {
  const rows = wishes.map((wish) => ({ game_id: '2024_12_KC_CAR', ...GAME, finished: 'home_score' in wish, ...wish }))
  await sql`
    insert into silver.nfl_games select * from jsonb_populate_recordset(null::silver.nfl_games, ${sql.json(rows as never)})
  `
}

/** Predictions of 2024_12_KC_CAR unless given, the winner's, made on the morning of the game; of a `season` and a `week`. */
export async function insertPredictions(sql: Sql, wishes: readonly Row[]): Promise<void> {
  const rows = wishes
    .map((wish) => ({ game_id: '2024_12_KC_CAR', ...PREDICTION, ...wish }))
    .map(({ week, ...row }) => ({ ...row, period: aWeek(row.season, week).key }))
  await sql`
    insert into predictions.games select * from jsonb_populate_recordset(null::predictions.games, ${sql.json(rows as never)})
  `
}

/** Grades of predictions that are there: the pick won unless it is said otherwise. */
export async function insertGrades(sql: Sql, wishes: readonly Row[]): Promise<void> {
  const rows = wishes.map((wish) => ({ game_id: '2024_12_KC_CAR', ...GRADE, ...wish }))
  await sql`
    insert into predictions.grades
    select * from jsonb_populate_recordset(null::predictions.grades, ${sql.json(rows as never)})
  `
}
