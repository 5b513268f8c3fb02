// What retention asks of the ledger, statement by statement. What it makes of the answers is in tests/leagues/ops.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import {
  countRunsBefore,
  countRunsSince,
  deleteRuns,
  FROM_THE_FIRST,
  listJobsOverCap,
  listJobsWithRuns,
  listKeptRuns,
  listNeighbours,
  listNewestSuccesses,
  listRunsAfter,
  type Cursor,
} from '../../src/ledger/retention.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'

interface RunWish {
  job?: string
  outcome?: string
  startedAt?: Date | string
  retryOf?: string
}

async function aLedger() {
  const database = await aDatabase()
  const { sql } = database
  return {
    sql,
    async aRun({ job = 'a/b', outcome = 'succeeded', startedAt = at('01 08:00'), retryOf }: RunWish = {}) {
      const id = randomUUID()
      await sql`
        insert into ledger.runs (
          id, job, environment, trigger, outcome, retry_of, correlation_id, started_at, finished_at, host, pid, process_start
        )
        values (${id}, ${job}, 'test', 'schedule', ${outcome}, ${retryOf ?? null}, gen_random_uuid(),
          ${startedAt as string}::text::timestamptz, ${outcome === 'running' ? null : at('02 08:00')}, 'h', 1, '')
      `
      return id
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

test('a walk meets every run before its end once, in time order, whatever the size of its steps', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  const when = ['2024-11-01T08:00:00.000001Z', '2024-11-01T08:00:00.000002Z', '2024-11-01T08:00:00.000002Z', '2024-11-01T08:00:00.5Z', '2024-11-02T08:00Z'] // prettier-ignore
  const ids: string[] = []
  for (const startedAt of when) ids.push(await aRun({ startedAt }))

  for (const limit of [1, 2, 3, 50]) {
    const met: string[] = []
    let place: Cursor | undefined = FROM_THE_FIRST
    while (place) {
      const page = await listRunsAfter(sql, place, { startedBefore: at('02 08:00'), limit })
      met.push(...page.runs.map((run) => run.id))
      place = page.next
    }
    const [first, second, third, fourth] = ids
    const tied = [second!, third!].sort()
    assert.deepEqual(met, [first, ...tied, fourth], `steps of ${limit}`)
  }
  assert.equal(await countRunsBefore(sql, at('02 08:00')), 4)
})

test('neighbours are what a run continues and what continues it, one step away', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  const first = await aRun()
  const second = await aRun({ retryOf: first })
  const [third, fork] = [await aRun({ retryOf: second }), await aRun({ retryOf: second })]
  await aRun({ retryOf: third })
  const { runs } = await listRunsAfter(sql, FROM_THE_FIRST, { startedBefore: at('02 08:00'), limit: 50 })

  const near = await listNeighbours(sql, runs.filter((run) => run.id === second)) // prettier-ignore

  assert.deepEqual(near.map((run) => run.id).sort(), [first, third, fork].sort())
  assert.deepEqual(await listNeighbours(sql, []), [])
})

test('the jobs that have runs are found, each once', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  const none = await listJobsWithRuns(sql)
  for (const job of ['c/d', 'a/b', 'c/d', 'e/f', 'a/b']) await aRun({ job })

  assert.deepEqual(none, [])
  assert.deepEqual(await listJobsWithRuns(sql), ['a/b', 'c/d', 'e/f'])
})

test('the newest success and the newest usable run of a job may be one or two', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  await aRun({ startedAt: at('01 08:00') })
  const success = await aRun({ startedAt: at('02 08:00') })
  const partial = await aRun({ startedAt: at('03 08:00'), outcome: 'partial' })
  await aRun({ startedAt: at('04 08:00'), outcome: 'failed' })
  const other = await aRun({ job: 'c/d', startedAt: at('05 08:00') })

  assert.deepEqual((await listNewestSuccesses(sql, 'a/b')).sort(), [success, partial].sort())
  assert.deepEqual(await listNewestSuccesses(sql, 'c/d'), [other])
  assert.deepEqual(await listNewestSuccesses(sql, 'e/f'), [])
})

test('a job is over the cap when more than so many of its runs did not end well', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  const bad = [await aRun({ outcome: 'failed' }), await aRun({ outcome: 'partial' }), await aRun({ outcome: 'abandoned' }), await aRun({ outcome: 'cancelled' })] // prettier-ignore
  for (const outcome of ['succeeded', 'gated', 'not_ready', 'running']) await aRun({ outcome })
  await aRun({ job: 'c/d', outcome: 'failed' })

  assert.deepEqual(await listJobsOverCap(sql, 3), ['a/b'])
  assert.deepEqual(await listJobsOverCap(sql, 4), [])
  assert.deepEqual((await listKeptRuns(sql, 'a/b')).map((run) => run.id).sort(), bad.sort())
})

test('what started since an instant is counted by job and outcome', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  await aRun({ startedAt: new Date(at('02 08:00').getTime() - 1) })
  for (const outcome of ['succeeded', 'succeeded', 'failed']) await aRun({ startedAt: at('02 08:00'), outcome })

  const counts = await countRunsSince(sql, at('02 08:00'))

  assert.deepEqual(counts.map((row) => `${row.outcome} ${row.count}`).sort(), ['failed 1', 'succeeded 2'])
})

test('a run that is running is never deleted, and no ids delete nothing', async () => {
  await using ledger = await aLedger()
  const { sql, aRun } = ledger
  const ids = [await aRun(), await aRun({ outcome: 'running' }), randomUUID()]

  const none = await sql.begin((tx) => deleteRuns(tx, []))
  const gone = await sql.begin((tx) => deleteRuns(tx, ids))

  assert.deepEqual([none, gone], [0, 1])
  assert.deepEqual((await sql`select outcome from ledger.runs`).map((row) => row['outcome']), ['running']) // prettier-ignore
})
