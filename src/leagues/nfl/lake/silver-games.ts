// silver.nfl_games: one clean row per game, rewritten only when it changed.

import type { Sql, TransactionSql } from 'postgres'

import type { GameLines } from '../../../models/markets/markets.ts'
import type { RatedGame } from '../../../models/ratings/weeks.ts'
import type { FinishedGame } from '../../../predictions/grades.ts'
import type { Stamp } from './bronze-games.ts'
import { RULES_VERSION, type CleanGame } from './clean-game.ts'
import type { Cells } from './typed-cells.ts'

/** A game that silver lacks, or made of an older revision or by older rules. `fingerprint` is of silver's row, if any. */
export interface StaleGame {
  readonly gameId: string
  readonly revision: number
  readonly cells: Cells
  readonly fingerprint: string | null
}

/** A game as the models and the jobs read it, with the latest lines received; once it has begun those it closed with. */
export type Game = RatedGame & GameLines & { readonly simulated: boolean }

/** A season as its schedule shows it. */
export interface SeasonSpan {
  readonly season: number
  readonly firstKickoffAt: Date
  readonly lastKickoffAt: Date
  readonly hasSuperBowl: boolean
}

/** What silver has to look at. */
export async function listStaleGames(sql: Sql): Promise<StaleGame[]> {
  return await sql<StaleGame[]>`
    select b.game_id as "gameId", b.revision, b.cells, s.fingerprint
    from bronze.nfl_games_newest b
    left join silver.nfl_games s on s.game_id = b.game_id
    where s.game_id is null or s.bronze_revision <> b.revision or s.rules_version <> ${RULES_VERSION}
    order by b.game_id
  `
}

/** Writes the rows over what was there. */
export async function saveGames(
  tx: TransactionSql,
  rows: readonly (CleanGame & { bronze_revision: number; fingerprint: string })[],
  stamp: Stamp,
): Promise<void> {
  if (rows.length === 0) return
  await tx`
    insert into silver.nfl_games as game (
      game_id, season, week, game_type, game_day, kickoff_at, kickoff_assumed, home_team, away_team, home_code, away_code,
      neutral, division, finished, home_score, away_score, overtime, home_rest, away_rest,
      spread_home, spread_price_home, spread_price_away, moneyline_home, moneyline_away, total_line, price_over, price_under,
      home_qb_id, away_qb_id, home_coach, away_coach, roof, surface, temperature, wind, referee, stadium_id, stadium,
      bronze_revision, rules_version, fingerprint, as_of, run_id, simulated
    )
    select
      game_id, season, week, game_type, game_day, kickoff_at, kickoff_assumed, home_team, away_team, home_code, away_code,
      neutral, division, finished, home_score, away_score, overtime, home_rest, away_rest,
      spread_home, spread_price_home, spread_price_away, moneyline_home, moneyline_away, total_line, price_over, price_under,
      home_qb_id, away_qb_id, home_coach, away_coach, roof, surface, temperature, wind, referee, stadium_id, stadium,
      bronze_revision, ${RULES_VERSION}, fingerprint, ${stamp.asOf}, ${stamp.runId}, ${stamp.simulated}
    from jsonb_populate_recordset(null::silver.nfl_games, ${tx.json(rows as never)})
    on conflict (game_id) do update set
      season = excluded.season, week = excluded.week, game_type = excluded.game_type, game_day = excluded.game_day,
      kickoff_at = excluded.kickoff_at, kickoff_assumed = excluded.kickoff_assumed,
      home_team = excluded.home_team, away_team = excluded.away_team,
      home_code = excluded.home_code, away_code = excluded.away_code,
      neutral = excluded.neutral, division = excluded.division, finished = excluded.finished,
      home_score = excluded.home_score, away_score = excluded.away_score, overtime = excluded.overtime,
      home_rest = excluded.home_rest, away_rest = excluded.away_rest, spread_home = excluded.spread_home,
      spread_price_home = excluded.spread_price_home, spread_price_away = excluded.spread_price_away,
      moneyline_home = excluded.moneyline_home, moneyline_away = excluded.moneyline_away,
      total_line = excluded.total_line, price_over = excluded.price_over, price_under = excluded.price_under,
      home_qb_id = excluded.home_qb_id, away_qb_id = excluded.away_qb_id,
      home_coach = excluded.home_coach, away_coach = excluded.away_coach, roof = excluded.roof,
      surface = excluded.surface, temperature = excluded.temperature, wind = excluded.wind,
      referee = excluded.referee, stadium_id = excluded.stadium_id, stadium = excluded.stadium,
      bronze_revision = excluded.bronze_revision, rules_version = excluded.rules_version,
      fingerprint = excluded.fingerprint, as_of = excluded.as_of, updated_at = clock_timestamp(),
      run_id = excluded.run_id, simulated = excluded.simulated
    -- Another run may have cleaned a newer revision meanwhile: its row stands.
    where game.bronze_revision <= excluded.bronze_revision
  `
}

