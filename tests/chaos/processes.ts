// The processes of a chaos run: real doors and real passes of ops-watch, what they printed, and what of that no person may
// ever see.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { PROJECT_ROOT } from '../helpers/test-server.ts'
import { processesMarked } from '../helpers/replay.ts'

/** No fault lasts as long as this: a process that does hangs for ever. */
const HANGS_AFTER_MS = 6 * 60_000

export interface Start {
  /** `nfl/bronze`, or `ops/watch`. */
  readonly script: string
  readonly args: readonly string[]
  readonly at: Date
  readonly databaseUrl: string
  readonly nflverseUrl: string
  /** Modules that are loaded first. */
  readonly preload?: readonly string[]
}

export interface Ended extends Start {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly hung: boolean
  readonly lines: readonly string[]
}

/** Runs a script as a process of its own, marked so that all it starts can be found. */
export async function runProcess(start: Start, mark: string): Promise<Ended> {
  const script = join('scripts', `${start.script}.ts`)
  const preload = ['tsx', ...(start.preload ?? [])].flatMap((module) => ['--import', module])
  const child = spawn(process.execPath, [...preload, script, ...start.args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentOf(start, mark),
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line))
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    child.kill('SIGKILL')
  }, HANGS_AFTER_MS)
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (...end) => resolve(end))
  })
  clearTimeout(timer)
  return { ...start, code, signal, hung, lines }
}

// Nothing of GitHub's and nothing of the person's own database may reach the jobs.
function environmentOf({ at, databaseUrl, nflverseUrl }: Start, mark: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(GITHUB_|MATCHDAY_|PG|DATABASE_URL|NODE_TEST)/.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    REPLAY_TEST_MARK: mark,
    DATABASE_URL: databaseUrl,
    MATCHDAY_ENVIRONMENT: 'replay',
    MATCHDAY_NOW: at.toISOString(),
    NFLVERSE_URL: nflverseUrl,
  }
}

/** The living processes that run a script, theirs and their children's. */
export function livingScripts(mark: string): number[] {
  return processesMarked(mark).filter((pid) => /scripts\/(nfl|ops)\//.test(commandOf(pid)))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it ended between the listing and the look
  }
}

/** What a process did that no trouble excuses; empty for one that ended as it should, or was killed by us. */
export function offencesOf({ code, signal, hung, lines }: Ended, password: string): Offence[] {
  const found: Offence[] = []
  if (hung) found.push({ kind: 'hung', line: lines.at(-1) ?? '' })
  const crash = lines.find((line) =>
    /^(?:\S+: )?(?:node:internal|Uncaught|Unhandled|.*ERR_UNHANDLED_REJECTION)/.test(line),
  )
  if (crash !== undefined) found.push({ kind: 'crash', line: crash })
  else if (signal === null && ![0, 1].includes(code ?? -1))
    found.push({ kind: 'exit', line: `${code}: ${lines.at(-1) ?? ''}` })
  const stack = lines.find((line) => /^(?:\S+: )?\s+at .+[:(].+:\d+:\d+\)?$/.test(line))
  if (stack !== undefined) found.push({ kind: 'stack', line: stack })
  const secret = lines.find((line) => line.includes(password))
  if (secret !== undefined) found.push({ kind: 'secret', line: secret.replaceAll(password, '***') })
  return found
}

export interface Offence {
  readonly kind: 'hung' | 'crash' | 'exit' | 'stack' | 'secret'
  readonly line: string
}
