// Runs that do not end well: failed, not ready, partial, abandoned, cancelled, cut off from the database. The slot must
// end in a known state, and nothing may be served twice.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure, LedgerFailure, SourceFailure } from '../../src/core/errors.ts'
import type { JobReturn } from '../../src/core/job.ts'
import { takeRun } from '../../src/ledger/runs.ts'
import { openDatabase } from '../../src/lib/db.ts'
import type { RunReport } from '../../src/runner/types.ts'
import { aJob, anOrigin, aRun, at, deadProcess, foreignProcess } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

const away = () => Promise.reject(new SourceFailure('nflverse answered 503', { retryable: true }))
const daily = (wish: Parameters<typeof aJob>[0]) => {
  const job = aJob(wish)
  return { job, cron: ['7 8 * * *'] }
}

test('a job that fails of what may be temporary stays due until its deadline, however often, and its runs form one chain', async () => {
  const scheduled = daily({ run: away })
  const { job } = scheduled
  await using world = await aWorld(scheduled)

  const reports: RunReport[] = []
  for (let hour = 8; hour < 14; hour += 1) reports.push(await world.wake(job, `18 ${String(hour).padStart(2, '0')}:07`))
  const before = await world.slots(job, '18 23:00')
  const late = await world.wake(job, '18 14:08')

  assert.deepEqual(
    reports.map((report) => [report.outcome, report.run.attempt, report.run.retryOf]),
    reports.map((_, i) => ['failed', i + 1, reports[i - 1]?.run.id]),
  )
  assert.equal(new Set(reports.map((report) => report.run.correlationId)).size, 1)
  assert.deepEqual(before, ['18 08:07 due'])
  assert.equal(late.outcome, 'gated')
  const [slot] = await world.sql`select state, tries, reason from ledger.slots where due_at = ${at('18 08:07')}`
  assert.deepEqual({ ...slot }, { state: 'missed', tries: 6, reason: 'nflverse answered 503; the deadline passed' })
})

test('a retry that succeeds serves the slot', async () => {
  let tries = 0
  const scheduled = daily({ run: () => (++tries < 3 ? away() : Promise.resolve()) })
  await using world = await aWorld(scheduled)

  for (const hour of ['18 08:07', '18 08:40', '18 09:10']) await world.wake(scheduled.job, hour)

  assert.deepEqual(await world.slots(scheduled.job, '18 23:00'), ['18 08:07 served'])
})

test('a source that has nothing yet gives the slot back and costs no try', async () => {
  const returned: JobReturn[] = [{ notReady: 'week 12 is not out' }, { notReady: 'week 12 is not out' }, undefined]
  const scheduled = daily({ run: () => Promise.resolve(returned.shift()) })
  await using world = await aWorld(scheduled)

  const first = await world.wake(scheduled.job, '18 08:07')
  const [between] = await world.sql`select state, tries, reason from ledger.slots where due_at <= ${at('18 09:00')}`
  await world.wake(scheduled.job, '18 08:37')
  const third = await world.wake(scheduled.job, '18 09:07')

  assert.equal(first.outcome, 'not_ready')
  assert.deepEqual({ ...between }, { state: 'due', tries: 0, reason: 'week 12 is not out' })
  assert.equal(third.run.attempt, 3)
  assert.deepEqual(await world.slots(scheduled.job, '18 23:00'), ['18 08:07 served'])
})

test('a run in which items failed is partial, serves its slot and leaves dead letters that count up', async () => {
  const scheduled = daily({
    run(_day, ctx) {
      ctx.count('game', { read: 3, written: 2 })
      ctx.fail({ kind: 'game', key: 'BAL_PIT', code: 'no_score', message: 'a final without a score' })
      return Promise.resolve()
    },
  })
  await using world = await aWorld(scheduled)

  const report = await world.wake(scheduled.job, '18 08:07')
  await world.wake(scheduled.job, '19 08:07')

  assert.equal(report.outcome, 'partial')
  assert.deepEqual(await world.slots(scheduled.job, '19 23:00'), ['18 08:07 served', '19 08:07 served'])
  const letters = await world.sql`select key, times from ledger.dead_letters`
  assert.deepEqual([...letters], [{ key: 'BAL_PIT', times: 2 }])
  const [items] = await world.sql`select read, written, failed from ledger.items where run_id = ${report.run.id}`
  assert.deepEqual({ ...items }, { read: '3', written: '2', failed: '1' })
})

