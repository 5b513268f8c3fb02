// Child processes for tests: a piece of TypeScript run as its own program.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

import { PROJECT_ROOT } from './test-server.ts'

export interface Child extends AsyncDisposable {
  readonly process: ChildProcess
  /** The next line it prints; rejects with its error output when it ends instead. */
  line(): Promise<string>
  /** Waits for its end. */
  ended(): Promise<{ code: number | null; stderr: string }>
  /** Ends its standard input: programs of these tests take that as "finish". */
  finish(): void
}

interface HowToRun {
  readonly args?: readonly string[]
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
}

/** Runs the text as an ES module in the project. */
export function runTypeScript(text: string, options: HowToRun = {}): Child {
  const { args = [], ...how } = options
  return start(['--input-type=module', '--eval', text, '--', ...args], how)
}

/** Runs a file of the project. */
export function runProgram(file: string, args: readonly string[]): Child {
  return start([file, ...args], {})
}

function start(args: readonly string[], how: Omit<HowToRun, 'args'>): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
    // The test runner's own variable would make the child report as one of its test files.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    ...how,
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdin.on('error', () => undefined) // it may be killed while we write
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exit = once(child, 'close')
  const ended = async () => {
    await exit
    return { code: child.exitCode, stderr }
  }
  return {
    process: child,
    async line() {
      const next = await lines.next()
      if (!next.done) return next.value
      throw new Error(`the child ended with ${JSON.stringify(await ended())}`)
    },
    ended,
    finish: () => child.stdin.end(),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exit
    },
  }
}
