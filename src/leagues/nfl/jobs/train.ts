// Stage 4 of the NFL's week: fit each market's model to the games before the week, and say how well such fits foretold.

import { DataFailure } from '../../../core/errors.ts'
import type { JobContext, JobReturn } from '../../../core/job.ts'
import { fitMarket } from '../../../models/forecasts/market-models.ts'
import { scoresOf, walkForward } from '../../../models/forecasts/walk-forward.ts'
import { MODEL_VERSION, type Market } from '../../../models/markets/markets.ts'
import type { Week } from '../calendar.ts'
import { listSamples } from '../lake/features.ts'
import { saveFit, type Fit } from '../lake/fits.ts'
import { findFirstKickoff } from '../lake/silver-games.ts'
import type { MarketParams } from '../params.ts'
import { isSimulated } from './refresh-silver.ts'

// Ratings need some seasons to settle, a fit some more: the first ones say little about how well later ones foretell.
const SEASONS_UNSCORED = 4

export async function run(week: Week, ctx: JobContext<MarketParams>): Promise<JobReturn> {
  const simulated = await isSimulated(ctx)
  const stamp = { runId: ctx.runId, asOf: ctx.now, simulated }
  const scores: Record<string, string | number | null>[] = []
  for (const market of ctx.params.markets) {
    const fit = await ctx.span(`fit ${market}`, () => fitWeek(market, week, ctx))
    const isNew = await ctx.lake.write((tx) => saveFit(tx, fit, stamp))
    ctx.count('fit', { read: 1, written: Number(isNew), skipped: Number(!isNew) })
    scores.push({ market, ...rounded(fit.scores) })
  }
  ctx.table('Walk-forward scores, ours beside the market', scores)
}

async function fitWeek(market: Market, week: Week, ctx: JobContext<object>): Promise<Fit> {
  const cutoff = await dataCutoff(week, ctx)
  const rows = await listSamples(ctx.lake.sql, market, { ...week, cutoff })
  if (rows.length === 0) {
    throw new DataFailure(
      `nfl/train found no finished game with features before ${week.key} for ${market}: run nfl/bronze, nfl/silver and nfl/features first`,
      { code: 'no_games', retryable: true, context: { market, period: week.key } },
    )
  }
  const samples = rows.map((row) => ({ ...row, features: row.values }))
  const from = Math.min(...samples.map((sample) => sample.season)) + SEASONS_UNSCORED
  return {
    market,
    season: week.season,
    week: week.week,
    modelVersion: MODEL_VERSION,
    parameters: fitMarket(market, samples, week.season),
    scores: scoresOf(walkForward(market, samples, { from })),
    games: samples.length,
    dataAsOf: cutoff,
    commit: ctx.commit ?? null,
  }
}

/** The week's first kick-off, or now if that comes first (or the week's games are not listed yet). */
async function dataCutoff(week: Week, ctx: JobContext<object>): Promise<Date> {
  const first = await findFirstKickoff(ctx.lake.sql, week)
  return first !== undefined && first < ctx.now ? first : ctx.now
}

function rounded(scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, Math.round(value * 10_000) / 10_000]))
}
