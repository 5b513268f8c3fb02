// predictions.grades: what became of each frozen prediction. Appended once its game is over, never edited.

import type { Sql, TransactionSql } from 'postgres'

import { gradePick, type Grade, type GradedPick } from '../models/grading/grade.ts'
import type { GameLines, Market } from '../models/markets/markets.ts'
import type { PredictionKey, Stamp } from './frozen.ts'

/** A prediction that has no grade yet. */
export type Ungraded = PredictionKey & GradedPick

/** A game that is over, with the lines that it closed with. */
export interface FinishedGame extends GameLines {
  readonly gameId: string
  readonly startedAt: Date
  readonly homeScore: number
  readonly awayScore: number
}

export type GradeRow = PredictionKey & Grade & Pick<FinishedGame, 'startedAt' | 'homeScore' | 'awayScore'>

/** A graded prediction of one model version, to be accounted for. */
export interface GradedRow
  extends PredictionKey, Omit<Grade, 'closeLine' | 'pClose' | 'marketBrier' | 'marketLogLoss'> {
  readonly season: number
  readonly period: string
  /** No other prediction of the game and market was made later. */
  readonly isLast: boolean
  /** Recorded before the game on the database's own clock. */
  readonly prospective: boolean
}

/** Every prediction of a league that waits for its grade, of any period. */
export async function listUngraded(sql: Sql, by: { league: string; markets: readonly Market[] }): Promise<Ungraded[]> {
  return await sql<Ungraded[]>`
    select p.game_id as "gameId", p.market, p.lead_days as "leadDays", p.line, p.price_for as "priceFor",
      p.price_against as "priceAgainst", p.p_model as "pModel", p.p_market as "pMarket", p.p_final as "pFinal",
      p.expected, p.expected_final as "expectedFinal", p.pick
    from predictions.games p
    where p.league = ${by.league} and p.market = any(${[...by.markets]}) and not exists (
      select from predictions.grades d
      where d.league = p.league and d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
    )
    order by p.starts_at, p.game_id, p.market, p.lead_days
  `
}

/** The grades of those predictions whose games are over. */
export function gradeFinished(ungraded: readonly Ungraded[], finished: readonly FinishedGame[]): GradeRow[] {
  const games = new Map(finished.map((game) => [game.gameId, game]))
  return ungraded.flatMap((pick) => {
    const game = games.get(pick.gameId)
    if (game === undefined) return []
    const { gameId, market, leadDays } = pick
    const { startedAt, homeScore, awayScore } = game
    const grade = gradePick(pick, { home: homeScore, away: awayScore }, game)
    return [{ gameId, market, leadDays, startedAt, homeScore, awayScore, ...grade }]
  })
}

/** Appends the grades; says how many were new. */
export async function recordGrades(
  tx: TransactionSql,
  grades: readonly GradeRow[],
  { league, runId, asOf, simulated }: Stamp,
): Promise<number> {
  if (grades.length === 0) return 0
  // Another run may have graded meanwhile: its grade stands.
  const recorded = await tx`
    insert into predictions.grades (
      league, game_id, market, lead_days, started_at, home_score, away_score, outcome, brier, log_loss, final_brier,
      final_log_loss, market_brier, market_log_loss, model_error, final_error, line_error, profit, close_line, p_close,
      close_brier, close_log_loss, close_error, clv_points, clv_price, graded_as_of, run_id, simulated
    )
    select ${league}, "gameId", market, "leadDays", "startedAt", "homeScore", "awayScore", outcome, brier, "logLoss", "finalBrier",
      "finalLogLoss", "marketBrier", "marketLogLoss", "modelError", "finalError", "lineError", profit, "closeLine", "pClose",
      "closeBrier", "closeLogLoss", "closeError", "clvPoints", "clvPrice", ${asOf}, ${runId}, ${simulated}
    from jsonb_to_recordset(${tx.json(grades as never)}) as row(
      "gameId" text, market text, "leadDays" smallint, "startedAt" timestamptz, "homeScore" smallint, "awayScore" smallint,
      outcome text, brier double precision, "logLoss" double precision, "finalBrier" double precision,
      "finalLogLoss" double precision, "marketBrier" double precision, "marketLogLoss" double precision,
      "modelError" double precision, "finalError" double precision, "lineError" double precision,
      profit double precision, "closeLine" double precision, "pClose" double precision, "closeBrier" double precision,
      "closeLogLoss" double precision, "closeError" double precision, "clvPoints" double precision,
      "clvPrice" double precision
    )
    on conflict (league, game_id, market, lead_days) do nothing
    returning game_id
  `
  return recorded.length
}

/** Every graded prediction of a model version, in order of time. */
export async function listGraded(sql: Sql, by: { league: string; modelVersion: string }): Promise<GradedRow[]> {
  return await sql<GradedRow[]>`
    select game_id as "gameId", season, period, market, lead_days as "leadDays",
      lead_days = min(lead_days) over (partition by game_id, market) as "isLast", prospective, outcome, brier,
      log_loss as "logLoss", final_brier as "finalBrier", final_log_loss as "finalLogLoss", model_error as "modelError",
      final_error as "finalError", line_error as "lineError", profit, close_brier as "closeBrier",
      close_log_loss as "closeLogLoss", close_error as "closeError", clv_points as "clvPoints", clv_price as "clvPrice"
    from predictions.graded
    where league = ${by.league} and model_version = ${by.modelVersion}
    order by season, period, started_at, game_id, market, lead_days
  `
}
