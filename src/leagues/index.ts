// The registry of leagues: a new one is a folder and a line here, after those that it reads. Reading it loads none of their work.

import { plainCalendar, type Calendar } from '../core/calendar.ts'
import type { AnyJob } from '../core/job.ts'
import type { League, LeagueSource } from '../core/league.ts'
import { fantasy } from './fantasy/league.ts'
import { nfl } from './nfl/league.ts'
import { ops } from './ops/league.ts'

export const leagues: readonly League[] = [nfl, fantasy, ops]

/** The jobs of all leagues, in their order. */
export const jobs: readonly AnyJob[] = leagues.flatMap((league) => league.jobs)

/** The providers of all leagues. */
export const sources: readonly LeagueSource[] = leagues.flatMap((league) => league.sources)

/** By whose days and weeks pages count: the first league's that has a calendar. */
export const pageCalendar: Calendar = leagues.find(({ calendar }) => calendar)?.calendar ?? plainCalendar

/** The leagues that are on where the variable LEAGUES is not set. */
export const leaguesOnByDefault: readonly string[] = leagues
  .filter((league) => league.switch === 'on unless left out')
  .map(({ id }) => id)

/** A line of help for each parameter of a league's jobs: its own, and those of the leagues that it reads. */
export function helpOf(id: string): Readonly<Record<string, string>> {
  const league = leagues.find((one) => one.id === id)
  const read = (league?.reads ?? []).map((other) => helpOf(other))
  return Object.assign({}, ...read, league?.help) as Record<string, string>
}
