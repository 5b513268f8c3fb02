// Reads how good the predictions are, in two figures a league: who wins, of the newest graded season, the model beside the market.

import type { Sql } from 'postgres'

import { leagues } from '../../leagues/index.ts'

export interface SeasonScore {
  /** `NFL` */
  readonly league: string
  readonly season: number
  /** Finished games with a probability of both, drawn games left out. */
  readonly games: number
  /** Shares of games whose winner was given more than half. */
  readonly modelAccuracy: number
  /** Of the games in which it had a favourite; null: in none. */
  readonly marketAccuracy: number | null
  readonly modelBrier: number
  readonly marketBrier: number
  /** Of the games, those predicted before they began by the database's own clock: not in a replay. */
  readonly prospective: number
}

/** A league's score, undefined while nothing of it is graded; with the job that grades. */
export interface LeagueScore {
  readonly grader: string
  readonly score: SeasonScore | undefined
}

/** Of every league that predicts games. */
export async function readSeasonScores(sql: Sql): Promise<LeagueScore[]> {
  const read: LeagueScore[] = []
  for (const { id, predicted } of leagues) {
    if (predicted === undefined) continue
    const { name, markets, jobs } = await predicted()
    const winners = markets.filter(({ kind }) => kind === 'winner').map((market) => market.id)
    const score = await readSeasonScore(sql, { league: id, winners })
    read.push({ grader: jobs.grade, score: score && { league: name, ...score } })
  }
  return read
}

/** Of each game the last prediction counts. */
async function readSeasonScore(
  sql: Sql,
  { league, winners }: { league: string; winners: readonly string[] },
): Promise<Omit<SeasonScore, 'league'> | undefined> {
  const [row] = await sql<Omit<SeasonScore, 'league'>[]>`
    with last as (
      select distinct on (game_id) game_id, season, prospective, p_model, p_market, brier, market_brier,
        home_score > away_score as home_won
      from predictions.graded
      where league = ${league} and market = any(${[...winners]}) and season = (
        select p.season from predictions.games p
        where p.league = ${league} and exists (
          select from predictions.grades d where d.league = p.league and d.game_id = p.game_id
        )
        order by p.season desc, p.period desc limit 1
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
