// How long a job takes that has nothing to do: from the start of its process to the end, and where that time goes.

import { execFileSync } from 'node:child_process'

import { ROOT } from '../checks/files.ts'
import { toFigure, type Figure } from './figures.ts'

const RUNS = 10

/** Measures one node binary against a migrated database of environment `bench`. Each of the first two lines, and of the last two, contains the one above it. */
export function benchDoor(node: string, url: string): Figure[] {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  const run = (...args: string[]) =>
    execFileSync(node, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: url, MATCHDAY_ENVIRONMENT: 'bench' },
    })
  const stages: [string, string[]][] = [
    ['node', ['--eval', '0']],
    ['and tsx', ['--import', 'tsx', '--eval', '0']],
    // As run-job starts it: see scripts/typescript.mjs.
    ['the modules of a door', ['--import', './scripts/typescript.mjs', '--eval', 'import("./scripts/door.ts")']],
    [
      'and a run that is gated',
      ['--import', './scripts/typescript.mjs', 'scripts/nfl/bronze.ts', '--trigger', 'schedule'],
    ],
  ]
  return stages.map(([what, args]) => {
    run(...args) // the first time fills the cache of what is compiled
    return toFigure(
      `${version}: ${what}`,
      Array.from({ length: RUNS }, () => time(() => run(...args))),
    )
  })
}

function time(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}
