// predictions.nfl: frozen predictions. They are inserted before kick-off and never edited; the database refuses both a late
// one and an edit.

import type { Sql, TransactionSql } from 'postgres'

import type { Stamp } from './bronze-games.ts'

export type LakeMarket = 'moneyline' | 'ats' | 'ou'
export type LakeSide = 'home' | 'away' | 'over' | 'under'

export interface Prediction {
  readonly gameId: string
  readonly market: LakeMarket
  /** Calendar days from its making to kick-off, in New York. */
  readonly leadDays: number
  readonly season: number
  readonly week: number
  readonly modelVersion: string
  readonly kickoffAt: Date
  readonly line: number | null
  /** American odds on what the probabilities are of: the home side or the over. */
  readonly priceFor: number | null
  readonly priceAgainst: number | null
  readonly pModel: number
  readonly pMarket: number | null
  readonly pFinal: number
  readonly pPush: number
  /** Points: the model's margin or total, and the line moved a little towards it. Null for the moneyline. */
  readonly expected: number | null
  readonly expectedFinal: number | null
  readonly pick: LakeSide
  readonly edge: number | null
  readonly stake: number
  /** Whose quarterbacks it counted on; null where they make no difference. */
  readonly starters: 'last_known' | 'named' | null
  readonly commit: string | null
}

/** Freezes the predictions; one that is already frozen for the same game, market and lead stays as it is. Says how many
 *  were new. */
export async function freezePredictions(
  tx: TransactionSql,
  predictions: readonly Prediction[],
  stamp: Stamp,
): Promise<number> {
  if (predictions.length === 0) return 0
  const frozen = await tx`
    insert into predictions.nfl (
      game_id, market, lead_days, season, week, model_version, as_of, kickoff_at, line, price_for, price_against,
      p_model, p_market, p_final, p_push, expected, expected_final, pick, edge, stake, starters, commit, run_id, simulated
    )
    select "gameId", market, "leadDays", season, week, "modelVersion", ${stamp.asOf}, "kickoffAt", line, "priceFor",
      "priceAgainst", "pModel", "pMarket", "pFinal", "pPush", expected, "expectedFinal", pick, edge, stake, starters, commit,
      ${stamp.runId}, ${stamp.simulated}
    from jsonb_to_recordset(${tx.json(predictions as never)}) as row(
      "gameId" text, market text, "leadDays" smallint, season smallint, week smallint, "modelVersion" text,
      "kickoffAt" timestamptz, line double precision, "priceFor" integer, "priceAgainst" integer,
      "pModel" double precision, "pMarket" double precision, "pFinal" double precision, "pPush" double precision, expected double precision,
      "expectedFinal" double precision, pick text, edge double precision, stake double precision, starters text, commit text
    )
    on conflict (game_id, market, lead_days) do nothing
    returning game_id
  `
  return frozen.length
}

/** Games of a week that kicked off, after predictions had begun at all, without any frozen prediction. */
export async function listUnpredictedGames(
  sql: Sql,
  week: { season: number; week: number },
  now: Date,
): Promise<{ gameId: string; kickoffAt: Date }[]> {
  return await sql<{ gameId: string; kickoffAt: Date }[]>`
    select g.game_id as "gameId", g.kickoff_at as "kickoffAt"
    from silver.nfl_games g
    where g.season = ${week.season} and g.week = ${week.week} and g.kickoff_at <= ${now}
      and g.kickoff_at > (select min(as_of) from predictions.nfl)
      and not exists (select 1 from predictions.nfl p where p.game_id = g.game_id)
    order by g.kickoff_at, g.game_id
  `
}
