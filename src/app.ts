// The composition root: opens what a process shares (database, log, the time) and closes it again.

import { setTimeout as wait } from 'node:timers/promises'

import type { Sql } from 'postgres'

import { rhythmOnActions } from './app/rhythm.ts'
import { readSourceKeys, readSourceUrls } from './app/sources.ts'
import { compareClocks, type ClocksApart } from './core/clocks.ts'
import { ConfigFailure, LedgerFailure } from './core/errors.ts'
import type { AnyJob } from './core/job.ts'
import { findLastLook } from './ledger/ahead.ts'
import { migrate } from './ledger/migrate.ts'
import { ownClocks, systemNow } from './lib/clock.ts'
import { explainDatabaseError, openDatabase, parseDatabaseUrl } from './lib/db.ts'
import { isOnActions, type Env } from './lib/env.ts'
import { createLog, type Log } from './lib/log.ts'
import { ownIdentity } from './lib/process-identity.ts'
import { createSecretRedactor } from './lib/secrets.ts'
import { patienceToOpen, type PatientParts } from './runner/patience.ts'
import type { RunnerParts } from './runner/types.ts'

export const GITHUB_API = 'https://api.github.com'
export const WATCH_WORKFLOW = 'ops-watch.yml'

export interface AppOptions {
  readonly env: Env
  readonly jobs: readonly AnyJob[]
  /** The environment a person asked for, if any. */
  readonly environment: string | undefined
  readonly projectRoot: string
  readonly cancelled: AbortSignal
  /** Where log lines go. */
  readonly write: (line: string) => void
  /** For who wants to tell people of it: opens although the clocks disagree. Nothing may be judged then. */
  readonly evenIfClocksDisagree?: boolean
}

export interface App extends AsyncDisposable {
  readonly parts: RunnerParts
  /** Undefined while the database's clock and this machine's agree. */
  readonly clocksApart: ClocksApart | undefined
}

/** Opens everything a run needs. Throws ConfigFailure or LedgerFailure in one sentence, and then leaves nothing open: also where
 *  the clocks disagree, for every slot would be judged by the wrong one. */
export async function openApp(options: AppOptions): Promise<App> {
  const { env } = options
  const environment = environmentOf(env, options.environment)
  if (env.MATCHDAY_NOW !== undefined && environment !== 'replay') {
    throw new ConfigFailure('MATCHDAY_NOW is for replays only: unset it, or name the environment replay')
  }
  const stack: AsyncDisposable[] = []
  try {
    const url = env.DATABASE_URL ?? (await openEmbedded(options, environment, stack))
    return await assemble(options, { url, environment, stack })
  } catch (error) {
    await closeAll(stack)
    throw error
  }
}

/** Whose run this is: as asked, as set, or production on Actions and development elsewhere. */
export function environmentOf(env: Env, asked: string | undefined): string {
  return asked ?? env.MATCHDAY_ENVIRONMENT ?? (isOnActions(env) ? 'production' : 'development')
}

/** The embedded server's database of an environment. */
export function localDatabase(environment: string): string {
  return `matchday_${environment.replaceAll('-', '_')}`
}

/** Without DATABASE_URL a laptop gets a real Postgres by itself; Actions never does, for a green run on a throw-away
 *  ledger would be a lie. */
async function openEmbedded(options: AppOptions, environment: string, stack: AsyncDisposable[]): Promise<string> {
  if (isOnActions(options.env)) {
    throw noDatabase(environment)
  }
  const { joinEmbeddedPostgres } = await import('./lib/embedded-postgres.ts')
  const server = await joinEmbeddedPostgres({ projectRoot: options.projectRoot })
  stack.push(server)
  const name = localDatabase(environment)
  await server.ensureDatabase(name)
  const url = server.urlOf(name)
  await using database = openDatabase(url, { max: 1 })
  await migrate(database.sql, { environment })
  await registerLocally(database.sql, options)
  return url
}

/** What to say on Actions, where a secret that is not set arrives as an empty text. Before the repository was ever set up it is
 *  told as a notice, unless somebody has just asked for the set-up. */
export function noDatabase(environment: string, { setsUp = false } = {}): ConfigFailure {
  const secret = environment === 'development' ? 'DATABASE_URL_DEVELOPMENT' : 'DATABASE_URL'
  return new ConfigFailure(
    `DATABASE_URL is empty: set the repository secret ${secret} to your Postgres (Settings → Secrets and variables → Actions), then run ops-setup. Nothing was run.`,
    { code: setsUp ? 'no_database_to_set_up' : 'no_database' },
  )
}