test('a crash is a failed run with its stack, told in the report', async () => {
  const scheduled = daily({ run: () => Promise.reject(new TypeError('x is not a function')) })
  await using world = await aWorld(scheduled)

  const report = await world.wake(scheduled.job, '18 08:07')

  assert.equal(report.outcome, 'failed')
  assert.equal(report.errors[0]?.kind, 'Crash')
  assert.match(report.errors[0]?.stack ?? '', /stories-failure/)
})

test('a run whose process is gone from this host is abandoned at once, and its slot served', async () => {
  const scheduled = daily({})
  await using world = await aWorld(scheduled)
  const lost = await startElsewhere(world, scheduled.job.id, deadProcess())

  const report = await world.wake(scheduled.job, '18 08:11')

  assert.equal(report.outcome, 'succeeded')
  assert.equal(report.run.retryOf, lost)
  assert.deepEqual(await endOf(world, lost), { outcome: 'abandoned', reason: 'its process is gone' })
})

test('a run on another host keeps its slot until its lease is over', async () => {
  const scheduled = daily({})
  await using world = await aWorld(scheduled)
  const lost = await startElsewhere(world, scheduled.job.id, foreignProcess)

  const before = await world.wake(scheduled.job, '18 08:11')
  await world.sql`update ledger.runs set heartbeat_at = heartbeat_at - interval '301 seconds' where id = ${lost}`
  const after = await world.wake(scheduled.job, '18 08:17')

  assert.equal(before.outcome, 'gated')
  assert.equal(after.outcome, 'succeeded')
  assert.match((await endOf(world, lost)).reason, /^silent for 30\d s$/)
})

test('a process that lives here but hangs loses its slot with its lease', async () => {
  const scheduled = daily({})
  await using world = await aWorld(scheduled)
  const hung = await startElsewhere(world, scheduled.job.id, anOrigin().identity)
  await world.sql`update ledger.runs set heartbeat_at = heartbeat_at - interval '301 seconds' where id = ${hung}`

  const report = await world.wake(scheduled.job, '18 08:17')

  assert.equal(report.outcome, 'succeeded')
  assert.equal((await endOf(world, hung)).outcome, 'abandoned')
})

test('a slot that is given back after its deadline is missed, not served', async () => {
  const scheduled = daily({ deadlineMinutes: 60 })
  await using world = await aWorld(scheduled)
  await startElsewhere(world, scheduled.job.id, deadProcess())

  const report = await world.wake(scheduled.job, '18 11:00')

  assert.equal(report.outcome, 'gated')
  assert.deepEqual(await world.slots(scheduled.job, '18 23:00'), ['18 08:07 missed'])
})

test('an abandoned run that wakes again can write nothing, and does not end itself', async () => {
  let waking: () => void = () => undefined
  const asleep = new Promise<void>((resolve) => (waking = resolve))
  let runs = 0
  const scheduled = daily({
    async run(_day, ctx) {
      if (++runs > 1) return
      await asleep
      await ctx.lake.write((tx) => tx`insert into lake_of_test values (1)`)
    },
  })
  const { job } = scheduled
  await using world = await aWorld(scheduled)
  await world.sql`create table lake_of_test (n integer)`
  const sleeper = world.wake(job, '18 08:07')
  while (runs === 0) await new Promise(setImmediate)
  await world.sql`update ledger.runs set heartbeat_at = heartbeat_at - interval '301 seconds'`
  const second = await world.wake(job, '18 08:20')
  waking()
  const first = await sleeper

  assert.equal(second.outcome, 'succeeded')
  assert.equal(first.outcome, 'abandoned')
  assert.equal(first.errors[0]?.code, 'fenced')
  assert.equal((await world.sql`select 1 from lake_of_test`).length, 0)
  assert.equal((await endOf(world, first.run.id)).outcome, 'abandoned')
  assert.deepEqual(await world.slots(job, '18 23:00'), ['18 08:07 served'])
})

