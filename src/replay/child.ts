// One job of a replay as a real child process through its own door, tied to this process: when we end, it ends.

import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import type { WakeUpEvent } from './plan.ts'

export interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines it printed, for when something went wrong. */
  readonly output: readonly string[]
}

export interface ChildOptions {
  readonly projectRoot: string
  readonly databaseUrl: string
  /** Where its source is reached, by the variable that names it. */
  readonly address: Readonly<Record<string, string>>
  /** Told every line the child prints. */
  readonly onLine: (line: string) => void
  /** Told the child, so that a signal to us can be passed on. */
  readonly onStart: (child: ChildProcess) => void
}

const OUTPUT_LINES = 40

/** Runs a job's door at a virtual instant and resolves when the process has ended. */
export async function runChild(event: WakeUpEvent, options: ChildOptions): Promise<ChildEnd> {
  const child = fork(join(options.projectRoot, 'scripts', `${event.job}.ts`), ['--trigger', event.trigger], {
    cwd: options.projectRoot,
    // An IPC channel is the tie: the child's door ends its run when the channel closes, even if we were killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--import', 'tsx'],
    env: childEnv(event, options),
  })
  options.onStart(child)
  const output: string[] = []
  const keep = (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      output.push(line)
      if (output.length > OUTPUT_LINES) output.shift()
      options.onLine(line)
    }
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })
}

// Nothing of GitHub's and nothing of the person's own database may reach a replay.
function childEnv(event: WakeUpEvent, options: ChildOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(GITHUB_|ACTIONS_|RUNNER_|MATCHDAY_|PG|DATABASE_URL$)/.test(name),
  )
  return {
    ...Object.fromEntries(inherited),
    DATABASE_URL: options.databaseUrl,
    MATCHDAY_ENVIRONMENT: 'replay',
    MATCHDAY_NOW: event.at.toISOString(),
    ...options.address,
  }
}
