// The site over a history: as `npm run dashboard` builds it, and with the five-minute jobs among its jobs.

import { jobs, sources } from '../../src/leagues/index.ts'
import type { Sql } from '../../src/lib/db.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { toViewJob, type ViewContext, type ViewJob } from '../../src/views/context.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

import { FREQUENT_CRON, FREQUENT_JOBS } from './bulk.ts'
import { ENVIRONMENT } from './database.ts'

/** What views are told about a history's database, as of its own end. */
export async function readSite(sql: Sql, now: Date): Promise<ViewContext> {
  const catalog = await readCatalog(PROJECT_ROOT, jobs)
  const known = await sql<{ job: string; cron: string; zone: string }[]>`
    select job, cron, zone from ledger.schedules where valid_to is null
  `
  const frequent = FREQUENT_JOBS.filter((id) => known.some(({ job }) => job === id))
  const stated = jobs.map((job) => {
    const isInForce = ({ cron, zone }: { cron: string; zone: string }) =>
      known.some((line) => line.job === job.id && line.cron === cron && line.zone === zone)
    return toViewJob(job, catalog.jobs.find(({ id }) => id === job.id), isInForce) // prettier-ignore
  })
  return {
    now,
    environment: ENVIRONMENT,
    jobs: [...stated, ...frequent.map(toFrequentJob)],
    sources,
    repositoryUrl: 'https://github.com/example/matchday',
    commit: 'c0ffee0badcafe0000000000000000000000000',
    zone: 'America/New_York',
    simulated: true,
  }
}

function toFrequentJob(id: string): ViewJob {
  return {
    id,
    league: id.split('/')[0] ?? id,
    title: 'prices every five minutes, "quoted" <b>loudly</b> & often',
    graceMinutes: 10,
    deadlineMinutes: 60,
    needs: {},
    sources: [],
    seasonalPeriod: undefined,
    workflow: {
      file: `.github/workflows/${id.replace('/', '-')}.yml`,
      schedules: [{ cron: FREQUENT_CRON, zone: 'UTC', line: 5 }],
      timeoutMinutes: 10,
    },
  }
}
