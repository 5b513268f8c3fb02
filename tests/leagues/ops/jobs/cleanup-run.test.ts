// A cleanup as a run: what it says, its dry run, being told to stop, its inputs and its period.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { parseParams } from '../../../../src/core/params.ts'
import { opsCleanup } from '../../../../src/leagues/ops/jobs.ts'
import { aRetentionWorld, days } from '../../../helpers/retention.ts'
import { until } from '../../../helpers/until.ts'

const { sql, clean, aRun, aLivelyJob, stay, someRuns, ...world } = await aRetentionWorld()
after(() => world[Symbol.asyncDispose]())

test('it says per job what it deleted and what it kept, and all in all', async () => {
  await clean()
  const job = await aLivelyJob()
  for (const outcome of ['succeeded', 'succeeded', 'gated', 'failed', 'abandoned', 'partial'] as const)
    await aRun(job, { outcome })
  const [before] = await sql<{ count: number }[]>`select count(*)::integer as count from ledger.runs`

  const { record } = await clean()

  const [table] = record.tables
  assert.equal(table?.title, 'What was deleted and kept')
  const kept = { 'kept succeeded': 1, 'kept failures': 2, 'kept partials': 1, 'kept others': 0 }
  assert.deepEqual(table.rows[0], { job, deleted: 3, ...kept })
  const counts = record.items.get('run')
  assert.deepEqual([counts?.written, counts?.skipped], [3, (before?.count ?? 0) + 1 - 3])
})

test('a second cleanup finds nothing more to do', async () => {
  await aRun(await aLivelyJob())
  await clean()

  const { record } = await clean()

  assert.equal(record.items.get('run')?.written, 0)
})

test('a dry run says what would go, each run once, and keeps it', async () => {
  const job = await aLivelyJob()
  const first = await aRun(job, { outcome: 'not_ready', endedAt: new Date('2010-01-01') })
  await someRuns(job, { count: 4_500, from: '2011-01-01', outcome: 'succeeded' })
  const last = await aRun(job, { retryOf: first, endedAt: new Date('2012-01-01') })

  const dry = await clean({ raw: { dryRun: 'true' } })
  const kept = await stay(first, last)
  const real = await clean()

  assert.deepEqual(kept, [true, true])
  assert.deepEqual(dry.record.items.get('run')?.written, 4_502)
  assert.deepEqual(real.record.items.get('run')?.written, 4_502)
})

test('told to stop it stops between two batches, and the next one goes on', async () => {
  const job = await aLivelyJob()
  await someRuns(job, { count: 30_000, from: '2015-01-01', outcome: 'succeeded' })
  const left = async () =>
    (await sql`select 1 from ledger.runs where job = ${job} and started_at < '2016-01-01'`).length
  const stop = new AbortController()

  const running = clean({ parts: { cancelled: stop.signal } })
  await until('the first batch is gone', async () => (await left()) < 30_000)
  stop.abort(new Error('told to stop by a test'))
  const { outcome } = await running
  const afterwards = await left()
  await clean()

  assert.equal(outcome, 'cancelled')
  assert.ok(afterwards > 0 && afterwards < 30_000, `${afterwards} left`)
  assert.equal(await left(), 0)
})

test('a person may keep more or fewer days, but never fewer than seven', async () => {
  const job = await aLivelyJob()
  const run = await aRun(job, { endedAt: days(8) })

  await clean({ raw: { keepDays: '9' } })
  const kept = await stay(run)
  await clean({ raw: { keepDays: '7' } })

  assert.deepEqual([kept, await stay(run)], [[true], [false]])
  for (const wrong of ['6', '7.5', 'all']) {
    assert.throws(() => parseParams(opsCleanup, { keepDays: wrong }), /--keep-days .*expected a number of days from 7/)
  }
})

test('its period is the day in Sydney, in summer and in winter', () => {
  const keyOf = (instant: string) => opsCleanup.period(new Date(instant)).key

  assert.equal(keyOf('2026-11-21T17:07:00Z'), '2026-11-22') // 04:07 summer time
  assert.equal(keyOf('2026-06-21T18:07:00Z'), '2026-06-22') // 04:07
  assert.equal(keyOf('2026-06-21T13:59:59Z'), '2026-06-21')
})
