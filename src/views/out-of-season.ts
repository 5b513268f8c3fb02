// Slots to come that nobody is to serve: those outside of their league's season, as the season's gate will judge them.

import type { Sql } from 'postgres'

import { isInSeason, type Season } from '../core/wake-up.ts'
import { sayInstant } from '../core/wording.ts'
import { listSeasons } from '../ledger/gates.ts'
import type { ViewContext, ViewJob } from './context.ts'

/** `out of season`, with `until Thu 3 Sep 2026` where the next opening is known. Undefined: somebody is to serve the slot; its
 *  job runs all year, or it lies in a season or in one that nobody has recorded yet. */
export type OutOfSeason = (job: Pick<ViewJob, 'league' | 'seasonalPeriod'>, dueAt: Date) => string | undefined

/** Reads the seasons of the leagues that have seasonal jobs. */
export async function readOutOfSeason(sql: Sql, { jobs, zone }: ViewContext): Promise<OutOfSeason> {
  const leagues = [...new Set(jobs.filter(({ seasonalPeriod }) => seasonalPeriod).map(({ league }) => league))]
  const known = await Promise.all(leagues.map(async (league) => [league, await listSeasons(sql, league)] as const))
  const seasons = new Map(known)
  return ({ league, seasonalPeriod }, dueAt) => {
    const ofLeague = seasons.get(league) ?? []
    if (seasonalPeriod === undefined || ofLeague.length === 0) return undefined
    return isInSeason({ slot: { dueAt }, period: seasonalPeriod(dueAt) }, ofLeague) ? undefined : say(dueAt, ofLeague, zone) // prettier-ignore
  }
}

function say(dueAt: Date, seasons: readonly Season[], zone: string): string {
  const opens = seasons.map(({ opensAt }) => opensAt).filter((at) => at > dueAt)
  const next = opens.sort((a, b) => a.getTime() - b.getTime())[0]
  return next ? `out of season until ${sayInstant(next, zone).replace(/ \d\d:\d\d .*$/, '')}` : 'out of season'
}
