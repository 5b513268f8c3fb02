// From the button to the first graded week, under GitHub's real rules: nobody but the person who presses it does anything, no cron
// line is waited for until the first predictions are there, and no silent failure is left green.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { dueBetween } from '../../src/schedule/cron.ts'
import { ROOT } from '../checks/files.ts'
import type { HostedOptions } from '../helpers/hosted/types.ts'
import { aNewRepository, count, explain, MONDAY, setUp, tellHops, type NewRepository } from './new-repository.ts'

/** Monday's games are graded, 23:07 in Los Angeles, or a pass has come that starts what GitHub's cron forgot; and it is an hour
 *  since people were told of that, for of one trouble they hear once an hour. */
const WEEK_OVER = new Date('2025-11-18T09:37:00Z')
const HOUR = 3_600_000
/** The root of each league and all that depends on it. */
const EVERYTHING = ['fantasy/import', 'nfl/bronze', 'nfl/features', 'nfl/predict', 'nfl/results', 'nfl/silver', 'nfl/train'] // prettier-ignore

test('before anything is set the push and the cron lines are green and say what to do', async (t) => {
  await using hour = await aNewRepository()

  hour.repository.push(['.github/workflows/nfl-bronze.yml', 'src/ledger/migrations/0001_ledger.sql'])
  for (const workflow of ['nfl-bronze', 'fantasy-import', 'ops-watch', 'ops-cleanup', 'ops-dashboard'])
    hour.repository.tick(workflow)
  const runs = await hour.repository.settle()

  tellHops(t, hour)
  // What ended green wakes what is chained to it, as on any day.
  const chained = ['nfl-silver workflow_run', 'nfl-features workflow_run', 'nfl-train workflow_run']
  assert.deepEqual(runs.slice(6).map(({ workflow, event }) => `${workflow} ${event}`), chained) // prettier-ignore
  assertAllGreen(runs)
  for (const { jobs: parts } of runs) assert.match(parts[0]?.log ?? '', /::notice.*DATABASE_URL.*ops-setup/)
})

test("one press leads to the first predictions within the hour, where a token's run also wakes the next", async (t) => {
  await using hour = await aPressedButton({ chainsBelowToken: true })

  tellHops(t, hour)
  await assertFirstHour(hour)
})

test("one press and no more, where a token's run does not wake the next: half of the cron lines are dropped, and the week comes to its grades and a site", async (t) => {
  await using hour = await aPressedButton({ branch: 'trunk' })
  const { repository } = hour
  await assertFirstHour(hour)

  for (const { at, workflow } of await ticksUntil(WEEK_OVER)) {
    await hour.clock.moveTo(at)
    repository.tick(workflow)
    await repository.settle()
  }
  await hour.clock.moveTo(WEEK_OVER)
  repository.tick('ops-watch')
  await repository.settle()
  repository.press('ops-dashboard')
  await repository.settle()

  tellHops(t, hour)
  assertAllGreen(repository.runs)
  await assertNothingLeft(hour)
  await assertGraded(hour)
  assert.ok(repository.sites.includes('actions/deploy-pages'))
  assert.ok(existsSync(join(repository.root, 'site/index.html')))
  assert.match(readFileSync(join(repository.root, 'site/status.json'), 'utf8'), /nfl\/results/)
})

/** The template was used on a Monday afternoon, and its owner did what README says. */
async function aPressedButton(options: Omit<HostedOptions, 'clock'>): Promise<NewRepository> {
  const hour = await aNewRepository({ ...options, start: MONDAY })
  hour.repository.push(['.github/workflows/nfl-bronze.yml'])
  await hour.repository.settle()
  await setUp(hour)
  return hour
}

async function assertFirstHour(hour: NewRepository): Promise<void> {
  assertAllGreen(hour.repository.runs)
  assert.deepEqual(await listSucceeded(hour), EVERYTHING)
  assert.ok((await count(hour, 'predictions.games')) > 0)
  assert.ok((await count(hour, 'predictions.fantasy')) > 0)
  assert.ok(hour.clock.now().getTime() - MONDAY.getTime() < HOUR)
  assert.deepEqual(hour.repository.github.issues, [], 'nothing is wrong on the first day')
  assertNoSecretWhileInstalling(hour)
}

function assertAllGreen(runs: NewRepository['repository']['runs']): void {
  const others = runs.filter(({ conclusion }) => conclusion !== 'success')
  assert.deepEqual(others.map(({ workflow, conclusion }) => `${workflow} ${conclusion}`), [], explain(runs)) // prettier-ignore
}

/** The jobs that have succeeded, each as often as it did. */
async function listSucceeded({ database }: NewRepository): Promise<string[]> {
  const rows = await database.sql<{ job: string }[]>`
    select job from ledger.runs where outcome = 'succeeded' and job <> 'ops/cleanup' order by job
  `
  return rows.map(({ job }) => job)
}

/** Every slot was served, once, and what people were told is over: but for the hours in which nobody looks without an outside clock. */
async function assertNothingLeft({ database: { sql }, repository }: NewRepository): Promise<void> {
  const unserved = await sql`
    select job, due_at, state, reason from ledger.slots where due_at < ${WEEK_OVER} and state <> 'served'
  `
  assert.deepEqual([...unserved], [])
  const twice = await sql`
    select job, slot_due_at from ledger.runs where outcome in ('succeeded', 'partial') and slot_due_at is not null
    group by 1, 2 having count(*) > 1
  `
  assert.deepEqual([...twice], [])
  const open = repository.github.issues.filter(({ state }) => state === 'open').map(({ title }) => title)
  assert.deepEqual(open.filter((title) => !/Nobody looked for \d+ h/.test(title)), []) // prettier-ignore
}

/** Of the night of the first day, and of the whole week after it, every market. */
async function assertGraded({ database: { sql } }: NewRepository): Promise<void> {
  const rows = await sql<{ period: string; markets: number; games: number }[]>`
    select period, count(distinct market)::integer as markets, count(distinct game_id)::integer as games
    from predictions.graded group by period order by period
  `
  assert.deepEqual(rows.map(({ period, markets }) => [period.slice(-2), markets]), [['10', 3], ['11', 3]]) // prettier-ignore
  assert.ok((rows[1]?.games ?? 0) > 10, `${rows[1]?.games} games`)
}

/** Packages bring code of strangers: while they are installed nothing secret is in the environment. */
function assertNoSecretWhileInstalling({ repository, database }: NewRepository): void {
  assert.ok(repository.installs.length > 0)
  for (const env of repository.installs) {
    const values = Object.values(env)
    assert.deepEqual(values.filter((value) => value === database.url || value.startsWith('token-')), []) // prettier-ignore
  }
}

/** When GitHub's cron fires: every second of the due times, and ops-watch twice a day. */
async function ticksUntil(end: Date): Promise<{ at: Date; workflow: string }[]> {
  const catalog = await readCatalog(ROOT, jobs)
  const lines = catalog.jobs.flatMap(({ workflow, schedules }) => schedules.map((line) => ({ workflow, line })))
  const ofJobs = lines
    .flatMap(({ workflow, line }) => dueBetween(line, MONDAY, end).map((at) => ({ at, workflow })))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .filter((_, i) => i % 2 === 1)
  const passes = dueBetween({ cron: '37 5,17 * * *', zone: 'UTC' }, MONDAY, end)
  return [...ofJobs, ...passes.map((at) => ({ at, workflow: 'ops-watch' }))].sort((a, b) => a.at.getTime() - b.at.getTime()) // prettier-ignore
}
