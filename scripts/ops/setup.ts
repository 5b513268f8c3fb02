// ops-setup: checks secrets, rights and Pages, migrates the database, makes the schedule follow this commit, and says in
// sentences what is missing. By hand and at every merge that touches workflows or migrations.

import { compareWithOwn, GITHUB_API, noDatabase, WATCH_WORKFLOW } from '../../src/app.ts'
import { JobFailure, LedgerFailure } from '../../src/core/errors.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { jobs, leagues, sources } from '../../src/leagues/index.ts'
import { listSeasons } from '../../src/ledger/gates.ts'
import { closeWhatLeft } from '../../src/ledger/left.ts'
import { migrate, MIGRATION_DEADLINE_MS } from '../../src/ledger/migrate.ts'
import { readOutsideClock } from '../../src/ledger/outside-clock.ts'
import { listLinesInForce, needsOf, registerSchedules } from '../../src/ledger/schedules.ts'
import { systemNow } from '../../src/lib/clock.ts'
import { explainDatabaseError, openDatabase, parseDatabaseUrl, waitUntilAwake, type Sql } from '../../src/lib/db.ts'
import { isClockDeclared, parseEnv, type Env } from '../../src/lib/env.ts'
import { note, say, summarise } from '../../src/lib/output.ts'
import { checkRef, readEvent } from '../../src/runner/github.ts'
import { readCatalog, type Catalog } from '../../src/schedule/catalog.ts'
import { readLeagues, type LeagueReading } from '../../src/schedule/league-switch.ts'
import {
  adviseClock,
  adviseConnection,
  adviseDatabase,
  adviseGithub,
  adviseLeft,
  adviseSchedule,
  missing,
  type Connection,
  type Finding,
} from '../../src/setup/advice.ts'
import { wakeWorkflows } from '../../src/setup/asleep.ts'
import { readBilledWorkflows } from '../../src/setup/billed-workflows.ts'
import { adviseFirstPrediction } from '../../src/setup/first-prediction.ts'
import { adviseFirstRuns, askForFirstRuns, listUnasked, type Began } from '../../src/setup/first-run.ts'
import { readGithubFacts } from '../../src/setup/github-facts.ts'
import { adviseLeagues, findEnding, linesToBe, sayEnding } from '../../src/setup/leagues.ts'
import { adviseMonth } from '../../src/setup/month.ts'
import { leaveMark } from '../../src/setup/never-set-up.ts'
import { readVersion } from '../../src/setup/old-checkout.ts'
import { runCommand } from '../command.ts'
import { actorOf } from '../ledger.ts'

const HELP = `Migrates the database of DATABASE_URL, registers the schedule and says what is missing.

Usage: node --import tsx scripts/ops/setup.ts [--environment production]`

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
  if (env.DATABASE_URL === undefined) throw noDatabase(environment, { setsUp: event?.name !== 'push' })
  const catalog = await readCatalog(process.cwd(), jobs)
  const github = openGithub(env)
  // First of all, because a workflow that sleeps cannot be woken by a dispatch.
  const { isPrivate, findings: seen } = await lookAtGithub(github)
  const done = await setUpDatabase(env, { catalog, environment, github, isPrivate, actor: actorOf(env) })
  const mark = event?.name === 'push' && github ? await leaveMark(github, environment) : undefined
  const unmarked = mark === undefined ? [] : [missing(`Whether this repository was ever set up cannot be seen on GitHub: ${mark} Start Actions → ops-setup → Run workflow once.`)] // prettier-ignore
  await tell([...done, ...seen, ...unmarked], env)
}

/** What GitHub says, once what it had put to sleep is awake. */
async function lookAtGithub(
  github: GithubApi | undefined,
): Promise<{ isPrivate: boolean | undefined; findings: Finding[] }> {
  if (github === undefined) return { isPrivate: undefined, findings: adviseGithub(undefined) }
  const { facts, findings } = await wakeWorkflows(github, await readGithubFacts(github))
  const isPrivate = 'refusal' in facts ? undefined : facts.private
  return { isPrivate, findings: [...adviseGithub(facts), ...findings] }
}

interface SetUp {
  readonly catalog: Catalog
  readonly environment: string
  readonly github: GithubApi | undefined
  /** Undefined: GitHub did not say. */
  readonly isPrivate: boolean | undefined
  /** Who set up: in this name the first run is asked for. */
  readonly actor: string
}

