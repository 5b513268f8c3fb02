// predictions.games: frozen predictions of any league's games. They are inserted before a game begins and never edited; the
// database refuses both a late one and an edit.

import type { Sql, TransactionSql } from 'postgres'

import type { Period } from '../core/period.ts'
import type { Forecast } from '../models/forecasts/forecast.ts'
import type { Market, Offer } from '../models/markets/markets.ts'

/** Who writes which league's rows, and as of when. */
export interface Stamp {
  readonly league: string
  readonly runId: string
  readonly asOf: Date
  readonly simulated: boolean
}

/** What a prediction is of: no two are frozen of the same. */
export interface PredictionKey {
  readonly gameId: string
  readonly market: Market
  /** Calendar days from its making to the game, where the league counts days. */
  readonly leadDays: number
}

export interface Prediction extends PredictionKey, Offer, Forecast {
  readonly season: number
  /** The key of the league's period: `2026-W11`. */
  readonly period: string
  readonly modelVersion: string
  readonly startsAt: Date
  /** Whether it counted on the starters that were named, or on the last known; null where they make no difference. */
  readonly starters: 'last_known' | 'named' | null
  /** The code that made it; null off Actions. */
  readonly commit: string | null
}

/** Freezes the predictions; one that is already frozen for the same game, market and lead stays as it is. Says how many
 *  were new. */
export async function freezePredictions(
  tx: TransactionSql,
  predictions: readonly Prediction[],
  { league, runId, asOf, simulated }: Stamp,
): Promise<number> {
  if (predictions.length === 0) return 0
  const frozen = await tx`
    insert into predictions.games (
      league, game_id, market, lead_days, season, period, model_version, as_of, starts_at, line, price_for, price_against,
      p_model, p_market, p_final, p_push, expected, expected_final, pick, edge, stake, starters, commit, run_id, simulated
    )
    select ${league}, "gameId", market, "leadDays", season, period, "modelVersion", ${asOf}, "startsAt", line, "priceFor",
      "priceAgainst", "pModel", "pMarket", "pFinal", "pPush", expected, "expectedFinal", pick, edge, stake, starters, commit,
      ${runId}, ${simulated}
    from jsonb_to_recordset(${tx.json(predictions as never)}) as row(
      "gameId" text, market text, "leadDays" smallint, season smallint, period text, "modelVersion" text,
      "startsAt" timestamptz, line double precision, "priceFor" integer, "priceAgainst" integer, "pModel" double precision,
      "pMarket" double precision, "pFinal" double precision, "pPush" double precision, expected double precision,
      "expectedFinal" double precision, pick text, edge double precision, stake double precision, starters text, commit text
    )
    on conflict (league, game_id, market, lead_days) do nothing
    returning game_id
  `
  return frozen.length
}

/** What of a period was predicted, and since when its league predicts at all. */
export async function readPredicted(
  sql: Sql,
  by: { league: string } & Pick<Period, 'key'>,
): Promise<{ games: ReadonlySet<string>; since: Date | undefined }> {
  const [row] = await sql<{ games: string[] | null; since: Date | null }[]>`
    select min(as_of) as since, array_agg(distinct game_id) filter (where period = ${by.key}) as games
    from predictions.games where league = ${by.league}
  `
  return { games: new Set(row?.games), since: row?.since ?? undefined }
}
