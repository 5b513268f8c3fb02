// A database whose clock is a day ahead: no process judges by it, people are told which clocks disagree, and what was written
// by such a clock before blinds nobody afterwards.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Sql } from '../../src/lib/db.ts'
import { look } from '../../src/ledger/watch.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import { runTypeScript } from '../helpers/child.ts'
import { aDatabase } from '../helpers/database.ts'
import { aRepository } from '../helpers/repository.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'
import { endStory } from './account.ts'
import { outsideClock, sayRuns } from './stage.ts'

/** Every session that begins from now on reads a clock that is this much ahead. */
async function moveClock(sql: Sql, by: string): Promise<void> {
  const [row] = await sql<{ name: string }[]>`select current_database() as name`
  await sql.unsafe(`
    create or replace function public.clock_timestamp() returns timestamptz language sql volatile
      as $$ select pg_catalog.clock_timestamp() + interval '${by}' $$;
    alter database ${row?.name} set search_path = public, pg_catalog;
  `)
}

const OPEN = `
  const url = process.argv.at(-1)
  const { openApp } = await import('./src/app.ts')
  const { openWatch } = await import('./src/app/watch.ts')
  const { parseEnv } = await import('./src/lib/env.ts')
  const { runJob } = await import('./src/runner/run-job.ts')
  const { makePass } = await import('./src/reconcile/pass.ts')
  const { wakeUpOfFlags } = await import('./src/runner/wake-up.ts')
  const { parseParams } = await import('./src/core/params.ts')
  const { aJob } = await import('./tests/helpers/builders.ts')
  const { toCatalogJob } = await import('./tests/helpers/catalog.ts')
  const job = aJob({ id: 'test/clock', graceMinutes: 10, deadlineMinutes: 30 })
  const env = parseEnv({ DATABASE_URL: url, MATCHDAY_ENVIRONMENT: 'test' })
  const options = { env, jobs: [job], environment: undefined, projectRoot: ${JSON.stringify(PROJECT_ROOT)}, cancelled: new AbortController().signal, write: () => {} }
`

const DOOR = `${OPEN}
  const tell = (said) => console.log(JSON.stringify(said))
  try {
    const app = await openApp(options)
    const call = { wakeUp: wakeUpOfFlags('schedule', {}), params: parseParams(job, {}), defaultParams: true }
    tell({ outcome: (await runJob(job, call, app.parts)).outcome })
    await app[Symbol.asyncDispose]()
  } catch (error) {
    tell({ code: error.code, retryable: error.retryable, message: error.message })
  }
`

const WATCH = `${OPEN}
  const app = await openApp({ ...options, evenIfClocksDisagree: true })
  const catalog = { jobs: [toCatalogJob({ job, cron: ['7 * * * *'] })] }
  const { parts } = openWatch({ env, app, catalog, projectRoot: options.projectRoot, publicRepository: undefined, write: () => {} })
  const { randomUUID } = await import('node:crypto')
  const report = await makePass(parts, { id: randomUUID(), trigger: 'terminal', actor: undefined, githubRunId: undefined })
  console.log(JSON.stringify({ led: report.led, why: report.failures[0]?.why, sent: report.rounds[0]?.sent, incomplete: report.rounds[0]?.incomplete }))
  await app[Symbol.asyncDispose]()
`

