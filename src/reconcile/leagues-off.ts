// The leagues that the variable LEAGUES switches off while their cron lines are still in force: GitHub skips what is due of
// them, so nobody is to serve it. Only ops-setup ends the lines.

import type { Sql } from 'postgres'

import { waiveOfJob } from '../ledger/github.ts'
import type { LeagueFacts } from '../observe/health-facts.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import { sayLeagues, type LeagueReading } from '../schedule/league-switch.ts'

interface Given {
  readonly catalog: readonly CatalogJob[]
  /** Undefined where GitHub does not evaluate it: on a laptop. */
  readonly leagues?: LeagueReading | undefined
}

/** Skips what is due of leagues that are off, with the variable as the reason. Returns how many slots. */
export async function skipLeaguesOff({ sql, now, ...given }: Given & { sql: Sql; now: Date }): Promise<number> {
  const { leagues } = given
  if (leagues === undefined) return 0
  let skipped = 0
  for (const { league, jobs } of jobsOff(given)) {
    const reason = `the league ${league} is switched off: the variable ${sayLeagues(leagues)}`
    for (const job of jobs) skipped += await waiveOfJob(sql, job, { reason, now })
  }
  return skipped
}

/** What people have to know of the variable; `lines` says how many cron lines of a job are in force. */
export function leagueFacts(given: Given, lines: ReadonlyMap<string, number>): LeagueFacts | undefined {
  const { leagues } = given
  if (leagues === undefined) return undefined
  const off = jobsOff(given).map(({ league, jobs }) => {
    return { league, jobs, lines: jobs.reduce((sum, job) => sum + (lines.get(job) ?? 0), 0) }
  })
  return { said: sayLeagues(leagues), problem: leagues.problem, off }
}

function jobsOff({ catalog, leagues }: Given): { league: string; jobs: string[] }[] {
  return (leagues?.off ?? []).map((league) => {
    const jobs = catalog.filter((job) => job.leagueSwitch?.league === league)
    return { league, jobs: jobs.map(({ id }) => id) }
  })
}
