// predictions.nfl_grades: what became of each frozen prediction. Appended once its game is over, never edited.

import type { Sql, TransactionSql } from 'postgres'

import type { Stamp } from './bronze-games.ts'
import type { LakeMarket, LakeSide } from './predictions.ts'
import type { Lines } from './silver-games.ts'

/** A prediction whose game is over and that has no grade, with the lines that the game closed with: after kick-off the
 *  provider writes them no more, so silver's are the last ones. */
export interface Ungraded extends Lines {
  readonly gameId: string
  readonly market: LakeMarket
  readonly leadDays: number
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pFinal: number
  readonly expected: number | null
  readonly expectedFinal: number | null
  readonly pick: LakeSide
  readonly homeScore: number
  readonly awayScore: number
}

/** What a prediction is judged by; see the columns' comments in 0002 and 0003. */
interface Judgement {
  readonly outcome: 'won' | 'lost' | 'push'
  readonly brier: number | null
  readonly logLoss: number | null
  readonly finalBrier: number | null
  readonly finalLogLoss: number | null
  readonly modelError: number | null
  readonly finalError: number | null
  readonly lineError: number | null
  readonly profit: number | null
  readonly closeBrier: number | null
  readonly closeLogLoss: number | null
  readonly closeError: number | null
  readonly clvPoints: number | null
  readonly clvPrice: number | null
}

export interface GradeRow extends Judgement {
  readonly gameId: string
  readonly market: LakeMarket
  readonly leadDays: number
  readonly homeScore: number
  readonly awayScore: number
  readonly marketBrier: number | null
  readonly marketLogLoss: number | null
  readonly closeLine: number | null
  readonly pClose: number | null
}

/** A graded prediction of one model version, to be accounted for. */
export interface GradedRow extends Judgement {
  readonly gameId: string
  readonly season: number
  readonly week: number
  readonly market: LakeMarket
  readonly leadDays: number
  /** No other prediction of the game and market was made later. */
  readonly isLast: boolean
  /** Recorded before kick-off on the database's own clock. */
  readonly prospective: boolean
}

/** A week's last prediction of each game and market, beside its result where there is one. */
export interface WeekLine {
  readonly game: string
  readonly market: LakeMarket
  readonly lead: number
  readonly line: number | null
  readonly closeLine: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pFinal: number
  readonly pick: LakeSide
  readonly score: string | null
  readonly outcome: string | null
}

/** Every prediction of a finished game that waits for its grade, of any week. */
export async function listUngraded(sql: Sql, markets: readonly LakeMarket[]): Promise<Ungraded[]> {
  return await sql<Ungraded[]>`
    select p.game_id as "gameId", p.market, p.lead_days as "leadDays", p.line, p.price_for as "priceFor",
      p.price_against as "priceAgainst", p.p_model as "pModel", p.p_market as "pMarket", p.p_final as "pFinal",
      p.expected, p.expected_final as "expectedFinal", p.pick, g.home_score as "homeScore", g.away_score as "awayScore",
      g.spread_home as "spreadHome", g.spread_price_home as "spreadPriceHome", g.spread_price_away as "spreadPriceAway",
      g.moneyline_home as "moneylineHome", g.moneyline_away as "moneylineAway",
      g.total_line as "totalLine", g.price_over as "priceOver", g.price_under as "priceUnder"
    from predictions.nfl p
    join silver.nfl_games g on g.game_id = p.game_id and g.finished
    left join predictions.nfl_grades d
      on d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
    where d.game_id is null and p.market = any(${[...markets]})
    order by p.kickoff_at, p.game_id, p.market, p.lead_days
  `
}

/** Appends the grades; says how many were new. */
export async function recordGrades(tx: TransactionSql, grades: readonly GradeRow[], stamp: Stamp): Promise<number> {
  if (grades.length === 0) return 0
  // Another run may have graded meanwhile: its grade stands.
  const recorded = await tx`
    insert into predictions.nfl_grades (
      game_id, market, lead_days, home_score, away_score, outcome, brier, log_loss, final_brier, final_log_loss,
      market_brier, market_log_loss, model_error, final_error, line_error, profit, close_line, p_close, close_brier,
      close_log_loss, close_error, clv_points, clv_price, graded_as_of, run_id, simulated
    )
    select "gameId", market, "leadDays", "homeScore", "awayScore", outcome, brier, "logLoss", "finalBrier", "finalLogLoss",
      "marketBrier", "marketLogLoss", "modelError", "finalError", "lineError", profit, "closeLine", "pClose", "closeBrier",
      "closeLogLoss", "closeError", "clvPoints", "clvPrice", ${stamp.asOf}, ${stamp.runId}, ${stamp.simulated}
    from jsonb_to_recordset(${tx.json(grades as never)}) as row(
      "gameId" text, market text, "leadDays" smallint, "homeScore" smallint, "awayScore" smallint, outcome text,
      brier double precision, "logLoss" double precision, "finalBrier" double precision,
      "finalLogLoss" double precision, "marketBrier" double precision, "marketLogLoss" double precision,
      "modelError" double precision, "finalError" double precision, "lineError" double precision,
      profit double precision, "closeLine" double precision, "pClose" double precision, "closeBrier" double precision,
      "closeLogLoss" double precision, "closeError" double precision, "clvPoints" double precision,
      "clvPrice" double precision
    )
    on conflict (game_id, market, lead_days) do nothing
    returning game_id
  `
  return recorded.length
}

/** Every graded prediction of a model version, in order of time. */
export async function listGraded(sql: Sql, modelVersion: string): Promise<GradedRow[]> {
  return await sql<GradedRow[]>`
    select game_id as "gameId", season, week, market, lead_days as "leadDays",
      lead_days = min(lead_days) over (partition by game_id, market) as "isLast", prospective, outcome, brier,
      log_loss as "logLoss", final_brier as "finalBrier", final_log_loss as "finalLogLoss", model_error as "modelError",
      final_error as "finalError", line_error as "lineError", profit, close_brier as "closeBrier",
      close_log_loss as "closeLogLoss", close_error as "closeError", clv_points as "clvPoints", clv_price as "clvPrice"
    from predictions.nfl_graded
    where model_version = ${modelVersion}
    order by season, week, kickoff_at, game_id, market, lead_days
  `
}

/** The week at a glance, in order of kick-off. */
export async function listWeekLines(sql: Sql, week: { season: number; week: number }): Promise<WeekLine[]> {
  return await sql<WeekLine[]>`
    select distinct on (p.kickoff_at, p.game_id, p.market)
      g.away_team || ' at ' || g.home_team as game, p.market, p.lead_days as lead, p.line, d.close_line as "closeLine",
      p.p_model as "pModel", p.p_market as "pMarket", p.p_final as "pFinal", p.pick,
      g.away_score || '-' || g.home_score as score, d.outcome
    from predictions.nfl p
    join silver.nfl_games g on g.game_id = p.game_id
    left join predictions.nfl_grades d
      on d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
    where p.season = ${week.season} and p.week = ${week.week}
    order by p.kickoff_at, p.game_id, p.market, p.lead_days
  `
}
