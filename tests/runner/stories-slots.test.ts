// Which slot a wake-up serves, told as small stories on a moved clock: a real ledger, jobs of one line.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob } from '../helpers/builders.ts'
import { aWorld } from '../helpers/world.ts'

const daily = aJob()

test('a slot is served on time, and the report says which', async () => {
  await using world = await aWorld({ job: daily, cron: ['7 8 * * *'] })

  const report = await world.wake(daily, '19 08:07')

  assert.equal(report.outcome, 'succeeded')
  assert.equal(report.run.slotDueAt?.toISOString(), '2024-11-19T08:07:00.000Z')
  assert.equal(report.run.period.key, '2024-11-19')
  assert.deepEqual(await world.slots(daily), ['18 08:07 missed', '19 08:07 served', '20 08:07 due'])
})

test('a slot is served hours late when the wake-up comes hours late', async () => {
  await using world = await aWorld({ job: daily, cron: ['7 8 * * *'] })

  await world.wake(daily, '18 13:50')

  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('a second wake-up for a served slot is gated and says when the next is due', async () => {
  await using world = await aWorld({ job: daily, cron: ['7 8 * * *'] })
  await world.wake(daily, '18 08:07')

  const second = await world.wake(daily, '18 11:00')

  assert.equal(second.outcome, 'gated')
  assert.equal(second.gate?.code, 'nothing_due')
  assert.match(second.reason ?? '', /The next slot is due 2024-11-19T08:07/)
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('before its first slot a job has nothing to do', async () => {
  await using world = await aWorld({ job: daily, cron: ['7 8 * * *'] })

  const report = await world.wake(daily, '18 07:00')

  assert.equal(report.gate?.code, 'nothing_due')
  assert.deepEqual(await world.slots(daily), ['18 08:07 due'])
})

test('two runners at the same moment: one serves the slot, the other is gated', async () => {
  let runs = 0
  const job = aJob({ run: () => Promise.resolve(void runs++) })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })

  const reports = await Promise.all([1, 2, 3].map(() => world.wake(job, '18 08:07')))

  assert.deepEqual(reports.map((report) => report.outcome).sort(), ['gated', 'gated', 'succeeded'])
  assert.equal(runs, 1)
  assert.deepEqual(await world.slots(job, '18 23:00'), ['18 08:07 served'])
})

test('two runners of a job that takes each slot share the slots', async () => {
  const job = aJob({ onMissed: 'each', deadlineMinutes: 10_000 })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })

  const reports = await Promise.all([1, 2].map(() => world.wake(job, '19 09:00')))

  assert.deepEqual(
    reports.map((report) => report.outcome),
    ['succeeded', 'succeeded'],
  )
  assert.deepEqual(await world.slots(job, '19 23:00'), ['18 08:07 served', '19 08:07 served'])
})

test('latest serves the newest slot and coalesces the older ones', async () => {
  const job = aJob({ onMissed: 'latest', deadlineMinutes: 10_000 })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })

  await world.wake(job, '20 09:00')

  assert.deepEqual(await world.slots(job, '20 23:00'), ['18 08:07 coalesced', '19 08:07 coalesced', '20 08:07 served'])
})

test('each serves the oldest slot first', async () => {
  const job = aJob({ onMissed: 'each', deadlineMinutes: 10_000 })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })

  await world.wake(job, '20 09:00')
  await world.wake(job, '20 09:10')

  assert.deepEqual(await world.slots(job, '20 23:00'), ['18 08:07 served', '19 08:07 served', '20 08:07 due'])
})

test('skip misses the slots whose grace is over', async () => {
  const job = aJob({ onMissed: 'skip', graceMinutes: 30, deadlineMinutes: 10_000 })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })

  const late = await world.wake(job, '19 09:00')
  const inTime = await world.wake(job, '20 08:30')

  assert.equal(late.gate?.code, 'nothing_due')
  assert.equal(inTime.outcome, 'succeeded')
  assert.deepEqual(await world.slots(job, '20 23:00'), ['18 08:07 missed', '19 08:07 missed', '20 08:07 served'])
})

test('a slot past its deadline is missed with the reason, and nobody takes it', async () => {
  await using world = await aWorld({ job: daily, cron: ['7 8 * * *'] })

  const report = await world.wake(daily, '18 14:07')

  assert.equal(report.gate?.code, 'nothing_due')
  const [slot] = await world.sql`select state, reason from ledger.slots where state = 'missed'`
  assert.equal(slot?.['reason'], 'the deadline passed')
})

test('what is overdue elsewhere is named at the end of every run', async () => {
  const other = aJob({ id: 'test/other' })
  await using world = await aWorld({ job: daily, cron: ['7 8 * * *'] }, { job: other, cron: ['7 7 * * *'] })

  const report = await world.wake(daily, '18 08:07')

  assert.deepEqual(
    report.overdue.map((slot) => slot.job),
    ['test/other'],
  )
})

test('a year of sleep leaves more slots than one statement has places, and the next run writes them all', async () => {
  const hourly = aJob({ deadlineMinutes: 60 })
  await using world = await aWorld({ job: hourly, cron: ['37 * * * *'] })
  await world.sql`update ledger.schedules set valid_from = '2023-11-18T00:00Z'`

  const report = await world.wake(hourly, '18 00:40')

  assert.equal(report.outcome, 'succeeded')
  const [count] = await world.sql`select count(*)::integer as missed from ledger.slots where state = 'missed'`
  assert.equal(count?.['missed'], 366 * 24)
})
