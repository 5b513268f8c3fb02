// Of each job the ledger knows its newest runs, what became of its newest slots, and a request that was lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure, toErrorRecord } from '../../src/core/errors.ts'
import { listJobHealth, type JobHealth } from '../../src/ledger/job-health.ts'
import { recordGatedRun, takeRun } from '../../src/ledger/runs.ts'
import { abandonRun } from '../../src/ledger/silent.ts'
import { closeSlot, insertSlots } from '../../src/ledger/slots.ts'
import { aRun, at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'
import { aJobName, aJobWithSlots, aRunOf } from '../observe/account.ts'

const { sql } = await aDatabaseForThisFile()
const NOW = at('19 12:00')

async function healthOf(job: string, now = NOW): Promise<JobHealth | undefined> {
  return (await listJobHealth(sql, now)).find((one) => one.job === job)
}

const away = toErrorRecord(new SourceFailure('nflverse answered 503', { retryable: true }))

test('a job with a line and nothing else is there, with nothing known of it', async () => {
  const { job } = await aJobWithSlots(sql)

  assert.deepEqual(await healthOf(job), {
    job,
    scheduledFrom: at('01 00:00'),
    lastSeenAt: undefined,
    lastRun: undefined,
    lastSuccessAt: undefined,
    lostSlot: undefined,
    lastDueAt: undefined,
    nextDueAt: undefined,
    lostRequest: undefined,
  })
})

test('a served slot is its job’s last run, success and due time, and the next slot is the first after now', async () => {
  const { job } = await aJobWithSlots(sql, '19 08:07', '20 08:07', '21 08:07')
  const id = await aRunOf(sql, { job, slotDueAt: at('19 08:07'), startedAt: at('19 08:10') })

  assert.deepEqual(await healthOf(job), {
    job,
    scheduledFrom: at('01 00:00'),
    lastSeenAt: at('19 08:10'),
    lastRun: {
      id,
      outcome: 'succeeded',
      finishedAt: at('19 08:11'),
      reason: undefined,
      error: undefined,
      wishedAt: undefined,
      slot: { dueAt: at('19 08:07'), state: 'served', tries: 0, notBefore: undefined },
    },
    lastSuccessAt: at('19 08:11'),
    lostSlot: undefined,
    lastDueAt: at('19 08:07'),
    nextDueAt: at('20 08:07'),
    lostRequest: undefined,
  })
})

test('a failed run comes with its first error and its slot as it is now', async () => {
  const { job } = await aJobWithSlots(sql, '19 08:07')
  const id = await aRunOf(sql, { job, slotDueAt: at('19 08:07') }, { outcome: 'failed', errors: [away] })
  await sql`update ledger.slots set not_before = ${at('19 08:41')} where job = ${job}`

  const health = await healthOf(job)
  assert.deepEqual(health?.lastRun, {
    id,
    outcome: 'failed',
    finishedAt: at('19 08:11'),
    reason: undefined,
    error: { message: 'nflverse answered 503', retryable: true },
    wishedAt: undefined,
    slot: { dueAt: at('19 08:07'), state: 'due', tries: 1, notBefore: at('19 08:41') },
  })
  assert.equal(health?.lastSuccessAt, undefined)
})

test('runs that were gated, not ready, cancelled, dry or are running do not hide the failed one before them', async () => {
  const { job } = await aJobWithSlots(sql, '19 08:07')
  const id = await aRunOf(sql, { job, startedAt: at('19 07:00') }, { outcome: 'failed', errors: [away] })
  await recordGatedRun(sql, aRun({ job, startedAt: at('19 07:10') }), { code: 'nothing_due', reason: 'nothing is due' })
  await aRunOf(sql, { job, startedAt: at('19 07:20') }, { outcome: 'not_ready', reason: 'not out' })
  await aRunOf(sql, { job, startedAt: at('19 07:30') }, { outcome: 'cancelled', reason: 'by hand' })
  await aRunOf(sql, { job, startedAt: at('19 07:40'), dryRun: true })
  await takeRun(sql, aRun({ job, startedAt: at('19 08:00') }))

  const health = await healthOf(job)
  assert.equal(health?.lastRun?.id, id)
  assert.equal(health?.lastRun?.slot, undefined)
  assert.deepEqual(health?.lastSeenAt, at('19 08:00'))
  assert.equal(health?.lastSuccessAt, undefined)
})

test('an abandoned run is a last run, with its reason', async () => {
  const { job } = await aJobWithSlots(sql, '19 08:07')
  const run = aRun({ job, slotDueAt: at('19 08:07') })
  await takeRun(sql, run)
  await abandonRun(sql, run.id, { reason: 'silent for 400 s', at: at('19 08:30'), silentSeconds: 0 })

  const { lastRun } = (await healthOf(job)) ?? {}
  assert.equal(lastRun?.outcome, 'abandoned')
  assert.equal(lastRun?.reason, 'silent for 400 s')
  assert.deepEqual(lastRun?.slot, { dueAt: at('19 08:07'), state: 'due', tries: 0, notBefore: undefined })
})

test('a success without a slot counts, and so does a slot whose run is no longer kept', async () => {
  const { job } = await aJobWithSlots(sql, '19 08:07')
  await aRunOf(sql, { job, slotDueAt: at('19 08:07') }, { outcome: 'partial' })
  await sql`delete from ledger.runs where job = ${job}`
  assert.deepEqual((await healthOf(job))?.lastSuccessAt, at('19 08:11'))

  await aRunOf(sql, { job, startedAt: at('19 10:00') })
  assert.deepEqual((await healthOf(job))?.lastSuccessAt, at('19 10:01'))
})

test('a missed slot is told until one after it is served', async () => {
  const { job } = await aJobWithSlots(sql, '17 08:07', '18 08:07', '19 08:07')
  const missedAt = (dueAt: string) =>
    closeSlot(sql, { job, dueAt: at(dueAt) }, { state: 'missed', reason: 'the deadline passed', at: at('18 20:00') })
  await missedAt('17 08:07')
  await missedAt('18 08:07')

  assert.deepEqual((await healthOf(job))?.lostSlot, {
    dueAt: at('18 08:07'),
    state: 'missed',
    period: '2024-11-18',
    reason: 'the deadline passed',
    deadlineAt: at('18 14:07'),
    changedAt: at('18 20:00'),
  })
  await aRunOf(sql, { job, slotDueAt: at('19 08:07') })
  assert.equal((await healthOf(job))?.lostSlot, undefined)
})

test('a slot that was waived does not hide the lost one before it', async () => {
  const { job } = await aJobWithSlots(sql, '18 08:07', '19 08:07')
  await closeSlot(sql, { job, dueAt: at('18 08:07') }, { state: 'missed', reason: 'late', at: at('18 20:00') })
  await closeSlot(sql, { job, dueAt: at('19 08:07') }, { state: 'waived', reason: 'out of season', at: at('19 00:00') })

  assert.deepEqual((await healthOf(job))?.lostSlot?.dueAt, at('18 08:07'))
})

test('slots in any state are last and next due, the one at this instant being the last', async () => {
  const { job } = await aJobWithSlots(sql, '19 08:07', '19 12:00', '19 12:01')
  await sql`update ledger.slots set state = 'waived' where job = ${job}`

  const health = await healthOf(job)
  assert.deepEqual([health?.lastDueAt, health?.nextDueAt], [at('19 12:00'), at('19 12:01')])
})

test('a job between two others by name gets none of their slots', async () => {
  const { job } = await aJobWithSlots(sql)
  const line = await aScheduleLine(sql, { job: `${job}/a` })
  const before = await aScheduleLine(sql, { job: 'test/jo' })
  await insertSlots(
    sql,
    [
      aNewSlot({ job: `${job}/a`, scheduleId: line }),
      aNewSlot({ job: 'test/jo', scheduleId: before }),
      aNewSlot({ job: 'test/jo', scheduleId: before, dueAt: at('20 08:07') }),
    ],
    NOW,
  )

  const health = await healthOf(job)
  assert.deepEqual([health?.lastDueAt, health?.nextDueAt, health?.lostSlot], [undefined, undefined, undefined])
})

test('a job without a line is there for seven days after its last run', async () => {
  const job = aJobName()
  await aRunOf(sql, { job, startedAt: at('12 12:00') })

  assert.equal((await healthOf(job, at('19 11:59')))?.scheduledFrom, undefined)
  assert.deepEqual((await healthOf(job, at('19 11:59')))?.lastSeenAt, at('12 12:00'))
  assert.equal(await healthOf(job, at('19 12:00')), undefined)
})

test('a line that has ended, or begins later, schedules nothing', async () => {
  const job = aJobName()
  await aScheduleLine(sql, { job })
  await sql`update ledger.schedules set valid_to = ${at('10 00:00')} where job = ${job}`
  assert.equal(await healthOf(job), undefined)

  await sql`insert into ledger.schedules (job, cron, zone, valid_from, commit) values (${job}, '9 9 * * *', 'UTC', ${at('19 11:00')}, 'c0ffee')`
  assert.deepEqual((await healthOf(job))?.scheduledFrom, at('19 11:00'))
  assert.equal(await healthOf(job, at('19 10:59')), undefined)
})

/** A request for a job; returns nothing, for tests look at health. */
async function aRequest(
  job: string,
  wish: { createdAt: string; state: string; note?: string; endedAt?: string },
): Promise<void> {
  const { createdAt, state, note = null, endedAt } = wish
  await sql`
    insert into ledger.requests (job, kind, reason, state, tries, next_try_at, created_at, ended_at, note)
    values (${job}, 'rescue', 'overdue', ${state}, 3, ${NOW}, ${at(createdAt)}, ${endedAt ? at(endedAt) : null}, ${note})
  `
}

test('the newest lost request of the last day is told, whatever was asked for since', async () => {
  const { job } = await aJobWithSlots(sql)
  const note = 'lost: sent 3 times, and no run came'
  await aRequest(job, { createdAt: '19 06:00', state: 'dropped', note, endedAt: '19 07:00' })
  await aRequest(job, { createdAt: '19 08:00', state: 'dropped', note: 'nothing is due any more', endedAt: '19 08:10' })
  await aRequest(job, { createdAt: '19 09:00', state: 'sent' })

  const lost = { kind: 'rescue', tries: 3, createdAt: at('19 06:00'), endedAt: at('19 07:00'), note }
  assert.deepEqual((await healthOf(job, at('20 06:59')))?.lostRequest, lost)
  assert.equal((await healthOf(job, at('20 07:00')))?.lostRequest, undefined)
})