test('a database that goes away during the run ends in one sentence, and the slot comes back', async () => {
  let hangUp = () => Promise.resolve()
  const scheduled = daily({ run: () => hangUp() })
  const { job } = scheduled
  await using world = await aWorld(scheduled)
  await using ledger = openDatabase(world.url, { max: 1 })
  hangUp = () => ledger.sql.end({ timeout: 0 })

  await assert.rejects(world.wake(job, '18 08:07', { parts: { ledger: ledger.sql } }), (error) => {
    assert.ok(error instanceof LedgerFailure)
    assert.match(error.message, /^test\/one ended as succeeded, but its run \S+ could not be closed: the database at /)
    assert.match(error.message, /its slot is due again$/)
    return true
  })

  await world.sql`update ledger.runs set heartbeat_at = heartbeat_at - interval '301 seconds'`
  await world.wake(aJob(), '18 08:30', { parts: { jobs: [] } })
  assert.deepEqual(await world.slots(job, '18 23:00'), ['18 08:07 served'])
})

test('a connection that was cut while the job worked costs nothing: the end is written on a new one', async () => {
  let cut: () => Promise<unknown> = () => Promise.resolve()
  const scheduled = daily({ run: async () => void (await cut()) })
  const { job } = scheduled
  await using world = await aWorld(scheduled)
  await using ledger = openDatabase(world.url, { max: 1, applicationName: 'to be cut' })
  cut = () => world.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'to be cut' and datname = current_database()
  `

  const report = await world.wake(job, '18 08:07', { parts: { ledger: ledger.sql, rhythm: { endForMs: () => 30_000 } } }) // prettier-ignore

  assert.equal(report.outcome, 'succeeded')
  assert.deepEqual(await world.slots(job, '18 23:00'), ['18 08:07 served'])
})

test('a database that is away before the run begins is one sentence, and nothing is written', async () => {
  const scheduled = daily({})
  await using world = await aWorld(scheduled)
  await using nowhere = openDatabase('postgres://ann:s3cr3t@127.0.0.1:1/league')

  await assert.rejects(
    world.wake(scheduled.job, '18 08:07', { parts: { ledger: nowhere.sql } }),
    (error) => error instanceof LedgerFailure && /refused the connection/.test(error.message),
  )
})

test('a database of another environment is refused before anything is written', async () => {
  const scheduled = daily({})
  await using world = await aWorld(scheduled)

  await assert.rejects(
    world.wake(scheduled.job, '18 08:07', { parts: { environment: 'production' } }),
    (error) => error instanceof ConfigFailure && /belongs to the environment "test"/.test(error.message),
  )
  assert.equal((await world.sql`select 1 from ledger.slots union all select 1 from ledger.runs`).length, 0)
})

async function startElsewhere(world: World, job: string, identity = foreignProcess): Promise<string> {
  await world.wake(aJob({ id: 'test/nobody' }), '18 08:06') // so that the slot is written
  const run = aRun({ job, slotDueAt: at('18 08:07'), startedAt: at('18 08:07'), origin: anOrigin({ identity }) })
  assert.deepEqual(await takeRun(world.sql, run), { taken: true })
  return run.id
}

async function endOf(world: World, runId: string): Promise<{ outcome: string; reason: string }> {
  const [row] = await world.sql`select outcome, reason from ledger.runs where id = ${runId}`
  return { ...row } as { outcome: string; reason: string }
}
