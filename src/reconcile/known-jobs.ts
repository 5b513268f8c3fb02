// What the rules of health have to know of each job beside the ledger: its definition, its workflow, its place in the year.

import type { Sql } from 'postgres'

import type { AnyJob } from '../core/job.ts'
import { isInSeason, type Season } from '../core/wake-up.ts'
import { listSeasons } from '../ledger/gates.ts'
import type { LedgerHealth } from '../ledger/health.ts'
import { listSchedules } from '../ledger/schedule-lines.ts'
import type { KnownJob } from '../observe/health-facts.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import { latestDue, nextDue, type CronLine } from '../schedule/cron.ts'

const DAY = 86_400_000

/** All jobs of this checkout as health sees them. */
export async function readKnownJobs(
  sql: Sql,
  { jobs, catalog }: { jobs: readonly AnyJob[]; catalog: readonly CatalogJob[] },
  now: Date,
): Promise<KnownJob[]> {
  const lines = (await listSchedules(sql)).filter(({ validTo }) => validTo === undefined)
  const seasons = new Map<string, Season[]>()
  for (const league of new Set(jobs.filter(({ seasonal }) => seasonal).map((job) => job.league)))
    seasons.set(league, await listSeasons(sql, league))
  return jobs.map((job) => {
    const period = job.period(now)
    const known = seasons.get(job.league) ?? []
    return {
      job: job.id,
      graceMinutes: job.graceMinutes,
      sources: job.sources ?? [],
      timeoutMinutes: catalog.find(({ id }) => id === job.id)?.timeoutMinutes,
      inSeason: !job.seasonal || isInSeason({ slot: { dueAt: now }, period }, known),
      seasonOpensAt: job.seasonal
        ? opensFor(
            job,
            known.find(({ season }) => season === period.season),
          )
        : undefined,
      lines: lines.filter((line) => line.job === job.id).length,
      periodMs: longestDistance(lines.filter((line) => line.job === job.id), now), // prettier-ignore
    }
  })
}

/** What health is told of: not of a job that this checkout no longer has and no line in force asks for, for its troubles are past, and
 *  nobody could start it. */
export function withoutLeft<Health extends Pick<LedgerHealth, 'jobs'>>(
  health: Health,
  known: readonly KnownJob[],
): Health {
  const isHere = (id: string) => known.some(({ job }) => job === id)
  return { ...health, jobs: health.jobs.filter(({ job, scheduledFrom }) => scheduledFrom !== undefined || isHere(job)) }
}

/** From when on a job can have slots in a season, to the day: its calendar may turn to the season later than the league
 *  opens, and slots of before are still the last season's. */
function opensFor(job: AnyJob, season: Season | undefined): Date | undefined {
  if (season === undefined) return undefined
  const isOurs = (at: Date) => job.period(at).season === season.season
  let at = season.opensAt
  while (!isOurs(at) && at < season.closesAt) at = new Date(at.getTime() + DAY)
  return at
}

/** The longest time between two neighbouring due times around now: of each line the last and the next. */
function longestDistance(lines: readonly CronLine[], now: Date): number | undefined {
  const moments = lines
    .flatMap((line) => [latestDue(line, now), nextDue(line, now)])
    .flatMap((moment) => moment?.getTime() ?? [])
    .sort((a, b) => a - b)
  const distances = moments.slice(1).map((moment, i) => moment - (moments[i] ?? moment))
  return distances.length === 0 ? undefined : Math.max(...distances)
}
