// ops-setup: checks secrets, rights and Pages, migrates the database, makes the schedule follow this commit, and says in
// sentences what is missing. By hand and at every merge that touches workflows or migrations.

import { appendFileSync } from 'node:fs'

import { noDatabase } from '../../src/app.ts'
import { explainDatabaseError, openDatabase } from '../../src/lib/db.ts'
import { isOnActions, parseEnv, type Env } from '../../src/lib/env.ts'
import { createRedactor } from '../../src/lib/redact.ts'
import { systemNow } from '../../src/lib/clock.ts'
import { migrate, MIGRATION_DEADLINE_MS } from '../../src/ledger/migrate.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { jobs } from '../../src/pipelines/index.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { readCatalog, type Catalog } from '../../src/schedule/catalog.ts'
import { isSwitchedOn } from '../../src/schedule/league-switch.ts'
import { adviseDatabase, adviseGithub, adviseNext, adviseSchedule, type Finding } from '../../src/setup/advice.ts'
import { readGithubFacts } from '../../src/setup/github-facts.ts'
import { runCommand } from '../command.ts'

const HELP = `Migrates the database of DATABASE_URL, registers the schedule and says what is missing.

Usage: node --import tsx scripts/ops/setup.ts [--environment production]`

const redact = createRedactor([process.env['DATABASE_URL'], process.env['GITHUB_TOKEN']])

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
  const findings = [
    ...(await setUpDatabase(env, catalog, environment)),
    ...adviseGithub(await askGithub(env)),
    ...adviseNext(catalog),
  ]
  tell(findings, env)
}

async function setUpDatabase(env: Env, catalog: Catalog, environment: string): Promise<Finding[]> {
  const url = env.DATABASE_URL
  if (url === undefined) throw noDatabase(environment)
  await using database = openDatabase(url, { max: 1, deadlineMs: MIGRATION_DEADLINE_MS })
  try {
    const report = await migrate(database.sql, { environment })
    const [clock] = await database.sql<{ now: Date }[]>`select clock_timestamp() as now`
    const lines = linesInForce(catalog, env)
    const at = clock?.now ?? systemNow()
    const change = await registerSchedules(database.sql, { lines, commit: env.GITHUB_SHA ?? 'local', at })
    return [adviseDatabase(report, environment), adviseSchedule(change, lines.length)]
  } catch (error) {
    throw explainDatabaseError(error, url)
  }
}

/** The lines of the leagues that are switched on; the others' slots are not expected. */
function linesInForce(catalog: Catalog, env: Env): { job: string; cron: string; zone: string }[] {
  const on = catalog.jobs.filter((job) => isSwitchedOn(job.leagueSwitch, env.LEAGUES))
  return on.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
}

async function askGithub(env: Env): Promise<ReturnType<typeof readGithubFacts> | undefined> {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env
  if (token === undefined || repository === undefined) return undefined
  return await readGithubFacts({ token, repository, apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com' })
}

function tell(findings: readonly Finding[], env: Env): void {
  const lines = findings.map(({ ok, sentence }) => `${ok ? '●' : '○'} ${sentence}`)
  console.log(redact(lines.join('\n')))
  if (!isOnActions(env) || env.GITHUB_STEP_SUMMARY === undefined) return
  appendFileSync(env.GITHUB_STEP_SUMMARY, redact(`## ops-setup\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`))
}
