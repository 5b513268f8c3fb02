// The Failures view, read from a real ledger.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { readFailures } from '../../../src/views/failures/failures.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { aFlip, anIncident } from '../../helpers/incidents.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite } from '../../helpers/site.ts'

const job = 'test/one'

test('an empty ledger has no cause, no incident and every job with nothing', async () => {
  await using db = await aDatabase()
  const view = await readFailures(db.sql, aSite())
  assert.deepEqual(view.causes, { groups: [], leftOut: 0 })
  assert.deepEqual(view.incidents, { open: [], past: [], leftOut: 0 })
  assert.deepEqual(view.active, { running: 0, ended: 0, endedWell: 0 })
  assert.equal(view.jobs.length, 1)
  assert.equal(view.jobs[0]?.weeks.length, 13)
  assert.ok(view.jobs[0].weeks.every(({ runs }) => runs === 0))
})

test('messages that differ in numbers and ids only are one cause', async () => {
  await using db = await aDatabase()
  const failure = { outcome: 'failed' } as const
  await anEndedRun(db.sql, { ...failure, startedAt: at('11 08:00'), error: ['source_status', `x answered 503 in 1,204.5 ms for ${randomUUID()}.`] }) // prettier-ignore
  await anEndedRun(db.sql, { ...failure, startedAt: at('19 08:00'), job: 'test/two', error: ['source_status', `x answered 502 in 17 ms for ${randomUUID()}.`] }) // prettier-ignore
  await anEndedRun(db.sql, { ...failure, startedAt: at('19 09:00'), error: ['crash', 'y is not a function'] })
  await anEndedRun(db.sql)
  const { causes } = await readFailures(db.sql, aSite())
  const [first, second] = causes.groups
  assert.equal(causes.groups.length, 2)
  assert.equal(first?.pattern, 'x answered # in # ms for #.')
  assert.deepEqual([first.runs, first.jobs], [2, ['test/one', 'test/two']])
  assert.deepEqual(first.weeks.slice(-2), [1, 1])
  assert.deepEqual([first.differ, second?.differ], [true, false])
  assert.equal(first.newest[0]?.job, 'test/two')
  assert.equal(second?.code, 'crash')
})

test('a run without an error is grouped by what became of it', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { outcome: 'abandoned', reason: 'silent for 10 m' })
  await anEndedRun(db.sql, { outcome: 'partial', failed: 3, startedAt: at('19 10:00') })
  const { causes } = await readFailures(db.sql, aSite())
  assert.deepEqual(causes.groups.map(({ code, pattern }) => [code, pattern]), [['items_failed', ''], ['abandoned', 'silent for # m']]) // prettier-ignore
})

test('jobs count good runs by week, their newest failures and their missed slots', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await anEndedRun(db.sql, { startedAt: at('10 08:00') })
  await anEndedRun(db.sql, { startedAt: at('18 08:00') })
  const bad = await anEndedRun(db.sql, { startedAt: at('19 08:00'), outcome: 'failed' })
  await anEndedRun(db.sql, { startedAt: at('19 09:00'), outcome: 'gated' })
  await anEndedRun(db.sql, { startedAt: at('19 09:00'), outcome: 'not_ready' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('17 08:07'), state: 'missed' })
  const [row] = (await readFailures(db.sql, aSite())).jobs
  assert.deepEqual(row?.ended, { succeeded: 2, failed: 1 })
  assert.deepEqual(row.weeks.slice(-2), [{ runs: 1, good: 1 }, { runs: 2, good: 1 }]) // prettier-ignore
  assert.equal(row.missedSlots, 1)
  assert.deepEqual(
    row.newest.map(({ id }) => id),
    [bad],
  )
})

test('a slot whose deadline is over is missed, although nobody wrote that down', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  for (const [dueAt, deadlineAt] of [['18 08:07', '18 14:07'], ['19 08:07', '19 14:07']] as const) {
    await aPastSlot(db.sql, { job, scheduleId, dueAt: at(dueAt), state: 'due' })
    await db.sql`update ledger.slots set deadline_at = ${at(deadlineAt)}, tries = 1 where due_at = ${at(dueAt)}`
  } // prettier-ignore

  const [row] = (await readFailures(db.sql, aSite())).jobs

  assert.deepEqual([row?.missedSlots, row?.retries.neverServed], [1, 1])
})

test('a slot is counted by how many runs failed before one served it', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  for (const [day, tries, state] of [['11', 0, 'served'], ['12', 1, 'served'], ['13', 5, 'served'], ['14', 3, 'failed']] as const) {
    await aPastSlot(db.sql, { job, scheduleId, dueAt: at(`${day} 08:07`), state, startedAt: at(`${day} 08:09`) })
    await db.sql`update ledger.slots set tries = ${tries} where due_at = ${at(`${day} 08:07`)}`
  } // prettier-ignore
  const [row] = (await readFailures(db.sql, aSite())).jobs
  assert.deepEqual(row?.retries, { none: 1, one: 1, two: 0, more: 1, neverServed: 1 })
})

