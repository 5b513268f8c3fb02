// What set-up makes of the variable LEAGUES: which cron lines are to be in force, and what people read of it. Pure.

import type { CatalogJob } from '../schedule/catalog.ts'
import { sayLeagues, type LeagueReading } from '../schedule/league-switch.ts'
import type { Finding } from './advice.ts'

interface Line {
  readonly job: string
  readonly cron: string
  readonly zone: string
}

/** The lines to be in force. Where the variable has a problem nothing ends by it: also those of jobs that have lines already, and
 *  of leagues that are on where it is not set. */
export function linesToBe(
  catalog: readonly CatalogJob[],
  { leagues, inForce }: { leagues: LeagueReading; inForce: readonly Line[] },
): Line[] {
  const stays = ({ id, leagueSwitch }: CatalogJob) =>
    leagues.problem !== undefined &&
    (inForce.some(({ job }) => job === id) || leagueSwitch?.defaults.includes(leagueSwitch.league) === true)
  return catalog
    .filter((job) => leagues.runs(job.leagueSwitch) || stays(job))
    .flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
}

/** Lines that are about to end because their league is off, with the reason that their waiting slots will have. */
export interface Ending {
  readonly jobs: readonly string[]
  readonly lines: readonly Line[]
  readonly reason: string
}

/** What ends by the variable; undefined: nothing does. */
export function findEnding(
  catalog: readonly CatalogJob[],
  { leagues, inForce }: { leagues: LeagueReading; inForce: readonly Line[] },
): Ending | undefined {
  const isOff = ({ leagueSwitch }: CatalogJob) =>
    leagueSwitch !== undefined && leagues.off.includes(leagueSwitch.league)
  const jobs = catalog.filter(isOff).map(({ id }) => id as string)
  const lines = inForce.filter(({ job }) => jobs.includes(job))
  if (lines.length === 0) return undefined
  const names = leagues.off.join(' and ')
  return { jobs, lines, reason: `${names} switched off: the variable ${sayLeagues(leagues)}` }
}

/** The lines that end, said before they do. */
export function sayEnding({ lines, reason }: Ending): string {
  const shown = lines.map(({ job, cron, zone }) => `${job} "${cron}" (${zone})`).join(', ')
  return `${lines.length} cron lines end, with ${reason}: ${shown}.`
}

/** What people read of the variable at the end of set-up. */
export function adviseLeagues(leagues: LeagueReading, ending: Ending | undefined): Finding[] {
  const { problem } = leagues
  const mistake = `${problem ?? ''}. All cron lines stay in force: mend the variable under Settings → Secrets and variables → Actions → Variables, and run ops-setup again.`
  return [
    ...(problem === undefined ? [] : [{ ok: false, sentence: mistake }]),
    ...(ending ? [{ ok: true, sentence: `${sayEnding(ending)} Name a league again and run ops-setup, and its lines begin anew.` }] : []), // prettier-ignore
  ]
}
