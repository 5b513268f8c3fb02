// The Failures page: what goes wrong, how often, why, and what was done and told about it, over FAILURE_WEEKS.

import type { Sql } from 'postgres'

import { endedWell, type Outcome } from '../../core/run.ts'
import { FAILURE_WEEKS } from '../../core/windows.ts'
import type { ViewContext } from '../context.ts'
import { silence } from '../headline.ts'
import { readStandings } from '../job/standing.ts'
import { countUnheld, listLate, readLookedAt } from '../late-slots.ts'
import { readLetters, type OpenLetters } from '../letters.ts'
import { readCauses, type CauseGroup } from './causes.ts'
import { readIncidents, type PastIncident } from './incident-history.ts'
import { readJobFailures, type JobFailures, type TroubledRun } from './jobs.ts'

export interface FailuresView {
  readonly since: Date
  /** Slots whose grace is over and that nobody has served. */
  readonly late: number
  /** That nobody has looked for long, as a sentence. */
  readonly unseen: string | undefined
  /** Runs at work now, and those that ended today, of all jobs. */
  readonly active: { readonly running: number; readonly ended: number; readonly endedWell: number }
  /** Every job of the registry, and those that had runs and are in it no longer. */
  readonly jobs: readonly JobFailures[]
  readonly causes: { readonly groups: readonly CauseGroup[]; readonly leftOut: number }
  readonly incidents: { readonly open: readonly PastIncident[]; readonly past: readonly PastIncident[]; readonly leftOut: number }
  readonly letters: ReadonlyMap<string, OpenLetters>
  readonly ghosts: readonly Ghost[]
} // prettier-ignore

/** A run that GitHub knows and the ledger does not: it never came as far as writing itself down. */
export interface Ghost {
  readonly job: string | undefined
  readonly file: string
  readonly conclusion: string
  readonly createdAt: Date
  readonly github: { readonly runId: string; readonly attempt: number }
}

/** Reads the Failures view. */
export async function readFailures(sql: Sql, site: ViewContext): Promise<FailuresView> {
  const since = new Date(site.now.getTime() - FAILURE_WEEKS * 7 * 24 * 60 * 60_000)
  const time = { since, now: site.now, weeks: FAILURE_WEEKS }
  const [standings, jobs, causes, incidents, letters, ghosts, late, lookedAt] = await Promise.all([
    readStandings(sql, site),
    readJobFailures(sql, site, time),
    readCauses(sql, site, time),
    readIncidents(sql, site, time),
    readLetters(sql, site),
    readGhosts(sql, since),
    listLate(sql, site),
    readLookedAt(sql, site),
  ])
  const own = [...standings.values()]
  const ended = own.flatMap(({ endedToday }) => Object.entries(endedToday) as [Outcome, number][])
  const sum = (counts: readonly (readonly [string, number])[]) => counts.reduce((all, [, runs]) => all + runs, 0)
  return {
    since,
    late: countUnheld(late),
    unseen: silence(lookedAt, site)?.sentence,
    active: {
      running: own.reduce((all, { running }) => all + running.length, 0),
      ended: sum(ended),
      endedWell: sum(ended.filter(([outcome]) => endedWell(outcome))),
    },
    ...{ jobs, causes, incidents, letters, ghosts },
  }
}

interface GhostRow {
  job: string | null
  file: string
  conclusion: string
  created_at: Date
  github_run_id: string
  github_attempt: number
}

async function readGhosts(sql: Sql, since: Date): Promise<Ghost[]> {
  const rows = await sql<GhostRow[]>`
    select job, file, conclusion, created_at, github_run_id::text as github_run_id, github_attempt from ledger.ghosts
    where created_at > ${since} order by created_at desc limit 20
  `
  return rows.map(({ job, file, conclusion, ...row }) => ({
    ...{ file, conclusion, job: job ?? undefined },
    createdAt: row.created_at,
    github: { runId: row.github_run_id, attempt: row.github_attempt },
  }))
}

export type { CauseGroup, JobFailures, PastIncident, TroubledRun }
