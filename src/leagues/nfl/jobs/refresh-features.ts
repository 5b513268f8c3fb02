// The features stage's own code: what was known of every game before its week. nfl/predict calls it too, for games that
// were listed since (play-off rounds), so that no game goes without a prediction because a stage was late.

import type { JobContext } from '../../../core/job.ts'
import type { Market } from '../../../models/markets/markets.ts'
import { gameFeatures } from '../../../models/ratings/features.ts'
import type { Week } from '../calendar.ts'
import { changedFeatures, saveFeatures, type FeatureRow } from '../lake/features.ts'
import { listGames } from '../lake/silver-games.ts'
import { isSimulated } from './refresh-silver.ts'

/** Makes the rows of all weeks up to `until` and writes those that are new or came out different, a season at a time: a run
 *  that was stopped goes on where it was, since what is written comes out the same. */
export async function refreshFeatures(until: Week, markets: readonly Market[], ctx: JobContext<object>): Promise<void> {
  const games = await listGames(ctx.lake.sql)
  // Later weeks are left out: their ratings would be today's, and stale by the time they are played.
  const rows = gameFeatures(games)
    .filter((row) => row.season * 100 + row.week <= until.season * 100 + until.week)
    .flatMap((row) => markets.map((market) => toRow(row, market)))
  const changed = await changedFeatures(ctx.lake.sql, rows)
  const simulated = await isSimulated(ctx)
  let done = 0
  for (const season of [...new Set(changed.map((row) => row.season))]) {
    ctx.signal.throwIfAborted()
    const batch = changed.filter((row) => row.season === season)
    await ctx.lake.write((tx) => saveFeatures(tx, batch, { runId: ctx.runId, asOf: ctx.now, simulated }))
    done += batch.length
    ctx.progress(done, changed.length, 'feature rows')
  }
  ctx.count('feature row', { read: rows.length, written: changed.length, skipped: rows.length - changed.length })
}

function toRow(row: ReturnType<typeof gameFeatures>[number], market: Market): FeatureRow {
  const { gameId, season, week, knownUntil } = row
  return { gameId, market, season, week, values: row[market], knownUntil }
}