/** On a laptop the workflow files of the checkout are the schedule; on Actions only a merge may change it. */
async function registerLocally(sql: Sql, { projectRoot, jobs }: AppOptions): Promise<void> {
  const { readCatalog } = await import('./schedule/catalog.ts')
  const { needsOf, registerSchedules } = await import('./ledger/schedules.ts')
  const catalog = await readCatalog(projectRoot, jobs)
  const lines = catalog.jobs.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
  await registerSchedules(sql, { lines, needs: needsOf(jobs), commit: 'local', at: systemNow() })
}

async function assemble(
  { env, jobs, cancelled, write, projectRoot, evenIfClocksDisagree }: AppOptions,
  { url, environment, stack }: { url: string; environment: string; stack: AsyncDisposable[] },
): Promise<App> {
  const ledger = openDatabase(url, { max: 2 })
  const lake = openDatabase(url, { max: 2 })
  stack.push(ledger, lake)
  const redact = createSecretRedactor({ ...env.given, ...env, DATABASE_URL: url })
  const log = createLog({ write, now: systemNow, format: env.MATCHDAY_LOG, redact })
  const patient = {
    log,
    cancelled,
    explain: (error: unknown) => explainDatabaseError(error, url),
    ...(isOnActions(env) && { rhythm: rhythmOnActions(projectRoot, jobs) }),
  }
  // A replay's time has no second clock.
  const { now, clocksApart } = env.MATCHDAY_NOW
    ? { now: env.MATCHDAY_NOW, clocksApart: undefined }
    : await readClocks(ledger.sql, patient)
  if (clocksApart && !evenIfClocksDisagree) throw new LedgerFailure(clocksApart.why, { code: 'clocks_apart' })
  const parts: RunnerParts = {
    ...patient,
    ledger: ledger.sql,
    lake: lake.sql,
    closeLake: () => lake.sql.end({ timeout: 0 }),
    jobs,
    environment,
    origin: {
      identity: ownIdentity(),
      githubRunId: env.GITHUB_RUN_ID,
      githubAttempt: env.GITHUB_RUN_ATTEMPT,
      commit: env.GITHUB_SHA,
      actor: env.GITHUB_ACTOR,
    },
    now,
    redact,
    sourceUrls: readSourceUrls(env),
    sourceKeys: readSourceKeys(env),
    wait: env.MATCHDAY_NOW === undefined ? waitReally : waitVirtually,
    poke: pokeOf(env, environment),
  }
  tellLeftOut(parts.log, url)
  return { parts, clocksApart, [Symbol.asyncDispose]: () => closeAll(stack) }
}

/** Parameters of other drivers, named once for whoever wonders; never their values. */
function tellLeftOut(log: Log, url: string): void {
  const { leftOut } = parseDatabaseUrl(url)
  if (leftOut.length > 0) log.info('left out of DATABASE_URL', { parameters: leftOut.join(' ') })
}

/** Wakes ops-watch by the run's own token; nothing else is done with it. */
function pokeOf(env: Env, environment: string): RunnerParts['poke'] {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl = GITHUB_API } = env
  if (!isOnActions(env) || token === undefined || repository === undefined) return undefined
  return async () => {
    const { createGithubApi } = await import('./executors/octokit-github.ts')
    await createGithubApi({ apiUrl, repository, token }).dispatchWorkflow(WATCH_WORKFLOW, { environment })
  }
}

/** Last opened, first closed. Node 20 has no AsyncDisposableStack. */
async function closeAll(stack: AsyncDisposable[]): Promise<void> {
  for (const part of stack.splice(0).reverse()) await part[Symbol.asyncDispose]()
}

/** Schedule time is the database's, so that a runner whose clock is minutes wrong is not minutes wrong about slots; and not even
 *  that is believed when it is far from the machine's. */
async function readClocks(
  sql: Sql,
  patient: PatientParts,
): Promise<{ now: Date; clocksApart: ClocksApart | undefined }> {
  try {
    const [row] = await patienceToOpen(patient)(() => sql<{ now: Date }[]>`select clock_timestamp() as now`)
    const now = row?.now ?? systemNow()
    return { now, clocksApart: await compareWithOwn(sql, now) }
  } catch (error) {
    throw patient.explain(error)
  }
}

/** Undefined while the database's clock and this machine's agree. */
export async function compareWithOwn(sql: Sql, now: Date): Promise<ClocksApart | undefined> {
  const own = ownClocks().toSorted((a, b) => Math.abs(Number(a) - Number(now)) - Math.abs(Number(b) - Number(now)))[0]
  const others = own === undefined ? [] : [{ whose: "this machine's", at: own }]
  if (compareClocks(now, others) === undefined) return undefined
  return compareClocks(now, others, await findLastLook(sql).catch(() => undefined)) // there may be no ledger yet
}

async function waitReally(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal })
}

// A replay's clock does not pass while a run waits.
function waitVirtually(): Promise<void> {
  return Promise.resolve()
}
