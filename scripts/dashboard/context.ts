// What the site is told beside the database: by what GitHub, the workflow files and the registry say.

import type { Sql } from 'postgres'

import type { AnyJob } from '../../src/core/job.ts'
import { pageCalendar, sources } from '../../src/leagues/index.ts'
import { isOnActions, type Env } from '../../src/lib/env.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { toViewJob, type ViewContext } from '../../src/views/context.ts'

export interface ContextParts {
  readonly env: Env
  readonly environment: string
  /** The instant that the site shows. */
  readonly now: Date
  readonly jobs: readonly AnyJob[]
  /** Where `.github/workflows` is. */
  readonly workflows: string
}

/** Reads the workflow files, and whether the data comes from the simulator. Throws ConfigFailure. */
export async function readContext(
  sql: Sql,
  { env, environment, now, jobs, workflows }: ContextParts,
): Promise<ViewContext> {
  const catalog = await readCatalog(workflows, jobs)
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env
  // Simulated and real rows are never mixed in one database, so one tells for all.
  const [row] = await sql<
    { simulated: boolean }[]
  >`select exists (select 1 from bronze.files where simulated) as simulated`
  const inForce = await listLinesInForce(sql)
  const view = (job: AnyJob) => toViewJob(job, catalog.jobs.find(({ id }) => id === job.id), ({ cron, zone }) => inForce.has(`${job.id} ${cron} ${zone}`)) // prettier-ignore
  return {
    now,
    environment,
    jobs: jobs.map(view),
    sources,
    repositoryUrl: isOnActions(env) && server && repository ? `${server}/${repository}` : undefined,
    commit: env.GITHUB_SHA,
    zone: pageCalendar.zone,
    simulated: row?.simulated ?? false,
  }
}

/** What `ops-setup` registered: not the lines of leagues that are switched off. */
async function listLinesInForce(sql: Sql): Promise<Set<string>> {
  const rows = await sql<{ job: string; cron: string; zone: string }[]>`
    select job, cron, zone from ledger.schedules where valid_to is null
  `
  return new Set(rows.map(({ job, cron, zone }) => `${job} ${cron} ${zone}`))
}