/** A line of which a slot is due, and a run that its process has left. */
async function aWaitingSlot(sql: Sql): Promise<void> {
  const [row] = await sql<{ due: Date }[]>`select date_trunc('minute', clock_timestamp()) - interval '2 minutes' as due`
  const due = row?.due ?? new Date(0)
  const lines = [{ job: 'test/clock', cron: `${due.getUTCMinutes()} * * * *`, zone: 'UTC' }]
  await registerSchedules(sql, { lines, commit: 'c0ffee', at: new Date(due.getTime() - 60_000) })
  await sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at)
    select 'test/clock', ${due}, id, 'p', 'due', ${due}, ${new Date(due.getTime() + 30 * 60_000)}, ${due} from ledger.schedules
  `
}

const accountOf = async (sql: Sql) => {
  const slots = await sql`select job, due_at, state from ledger.slots order by due_at`
  const [runs] = await sql<{ count: number }[]>`select count(*)::integer as count from ledger.runs`
  const [requests] = await sql<{ count: number }[]>`select count(*)::integer as count from ledger.requests`
  return { slots: slots.map((row) => ({ ...row })), runs: runs?.count, requests: requests?.count }
}

for (const by of ['1 day', '-1 day', '16 minutes'] as const) {
  test(`a database clock that is ${by} ahead: a door refuses, and a pass tells people; neither changes a slot`, async () => {
    await using database = await aDatabase()
    await aWaitingSlot(database.sql)
    const before = await accountOf(database.sql)
    await moveClock(database.sql, by)

    await using door = runTypeScript(DOOR, { args: [database.url] })
    const refused = JSON.parse(await door.line()) as { code: string; retryable: boolean; message: string }
    await using watch = runTypeScript(WATCH, { args: [database.url] })
    const pass = JSON.parse(await watch.line()) as { led: boolean; why: string; sent: unknown[]; incomplete: boolean }

    assert.deepEqual([refused.code, refused.retryable], ['clocks_apart', true])
    assert.match(refused.message, /^the database's clock says .* UTC and this machine's says .* UTC, .* apart: expected at most 15 m\. .*Set the wrong one right, then run again/) // prettier-ignore
    assert.deepEqual([pass.led, pass.sent, pass.incomplete], [false, [], true])
    assert.match(pass.why, /^the database's clock says /)
    assert.deepEqual(await accountOf(database.sql), before)
    const [incident] = await database.sql`
      select subject, cause, severity, opened_at <= pg_catalog.clock_timestamp() as past from ledger.incidents
    `
    assert.deepEqual({ ...incident }, { subject: 'ops/watch', cause: 'watch_failed', severity: 'critical', past: true })
  })
}

test('a clock that is ten minutes ahead is believed', async () => {
  await using database = await aDatabase()
  await aWaitingSlot(database.sql)
  await moveClock(database.sql, '10 minutes')

  await using door = runTypeScript(DOOR, { args: [database.url] })

  assert.deepEqual(JSON.parse(await door.line()), { outcome: 'succeeded' })
})

const daily = aJob({ id: 'test/daily' })
const quiet = aJob({ id: 'test/quiet' })
const JOBS = [
  { job: daily, cron: ['7 8 * * *'] },
  { job: quiet, cron: [] },
]

test('a pass that was made a day ahead blinds nobody: once the clock is right, looks poke, gaps count and what is overdue is rescued', async () => {
  await using repository = await aRepository({ jobs: JOBS })
  const { sql } = repository.world
  // Before processes refused, or on one machine whose only clock was wrong.
  await repository.runUntil('18 06:00')
  await sql`
    update ledger.watch set looked_at = ${at('19 06:00')}, next_action_at = ${at('19 08:37')}, poked_at = ${at('19 06:00')},
      listed_at = ${at('19 06:00')}, listed_until = ${at('19 05:55')}, states_at = ${at('19 06:00')}
  `
  await repository.runUntil('18 08:40')

  let pokes = 0
  await repository.world.wake(quiet, '18 08:40', { parts: { poke: () => Promise.resolve(void pokes++) } })
  assert.equal(pokes, 1)
  outsideClock(repository, '18 08:41', '18 09:00')
  await endStory(repository, '18 12:00')

  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  const [watch] = await sql<{ looked_at: Date; listed_at: Date }[]>`select looked_at, listed_at from ledger.watch`
  assert.deepEqual(
    [watch?.looked_at, watch?.listed_at].map((one) => one && say(one).slice(0, 2)),
    ['18', '18'],
  )
})

test('requests, retries and messages that wait for a day ahead go out now', async () => {
  await using repository = await aRepository({ jobs: JOBS })
  const { sql } = repository.world
  await repository.runUntil('18 08:40')
  await repository.pass()
  await sql`delete from ledger.requests`
  await sql`
    insert into ledger.requests (job, kind, slot_due_at, reason, parameters, next_try_at, created_at)
    values ('test/daily', 'rescue', ${at('18 08:07')}, 'r', '{}', ${at('19 08:50')}, ${at('19 08:40')})
  `
  await sql`update ledger.slots set not_before = ${at('19 08:50')}, changed_at = ${at('19 08:20')} where due_at = ${at('18 08:07')}`
  await sql`update ledger.watch set looked_at = ${at('19 08:40')}`

  await repository.runUntil('18 08:45')
  await repository.pass()
  await repository.runUntil('18 08:47')

  assert.deepEqual(await repository.world.slots(daily, '18 12:00'), ['18 08:07 served'])
})

test('a lease that was taken a day ahead, by a pass that died, is taken over', async () => {
  await using repository = await aRepository({ jobs: JOBS })
  await repository.runUntil('18 08:40')
  await repository.world.sql`
    update ledger.watch set holder = gen_random_uuid(), lease_until = clock_timestamp() + interval '1 day'
  `

  assert.equal((await repository.pass()).led, true)
})

test('of many looks that find the account ahead at once, one pokes', async () => {
  await using database = await aDatabase()
  const { sql } = database
  await sql`update ledger.watch set looked_at = ${at('19 08:00')}, poked_at = ${at('19 08:00')}, next_action_at = ${at('19 09:00')}`

  const looks = Array.from({ length: 8 }, (_, i) =>
    look(sql, { now: at(`18 08:00:0${i}`), by: 'test/quiet', urgent: false, mayPoke: true }),
  )
  const poked = (await Promise.all(looks)).filter(Boolean).length

  assert.equal(poked, 1)
})
