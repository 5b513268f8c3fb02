// A job's page: how it is doing now, what it did, how long it takes, what it tried again, when it runs next.

import type { Sql } from 'postgres'

import { nextDue } from '../../schedule/cron.ts'
import type { ViewContext, ViewJob } from '../context.ts'
import { readLetters, type OpenLetters } from '../letters.ts'
import { readOutOfSeason } from '../out-of-season.ts'
import { readSettled, type Settled } from '../settled.ts'
import { readChains, type Chain } from './chains.ts'
import { readHistories, type History } from './history.ts'
import { readStandings, type Standing } from './standing.ts'
import { readTrends, type Trend } from './trends.ts'
import { readJobZones } from './zones.ts'

const COMING = 10

export interface NextRun {
  readonly dueAt: Date
  /** Of its cron line. */
  readonly zone: string
  readonly cron: string
  /** `out of season`: nobody is to serve it. */
  readonly outOfSeason?: string | undefined
}

export interface JobView {
  readonly job: ViewJob
  /** Of its schedule: in which its page says times, and its days and hours are counted. */
  readonly zone: string
  readonly standing: Standing
  readonly history: History
  readonly trend: Trend
  readonly chains: readonly Chain[]
  readonly next: readonly NextRun[]
  readonly letters: OpenLetters
}

/** The views of all jobs of the registry, in its order; each statement reads for all of them. */
export async function readJobs(sql: Sql, site: ViewContext): Promise<JobView[]> {
  const [standings, histories, chains, letters, out, settled] = await Promise.all([
    readStandings(sql, site),
    readHistories(sql, site),
    readChains(sql, site),
    readLetters(sql, site),
    readOutOfSeason(sql, site),
    readSettled(sql, site),
  ])
  const zones = await readJobZones(sql, site, standings)
  const trends = await readTrends(sql, site, { histories, zones })
  return site.jobs.flatMap((job) => {
    const [standing, history, trend] = [standings.get(job.id), histories.get(job.id), trends.get(job.id)]
    if (!standing || !history || !trend) return []
    return {
      job,
      zone: zones.get(job.id) ?? site.zone,
      standing,
      history,
      trend,
      chains: chains.get(job.id) ?? [],
      next: comingRuns(job, site.now, settled).map((run) => ({ ...run, outOfSeason: out(job, run.dueAt) })),
      letters: letters.get(job.id) ?? { count: 0, newest: [] },
    }
  })
}

/** The next moments at which a job is due, by the cron lines of its workflow, but for those that are settled already. */
export function comingRuns(job: Pick<ViewJob, 'id' | 'workflow'>, now: Date, settled: Settled): NextRun[] {
  const coming = (job.workflow?.schedules ?? []).flatMap(({ cron, zone }) => {
    const due: NextRun[] = []
    for (let at = nextDue({ cron, zone }, now); at && due.length < COMING; at = nextDue({ cron, zone }, at)) {
      if (!settled(job.id, at)) due.push({ dueAt: at, zone, cron })
    }
    return due
  })
  const sorted = coming.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  // Two lines may name one moment: it is one slot.
  return sorted.filter(({ dueAt }, i) => sorted[i - 1]?.dueAt.getTime() !== dueAt.getTime()).slice(0, COMING)
}
