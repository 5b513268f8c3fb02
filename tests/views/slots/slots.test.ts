// The Slots page's view, read from a real ledger.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderSlots } from '../../../dashboards/site/pages/slots.tsx'
import { readSlots } from '../../../src/views/slots/slots.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

const job = 'test/one'

test('an empty ledger has its 90 days, and nothing in them', async () => {
  await using db = await aDatabase()
  const view = await readSlots(db.sql, aSite())
  assert.equal(view.days.length, 90)
  assert.equal(view.days[0], '2024-08-22')
  assert.equal(view.days.at(-1), '2024-11-19')
  assert.deepEqual([view.jobs, view.slots, view.months, view.words], [[], [], [], []])
  assert.deepEqual(view.gaps, { days: [], gaps: 0, median: undefined, worst: undefined })
})

test('a slot belongs to the day that it has in the site’s zone', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 03:07'), state: 'served', startedAt: at('19 03:10') })
  const { slots, days } = await readSlots(db.sql, aSite({ zone: 'America/New_York' }))
  assert.equal(slots[0]?.day, '2024-11-18')
  assert.equal(slots[0].lateness, 3)
  assert.equal(days.at(-1), '2024-11-19')
})

test('a slot of later today waits, tomorrow’s is not shown', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 20:07'), state: 'due' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('20 20:07'), state: 'due' })
  const { slots } = await readSlots(db.sql, aSite())
  assert.deepEqual(
    slots.map(({ state, day }) => [state, day]),
    [['waiting', '2024-11-19']],
  )
})

test('a slot that is due again after a try that failed is not late by when that began', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 11:07'), state: 'due', startedAt: at('19 11:20'), outcome: 'failed' }) // prettier-ignore
  const { slots } = await readSlots(db.sql, aSite())
  assert.deepEqual(slots.map(({ state, lateness }) => [state, lateness]), [['late', undefined]]) // prettier-ignore
})

test('jobs come in the registry’s order, and those it no longer has after them', async () => {
  await using db = await aDatabase()
  for (const name of ['old/two', 'old/one', 'test/one', 'test/two']) {
    const scheduleId = await aScheduleLine(db.sql, { job: name })
    await aPastSlot(db.sql, { job: name, scheduleId, dueAt: at('19 08:07'), state: 'missed' })
  }
  const { jobs } = await readSlots(db.sql, aSite({ jobs: [aViewJob('test/two'), aViewJob('test/one'), aViewJob('test/three')] })) // prettier-ignore
  assert.deepEqual(jobs, ['test/two', 'test/one', 'old/one', 'old/two'])
})

test('a year goes by month, and what was rescued is late there', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const rescued = { job, scheduleId, state: 'served' as const, trigger: 'request' as const }
  await aPastSlot(db.sql, { ...rescued, dueAt: at('18 08:07'), startedAt: at('18 09:07') })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: new Date('2024-10-31T08:07Z'), state: 'missed' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: new Date('2023-11-30T08:07Z'), state: 'missed' })
  const { months } = await readSlots(db.sql, aSite())
  assert.deepEqual(months, [
    { month: '2024-10', byState: { missed: 1 } },
    { month: '2024-11', byState: { late: 1 } },
  ])
})

test('gaps go by the day on which they began, with the worst and the median of all', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.wake_up_gaps (began_at, ended_at, ended_by)
    values (${at('18 08:00')}, ${at('18 08:10')}, 'test/one'), (${at('18 23:50')}, ${at('19 00:20')}, 'test/one'),
      (${at('19 08:00')}, ${at('19 10:00')}, 'test/one'), ('2024-08-01', '2024-08-02', 'test/one')
  `
  const { gaps } = await readSlots(db.sql, aSite())
  assert.deepEqual(gaps, {
    days: [
      { day: '2024-11-18', gaps: 2, median: 20, worst: 30 },
      { day: '2024-11-19', gaps: 1, median: 120, worst: 120 },
    ],
    gaps: 3,
    median: 30,
    worst: 120,
  })
})

test('a past line’s zone that nobody knows stops no page: its instants are said in UTC with its name', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, zone: 'Mars/Olympus' })
  await db.sql`update ledger.schedules set valid_to = ${at('19 10:00')}`
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 08:07'), state: 'missed', reason: 'its deadline passed' })
  const view = await readSlots(db.sql, aSite())
  assert.match(renderSlots(aSite(), view)[0]?.text ?? '', /Tue 19 Nov 08:07 UTC \(Mars\/Olympus\)/)
})
