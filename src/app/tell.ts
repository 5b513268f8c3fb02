// Puts together, from the environment, how a pass tells people: channels, routes, what must not be said, and who is listening.

import type { Sql } from 'postgres'

import { readAcknowledgements } from '../alerts/github-issue.ts'
import { createChannels } from '../alerts/index.ts'
import type { MessageFacts } from '../alerts/message.ts'
import { DEFAULT_ROUTES, parseRoutes, type Routes } from '../alerts/routes.ts'
import { tellFlips } from '../alerts/tell.ts'
import { tryChannels, type Tried } from '../alerts/try.ts'
import type { Channel } from '../alerts/types.ts'
import { sayUnheard } from '../alerts/unheard.ts'
import { ConfigFailure } from '../core/errors.ts'
import type { GithubApi } from '../executors/github-api.ts'
import { listIssuesOfOpen } from '../ledger/deliveries.ts'
import { listRefusingChannels, takeUnheardTurn } from '../ledger/deliveries-refused.ts'
import { acknowledge } from '../ledger/incidents.ts'
import { createPlaceHider } from '../lib/database-place.ts'
import { isOnActions, type Env } from '../lib/env.ts'
import { createSecretRedactor } from '../lib/secrets.ts'
import type { PassParts } from '../reconcile/pass-parts.ts'

export interface Tellers {
  readonly env: Env
  readonly sql: Sql
  readonly github: GithubApi | undefined
  readonly environment: string
  /** Channels that have just accepted a test message. */
  readonly worked: readonly string[]
}

type Mute = Awaited<ReturnType<PassParts['tell']>>['mute'][number]

interface Ways {
  readonly channels: readonly Channel[]
  readonly routes: Routes
  /** What is set up and cannot be read. */
  readonly broken: readonly Mute[]
  readonly facts: MessageFacts
  readonly redact: (text: string) => string
}

/** The ways to people that the environment gives. */
function openWays(env: Env, { github, environment }: Pick<Tellers, 'github' | 'environment'>): Ways {
  const { channels, problems } = createChannels({ settings: env, github })
  const [redactSecrets, hidePlace] = [createSecretRedactor(env), createPlaceHider(env.DATABASE_URL)]
  const { routes, problem } = readRoutes(env)
  return {
    channels,
    routes,
    broken: [...problem.map((why) => ({ name: 'ALERT_ROUTES', why })), ...problems.map(({ channel, why }) => ({ name: channel, why }))], // prettier-ignore
    facts: { repository: env.GITHUB_REPOSITORY, serverUrl: env.GITHUB_SERVER_URL, siteUrl: env.SITE_URL, environment },
    redact: (text) => hidePlace(redactSecrets(text)),
  }
}

/** Tells people what changed, and says which ways to them do not work. */
export async function tellPeople(now: Date, tellers: Tellers): ReturnType<PassParts['tell']> {
  const { env, sql, github, worked } = tellers
  const { broken, ...ways } = openWays(env, tellers)
  const account = await tellFlips({ sql, now, worked, ...ways })
  const refused = github && (await readLabels(now, { sql, github }))
  const failed = account.failed.map(({ channel, subject, error }) => `${channel} of ${subject}: ${error}`)
  const set = new Set(ways.channels.map(({ name }) => name))
  const refusing = (await listRefusingChannels(sql)).filter(({ channel }) => set.has(channel))
  return {
    sent: account.sent.length,
    failed: [...broken.map(({ why }) => why), ...failed, ...(refused ? [refused] : [])],
    mute: [...broken, ...refusing.map(({ channel, error }) => ({ name: channel, why: error }))],
  }
}

/** Whether anybody is listening, on GitHub only: at a laptop somebody sits. Red once a day. */
export async function listenForEars(now: Date, tellers: Tellers): Promise<{ why: string; red: boolean } | undefined> {
  const { env, sql } = tellers
  if (!isOnActions(env)) return undefined
  const { channels, routes, broken } = openWays(env, tellers)
  const names = channels.map(({ name }) => name)
  const why = await sayUnheard({ sql, now, channels: names, routes, problems: broken.map((one) => one.why) })
  return why === undefined ? undefined : { why, red: await takeUnheardTurn(sql, now) }
}

/** Sends a test message to every channel; what cannot be read of the settings is an answer too. */
export async function tryAlerts(
  env: Env,
  how: Pick<Tellers, 'github' | 'environment'> & { readonly by: string | undefined; readonly now: Date },
): Promise<Tried[]> {
  const { channels, broken, facts, redact } = openWays(env, how)
  const tried = await tryChannels({ channels, facts, redact, by: how.by, now: how.now })
  const all = [...tried, ...broken.map(({ name, why }) => ({ channel: name, error: why }))]
  if (all.length > 0) return all
  return [{ channel: 'no channel', error: 'none is set up: README, "Where to be told", says how.' }]
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
