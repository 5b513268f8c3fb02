// features.nfl_games: what was known of a game before its week, one row per game and market. Only changed rows are written.

import { createHash } from 'node:crypto'

import type { Sql, TransactionSql } from 'postgres'

import type { GameLines, Market } from '../../../models/markets/markets.ts'
import type { Stamp } from './bronze-games.ts'

export interface FeatureRow {
  readonly gameId: string
  readonly market: Market
  readonly season: number
  readonly week: number
  readonly values: Readonly<Record<string, number>>
  readonly knownUntil: Date
}

/** A finished game with its features, and the line and prices it closed with, whatever the market. */
export interface SampleRow extends GameLines {
  readonly gameId: string
  readonly market: Market
  readonly season: number
  readonly week: number
  readonly values: Readonly<Record<string, number>>
  readonly homeScore: number
  readonly awayScore: number
}

/** Those of `rows` that the lake does not hold in just this form. */
export async function changedFeatures(sql: Sql, rows: readonly FeatureRow[]): Promise<FeatureRow[]> {
  const stored = await sql<{ key: string; fingerprint: string }[]>`
    select game_id || ' ' || market as key, fingerprint from features.nfl_games
  `
  const known = new Map(stored.map((row) => [row.key, row.fingerprint]))
  return rows.filter((row) => known.get(`${row.gameId} ${row.market}`) !== featureFingerprint(row))
}

/** Writes the rows over what was there. */
export async function saveFeatures(tx: TransactionSql, rows: readonly FeatureRow[], stamp: Stamp): Promise<void> {
  const records = rows.map((row) => ({
    game_id: row.gameId,
    market: row.market,
    season: row.season,
    week: row.week,
    values: row.values,
    known_until: row.knownUntil,
    fingerprint: featureFingerprint(row),
  }))
  await tx`
    insert into features.nfl_games
      (game_id, market, season, week, values, known_until, fingerprint, run_id, simulated)
    select game_id, market, season, week, values, known_until, fingerprint, ${stamp.runId}, ${stamp.simulated}
    from jsonb_populate_recordset(null::features.nfl_games, ${tx.json(records)})
    on conflict (game_id, market) do update set
      season = excluded.season, week = excluded.week, values = excluded.values, known_until = excluded.known_until,
      fingerprint = excluded.fingerprint, updated_at = clock_timestamp(), run_id = excluded.run_id,
      simulated = excluded.simulated
  `
}

/** The features of a week's games. */
export async function listWeekFeatures(sql: Sql, week: { season: number; week: number }): Promise<FeatureRow[]> {
  return await sql<FeatureRow[]>`
    select game_id as "gameId", market, season, week, values, known_until as "knownUntil"
    from features.nfl_games
    where season = ${week.season} and week = ${week.week}
    order by game_id, market
  `
}

/** Finished games of the weeks before `week` that were over at `cutoff`, with their features, in order of time. */
export async function listSamples(
  sql: Sql,
  market: Market,
  before: { season: number; week: number; cutoff: Date },
): Promise<SampleRow[]> {
  return await sql<SampleRow[]>`
    select f.game_id as "gameId", f.market, f.season, f.week, f.values, g.home_score as "homeScore",
      g.away_score as "awayScore",
      g.spread_home as "spreadHome", g.spread_price_home as "spreadPriceHome", g.spread_price_away as "spreadPriceAway",
      g.moneyline_home as "moneylineHome", g.moneyline_away as "moneylineAway",
      g.total_line as "totalLine", g.price_over as "priceOver", g.price_under as "priceUnder"
    from features.nfl_games f
    join silver.nfl_games g on g.game_id = f.game_id
    where f.market = ${market} and g.finished
      and (g.season, g.week) < (${before.season}, ${before.week})
      and g.kickoff_at + interval '4 hours' <= ${before.cutoff}
    order by g.season, g.week, g.game_id
  `
}

function featureFingerprint(row: FeatureRow): string {
  const content = JSON.stringify([row.season, row.week, row.knownUntil, row.values])
  return createHash('md5').update(content).digest('hex')
}