test('a job that is in the registry no longer still tells how it fared', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { job: 'gone/job', outcome: 'failed' })
  const { jobs } = await readFailures(db.sql, aSite())
  assert.deepEqual(jobs.map(({ job }) => job), ['test/one', 'gone/job']) // prettier-ignore
})

test('incidents come with who was told, the gravest open one first', async () => {
  await using db = await aDatabase()
  await anIncident(db.sql, { subject: 'test/one', severity: 'warning', title: 'late' })
  const id = await anIncident(db.sql, { subject: 'test/two', severity: 'critical', title: 'down' })
  const [flip] = await db.sql<{ id: string }[]>`
    insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, incident_id)
    values ('test/two', 'well', 'critical', 'down', ${at('19 08:40')}, ${id}) returning id
  `
  await db.sql`
    insert into ledger.deliveries (flip_id, incident_id, channel, state, next_try_at, sent_at)
    values (${flip!.id}, ${id}, 'discord', 'sent', ${at('19 08:41')}, ${at('19 08:41')}),
      (${flip!.id}, ${id}, 'email', 'failed', ${at('19 08:41')}, null)
  `
  const { incidents } = await readFailures(db.sql, aSite())
  assert.deepEqual(incidents.open.map(({ title }) => title), ['down', 'late']) // prettier-ignore
  assert.deepEqual(
    incidents.open[0]?.told.map(({ channel, sent, failed, firstAt }) => ({ channel, sent, failed, firstAt })),
    [
      { channel: 'discord', sent: 1, failed: 0, firstAt: at('19 08:41') },
      { channel: 'email', sent: 0, failed: 1, firstAt: undefined },
    ],
  )
})

test('an incident that was open when the time began and ended within it is told', async () => {
  await using db = await aDatabase()
  const long = await anIncident(db.sql, { openedAt: new Date('2024-07-01T08:00:00Z'), title: 'long' })
  const old = await anIncident(db.sql, { openedAt: new Date('2024-07-01T08:00:00Z'), title: 'old' })
  await aFlip(db.sql, long, { to: 'well', at: at('18 08:00') })
  await aFlip(db.sql, old, { to: 'well', at: new Date('2024-07-02T08:00:00Z') })

  const { incidents } = await readFailures(db.sql, aSite())

  assert.deepEqual(incidents.past.map(({ title }) => title), ['long']) // prettier-ignore
})

test('of an incident that came back it counts when people were told of that', async () => {
  await using db = await aDatabase()
  const id = await anIncident(db.sql, { knowableAt: at('19 09:00'), openedAt: at('19 08:00') })
  for (const time of ['08:00', '09:00']) {
    const flip = await aFlip(db.sql, id, { at: at(`19 ${time}`) })
    const sentAt = new Date(at(`19 ${time}`).getTime() + 60_000)
    await db.sql`
      insert into ledger.deliveries (flip_id, incident_id, channel, state, next_try_at, sent_at)
      values (${flip}, ${id}, 'slack', 'sent', ${sentAt}, ${sentAt})
    `
  }

  const { incidents } = await readFailures(db.sql, aSite())

  assert.deepEqual(incidents.open[0]?.told.map(({ sent, firstAt }) => [sent, firstAt]), [[2, at('19 09:01')]]) // prettier-ignore
})

test('what runs and what ended today are counted for all jobs together', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { outcome: 'running', startedAt: at('19 11:50') })
  await anEndedRun(db.sql, { startedAt: at('19 08:00') })
  await anEndedRun(db.sql, { outcome: 'failed', startedAt: at('19 09:00') })
  const { active } = await readFailures(db.sql, aSite())
  assert.deepEqual(active, { running: 1, ended: 2, endedWell: 1 })
})

test('of a run that never began the number is told, and not the address that somebody sent', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.ghosts (github_run_id, github_attempt, file, event, conclusion, created_at, seen_at, url)
    values (17, 2, 'nfl.yml', 'schedule', 'failure', ${at('19 08:00')}, ${at('19 08:30')}, 'javascript:alert(1)')
  `
  const { ghosts } = await readFailures(db.sql, aSite())

  assert.deepEqual(ghosts, [
    { job: undefined, file: 'nfl.yml', conclusion: 'failure', createdAt: at('19 08:00'), github: { runId: '17', attempt: 2 } }, // prettier-ignore
  ])
})
