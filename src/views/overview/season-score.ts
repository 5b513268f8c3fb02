// How good the predictions are, in two figures: who wins, of the newest graded season, the model beside the market.

import type { Sql } from 'postgres'

export interface SeasonScore {
  readonly season: number
  /** Finished games with a probability of both, drawn games left out. */
  readonly games: number
  /** Shares of games whose winner was given more than half. */
  readonly modelAccuracy: number
  /** Of the games in which it had a favourite; null: in none. */
  readonly marketAccuracy: number | null
  readonly modelBrier: number
  readonly marketBrier: number
  /** Of the games, those predicted before kick-off by the database's own clock: not in a replay. */
  readonly prospective: number
}

/** Of each game the last prediction counts; undefined while nothing is graded. */
export async function readSeasonScore(sql: Sql): Promise<SeasonScore | undefined> {
  const [row] = await sql<SeasonScore[]>`
    with last as (
      select distinct on (game_id) game_id, season, prospective, p_model, p_market, brier, market_brier,
        home_score > away_score as home_won
      from predictions.nfl_graded
      where market = 'moneyline' and season = (
        select p.season from predictions.nfl_grades d
        join predictions.nfl p on p.game_id = d.game_id and p.market = d.market and p.lead_days = d.lead_days
        order by d.game_id desc limit 1
      )
      order by game_id, lead_days
    )
    select season::integer as season, count(*)::integer as games,
      avg(((p_model > 0.5) = home_won)::integer)::double precision as "modelAccuracy",
      (avg(((p_market > 0.5) = home_won)::integer) filter (where p_market <> 0.5))::double precision as "marketAccuracy",
      avg(brier) as "modelBrier", avg(market_brier) as "marketBrier",
      (count(*) filter (where prospective))::integer as prospective
    from last
    where brier is not null and market_brier is not null
    group by season
  `
  return row
}
