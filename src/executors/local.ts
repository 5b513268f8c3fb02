// Runs on this machine: a request becomes a process of the job's own door, tied to this one.

import { fork, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

import { JobFailure } from '../core/errors.ts'
import { SWITCHES, toFlag, toParamName } from '../core/params.ts'
import type { Executor, RunRequest } from './types.ts'

export interface LocalOptions {
  /** Where `scripts` and `node_modules` are. */
  readonly projectRoot: string
  /** Told every line that a job prints, with the job before it. */
  readonly write: (line: string) => void
  /** The jobs' environment, whole; this process's own unless given. */
  readonly env?: NodeJS.ProcessEnv
}

export interface LocalExecutor extends Executor {
  /** Resolves once every process that was started has ended. To be awaited before this process exits: the jobs end when
   *  it does. */
  settled(): Promise<void>
}

/** These pass when other processes end. */
const PASSING = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']

/** Its reference is the process, `pid:4711`. */
export function createLocalExecutor(options: LocalOptions): LocalExecutor {
  const running = new Set<Promise<void>>()
  return {
    name: 'local',
    async submit(request) {
      const child = await start(request, options)
      const ended = follow(child, (line) => options.write(`${request.job}: ${line}`))
      running.add(ended)
      void ended.then(() => running.delete(ended))
      return { reference: `pid:${child.pid}` }
    },
    async settled() {
      // Again, because a job may be submitted while others are waited for.
      while (running.size > 0) await Promise.all(running)
    },
  }
}

async function start({ job, inputs }: RunRequest, { projectRoot, env }: LocalOptions): Promise<ChildProcess> {
  const door = `scripts/${job}.ts`
  const script = join(projectRoot, door)
  if (!existsSync(script))
    throw notStarted(job, `there is no ${door} in "${projectRoot}". Expected a door for every job; nothing was run.`)
  try {
    const child = fork(script, ['--trigger', 'request', ...toFlags(inputs)], {
      cwd: projectRoot,
      // The channel is the tie: when it closes the door ends its run, even if we were killed.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', 'tsx'],
      ...(env !== undefined && { env }),
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    return child
  } catch (error) {
    const { code = 'unknown', syscall, message } = error as NodeJS.ErrnoException
    // Node repeats an argument or a variable that it refuses, and that may be a secret; a system call repeats none.
    throw notStarted(job, `${syscall === undefined ? code : message}. Nothing was run.`, PASSING.includes(code))
  }
}

function notStarted(job: string, why: string, retryable = false): JobFailure {
  return new JobFailure(`${job} was not started on this machine: ${why}`, {
    code: 'local_not_started',
    retryable,
    context: { job },
  })
}

/** Dispatch inputs as a door's flags: `dry_run: 'true'` is `--dry-run`. What is empty, or a switch that is off, is left
 *  out. */
function toFlags(inputs: RunRequest['inputs']): string[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const param = toParamName(name)
    const flag = `--${toFlag(param)}`
    if (value === '') return []
    if (!SWITCHES.includes(param)) return [`${flag}=${value}`]
    return value === 'true' ? [flag] : []
  })
}

/** Passes on what it prints and how it ended; resolves then, and never rejects. */
async function follow(child: ChildProcess, write: (line: string) => void): Promise<void> {
  for (const stream of [child.stdout, child.stderr]) passOn(stream, write)
  child.on('error', (error) => write(error.message))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (...end) => resolve(end))
  })
  if (code !== 0) write(`ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`)
}

function passOn(stream: Readable | null, write: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Infinity }).on('line', write)
}
