// ops-setup: checks secrets, rights and Pages, migrates the database, makes the schedule follow this commit, and says in
// sentences what is missing. By hand and at every merge that touches workflows or migrations.

import { compareWithOwn, GITHUB_API, noDatabase } from '../../src/app.ts'
import { JobFailure, LedgerFailure } from '../../src/core/errors.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { explainDatabaseError, openDatabase, parseDatabaseUrl, waitUntilAwake, type Sql } from '../../src/lib/db.ts'
import { parseEnv, type Env } from '../../src/lib/env.ts'
import { note, say, summarise } from '../../src/lib/output.ts'
import { systemNow } from '../../src/lib/clock.ts'
import { migrate, MIGRATION_DEADLINE_MS } from '../../src/ledger/migrate.ts'
import { hasAnyRun } from '../../src/ledger/runs.ts'
import { needsOf, registerSchedules } from '../../src/ledger/schedules.ts'
import { countPassesByOthers } from '../../src/ledger/watch.ts'
import { jobs } from '../../src/pipelines/index.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { readCatalog, type Catalog, type CatalogJob } from '../../src/schedule/catalog.ts'
import { isSwitchedOn } from '../../src/schedule/league-switch.ts'
import {
  adviseClock,
  adviseConnection,
  adviseDatabase,
  adviseFirstRun,
  adviseGithub,
  adviseSchedule,
  firstJob,
  type Connection,
  type Finding,
  type FirstRun,
} from '../../src/setup/advice.ts'
import { wakeWorkflows } from '../../src/setup/asleep.ts'
import { readGithubFacts } from '../../src/setup/github-facts.ts'
import { runCommand } from '../command.ts'

const HELP = `Migrates the database of DATABASE_URL, registers the schedule and says what is missing.

Usage: node --import tsx scripts/ops/setup.ts [--environment production]`

const DAY_MS = 86_400_000

await runCommand({
  call: 'scripts/ops/setup.ts',
  help: HELP,
  options: { environment: { type: 'string' } },
  run: ({ environment }) => setUp(environment),
})

async function setUp(asked: string | undefined): Promise<void> {
  const env = parseEnv(process.env)
  const event = readEvent(env)
  const inputs = event?.payload['inputs'] as { environment?: string } | undefined
  const environment = asked ?? (inputs?.environment || undefined) ?? env.MATCHDAY_ENVIRONMENT ?? 'production'
  checkRef(env, environment, event)
  const catalog = await readCatalog(process.cwd(), jobs)
  const github = openGithub(env)
  const begin = event?.name === 'workflow_dispatch' ? github : undefined
  const findings = [...(await setUpDatabase(env, { catalog, environment, begin })), ...(await lookAtGithub(github))]
  await tell(findings, env)
}

/** What GitHub says, once what it had put to sleep is awake. */
async function lookAtGithub(github: GithubApi | undefined): Promise<Finding[]> {
  if (github === undefined) return adviseGithub(undefined)
  const { facts, findings } = await wakeWorkflows(github, await readGithubFacts(github))
  return [...adviseGithub(facts), ...findings]
}

interface SetUp {
  readonly catalog: Catalog
  readonly environment: string
  /** Starts the first run, where somebody is there to see it. */
  readonly begin: GithubApi | undefined
}

async function setUpDatabase(env: Env, { catalog, environment, begin }: SetUp): Promise<Finding[]> {
  const url = env.DATABASE_URL
  if (url === undefined) throw noDatabase(environment)
  await using database = openDatabase(url, { max: 1, deadlineMs: MIGRATION_DEADLINE_MS })
  try {
    const { sql } = database
    await waitUntilAwake(sql, { url, tell: (sentence) => note(`◌ ${sentence}`) })
    const report = await migrate(sql, { environment })
    const [clock] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
    const lines = linesInForce(catalog, env)
    const at = clock?.now ?? systemNow()
    const apart = await compareWithOwn(sql, at)
    if (apart) throw new LedgerFailure(apart.why, { code: 'clocks_apart' })
    const change = await registerSchedules(sql, { lines, needs: needsOf(jobs), commit: env.GITHUB_SHA ?? 'local', at })
    const first = (await hasAnyRun(sql)) ? undefined : firstJob(catalog, lines)
    return [
      adviseDatabase(report, environment),
      ...adviseConnection(await readConnection(sql, url)),
      adviseSchedule(change, lines.length),
      adviseClock(await countPassesByOthers(sql, new Date(at.getTime() - DAY_MS))),
      ...(first ? [adviseFirstRun({ job: first, how: await startFirst(first, { begin, environment }) })] : []),
    ]
  } catch (error) {
    throw explainDatabaseError(error, url)
  }
}

/** Behind a pooler the server sees the pooler's connection, and not ours. */
async function readConnection(sql: Sql, url: string): Promise<Connection> {
  const { tls, leftOut, pooled } = parseDatabaseUrl(url)
  if (pooled) return { tls, leftOut, encrypted: undefined }
  const [row] = await sql<{ ssl: boolean }[]>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`
  return { tls, leftOut, encrypted: row?.ssl }
}

async function startFirst(
  first: CatalogJob,
  { begin, environment }: Pick<SetUp, 'begin' | 'environment'>,
): Promise<FirstRun['how']> {
  if (begin === undefined) return 'by hand'
  try {
    await begin.dispatchWorkflow(first.file, { environment })
    return 'started'
  } catch (error) {
    if (error instanceof JobFailure) return { refusal: error.message }
    throw error
  }
}

/** The lines of the leagues that are switched on; the others' slots are not expected. */
function linesInForce(catalog: Catalog, env: Env): { job: string; cron: string; zone: string }[] {
  const on = catalog.jobs.filter((job) => isSwitchedOn(job.leagueSwitch, env.LEAGUES))
  return on.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
}

function openGithub(env: Env): GithubApi | undefined {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl = GITHUB_API } = env
  return token === undefined || repository === undefined ? undefined : createGithubApi({ apiUrl, repository, token })
}

async function tell(findings: readonly Finding[], env: Env): Promise<void> {
  const lines = findings.map(({ ok, sentence }) => `${ok ? '●' : '○'} ${sentence}`)
  say(lines.join('\n'))
  await summarise(env, `## ops-setup\n\n${lines.map((line) => `- ${line}`).join('\n')}`)
}
