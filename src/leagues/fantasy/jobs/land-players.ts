// Lands nflverse's player weeks of a season, so that Thursday's stat corrections become revisions, and those of the season
// before once, because a player's last season is what he is taken for at first.

import { DataFailure } from '../../../core/errors.ts'
import type { JobContext } from '../../../core/job.ts'
import { findNewestFile, recordFile } from '../../nfl/lake/bronze-games.ts'
import { findFranchise } from '../../nfl/lake/teams.ts'
import { countPlayerWeeks, landPlayerWeeks, type PlayerWeekRow } from '../lake/player-weeks.ts'
import { pointsOf } from '../models/scoring.ts'
import { PLAYER_WEEKS, toPlayerWeeks, type PlayerWeek } from '../sources/player-weeks.ts'
import { fetchRelease, SOURCE, type ReceivedRelease } from '../sources/releases.ts'

/** Where nflverse's releases are reached, among the source addresses of a run. */
export const RELEASES = 'nflverse-data'

/** Lands the season's file and, unless it is there, the season's before. False while nflverse has no file of the season. */
export async function landPlayers(
  season: number,
  ctx: JobContext<object>,
  schedule: { simulated: boolean },
): Promise<boolean> {
  if ((await countPlayerWeeks(ctx.lake.sql, season - 1)) === 0) {
    const found = await landSeason(season - 1, ctx, schedule)
    if (!found) ctx.note('last season', `nflverse has no player weeks of ${season - 1}: everybody counts as a newcomer`)
  }
  return await landSeason(season, ctx, schedule)
}

async function landSeason(season: number, ctx: JobContext<object>, schedule: { simulated: boolean }): Promise<boolean> {
  const name = `${SOURCE}/${PLAYER_WEEKS.file}_${season}`
  const known = await findNewestFile(ctx.lake.sql, name)
  const received = await ctx.attempt(`fetch players of ${season}`, () =>
    fetchRelease(PLAYER_WEEKS, { season, base: ctx.sourceUrls[RELEASES], known, signal: ctx.signal }),
  )
  if (received.kind === 'absent') return false
  if (received.kind === 'unchanged' || received.hash === known?.hash) {
    const rows = known?.rowCount ?? 0
    ctx.count('player week', { read: rows, skipped: rows })
    ctx.note(`player weeks of ${season}`, `unchanged: ${rows} same`)
    return true
  }
  if (received.simulated !== schedule.simulated) throw wouldMix(received)
  await ctx.span(`land players of ${season}`, () => land(received, { season, name, ctx }))
  return true
}

async function land(
  received: ReceivedRelease,
  { season, name, ctx }: { season: number; name: string; ctx: JobContext<object> },
): Promise<void> {
  const weeks = toPlayerWeeks(received, season)
  const unlike = weeks.filter(scoresOtherwise)
  if (unlike.length > 0)
    ctx.note('players whose points are not the file’s own', unlike.map(({ name }) => name).join(', '))
  const stamp = { runId: ctx.runId, asOf: ctx.now, simulated: received.simulated, season }
  const landing = await ctx.lake.write(async (tx) => {
    const landed = await landPlayerWeeks(tx, weeks.map(toRow), stamp)
    await recordFile(tx, { ...received, source: name, rowCount: weeks.length }, stamp)
    return landed
  })
  ctx.count('player week', { read: weeks.length, written: landing.new + landing.changed, skipped: landing.same })
  ctx.note(`player weeks of ${season}`, `${landing.new} new, ${landing.changed} changed, ${landing.same} same`)
}

/** Does our scoring give other points than the file does? Then one of us has changed its rules. */
function scoresOtherwise(week: PlayerWeek): boolean {
  return week.givenPpr !== null && Math.abs(pointsOf(week.line, 'ppr') - week.givenPpr) > 0.006
}

function toRow(week: PlayerWeek): PlayerWeekRow {
  const { season, playerId, name, position, line } = week
  const [team, opponent] = [findFranchise(week.team) ?? week.team, findFranchise(week.opponent) ?? week.opponent]
  return { season, week: week.week, playerId, name, position, team, opponent, line }
}

function wouldMix(received: ReceivedRelease): DataFailure {
  const [sent, holds] = received.simulated ? ['simulated', 'real'] : ['real', 'simulated']
  return new DataFailure(
    `${SOURCE} sent ${sent} player weeks from ${received.address}, but this database holds a ${holds} schedule: nothing was landed. Use another database, or the source that it was filled from.`,
    { code: 'simulated_mix', context: { source: SOURCE } },
  )
}
