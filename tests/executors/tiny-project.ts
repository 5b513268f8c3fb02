// A project with one job whose door writes down how it was called, for executors that start processes.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PROJECT_ROOT } from '../helpers/test-server.ts'

export interface TinyProject extends Disposable {
  readonly root: string
  /** Each call of its door so far, oldest first. */
  calls(): { args: string[]; word: string | undefined }[]
  has(file: string): boolean
  put(file: string): void
}

/** Its only job is nfl/bronze. `rest` is what the door does after it wrote itself down. */
export function aTinyProject(rest = ''): TinyProject {
  const root = mkdtempSync(join(tmpdir(), 'matchday-tiny-'))
  mkdirSync(join(root, 'scripts/nfl'), { recursive: true })
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(root, 'node_modules'), 'dir')
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  const door = `
    import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
    import { setTimeout as pause } from 'node:timers/promises'
    const call: object = { args: process.argv.slice(2), word: process.env.WORD }
    appendFileSync('calls.jsonl', JSON.stringify(call) + '\\n')
    const untilThere = async (file: string) => { while (!existsSync(file)) await pause(5) }
    ${rest}
  `
  writeFileSync(join(root, 'scripts/nfl/bronze.ts'), door)
  const calls = join(root, 'calls.jsonl')
  return {
    root,
    // Whole lines only: the door may be about to write the next one.
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line)) : []), // prettier-ignore
    has: (file) => existsSync(join(root, file)),
    put: (file) => writeFileSync(join(root, file), ''),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** This process's environment, without what would make a child of it report as a test of ours. */
export function childEnv(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return { ...env, ...more }
}
