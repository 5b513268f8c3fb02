// Puts a pass of ops-watch together from what the environment gives: who acts, whom to tell, what time it is.

import type { Sql } from 'postgres'

import { readAcknowledgements } from '../alerts/github-issue.ts'
import { createChannels } from '../alerts/index.ts'
import { DEFAULT_ROUTES, parseRoutes, type Routes } from '../alerts/routes.ts'
import { tellFlips } from '../alerts/tell.ts'
import { GITHUB_API, type App } from '../app.ts'
import { compareClocks, type ClocksApart } from '../core/clocks.ts'
import { ConfigFailure, toErrorRecord } from '../core/errors.ts'
import { createActionsExecutor } from '../executors/actions.ts'
import type { GithubApi } from '../executors/github-api.ts'
import { createLocalExecutor, type LocalExecutor } from '../executors/local.ts'
import { createGithubApi } from '../executors/octokit-github.ts'
import { listIssuesOfOpen } from '../ledger/deliveries.ts'
import { acknowledge } from '../ledger/incidents.ts'
import { monotonicMs } from '../lib/clock.ts'
import { createPlaceHider } from '../lib/database-place.ts'
import { isFromDatabase } from '../lib/db.ts'
import { isOnActions, type Env } from '../lib/env.ts'
import { createSecretRedactor } from '../lib/secrets.ts'
import type { PassParts } from '../reconcile/pass-parts.ts'
import { patienceToOpen } from '../runner/patience.ts'
import type { Catalog } from '../schedule/catalog.ts'

export interface WatchOptions {
  readonly env: Env
  readonly app: App
  readonly catalog: Catalog
  readonly projectRoot: string
  readonly publicRepository: boolean | undefined
  readonly write: (line: string) => void
}

export interface Watch {
  readonly parts: PassParts
  /** Waits for the runs that were started here. */
  settled(): Promise<void>
}

/** The parts of a pass. Throws ConfigFailure where there is no way to act: a pass that only looked would take the lease from
 *  one that can. */
export function openWatch(options: WatchOptions): Watch {
  const { env, app, catalog, write } = options
  const { parts } = app
  const github = openGithub(env)
  const local = isOnActions(env) ? undefined : createLocalExecutor({ projectRoot: options.projectRoot, write })
  const began = monotonicMs()
  const clock = () => new Date(parts.now.getTime() + monotonicMs() - began)
  return {
    parts: {
      sql: parts.ledger,
      jobs: parts.jobs,
      catalog: catalog.jobs,
      environment: parts.environment,
      identity: parts.origin.identity,
      executor: local ?? createActionsExecutor(github ?? noWayToAct()),
      github,
      publicRepository: options.publicRepository,
      tell: (now) => tell(now, { env, sql: parts.ledger, github, environment: parts.environment }),
      explain: (error) => explain(error, parts),
      clock,
      patience: patienceToOpen(parts),
      clocksApart: () =>
        app.clocksApart ?? (env.MATCHDAY_NOW === undefined ? compareWithGithub(clock(), github) : undefined),
      log: parts.log,
    },
    settled: () => settle(local),
  }
}

function compareWithGithub(now: Date, github: GithubApi | undefined): ClocksApart | undefined {
  const at = github?.clock()
  return at && compareClocks(now, [{ whose: "GitHub's", at }])
}

/** What a database threw, in its sentence; anything else in its own words. */
function explain(error: unknown, { explain: ofDatabase, redact }: App['parts']): string {
  return redact(toErrorRecord(isFromDatabase(error) ? ofDatabase(error) : error).message)
}

async function settle(local: LocalExecutor | undefined): Promise<void> {
  await local?.settled()
}

function openGithub({
  GITHUB_TOKEN: token,
  GITHUB_REPOSITORY: repository,
  GITHUB_API_URL,
}: Env): GithubApi | undefined {
  if (token === undefined || repository === undefined) return undefined
  return createGithubApi({ apiUrl: GITHUB_API_URL ?? GITHUB_API, repository, token })
}

function noWayToAct(): never {
  throw new ConfigFailure(
    'ops-watch has no GITHUB_TOKEN, so it could start nothing: give its step GITHUB_TOKEN and its job "actions: write". Nothing was decided.',
    { code: 'no_way_to_act' },
  )
}

interface Tellers {
  readonly env: Env
  readonly sql: Sql
  readonly github: GithubApi | undefined
  readonly environment: string
}

async function tell(now: Date, { env, sql, github, environment }: Tellers): ReturnType<PassParts['tell']> {
  const { channels, problems } = createChannels({ settings: env, github })
  const [redactSecrets, hidePlace] = [createSecretRedactor(env), createPlaceHider(env.DATABASE_URL)]
  const redact = (text: string) => hidePlace(redactSecrets(text))
  const facts = { repository: env.GITHUB_REPOSITORY, serverUrl: env.GITHUB_SERVER_URL, siteUrl: env.SITE_URL, environment } // prettier-ignore
  const { routes, problem } = readRoutes(env)
  const account = await tellFlips({ sql, now, channels, routes, redact, facts })
  const refused = github && (await readLabels(now, { sql, github }))
  const failed = account.failed.map(({ channel, subject, error }) => `${channel} of ${subject}: ${error}`)
  return { sent: account.sent.length, failed: [...problems, ...problem, ...failed, ...(refused ? [refused] : [])] }
}

/** Routes that cannot be read must silence nobody: then everybody is told as by default. */
function readRoutes(env: Env): { routes: Routes; problem: readonly string[] } {
  try {
    return { routes: parseRoutes(env.ALERT_ROUTES), problem: [] }
  } catch (error) {
    if (error instanceof ConfigFailure) return { routes: DEFAULT_ROUTES, problem: [error.message] }
    throw error
  }
}

/** People acknowledge an incident by a label on its issue. Returns why GitHub did not say. */
async function readLabels(now: Date, { sql, github }: { sql: Sql; github: GithubApi }): Promise<string | undefined> {
  const { acknowledged, error } = await readAcknowledgements(github, await listIssuesOfOpen(sql))
  for (const id of acknowledged) await acknowledge(sql, id, { by: 'a label on its issue', at: now })
  return error
}