const gameColumns = (sql: Sql) => sql`
  game_id as "gameId", season, week, game_type as "gameType", kickoff_at as "kickoffAt",
  home_team as home, away_team as away, neutral, division, home_rest as "homeRest", away_rest as "awayRest",
  home_qb_id as "homeQb", away_qb_id as "awayQb", home_score as "homeScore", away_score as "awayScore",
  spread_home as "spreadHome",
  spread_price_home as "spreadPriceHome", spread_price_away as "spreadPriceAway",
  moneyline_home as "moneylineHome", moneyline_away as "moneylineAway",
  total_line as "totalLine", price_over as "priceOver", price_under as "priceUnder", simulated
`

/** Every game, in order of season, week and kick-off. */
export async function listGames(sql: Sql): Promise<Game[]> {
  return await sql<Game[]>`
    select ${gameColumns(sql)}
    from silver.nfl_games
    order by season, week, kickoff_at, game_id
  `
}

/** A week's games, in order of kick-off. */
export async function listWeekGames(sql: Sql, week: { season: number; week: number }): Promise<Game[]> {
  return await sql<Game[]>`
    select ${gameColumns(sql)}
    from silver.nfl_games
    where season = ${week.season} and week = ${week.week}
    order by kickoff_at, game_id
  `
}

/** A week's first kick-off; undefined while its games are not listed. */
export async function findFirstKickoff(sql: Sql, week: { season: number; week: number }): Promise<Date | undefined> {
  const [row] = await sql<{ first: Date | null }[]>`
    select min(kickoff_at) as first from silver.nfl_games where season = ${week.season} and week = ${week.week}
  `
  return row?.first ?? undefined
}

/** Games without a score that kicked off in [`from`, `until`). */
export async function listUnscoredGames(
  sql: Sql,
  from: Date,
  until: Date,
): Promise<{ gameId: string; kickoffAt: Date }[]> {
  return await sql<{ gameId: string; kickoffAt: Date }[]>`
    select game_id as "gameId", kickoff_at as "kickoffAt"
    from silver.nfl_games
    where not finished and kickoff_at >= ${from} and kickoff_at < ${until}
    order by kickoff_at, game_id
  `
}

/** When games kick off in [`from`, `until`), in order, each instant once. */
export async function listKickoffs(sql: Sql, from: Date, until: Date): Promise<Date[]> {
  const rows = await sql<{ at: Date }[]>`
    select distinct kickoff_at as at from silver.nfl_games
    where kickoff_at >= ${from} and kickoff_at < ${until}
    order by at
  `
  return rows.map((row) => row.at)
}

/** First and last kick-off of every season. */
export async function listSeasonSpans(sql: Sql): Promise<SeasonSpan[]> {
  return await sql<SeasonSpan[]>`
    select season, min(kickoff_at) as "firstKickoffAt", max(kickoff_at) as "lastKickoffAt",
      bool_or(game_type = 'SB') as "hasSuperBowl"
    from silver.nfl_games
    group by season
    order by season
  `
}

/** The games of these that are over, with the lines that they closed with: after kick-off the provider writes them no more, so that
 *  silver's are the last ones. */
export async function listFinished(sql: Sql, gameIds: readonly string[]): Promise<FinishedGame[]> {
  return await sql<FinishedGame[]>`
    select game_id as "gameId", kickoff_at as "startedAt", home_score as "homeScore", away_score as "awayScore",
      spread_home as "spreadHome", spread_price_home as "spreadPriceHome", spread_price_away as "spreadPriceAway",
      moneyline_home as "moneylineHome", moneyline_away as "moneylineAway", total_line as "totalLine",
      price_over as "priceOver", price_under as "priceUnder"
    from silver.nfl_games
    where finished and game_id = any(${[...gameIds]})
  `
}
