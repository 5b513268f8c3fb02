// What every command of the project does alike: flags in, help, an exit code out, and one sentence when it cannot go on.

import './preflight.cjs'

import { parseArgs, type ParseArgsConfig } from 'node:util'

import { ConfigFailure, JobFailure, toErrorRecord, type ErrorRecord } from '../src/core/errors.ts'
import { explainDatabaseError, isFromDatabase } from '../src/lib/db.ts'
import { isOnActions, parseEnv } from '../src/lib/env.ts'
import { note, openOutput, say } from '../src/lib/output.ts'
import { tellNotice, tellRefusal } from '../src/runner/github.ts'
import { isNeverSetUp, NOT_SET_UP } from '../src/setup/never-set-up.ts'

type Options = NonNullable<ParseArgsConfig['options']>
const HELP = { help: { type: 'boolean', short: 'h' } } as const
type Flags<O extends Options> = ReturnType<typeof parseArgs<{ options: O & typeof HELP; strict: true }>>['values']

export interface Command<O extends Options> {
  /** How a person calls it, for the hint in a refusal: `npm start --`. */
  readonly call: string
  readonly help: string
  readonly options: O
  /** May resolve with an exit code of its own; 0 otherwise. */
  run(flags: Flags<O>): Promise<void> | Promise<number>
}

/** Runs a command and sets the exit code: 0 it ran, 1 it failed, 2 misuse. Never throws. */
export async function runCommand<O extends Options>(command: Command<O>): Promise<void> {
  openOutput(process.env)
  process.exitCode = await main(command).catch(refuse)
}

async function main<O extends Options>(command: Command<O>): Promise<number> {
  const flags = readFlags(command)
  if ('help' in flags && flags.help) {
    say(command.help)
    return 0
  }
  const code = await command.run(flags)
  return typeof code === 'number' ? code : 0
}

function readFlags<O extends Options>({ options, call }: Command<O>): Flags<O> {
  try {
    return parseArgs({ options: { ...options, ...HELP }, strict: true }).values
  } catch (error) {
    throw new ConfigFailure(`${toErrorRecord(error).message}. See ${call} --help.`, { code: 'bad_parameter' })
  }
}

/** Says why nothing ran, or why its end could not be written down; 2 for misuse, otherwise 1. Only a repository that was never
 *  set up is left in peace: 0. */
export async function refuse(error: unknown): Promise<number> {
  if (error instanceof ConfigFailure && error.code === 'no_database' && (await isQuiet())) {
    note(`○ ${NOT_SET_UP}`)
    await tellNotice(parseEnv(process.env), NOT_SET_UP)
    return 0
  }
  const told = isFromDatabase(error) ? explainDatabaseError(error, process.env['DATABASE_URL'] ?? '') : error
  const record = toErrorRecord(told)
  const sentence = record.kind === 'Crash' ? sayCrash(record) : record.message
  note(`✕ ${sentence}`)
  await tellRefusal(process.env, sentence)
  return told instanceof ConfigFailure ? 2 : 1
}

async function isQuiet(): Promise<boolean> {
  const env = parseEnv(process.env)
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository } = env
  if (!isOnActions(env) || token === undefined || repository === undefined) return false
  const { GITHUB_API } = await import('../src/app.ts')
  const { createGithubApi } = await import('../src/executors/octokit-github.ts')
  const apiUrl = env.GITHUB_API_URL ?? GITHUB_API
  return await isNeverSetUp(createGithubApi({ apiUrl, repository, token }))
}

/** A stack is for whoever mends the code, and says little to anybody else: of it only the places in our own code. */
function sayCrash({ message, stack, retryable }: ErrorRecord): string {
  const places = [...(stack ?? '').matchAll(/\b((?:src|scripts|dashboards)\/[\w./-]+\.tsx?:\d+)/g)].map(
    ([, place]) => place,
  )
  const where = places.length === 0 ? '' : ` It happened in ${places.slice(0, 3).join(', called from ')}.`
  const next = retryable ? 'It may be temporary: start it again.' : 'This is a fault in the program: report it.'
  return `${message.replace(/\.$/, '')}.${where} ${next}`
}

/** Aborted when a person or a supervisor stops the command. */
export function listenForEnd(hint = ''): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new JobFailure(`stopped by ${signal}${hint}`)))
  }
  return controller.signal
}
