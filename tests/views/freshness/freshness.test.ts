// The view of Freshness, read from a real ledger and lake.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readFreshness } from '../../../src/views/freshness/freshness.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase, type TestDatabase } from '../../helpers/database.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

const job = 'nfl/bronze'
const site = aSite({ now: at('19 12:00'), jobs: [aViewJob(job, { sources: ['nflverse'] })] })

async function aLedger(
  db: TestDatabase,
  ...slots: Omit<Parameters<typeof aPastSlot>[1], 'job' | 'scheduleId'>[]
): Promise<void> {
  const scheduleId = await aScheduleLine(db.sql, { job })
  for (const slot of slots) await aPastSlot(db.sql, { job, scheduleId, ...slot })
}

async function readJob(db: TestDatabase) {
  const { jobs } = await readFreshness(db.sql, site)
  assert.equal(jobs.length, 1)
  return jobs[0]!
}

test('an empty ledger has every table of its jobs, and nothing to judge', async () => {
  await using db = await aDatabase()

  const view = await readFreshness(db.sql, site)

  assert.deepEqual(view.tables.map(({ table, rows }) => [table, rows]), [['bronze.files', 0], ['bronze.nfl_games', 0]]) // prettier-ignore
  assert.deepEqual([view.jobs[0]?.expected, view.jobs[0]?.freshShare], [undefined, undefined])
  assert.deepEqual(view.sources.map(({ source, state }) => [source, state]), [['nflverse', 'closed']]) // prettier-ignore
  assert.deepEqual(view.watermarks, [])
})

test('a slot that was served within its grace leaves no stale minute', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('19 08:07'), state: 'served', startedAt: at('19 08:20'), items: 3 })

  const fresh = await readJob(db)

  assert.deepEqual([fresh.freshShare, fresh.behindSince, fresh.stale], [1, undefined, []])
  assert.deepEqual([fresh.expected?.state, fresh.changedAt], ['late', at('19 08:20')])
})

test('served an hour after its grace, data was stale for an hour', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('19 08:00'), state: 'served', startedAt: at('19 09:30') })

  const fresh = await readJob(db)

  assert.equal(fresh.staleMs, 3_600_000)
  assert.deepEqual(fresh.stale, [{ from: at('19 08:30'), to: at('19 09:30') }])
  assert.equal(fresh.freshShare, 0.75)
  assert.equal(fresh.behindSince, undefined)
})

test('a missed slot leaves data stale until the next one is served', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('18 08:00'), state: 'missed' }, { dueAt: at('19 08:00'), state: 'served', startedAt: at('19 08:10') }) // prettier-ignore

  assert.deepEqual((await readJob(db)).stale, [{ from: at('18 08:30'), to: at('19 08:10') }])
})

test('what nobody has served is behind until now, and says since when', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('19 08:00'), state: 'due' })

  const fresh = await readJob(db)

  assert.deepEqual([fresh.behindSince, fresh.expected?.state], [at('19 08:30'), 'late'])
})

test('slots that were missed one after the other are one stretch, behind since the first of them', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('17 08:00'), state: 'missed' }, { dueAt: at('18 08:00'), state: 'missed' }, { dueAt: at('19 08:00'), state: 'due' }) // prettier-ignore

  const fresh = await readJob(db)

  assert.deepEqual(fresh.behindSince, at('17 08:30'))
  assert.deepEqual(fresh.stale, [{ from: at('17 08:30'), to: at('19 12:00') }])
  assert.equal(fresh.staleMs, 51.5 * 3_600_000)
})

test('two missed in a row are made up for when the next one is served, and what is lost later is another stretch', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('15 08:00'), state: 'missed' }, { dueAt: at('16 08:00'), state: 'missed' }, { dueAt: at('17 08:00'), state: 'served', startedAt: at('17 08:10') }, { dueAt: at('18 08:00'), state: 'missed' }, { dueAt: at('19 08:00'), state: 'served', startedAt: at('19 08:01') }) // prettier-ignore

  const fresh = await readJob(db)

  assert.deepEqual(fresh.stale, [{ from: at('15 08:30'), to: at('17 08:10') }, { from: at('18 08:30'), to: at('19 08:01') }]) // prettier-ignore
  assert.equal(fresh.behindSince, undefined)
})

test('a waived slot asks for nothing', async () => {
  await using db = await aDatabase()
  await aLedger(db, { dueAt: at('18 08:00'), state: 'served', startedAt: at('18 08:01') }, { dueAt: at('19 08:00'), state: 'waived' }) // prettier-ignore

  assert.deepEqual((await readJob(db)).stale, [])
})

test('a source shows its breaker and its newest file', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.breakers (source, state, failures, opened_at, try_at, reason)
    values ('nflverse', 'open', 3, ${at('19 08:00')}, ${at('19 12:30')}, 'nflverse answered 503')
  `
  const file = { source: 'nflverse', address: 'https://example.com/data/games.csv', hash: 'h', etag: 'W/"abc"', bytes: 10, columns: [], run_id: '00000000-0000-4000-8000-000000000000', simulated: false } // prettier-ignore
  await db.sql`insert into bronze.files ${db.sql([{ ...file, row_count: 1, as_of: at('18 08:00') }, { ...file, row_count: 2, as_of: at('19 08:00') }] as never)}` // prettier-ignore

  const [source] = (await readFreshness(db.sql, site)).sources

  assert.deepEqual([source?.state, source?.tryAt, source?.jobs], ['open', at('19 12:30'), [job]])
  assert.deepEqual(source?.files.map(({ name, rows, etag }) => [name, rows, etag]), [['games.csv', 2, 'W/"abc"']]) // prettier-ignore
})

test('watermarks are shown as they stand', async () => {
  await using db = await aDatabase()
  await db.sql`insert into ledger.watermarks (stage, key, value, updated_at) values ('nba/backfill', 'day', '2024-11-01', ${at('19 08:00')})`

  assert.deepEqual((await readFreshness(db.sql, site)).watermarks, [
    { stage: 'nba/backfill', key: 'day', value: '2024-11-01', updatedAt: at('19 08:00') },
  ])
})

test('a slot that was served ahead of its time ends what the lost one before it left behind', async () => {
  await using db = await aDatabase()
  await aLedger(
    db,
    { dueAt: at('12 14:07'), state: 'missed' },
    { dueAt: at('19 14:07'), state: 'served', startedAt: at('19 08:10') },
  )

  const fresh = await readJob(db)

  assert.deepEqual([fresh.behindSince, fresh.expected?.state], [undefined, 'early'])
  assert.deepEqual(fresh.stale, [{ from: at('12 14:37'), to: at('19 08:10') }])
})
