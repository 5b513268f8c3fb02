// How a person's command meets the ledger: opened as for a run, in that person's name, and told on Actions as elsewhere.

import { userInfo } from 'node:os'

import { environmentOf, openApp } from '../src/app.ts'
import { JobFailure } from '../src/core/errors.ts'
import { escapeMarkdown } from '../src/core/markup.ts'
import { jobs } from '../src/leagues/index.ts'
import { checkDatabase } from '../src/ledger/migrate.ts'
import { isFromDatabase } from '../src/lib/db.ts'
import { parseEnv, type Env } from '../src/lib/env.ts'
import { maskSecrets, note, say, sayJson, summarise } from '../src/lib/output.ts'
import { checkRef, readEvent } from '../src/runner/github.ts'
import type { RunnerParts } from '../src/runner/types.ts'
import { listenForEnd } from './command.ts'
import { wakeWatch } from './ops/wake.ts'

export interface Ledger {
  readonly sql: RunnerParts['ledger']
  /** Schedule time: the database's. */
  readonly now: Date
  /** Who does it: GitHub's actor, or this machine's user. */
  readonly actor: string
}

/** What a command has to say: lines for people, facts for `--json`. */
export interface Told {
  readonly lines: readonly string[]
  readonly facts: unknown
  /** What is left for a pass of ops-watch, as `starts it`: it is woken, and what it does is told. */
  readonly watchDoes?: string | undefined
}

export type Act = (ledger: Ledger) => Promise<Told>

/** The inputs of the dispatch that started this process, an empty one left out; undefined when nobody dispatched it. */
export function dispatchInputs(): Readonly<Record<string, string>> | undefined {
  const event = readEvent(parseEnv(process.env))
  if (event?.name !== 'workflow_dispatch') return undefined
  const inputs = (event.payload['inputs'] ?? {}) as Record<string, unknown>
  return Object.fromEntries(Object.entries(inputs).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])))
}

/** Acts on the ledger of an environment and tells what came of it. Throws JobFailure. */
export async function actOnLedger(act: Act, wish: { environment: string | undefined; json: boolean }): Promise<void> {
  const env = parseEnv(process.env)
  const environment = environmentOf(env, wish.environment)
  checkRef(env, environment, readEvent(env))
  maskSecrets(process.env)
  await using app = await openApp({
    env,
    jobs,
    environment,
    projectRoot: process.cwd(),
    cancelled: listenForEnd(),
    write: note,
  })
  const told = await actWith(app.parts, { act, actor: actorOf(env), environment })
  const { watchDoes } = told
  const next =
    watchDoes === undefined ? [] : [`  ${await wakeWatch(watchDoes, app.parts, { env, projectRoot: process.cwd() })}`]
  const lines = [...told.lines, ...next]
  if (wish.json) sayJson(told.facts)
  else say(lines.join('\n'))
  await summarise(env, lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n'))
}

async function actWith(
  parts: RunnerParts,
  { act, actor, environment }: { act: Act; actor: string; environment: string },
): Promise<Told> {
  try {
    await checkDatabase(parts.ledger, environment)
    return await act({ sql: parts.ledger, now: parts.now, actor })
  } catch (error) {
    if (error instanceof JobFailure || !isFromDatabase(error)) throw error
    throw parts.explain(error)
  }
}

/** Who does it: GitHub's actor, or this machine's user. */
export function actorOf(env: Env): string {
  if (env.GITHUB_ACTOR !== undefined) return env.GITHUB_ACTOR
  try {
    return userInfo().username
  } catch {
    return 'somebody on this machine' // in a container its user may have no name
  }
}
