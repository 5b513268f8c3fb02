// Stage 2 of the NFL's week: one clean row per game, and from the schedule when the season opens and closes.

import type { JobContext, JobReturn } from '../../../core/job.ts'
import type { Week } from '../calendar.ts'
import { nflWeekAt } from '../calendar.ts'
import { listKickoffs, listSeasonSpans } from '../lake/silver-games.ts'
import type { WeekParams } from '../params.ts'
import { seasonOf } from '../season.ts'
import { missingScores, refreshSilver } from './refresh-silver.ts'

const HOUR = 3_600_000
/** Overtime and a delay included. */
const GAME_MS = 4 * HOUR
/** Until long after the next run has listed them anew. */
const GAMES_AHEAD_MS = 30 * 24 * HOUR

export async function run(_week: Week, ctx: JobContext<WeekParams>): Promise<JobReturn> {
  const broken = await ctx.span('clean', () => refreshSilver(ctx))
  for (const game of broken) ctx.fail(game)
  await ctx.span('seasons', () => recordSeasons(ctx))
  const missing = await missingScores(ctx)
  if (missing !== undefined) return { notReady: missing }
}

async function recordSeasons(ctx: JobContext<object>): Promise<void> {
  const spans = await listSeasonSpans(ctx.lake.sql)
  // Seasons that are over cannot open again; later ones may be listed already.
  const current = nflWeekAt(ctx.now).season
  for (const span of spans.filter((listed) => listed.season >= current)) await ctx.seasons.record(seasonOf(span))
  const kickoffs = await listKickoffs(ctx.lake.sql, ctx.now, new Date(ctx.now.getTime() + GAMES_AHEAD_MS))
  const windows = kickoffs.map((opensAt) => ({ opensAt, closesAt: new Date(opensAt.getTime() + GAME_MS) }))
  await ctx.seasons.recordGames(ctx.now, windows)
}
