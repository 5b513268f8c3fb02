// Retention on a real ledger: what goes, what stays, and that no gate can tell the difference.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { findChain } from '../../../../src/ledger/runs.ts'
import { findLatestSlot, hasEverSucceeded, insertSlots, listOpenSlots } from '../../../../src/ledger/slots.ts'
import { at } from '../../../helpers/builders.ts'
import { aNewSlot, aScheduleLine } from '../../../helpers/ledger.ts'
import { aRetentionWorld, CUTOFF, days, seconds, type OldRun } from '../../../helpers/retention.ts'

const { sql, clean, aRun, aLivelyJob, stay, someRuns, ...world } = await aRetentionWorld()
after(() => world[Symbol.asyncDispose]())

for (const outcome of ['succeeded', 'gated', 'not_ready'] as const) {
  test(`what ended ${outcome} goes once it ended more than fourteen days ago, to the second`, async () => {
    const job = await aLivelyJob()
    const runs = [await aRun(job, { outcome, endedAt: seconds(-1) }), await aRun(job, { outcome, endedAt: CUTOFF })]

    const { outcome: end } = await clean()

    assert.equal(end, 'succeeded')
    assert.deepEqual(await stay(...runs), [false, true])
  })
}

for (const outcome of ['failed', 'partial', 'abandoned', 'cancelled'] as const) {
  test(`what ended ${outcome} stays for years`, async () => {
    const run = await aRun(await aLivelyJob(), { outcome, endedAt: new Date('2004-11-15') })

    await clean()

    assert.deepEqual(await stay(run), [true])
  })
}

test('a chain goes or stays whole: by its youngest run, and by any failure in it', async () => {
  const job = await aLivelyJob()
  const chain = async (first: OldRun, second: OldRun) => {
    const one = await aRun(job, first)
    return [one, await aRun(job, { ...second, retryOf: one })]
  }
  const over = await chain({ outcome: 'not_ready' }, {})
  const young = await chain({ outcome: 'not_ready' }, { endedAt: CUTOFF })
  const mended = await chain({ outcome: 'failed' }, {})
  const fork = [...(await chain({ outcome: 'not_ready' }, {})), '']
  fork[2] = await aRun(job, { outcome: 'partial', retryOf: fork[0]! })

  await clean()

  assert.deepEqual(await stay(...over), [false, false])
  assert.deepEqual(await stay(...young, ...mended), [true, true, true, true])
  assert.deepEqual(await stay(...fork), [true, true, true])
})

test('a chain whose runs lie thousands of others apart goes whole too', async () => {
  const job = await aLivelyJob()
  const first = await aRun(job, { outcome: 'not_ready', endedAt: new Date('2010-01-01') })
  await someRuns(job, { count: 4_500, from: '2011-01-01', outcome: 'succeeded' })
  const last = await aRun(job, { retryOf: first, endedAt: new Date('2012-01-01') })
  const [gone, kept] = [await aRun(job), await aRun(job, { outcome: 'failed', retryOf: last })]

  await clean()

  assert.deepEqual(await stay(gone, first, last, kept), [false, true, true, true])
})

test('a run that is running is left alone, and what led to it', async () => {
  const job = await aLivelyJob()
  const first = await aRun(job, { outcome: 'not_ready' })
  const running = await aRun(job, { outcome: 'running', startedAt: days(60), retryOf: first })

  await clean()

  assert.deepEqual(await stay(first, running), [true, true])
})

test('the newest success of a job stays, however old, and the newest that was usable', async () => {
  const [idle, once] = [world.aJobId(), world.aJobId()]
  const [older, newest] = [await aRun(idle, { endedAt: days(400) }), await aRun(idle, { endedAt: days(300) })]
  const [success, partial] = [await aRun(once, { endedAt: days(400) }), await aRun(once, { outcome: 'partial', endedAt: days(300) })] // prettier-ignore

  await clean()

  assert.deepEqual(await stay(older, newest, success, partial), [false, true, true, true])
})