async function setUpDatabase(env: Env, { catalog, environment, github, isPrivate, actor }: SetUp): Promise<Finding[]> {
  const url = env.DATABASE_URL ?? ''
  await using database = openDatabase(url, { max: 1, deadlineMs: MIGRATION_DEADLINE_MS })
  try {
    const { sql } = database
    await waitUntilAwake(sql, { url, tell: (sentence) => note(`◌ ${sentence}`) })
    const report = await migrate(sql, { environment })
    const [clock] = await sql<{ now: Date }[]>`select clock_timestamp() as now`
    const leagues = readLeagues(catalog.jobs.map(({ leagueSwitch }) => leagueSwitch), env.LEAGUES) // prettier-ignore
    const known = { leagues, inForce: await listLinesInForce(sql) }
    const lines = linesToBe(catalog.jobs, known)
    const switchedOff = findEnding(catalog.jobs, known)
    const at = clock?.now ?? systemNow()
    const apart = await compareWithOwn(sql, at)
    if (apart) throw new LedgerFailure(apart.why, { code: 'clocks_apart' })
    if (switchedOff) note(`◌ ${sayEnding(switchedOff)}`)
    const version = await readVersion(env, github)
    const change = await registerSchedules(sql, { lines, needs: needsOf(jobs), commit: env.GITHUB_SHA ?? 'local', at, switchedOff, version }) // prettier-ignore
    const registered = { jobs: jobs.map(({ id }) => id), sources: sources.map(({ name }) => name) }
    const left = await closeWhatLeft(sql, registered, { by: 'ops-setup', at })
    const outside = await readOutsideClock(sql, at)
    const workflows = await readBilledWorkflows(process.cwd(), jobs, ({ leagueSwitch }) => leagues.runs(leagueSwitch))
    return [
      adviseDatabase(report, environment),
      ...adviseConnection(await readConnection(sql, url)),
      adviseSchedule(change, lines.length),
      ...adviseLeft(left),
      ...adviseLeagues(leagues, switchedOff),
      adviseClock(outside),
      ...(isPrivate === undefined ? [] : adviseMonth({ workflows, isPrivate, clock: outside, clockDeclared: isClockDeclared(env) })), // prettier-ignore
      ...(await beginWith(sql, { catalog, environment, github, isPrivate, actor, lines, leagues, at })),
      ...(await readPredictions(sql, lines, at)),
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

/** What never came to anything is begun in the name of whoever is there; a bot's push is nobody's wish. */
async function beginWith(
  sql: Sql,
  { catalog, lines, leagues, at, ...setUp }: SetUp & { lines: readonly Line[]; leagues: LeagueReading; at: Date },
): Promise<Finding[]> {
  const { actor, github, environment } = setUp
  // Where the variable has a mistake, lines of leagues that GitHub does not run are in force, and nothing comes of a first run.
  const on = catalog.jobs.filter(({ id, leagueSwitch }) => leagues.runs(leagueSwitch) && lines.some(({ job }) => job === id)) // prettier-ignore
  const isPerson = !actor.endsWith('[bot]')
  const roots = await (isPerson ? askForFirstRuns(sql, { jobs, on, actor, at }) : listUnasked(sql, { jobs, on }))
  const how = !isPerson
    ? 'nobody'
    : roots.length === 0 || github === undefined
      ? 'no token'
      : await wake(github, environment)
  return adviseFirstRuns(roots, { actor, how })
}

async function wake(github: GithubApi, environment: string): Promise<Began> {
  try {
    await github.dispatchWorkflow(WATCH_WORKFLOW, { environment })
    return 'woken'
  } catch (error) {
    if (error instanceof JobFailure) return { refusal: error.message }
    throw error
  }
}

/** Of the leagues that predict. */
async function readPredictions(sql: Sql, lines: readonly Line[], at: Date): Promise<Finding[]> {
  const found: Finding[] = []
  for (const { id, predicted } of leagues) {
    const by = (await predicted?.())?.jobs
    const job = jobs.find((one) => one.id === by?.predict)
    if (job === undefined || by === undefined) continue
    const own = lines.filter((line) => line.job === job.id)
    const seasons = await listSeasons(sql, id)
    found.push(...adviseFirstPrediction({ job, lines: own, seasons, reader: by.season }, at))
  }
  return found
}

interface Line {
  readonly job: string
  readonly cron: string
  readonly zone: string
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
