// The views of jobs, read from a real ledger.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { comingRuns, readJobs } from '../../../src/views/job/job.ts'
import { readRunPlaces } from '../../../src/views/run/pages.ts'
import { at, say } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { anIncident } from '../../helpers/incidents.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

const job = 'test/one'
const MINUTE = 60_000

test('a job that never ran has an empty history, no trend and no chain', async () => {
  await using db = await aDatabase()
  const [view] = await readJobs(db.sql, aSite())
  assert.deepEqual(view?.history, { runs: [], goodRunDays: 14, gated: { count: 0, newest: [] } })
  assert.equal(view.trend.all, undefined)
  assert.deepEqual(view.trend.hours, [])
  assert.deepEqual(view.chains, [])
  assert.deepEqual(view.letters, { count: 0, newest: [] })
  assert.equal(view.standing.slot, undefined)
})

test('the history has the newest runs first, and of gated wake-ups only their number and reasons', async () => {
  await using db = await aDatabase()
  const first = await anEndedRun(db.sql, { startedAt: at('18 08:09'), error: ['source_status', 'x answered 503.'], outcome: 'failed' }) // prettier-ignore
  const second = await anEndedRun(db.sql, { startedAt: at('19 08:09'), slotDueAt: at('19 08:07'), written: 9 })
  await anEndedRun(db.sql, { outcome: 'gated', reason: 'nothing is due', startedAt: at('19 09:00') })
  await anEndedRun(db.sql, { outcome: 'gated', reason: 'of before', startedAt: at('04 09:00') })
  await anEndedRun(db.sql, { job: 'test/two' })
  const [view] = await readJobs(db.sql, aSite())
  assert.deepEqual(
    view?.history.runs.map(({ id }) => id),
    [second, first],
  )
  assert.equal(view.history.runs[0]?.itemsWritten, 9)
  assert.equal(view.history.runs[1]?.code, 'source_status')
  assert.equal(view.history.runs[1]?.why, 'x answered 503.')
  assert.equal(view.history.gated.count, 1)
  assert.deepEqual(view.history.gated.newest.map(({ reason }) => reason), ['nothing is due']) // prettier-ignore
})

test('the trend counts runs that served: median, least and most of how long and how late', async () => {
  await using db = await aDatabase()
  for (const [day, minutes] of [['17', 1], ['18', 2], ['19', 9]] as const) {
    await anEndedRun(db.sql, {
      slotDueAt: at(`${day} 08:07`),
      startedAt: at(`${day} 08:0${7 + Math.min(2, minutes)}`),
      durationMs: minutes * MINUTE,
      written: 10,
    })
  } // prettier-ignore
  await anEndedRun(db.sql, { outcome: 'failed', startedAt: at('19 06:00'), durationMs: 90 * MINUTE })
  const [view] = await readJobs(db.sql, aSite())
  assert.deepEqual(view?.trend.all?.durationMs, { median: 2 * MINUTE, least: MINUTE, most: 9 * MINUTE })
  assert.deepEqual(view.trend.all.latenessMs, { median: 2 * MINUTE, least: MINUTE, most: 2 * MINUTE })
  assert.equal(view.trend.all.items, 30)
  assert.equal(view.trend.runs?.length, 3)
  assert.deepEqual(view.trend.days.map(({ day }) => day), ['2024-11-17', '2024-11-18', '2024-11-19']) // prettier-ignore
})

test('hours and days are those of the clock that a job’s schedule is written in', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { startedAt: at('19 03:30') })
  const workflow = { file: 'f', timeoutMinutes: 5, schedules: [{ cron: '7 8 * * *', zone: 'America/New_York', line: 1 }] } // prettier-ignore
  const [view] = await readJobs(db.sql, aSite({ jobs: [aViewJob(job, { workflow })] }))
  assert.deepEqual(view?.trend.hours, [{ weekday: 1, hour: 22, runs: 1, medianMs: 3200 }])
  assert.equal(view.trend.days[0]?.day, '2024-11-18')
  assert.equal(view.zone, 'America/New_York')
})

test('a job in a zone that nobody knows is told on the site’s clock', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, zone: 'Mars/Olympus' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 08:07'), state: 'served', startedAt: at('19 08:09') })
  const [view] = await readJobs(db.sql, aSite({ zone: 'America/New_York' }))
  assert.equal(view?.zone, 'America/New_York')
})

test('a run before the ninety days counts in no trend', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { startedAt: new Date(at('19 12:00').getTime() - 91 * 24 * 60 * MINUTE) })
  const [view] = await readJobs(db.sql, aSite())
  assert.equal(view?.trend.all, undefined)
  assert.equal(view?.history.runs.length, 1)
})

