// models.nfl_fits: a market's parameters for a week, with the scores such fits had.

import type { Sql, TransactionSql } from 'postgres'

import type { Market } from '../../../models/markets/markets.ts'
import type { Stamp } from './bronze-games.ts'

export interface Fit {
  readonly market: Market
  readonly season: number
  readonly week: number
  readonly modelVersion: string
  readonly parameters: Readonly<Record<string, number>>
  readonly scores: Readonly<Record<string, number>>
  readonly games: number
  /** Nothing that ended later went in. */
  readonly dataAsOf: Date
  /** Of the code that fitted; null where it is not known. */
  readonly commit: string | null
}

/** Writes the fit unless the very same is there; says whether it wrote. */
export async function saveFit(tx: TransactionSql, fit: Fit, stamp: Stamp): Promise<boolean> {
  const written = await tx`
    insert into models.nfl_fits as fit
      (market, season, week, model_version, parameters, scores, games, data_as_of, commit, run_id, simulated)
    values (${fit.market}, ${fit.season}, ${fit.week}, ${fit.modelVersion}, ${tx.json(fit.parameters)},
      ${tx.json(fit.scores)}, ${fit.games}, ${fit.dataAsOf}, ${fit.commit}, ${stamp.runId}, ${stamp.simulated})
    on conflict (market, season, week) do update set
      model_version = excluded.model_version, parameters = excluded.parameters, scores = excluded.scores,
      games = excluded.games, data_as_of = excluded.data_as_of, commit = excluded.commit, fitted_at = clock_timestamp(),
      run_id = excluded.run_id, simulated = excluded.simulated
    where (fit.model_version, fit.parameters, fit.scores, fit.games)
      is distinct from (excluded.model_version, excluded.parameters, excluded.scores, excluded.games)
    returning market
  `
  return written.length > 0
}

/** A market's newest fit for `week` or a week before it, of one model version. */
export async function findNewestFit(
  sql: Sql,
  market: Market,
  of: { season: number; week: number; modelVersion: string },
): Promise<Fit | undefined> {
  const [fit] = await sql<Fit[]>`
    select market, season, week, model_version as "modelVersion", parameters, scores, games, data_as_of as "dataAsOf",
      commit
    from models.nfl_fits
    where market = ${market} and model_version = ${of.modelVersion} and (season, week) <= (${of.season}, ${of.week})
    order by season desc, week desc
    limit 1
  `
  return fit
}
