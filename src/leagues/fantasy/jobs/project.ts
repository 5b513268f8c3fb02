// Projects a week by every source that was asked for and freezes it. A source that fails stops neither the others nor the
// import.

import { JobFailure } from '../../../core/errors.ts'
import type { JobContext } from '../../../core/job.ts'
import { aWeek, type Week } from '../../nfl/calendar.ts'
import { findFranchise } from '../../nfl/lake/teams.ts'
import { listPlayerWeeks, type PlayerWeekRow } from '../lake/player-weeks.ts'
import { freezeProjections, type Projection } from '../lake/projections.ts'
import { createPlayerFinder } from '../models/player-match.ts'
import { OURS } from '../params.ts'
import { INJURIES, ROSTERS, toInjuryReports, toRoster, type RosterPlayer } from '../sources/player-status.ts'
import { PROJECTION_SOURCES } from '../sources/projections/index.ts'
import { fetchRelease, type ReceivedRelease, type Release } from '../sources/releases.ts'
import { RELEASES } from './land-players.ts'
import { projectWeek, type WeekFacts } from './our-projections.ts'
import type { Schedule } from './schedule.ts'
import { toProjections } from './their-projections.ts'

type Context = JobContext<{ source: string[] }>
type Known = Omit<WeekFacts, 'week'>

/** Freezes projections of the week (where none were made in time, in hindsight and marked so) and of the next one while it
 *  is still to come. Returns how many rows were new. */
export async function projectWeeks(week: Week, schedule: Schedule, ctx: Context): Promise<number> {
  const known = await readKnown(week.season, schedule, ctx)
  const toCome = schedule.teams(week.week + 1).some((side) => side.kickoffAt > ctx.now)
  if (!toCome) ctx.note('next week', 'not listed yet, or begun: not projected')
  const weeks = toCome ? [week, aWeek(week.season, week.week + 1)] : [week]
  let frozen = 0
  for (const one of weeks) {
    for (const source of ctx.params.source) {
      const made = source === OURS ? ours(one, known) : await theirs(source, { week: one, known, ctx })
      frozen += await ctx.span(`freeze ${source} ${one.key}`, () =>
        freeze(made, { simulated: schedule.simulated, ctx }),
      )
    }
  }
  return frozen
}

async function readKnown(season: number, schedule: Schedule, ctx: Context): Promise<Known> {
  const [played, lastSeason] = await Promise.all([
    listPlayerWeeks(ctx.lake.sql, season),
    listPlayerWeeks(ctx.lake.sql, season - 1),
  ])
  const injuries = await fetchOptional(INJURIES, season, ctx)
  const roster = await fetchOptional(ROSTERS, season, ctx)
  return {
    season,
    now: ctx.now,
    schedule,
    played,
    lastSeason,
    injuries: injuries ? toInjuryReports(injuries) : [],
    roster: roster ? toRoster(roster) : [],
  }
}

function ours(week: Week, known: Known): Projection[] {
  // A roster says who plays where today: for a week that has begun that is hindsight.
  const begun = known.schedule.teams(week.week).some((side) => side.kickoffAt <= known.now)
  return projectWeek({ ...known, week: week.week, roster: begun ? [] : known.roster })
}

async function theirs(
  source: string,
  { week, known, ctx }: { week: Week; known: Known; ctx: Context },
): Promise<Projection[]> {
  const base = ctx.sourceUrls[source]
  const read = PROJECTION_SOURCES[source]
  if (base === undefined || read === undefined) {
    ctx.note(source, 'no address is set for it: not asked')
    return []
  }
  const lines = await tolerate(source, ctx, () =>
    ctx.attempt(`fetch ${source} ${week.key}`, () => read({ ...week, base, signal: ctx.signal })),
  )
  if (lines === undefined) {
    ctx.note(`${source} ${week.key}`, 'nothing yet')
    return []
  }
  const find = createPlayerFinder([...known.lastSeason, ...known.played, ...known.roster.map(toNamed)])
  const made = toProjections(lines, { ...known, source, week: week.week, find })
  const unknown = made.filter((row) => row.scoring === 'ppr' && row.playerId === null).length
  // Not their names: a run's page is public, and these are the other source's rows.
  if (unknown > 0)
    ctx.note(`${source} ${week.key}: players we do not know`, `${unknown}, named in predictions.fantasy where player_id is null`) // prettier-ignore
  return made
}

function toNamed({
  playerId,
  name,
  position,
  team,
}: RosterPlayer): Pick<PlayerWeekRow, 'playerId' | 'name' | 'position' | 'team'> {
  return { playerId, name, position, team: findFranchise(team) ?? team }
}

async function freeze(
  projections: readonly Projection[],
  { simulated, ctx }: { simulated: boolean; ctx: Context },
): Promise<number> {
  const stamp = { runId: ctx.runId, asOf: ctx.now, simulated }
  const frozen = await ctx.lake.write((tx) => freezeProjections(tx, projections, stamp))
  ctx.count('projection', { read: projections.length, written: frozen, skipped: projections.length - frozen })
  return frozen
}

/** A file that helps when it is there. Undefined without it, and the run page says so. */
async function fetchOptional(release: Release, season: number, ctx: Context): Promise<ReceivedRelease | undefined> {
  const base = ctx.sourceUrls[RELEASES]
  const answer = await tolerate(release.file, ctx, () =>
    ctx.attempt(`fetch ${release.file}`, () => fetchRelease(release, { season, base, signal: ctx.signal })),
  )
  if (answer?.kind === 'received') return answer
  ctx.note(release.file, `none of ${season}: projected without them`)
  return undefined
}

/** Undefined, and a failed item, when the source cannot be used; what is no failure of the source goes on upwards. */
async function tolerate<T>(source: string, ctx: Context, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error
    ctx.signal.throwIfAborted()
    const { code, message, retryable } = error
    ctx.fail({ kind: 'source', key: source, code, message, retryable })
    return undefined
  }
}
