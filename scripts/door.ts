// The one door behind all doors: reads arguments, environment and event, runs a job, prints how it ended, sets the exit
// code. 0 succeeded, partial, gated or not ready; 1 failed; 2 misuse (then there is no run).

import './preflight.cjs'

import { parseArgs } from 'node:util'

import { environmentOf, openApp } from '../src/app.ts'
import { ConfigFailure, toErrorRecord } from '../src/core/errors.ts'
import type { AnyJob } from '../src/core/job.ts'
import {
  isDefault,
  paramHelp,
  paramNames,
  parseParams,
  SWITCHES,
  toFlag,
  toParamName,
  type RawParams,
} from '../src/core/params.ts'
import { exitCodeOf } from '../src/core/run.ts'
import { helpOf, jobs } from '../src/leagues/index.ts'
import { parseEnv, type Env } from '../src/lib/env.ts'
import { maskSecrets, note, openOutput, say, sayJson } from '../src/lib/output.ts'
import { checkRef, findStranger, readEvent, tellActions, tellNotice } from '../src/runner/github.ts'
import { toPlainData, toText } from '../src/runner/report-text.ts'
import { runJob } from '../src/runner/run-job.ts'
import type { JobCall, RunReport } from '../src/runner/types.ts'
import { wakeUpOfEvent, wakeUpOfFlags } from '../src/runner/wake-up.ts'

interface Flags {
  readonly raw: RawParams
  readonly trigger: string | undefined
  readonly request: string | undefined
  readonly json: boolean
  readonly help: boolean
}

/** Runs one job for whatever woke this process and sets the exit code. Never throws. */
export async function door(id: string, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  openOutput(process.env)
  process.exitCode = await pass(id, argv).catch(async (error: unknown) => (await import('./command.ts')).refuse(error))
}

async function pass(id: string, argv: readonly string[]): Promise<number> {
  const job = jobs.find((one) => one.id === id) ?? unregistered(id)
  const flags = readFlags(job, argv)
  if (flags.help) {
    say(describe(job))
    return 0
  }
  const env = parseEnv(process.env)
  const event = readEvent(env)
  const stranger = findStranger(env, event)
  if (stranger !== undefined) return await leaveAlone(env, stranger)
  const wakeUp = event ? wakeUpOfEvent(event) : wakeUpOfFlags(flags.trigger, flags.raw, flags.request)
  const call: JobCall = { wakeUp, params: parseParams(job, wakeUp.raw), defaultParams: isDefault(job, wakeUp.raw) }
  job.namedPeriod(call.params, new Date(0)) // a period that is none is misuse too, and needs no database to be told
  checkRef(env, environmentOf(env, call.params.environment), event)
  maskSecrets(process.env)
  const report = await runWith(job, call, { env, toStderr: flags.json })
  if (flags.json) sayJson(toPlainData(report))
  else say(toText(report))
  await tellActions(env, report).catch((error: unknown) => {
    // The run is in the ledger: a summary that cannot be written must not turn its end into another.
    note(`the summary was not written: ${toErrorRecord(error).message}`)
  })
  return exitCodeOf(report.outcome)
}

/** Strangers must neither run anything nor make a run red that somebody is told of. */
async function leaveAlone(env: Env, sentence: string): Promise<number> {
  note(`○ ${sentence}`)
  await tellNotice(env, sentence)
  return 0
}

/** Nobody writes down slots of a job that the registry does not have: it would find nothing due for ever, and say that all is well. */
function unregistered(id: string): never {
  throw new ConfigFailure(
    `${id} is not registered, so that it is never due: add it to the list of its league, src/leagues/${id.split('/')[0] ?? ''}/jobs.ts. "npm run check" says what else it lacks. Nothing was run.`,
    { code: 'unregistered_job' },
  )
}

async function runWith(
  job: AnyJob,
  call: JobCall,
  { env, toStderr }: { env: Env; toStderr: boolean },
): Promise<RunReport> {
  await using app = await openApp({
    env,
    jobs,
    environment: call.params.environment,
    projectRoot: process.cwd(),
    cancelled: listenForEnd(),
    write: toStderr ? note : say,
  })
  return await runJob(job, call, app.parts)
}

/** Aborted when the process is told to end: by a signal, or because the replay that started it is gone. */
function listenForEnd(): AbortSignal {
  const controller = new AbortController()
  const end = (why: string) => controller.abort(new Error(`told to stop by ${why}`))
  process.once('SIGINT', () => end('SIGINT'))
  process.once('SIGTERM', () => end('SIGTERM'))
  if (process.connected) {
    process.once('disconnect', () => end('the end of its parent'))
    process.channel?.unref()
  }
  return controller.signal
}

function readFlags(job: AnyJob, argv: readonly string[]): Flags {
  const params = paramNames(job).map(
    (name) => [toFlag(name), { type: SWITCHES.includes(name) ? 'boolean' : 'string' }] as const,
  )
  const own = {
    trigger: { type: 'string' },
    request: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    const { values } = parseArgs({ args: [...argv], options: { ...Object.fromEntries(params), ...own }, strict: true })
    const { trigger, request, json, help, ...rest } = values as Record<string, string | boolean | undefined>
    const raw = Object.fromEntries(Object.entries(rest).map(([flag, value]) => [toParamName(flag), value]))
    const texts = { trigger: trigger as string | undefined, request: request as string | undefined }
    return { raw, ...texts, json: json === true, help: help === true }
  } catch (error) {
    throw new ConfigFailure(`${toErrorRecord(error).message}. See --help.`, { code: 'bad_parameter' })
  }
}

function describe(job: AnyJob): string {
  const help = helpOf(job.league)
  const named = Object.keys(job.namedBy)
  const lines = paramNames(job).map((name) => {
    const value = SWITCHES.includes(name) ? '' : ` ${name.toUpperCase()}`
    return `  --${toFlag(name)}${value}`.padEnd(30) + paramHelp(name, help)
  })
  return [
    `${job.id}: ${job.title}`,
    '',
    `Usage: npm run job ${job.id} -- [parameters]`,
    '',
    ...lines,
    '  --json'.padEnd(30) + 'the end of the run as one line of JSON; the log goes to stderr',
    '',
    `${named.length === 0 ? 'It' : `Without a ${named.join(' and ')} it`} takes the slot that is due, or runs for the present if none is.`,
    'Exit code: 0 succeeded, partial, gated or not ready; 1 failed; 2 misuse.',
  ].join('\n')
}
