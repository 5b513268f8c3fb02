// Stage 5 of the NFL's week: before every kick-off, freeze what the models and the market say of it.
// It lands the newest lines itself, so that a prediction is never made against last Tuesday's.

import { DataFailure } from '../../../core/errors.ts'
import type { JobContext, JobReturn } from '../../../core/job.ts'
import { daysBetween, localDay } from '../../../core/zone.ts'
import { forecast } from '../../../models/forecasts/forecast.ts'
import type { Parameters } from '../../../models/forecasts/market-models.ts'
import { MODEL_VERSION, offerOf, type Market } from '../../../models/markets/markets.ts'
import { withNamedStarters, type Features } from '../../../models/ratings/features.ts'
import { freezePredictions, type Prediction } from '../../../predictions/frozen.ts'
import { ZONE, type Week } from '../calendar.ts'
import { listWeekFeatures } from '../lake/features.ts'
import { findNewestFit } from '../lake/fits.ts'
import { listWeekGames, type Game } from '../lake/silver-games.ts'
import type { MarketParams } from '../params.ts'
import { landGames } from './land-games.ts'
import { refreshFeatures } from './refresh-features.ts'
import { isSimulated, refreshSilver } from './refresh-silver.ts'

// Inactives are announced 90 minutes before kick-off; until about then a named starter is somebody's projection, and in
// games.csv of a past week the one who did start, which nobody knew.
const STARTERS_KNOWN_MS = 2 * 3_600_000

export async function run(week: Week, ctx: JobContext<MarketParams>): Promise<JobReturn> {
  const { markets } = ctx.params
  await landGames(ctx)
  const broken = await ctx.span('clean', () => refreshSilver(ctx))
  if (broken.length > 0) ctx.note('games that break rules', broken.map((game) => game.key).join(', '))
  await ctx.span('features', () => refreshFeatures(week, markets, ctx))
  await ctx.span('predict', () => predictWeek(week, markets, ctx))
}

async function predictWeek(week: Week, markets: readonly Market[], ctx: JobContext<object>): Promise<void> {
  const games = (await listWeekGames(ctx.lake.sql, week)).filter((game) => game.kickoffAt > ctx.now)
  const features = await featuresByKey(week, ctx)
  const made: Prediction[] = []
  for (const market of markets) {
    const parameters = await parametersOf(market, week, ctx)
    for (const game of games) {
      const values = features.get(`${game.gameId} ${market}`)
      const prediction = values && toPrediction(game, { week, market, values, parameters, ctx })
      if (prediction) made.push(prediction)
    }
  }
  const simulated = await isSimulated(ctx)
  const stamp = { league: 'nfl', runId: ctx.runId, asOf: ctx.now, simulated }
  const frozen = await ctx.lake.write((tx) => freezePredictions(tx, made, stamp))
  const asked = games.length * markets.length
  ctx.count('prediction', { read: asked, written: frozen, skipped: asked - frozen })
  ctx.note('games still to kick off', games.length)
  if (made.length < asked) ctx.note('predictions without a line to predict against', asked - made.length)
}

async function featuresByKey(week: Week, ctx: JobContext<object>): Promise<Map<string, Features>> {
  const rows = await listWeekFeatures(ctx.lake.sql, week)
  return new Map(rows.map((row) => [`${row.gameId} ${row.market}`, row.values]))
}

async function parametersOf(market: Market, week: Week, ctx: JobContext<object>): Promise<Parameters> {
  const fit = await findNewestFit(ctx.lake.sql, market, { ...week, modelVersion: MODEL_VERSION })
  if (fit !== undefined) return fit.parameters
  throw new DataFailure(
    `nfl/predict found no fit of ${market} (model ${MODEL_VERSION}) for ${week.key} or a week before it: run nfl/train for that week first`,
    { code: 'no_fit', retryable: true, context: { market, period: week.key } },
  )
}

/** Undefined when the market needs a line and none is posted yet. */
function toPrediction(
  game: Game,
  by: { week: Week; market: Market; values: Features; parameters: Parameters; ctx: JobContext<object> },
): Prediction | undefined {
  const { market, parameters, ctx } = by
  const areKnown = game.kickoffAt.getTime() - ctx.now.getTime() <= STARTERS_KNOWN_MS
  const named = areKnown ? withNamedStarters(by.values) : undefined
  const made = forecast(market, named ?? by.values, { lines: game, parameters })
  if (made === undefined) return undefined
  const leadDays = daysBetween(localDay(ctx.now, ZONE), localDay(game.kickoffAt, ZONE))
  return {
    gameId: game.gameId,
    market,
    leadDays,
    season: game.season,
    period: by.week.key,
    modelVersion: MODEL_VERSION,
    startsAt: game.kickoffAt,
    ...offerOf(market, game),
    ...made,
    // The model of the total knows offences and defences, not who leads them.
    starters: market === 'ou' ? null : named === undefined ? 'last_known' : 'named',
    commit: ctx.commit ?? null,
  }
}
