// Stage 2 of the NFL's week: one clean row per game, and from the schedule when the season opens and closes.

import { defineJob, type JobContext } from '../../../core/job.ts'
import { nflWeekAt } from '../calendar.ts'
import { seasonOf } from '../season.ts'
import { inProcess } from '../../../core/retry.ts'
import { listKickoffs, listSeasonSpans } from '../lake/silver-games.ts'
import { namedPeriod, weekParams } from '../params.ts'
import { missingScores, refreshSilver } from './refresh-silver.ts'

const HOUR = 3_600_000
/** Overtime and a delay included. */
const GAME_MS = 4 * HOUR
/** Until long after the next run has listed them anew. */
const GAMES_AHEAD_MS = 30 * 24 * HOUR

export const nflSilver = defineJob({
  id: 'nfl/silver',
  league: 'nfl',
  title: 'one clean row per NFL game: teams, odds, rest, weather',
  needs: { 'nfl/bronze': 'fresh' },
  onMissed: 'latest',
  graceMinutes: 45,
  deadlineMinutes: 19 * 60, // until Wednesday's features
  retry: inProcess,
  seasonal: false, // it is what finds out when the season is
  params: weekParams,
  period: nflWeekAt,
  namedPeriod,
  async run(_week, ctx) {
    const broken = await ctx.span('clean', () => refreshSilver(ctx))
    for (const game of broken) ctx.fail(game)
    await ctx.span('seasons', () => recordSeasons(ctx))
    const missing = await missingScores(ctx)
    if (missing !== undefined) return { notReady: missing }
  },
})

async function recordSeasons(ctx: JobContext<object>): Promise<void> {
  const spans = await listSeasonSpans(ctx.lake.sql)
  // Seasons that are over cannot open again; later ones may be listed already.
  const current = nflWeekAt(ctx.now).season
  for (const span of spans.filter((listed) => listed.season >= current)) await ctx.seasons.record(seasonOf(span))
  const kickoffs = await listKickoffs(ctx.lake.sql, ctx.now, new Date(ctx.now.getTime() + GAMES_AHEAD_MS))
  const windows = kickoffs.map((opensAt) => ({ opensAt, closesAt: new Date(opensAt.getTime() + GAME_MS) }))
  await ctx.seasons.recordGames(ctx.now, windows)
}