test('slots are never deleted or changed, and gates answer as before', async () => {
  const job = world.aJobId()
  const scheduleId = await aScheduleLine(sql, { job })
  const dueAt = [days(60), days(50), days(40), days(30)]
  await insertSlots(sql, dueAt.map((due) => aNewSlot({ job, scheduleId, dueAt: due })), days(60)) // prettier-ignore
  const served = await aRun(job, { slotDueAt: dueAt[0]!, endedAt: days(60) })
  const byHand = await aRun(job, { endedAt: days(20) })
  const waiting = await aRun(job, { outcome: 'not_ready', slotDueAt: dueAt[2]! })
  await aRun(job, { outcome: 'not_ready', slotDueAt: dueAt[2]!, retryOf: waiting })
  await sql`update ledger.slots set state = 'served', run_id = ${served} where job = ${job} and due_at = ${dueAt[0]!}`
  await sql`update ledger.slots set deadline_at = '2030-01-01' where job = ${job}`
  const ask = async () => ({
    slots: await sql`select * from ledger.slots where job = ${job} order by due_at`,
    ever: await hasEverSucceeded(sql, job),
    latest: await findLatestSlot(sql, job, at('29 04:07')),
    open: await listOpenSlots(sql, job),
    chain: await findChain(sql, job, dueAt[2]!),
  })
  const before = await ask()

  await clean()

  assert.ok(before.chain && before.ever)
  assert.deepEqual(await ask(), before)
  assert.deepEqual(await stay(served, byHand), [false, true])
})

test('with a run go its spans, items and closed letters; open letters stay', async () => {
  const job = await aLivelyJob()
  const [gone, kept] = [await aRun(job), await aRun(job, { outcome: 'partial' })]
  for (const run of [gone, kept]) {
    await sql`insert into ledger.spans (run_id, place, name, offset_ms, duration_ms) values (${run}, 0, 'fetch', 0, 1)`
    await sql`insert into ledger.items (run_id, kind) values (${run}, 'game')`
    for (const closed of [null, days(20)]) {
      await sql`
        insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at, closed_at, close_reason)
        values (${run}, ${job}, 'game', ${run}, 'c', 'm', false, ${days(30)}, ${closed}, ${closed && 'done'})
      `
    }
  }

  await clean()

  const left = async (run: string) => [
    (await sql`select 1 from ledger.spans where run_id = ${run}`).length,
    (await sql`select 1 from ledger.items where run_id = ${run}`).length,
    (await sql`select 1 from ledger.dead_letters where run_id = ${run} and closed_at is not null`).length,
    (await sql`select 1 from ledger.dead_letters where run_id = ${run} and closed_at is null`).length,
  ]
  assert.deepEqual(await left(gone), [0, 0, 0, 1])
  assert.deepEqual(await left(kept), [1, 1, 1, 1])
})

test('of a job that fails every few minutes the newest thousand chains stay', async () => {
  const job = await aLivelyJob()
  await someRuns(job, { count: 1_200, from: '2020-01-01', outcome: 'failed' })
  const retried = await aRun(job, { outcome: 'failed', endedAt: new Date('2019-01-01') })
  const mended = await aRun(job, { retryOf: retried, endedAt: new Date('2021-01-01') })

  await clean()

  const [left] = await sql`
    select count(*)::integer as failed, min(started_at) filter (where started_at >= '2020-01-01') as oldest
    from ledger.runs where job = ${job} and outcome = 'failed'
  `
  assert.deepEqual({ ...left }, { failed: 1_000, oldest: new Date('2020-01-01T03:22:00Z') })
  assert.deepEqual(await stay(retried, mended), [true, true])
})

test('of the last fortnight everything stays, beyond the cap too', async () => {
  const job = await aLivelyJob()
  await someRuns(job, { count: 1_200, from: CUTOFF.toISOString(), outcome: 'failed' })

  await clean()

  assert.equal((await sql`select 1 from ledger.runs where job = ${job} and outcome = 'failed'`).length, 1_200)
})
