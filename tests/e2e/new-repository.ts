// A new repository, for tests: made from the template on a Tuesday noon, with an empty database, a clock that can
// be moved and a league that never was.

import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { aDatabase, type TestDatabase } from '../helpers/database.ts'
import { aMovedClock, type MovedClock } from '../helpers/hosted/clock.ts'
import { anInternet, type Internet } from '../helpers/hosted/internet.ts'
import { aHostedRepository } from '../helpers/hosted/repository.ts'
import type { HostedOptions, HostedRepository, HostedRun } from '../helpers/hosted/types.ts'

/** Four in New York in the middle of a season: the week's last game is tonight. */
export const MONDAY = new Date('2025-11-10T21:00:00Z')
/** Noon in New York the day after: nothing is left to predict of the week, and the next one begins tomorrow. */
const TUESDAY = new Date('2025-11-11T17:00:00Z')
/** Two seasons are enough to fit a model. */
const FIRST_SEASON = 2023

export interface NewRepository extends AsyncDisposable {
  readonly repository: HostedRepository
  readonly database: TestDatabase
  readonly clock: MovedClock
  readonly internet: Internet
  /** Moves the clock ahead, fires a workflow's cron line and lets everything happen that comes of it. */
  tickAfter(minutes: number, workflow: string): Promise<HostedRun[]>
}

/** The template was used: GitHub pushes it at once, and nothing is set. */
export async function aNewRepository(
  options: Omit<HostedOptions, 'clock'> & { start?: Date } = {},
): Promise<NewRepository> {
  const { start = TUESDAY, ...wish } = options
  const database = await aDatabase({ empty: true })
  const clock = await aMovedClock(database.sql, start)
  const internet = await anInternet(() => clock.now(), FIRST_SEASON)
  const repository = await aHostedRepository({ ...wish, clock, env: { ...internet.env, ...wish.env } })
  return {
    repository,
    database,
    clock,
    internet,
    async tickAfter(minutes, workflow) {
      await clock.moveTo(new Date(clock.now().getTime() + minutes * 60_000))
      repository.tick(workflow)
      return await repository.settle()
    },
    async [Symbol.asyncDispose]() {
      await repository[Symbol.asyncDispose]()
      await internet[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** The person does what README says: one secret, one button. */
export async function setUp({ repository, database }: NewRepository): Promise<HostedRun> {
  repository.secrets['DATABASE_URL'] = database.url
  repository.press('ops-setup')
  const [run] = await repository.settle()
  return run ?? assert.fail('ops-setup did not run')
}

/** How many rows a table has. */
export async function count({ database }: NewRepository, table: string): Promise<number> {
  const [row] = await database.sql<{ rows: number }[]>`select count(*)::integer as rows from ${database.sql(table)}`
  return row?.rows ?? 0
}

/** A line a run: when, what, how it was woken, by whom, how it ended and what it says of itself. */
function sayHops({ repository }: NewRepository): string[] {
  return repository.runs.map(({ at, workflow, event, actor, conclusion, jobs }) => {
    const time = at.toISOString().slice(5, 19).replace('T', ' ')
    const ended = conclusion === 'success' ? (headline(jobs[0]?.log ?? '') ?? 'success') : (conclusion ?? 'waits')
    return `${time}  ${workflow.padEnd(15)} ${event.padEnd(17)} ${actor.padEnd(19)} ${ended}`
  })
}

/** `● nfl/bronze succeeded · ...`, as the door prints it. */
const headline = (log: string) => /^[^\w\s:] (?:\w+\/\w+ .*)$/m.exec(log)?.[0]

/** Prints the hops into the test's output. */
export function tellHops(t: TestContext, made: NewRepository): void {
  for (const hop of sayHops(made)) t.diagnostic(hop)
}

/** Everything that a failed run said. */
export function explain(runs: readonly HostedRun[]): string {
  return runs
    .filter(({ conclusion }) => conclusion === 'failure')
    .map(({ workflow, jobs }) => `${workflow}\n${jobs.map(({ log, summary }) => `${log}\n${summary}`).join('\n')}`)
    .join('\n\n')
}
