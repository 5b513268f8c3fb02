// Fantasy's week: what every player did, with the stat corrections of Thursday; what was expected of him, by us and by a
// second source; and the coming week's projections, frozen before its kick-offs.

import type { FailedItem, JobContext, JobReturn } from '../../../core/job.ts'
import type { Week } from '../../nfl/calendar.ts'
import { nflWeekAt } from '../../nfl/calendar.ts'
import { listGames, listSeasonSpans } from '../../nfl/lake/silver-games.ts'
import { seasonOf } from '../../nfl/season.ts'
import { listPlayerWeeks } from '../lake/player-weeks.ts'
import type { ImportParams } from '../params.ts'
import { anomaliesOf, gradeWeek } from './grade.ts'
import { landPlayers } from './land-players.ts'
import { projectWeeks } from './project.ts'
import { createSchedule, type Schedule, type TeamGame } from './schedule.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
// A game lasts under four hours, and nflverse works its stats out in the night.
const COUNTED_AFTER_MS = 5 * HOUR
// Stats that are missing for so long do not come by themselves.
const GIVEN_UP_AFTER_MS = 3 * DAY
const SHOWN = 5

export async function run(week: Week, ctx: JobContext<ImportParams>): Promise<JobReturn> {
  const schedule = await ctx.span('schedule', () => readSchedule(week, ctx))
  if (!schedule) return { notReady: `the lake has no schedule of ${week.season}: run nfl/bronze and nfl/silver first` }
  const found = await landPlayers(week.season, ctx, schedule)
  const season = await listPlayerWeeks(ctx.lake.sql, week.season)
  const played = season.filter((row) => row.week === week.week)
  const missing = missingTeams(week, { schedule, played: new Set(played.map((row) => row.team)), now: ctx.now })
  if (played.length === 0 && missing.length > 0) return { notReady: notThere(week, missing, found) }
  const errors = createErrors(ctx)
  const projections = await projectWeeks(week, schedule, errors.ctx)
  const grades = await ctx.span('grade', () => gradeWeek(week, played, ctx))
  for (const item of anomaliesOf(week, season)) errors.ctx.fail(item)
  const late = missing.filter((side) => isLate(side, ctx.now))
  if (late.length > 0) return { notReady: notThere(week, late, found) }
  for (const side of missing) errors.ctx.fail(lostTeam(week, side.team))
  return {
    result: { players_imported: played.length, projections_imported: projections, errors: errors.count(), grades },
  }
}

/** The season's schedule, undefined while it is not listed; and from it, for this league too, when the season is. */
async function readSchedule(week: Week, ctx: JobContext<object>): Promise<Schedule | undefined> {
  const current = nflWeekAt(ctx.now).season
  for (const span of await listSeasonSpans(ctx.lake.sql)) {
    // Seasons that are over cannot open again; later ones may be listed already.
    if (span.season >= current) await ctx.seasons.record(seasonOf(span))
  }
  const games = (await listGames(ctx.lake.sql)).filter((game) => game.season === week.season)
  const schedule = createSchedule(games)
  if (schedule.simulated) ctx.markSimulated()
  return games.length === 0 ? undefined : schedule
}

/** Sides of the week whose game is over and of whom no player is known. A game without a score for days was put off or
 *  called off: nobody waits for it. */
function missingTeams(week: Week, by: { schedule: Schedule; played: ReadonlySet<string>; now: Date }): TeamGame[] {
  const over = (side: TeamGame) => by.now.getTime() - side.kickoffAt.getTime() > COUNTED_AFTER_MS
  return by.schedule
    .teams(week.week)
    .filter((side) => over(side) && !by.played.has(side.team) && (side.finished || isLate(side, by.now)))
}

/** Not there yet, as opposed to lost. */
function isLate(side: TeamGame, now: Date): boolean {
  return now.getTime() - side.kickoffAt.getTime() < GIVEN_UP_AFTER_MS
}

function notThere(week: Week, missing: readonly { team: string }[], found: boolean): string {
  if (!found) return `nflverse has not published player weeks of ${week.season} yet`
  const teams = missing.map((side) => side.team).sort()
  const more = teams.length > SHOWN ? ` and ${teams.length - SHOWN} more teams` : ''
  return `nflverse has no player weeks yet of ${week.key} for ${teams.slice(0, SHOWN).join(', ')}${more}`
}

function lostTeam(week: Week, team: string): FailedItem {
  return {
    kind: 'team week',
    key: `${week.key} ${team}`,
    code: 'no_players',
    message: `${team} played in ${week.key}, and nflverse has none of its players: nothing of them was imported`,
  }
}

/** Counts what fails, for the result, on its way into the run. */
function createErrors<P>(ctx: JobContext<P>): { ctx: JobContext<P>; count: () => number } {
  let count = 0
  const fail = (item: FailedItem) => {
    count += 1
    ctx.fail(item)
  }
  return { ctx: { ...ctx, fail }, count: () => count }
}
