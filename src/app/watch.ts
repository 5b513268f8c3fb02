// Puts a pass of ops-watch together from what the environment gives: who acts, whom to tell, what time it is.

import { GITHUB_API, type App } from '../app.ts'
import { compareClocks, type ClocksApart } from '../core/clocks.ts'
import { ConfigFailure, toErrorRecord } from '../core/errors.ts'
import { createActionsExecutor } from '../executors/actions.ts'
import type { GithubApi } from '../executors/github-api.ts'
import { createLocalExecutor, type LocalExecutor } from '../executors/local.ts'
import { createGithubApi } from '../executors/octokit-github.ts'
import { monotonicMs } from '../lib/clock.ts'
import { isFromDatabase } from '../lib/db.ts'
import { isClockDeclared, isOnActions, type Env } from '../lib/env.ts'
import type { PassParts } from '../reconcile/pass-parts.ts'
import { patienceToOpen } from '../runner/patience.ts'
import type { Catalog } from '../schedule/catalog.ts'
import { readLeagues } from '../schedule/league-switch.ts'
import { listenForEars, tellPeople, type Tellers } from './tell.ts'

export interface WatchOptions {
  readonly env: Env
  readonly app: App
  readonly catalog: Catalog
  readonly projectRoot: string
  readonly publicRepository: boolean | undefined
  readonly write: (line: string) => void
  /** Channels that have just accepted a test message. */
  readonly worked?: readonly string[]
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
  const { worked = [] } = options
  const tellers: Tellers = { env, sql: parts.ledger, github, environment: parts.environment, worked }
  const clock = () => new Date(parts.now.getTime() + monotonicMs() - began)
  return {
    parts: {
      sql: parts.ledger,
      jobs: parts.jobs,
      catalog: catalog.jobs,
      leagues: isOnActions(env) ? readLeagues(catalog.jobs.map(({ leagueSwitch }) => leagueSwitch), env.LEAGUES) : undefined, // prettier-ignore
      environment: parts.environment,
      identity: parts.origin.identity,
      executor: local ?? createActionsExecutor(github ?? noWayToAct()),
      github,
      publicRepository: options.publicRepository,
      clockDeclared: isClockDeclared(env),
      keepAwake: env.KEEP_AWAKE?.toLowerCase() === 'true',
      tell: (now) => tellPeople(now, tellers),
      listen: (now) => listenForEars(now, tellers),
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

/** GitHub's API, where a token and a repository are given. */
export function openGithub({
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