test('a chain is whole, from its first run on, and a lone run is none', async () => {
  await using db = await aDatabase()
  const correlationId = randomUUID()
  const first = await anEndedRun(db.sql, { correlationId, outcome: 'failed', startedAt: at('19 08:09') })
  const second = await anEndedRun(db.sql, { correlationId, retryOf: first, attempt: 2, startedAt: at('19 08:20') })
  await anEndedRun(db.sql, { correlationId, job: 'test/two', startedAt: at('19 08:30') })
  await anEndedRun(db.sql, { startedAt: at('19 09:00') })
  const [view] = await readJobs(db.sql, aSite())
  assert.deepEqual(
    view?.chains.map((chain) => chain.map(({ id }) => id)),
    [[first, second]],
  )
})

test('the standing tells the newest slot, what runs, what ended today and what is wrong', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 08:07'), state: 'failed', startedAt: at('19 08:09'), outcome: 'failed', reason: 'x is away' }) // prettier-ignore
  await anEndedRun(db.sql, { outcome: 'running', startedAt: at('19 11:50') })
  await anEndedRun(db.sql, { outcome: 'gated', startedAt: at('19 11:00') })
  await anEndedRun(db.sql, { startedAt: at('18 23:50') })
  await anIncident(db.sql, { subject: job, title: 'x is away' })
  const [view] = await readJobs(db.sql, aSite())
  assert.equal(view?.standing.slot?.state, 'failed')
  assert.equal(view.standing.today.slot?.reason, 'x is away')
  assert.equal(view.standing.running.length, 1)
  assert.deepEqual(view.standing.endedToday, { failed: 1 })
  assert.equal(view.standing.incidents[0]?.title, 'x is away')
})

test('a pause of all jobs is every job’s, until it ends', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at)
    values ('*', 'pause', 'moving house', 'ann', ${at('19 08:00')}, ${at('19 13:00')})
  `
  const [now] = await readJobs(db.sql, aSite())
  const [later] = await readJobs(db.sql, aSite({ now: at('19 14:00') }))
  assert.equal(now?.standing.pause?.reason, 'moving house')
  assert.equal(later?.standing.pause, undefined)
})

test('open letters come with their number, closed ones not at all', async () => {
  await using db = await aDatabase()
  for (const [key, closed] of [['a', null], ['b', null], ['c', 'done']] as const) {
    await db.sql`
      insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at, closed_at, close_reason)
      values (${randomUUID()}, ${job}, 'game', ${key}, 'bad', 'no score', false, ${at('19 08:00')}, ${closed && at('19 09:00')}, ${closed})
    `
  } // prettier-ignore
  const [view] = await readJobs(db.sql, aSite())
  assert.equal(view?.letters.count, 2)
  assert.deepEqual(view.letters.newest.map(({ key }) => key), ['b', 'a']) // prettier-ignore
})

test('the next runs of several lines are in order, each moment once', () => {
  const schedules = [
    { cron: '7 8 * * *', zone: 'UTC', line: 1 },
    { cron: '7 8 * * 3', zone: 'UTC', line: 2 },
    { cron: '7 20 * * *', zone: 'UTC', line: 3 },
  ]
  const none = () => false
  const runs = comingRuns({ id: job, workflow: { file: 'f', schedules, timeoutMinutes: 5 } }, at('19 12:00'), none)
  assert.equal(runs.length, 10)
  assert.deepEqual(runs.slice(0, 4).map(({ dueAt }) => say(dueAt)), ['19 20:07', '20 08:07', '20 20:07', '21 08:07']) // prettier-ignore
  assert.deepEqual(comingRuns({ id: job, workflow: undefined }, at('19 12:00'), none), [])
})

test('the newest thirty runs of a job have pages, and of those that failed the newest twenty', async () => {
  await using db = await aDatabase()
  const hour = (i: number) => new Date(at('01 00:00').getTime() + i * 60 * MINUTE)
  const failed: string[] = []
  for (let i = 0; i < 25; i++) failed.push(await anEndedRun(db.sql, { outcome: 'failed', startedAt: hour(i) }))
  const good: string[] = []
  for (let i = 0; i < 35; i++) good.push(await anEndedRun(db.sql, { startedAt: hour(100 + i) }))
  const gated = await anEndedRun(db.sql, { outcome: 'gated', startedAt: hour(200) })
  const other = await anEndedRun(db.sql, { job: 'gone/job', startedAt: hour(201) })
  const { runsWithPages: pages, runsTold: told } = await readRunPlaces(db.sql, aSite())
  assert.deepEqual(pages, new Set([...failed.slice(5), ...good.slice(5)]))
  assert.deepEqual(told, new Set([...failed, ...good]))
  assert.ok(![gated, other].some((id) => pages.has(id) || told.has(id)))
})
