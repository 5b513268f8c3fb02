// predictions.nfl_grades: what became of each frozen prediction. Appended once its game is over, never edited.

import type { Sql, TransactionSql } from 'postgres'

import type { Stamp } from './bronze-games.ts'
import type { LakeMarket, LakeSide } from './predictions.ts'

/** A prediction whose game is over and that has no grade. */
export interface Ungraded {
  readonly gameId: string
  readonly market: LakeMarket
  readonly leadDays: number
  readonly line: number | null
  readonly priceFor: number | null
  readonly priceAgainst: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pick: LakeSide
  readonly homeScore: number
  readonly awayScore: number
}

export interface GradeRow {
  readonly gameId: string
  readonly market: LakeMarket
  readonly leadDays: number
  readonly homeScore: number
  readonly awayScore: number
  readonly outcome: 'won' | 'lost' | 'push'
  readonly brier: number | null
  readonly logLoss: number | null
  readonly marketBrier: number | null
  readonly marketLogLoss: number | null
  readonly lineError: number | null
  readonly profit: number | null
}

/** A week's last prediction of each game and market, beside its result where there is one. */
export interface WeekLine {
  readonly game: string
  readonly market: LakeMarket
  readonly lead: number
  readonly line: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pick: LakeSide
  readonly score: string | null
  readonly outcome: string | null
}

/** Every prediction of a finished game that waits for its grade, of any week. */
export async function listUngraded(sql: Sql, markets: readonly LakeMarket[]): Promise<Ungraded[]> {
  return await sql<Ungraded[]>`
    select p.game_id as "gameId", p.market, p.lead_days as "leadDays", p.line, p.price_for as "priceFor",
      p.price_against as "priceAgainst", p.p_model as "pModel", p.p_market as "pMarket", p.pick,
      g.home_score as "homeScore", g.away_score as "awayScore"
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
      game_id, market, lead_days, home_score, away_score, outcome, brier, log_loss, market_brier, market_log_loss,
      line_error, profit, graded_as_of, run_id, simulated
    )
    select "gameId", market, "leadDays", "homeScore", "awayScore", outcome, brier, "logLoss", "marketBrier",
      "marketLogLoss", "lineError", profit, ${stamp.asOf}, ${stamp.runId}, ${stamp.simulated}
    from jsonb_to_recordset(${tx.json(grades as never)}) as row(
      "gameId" text, market text, "leadDays" smallint, "homeScore" smallint, "awayScore" smallint, outcome text,
      brier double precision, "logLoss" double precision, "marketBrier" double precision,
      "marketLogLoss" double precision, "lineError" double precision, profit double precision
    )
    on conflict (game_id, market, lead_days) do nothing
    returning game_id
  `
  return recorded.length
}

/** The week at a glance, in order of kick-off. */
export async function listWeekLines(sql: Sql, week: { season: number; week: number }): Promise<WeekLine[]> {
  return await sql<WeekLine[]>`
    select distinct on (p.kickoff_at, p.game_id, p.market)
      g.away_team || ' at ' || g.home_team as game, p.market, p.lead_days as lead, p.line, p.p_model as "pModel",
      p.p_market as "pMarket", p.pick, g.away_score || '-' || g.home_score as score, d.outcome
    from predictions.nfl p
    join silver.nfl_games g on g.game_id = p.game_id
    left join predictions.nfl_grades d
      on d.game_id = p.game_id and d.market = p.market and d.lead_days = p.lead_days
    where p.season = ${week.season} and p.week = ${week.week}
    order by p.kickoff_at, p.game_id, p.market, p.lead_days
  `
}
