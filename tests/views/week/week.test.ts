// The Week's view, read from a real ledger.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { readWeek } from '../../../src/views/week/week.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

const job = 'test/one'
// Tuesday the 19th begins week 12 of 2024.
const site = aSite({ now: at('21 12:00') })

test('an empty ledger has the season’s coming weeks, and no lane', async () => {
  await using db = await aDatabase()

  const view = await readWeek(db.sql, site)

  assert.equal(view.season[0]?.key, '2024-W12')
  assert.equal(view.timelines.length, 6)
  assert.ok(view.timelines.every(({ lanes }) => lanes.length === 0))
})

test('slots are counted by the week they are due in, late and missed apart', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const slot = { job, scheduleId, state: 'served' } as const
  await aPastSlot(db.sql, { ...slot, dueAt: at('18 08:07'), startedAt: at('18 08:08') })
  await aPastSlot(db.sql, { ...slot, dueAt: at('19 08:07'), startedAt: at('19 08:08') })
  await aPastSlot(db.sql, { ...slot, dueAt: at('20 08:07'), startedAt: at('20 09:30') })
  await aPastSlot(db.sql, { ...slot, dueAt: at('21 08:07'), state: 'missed', reason: 'its deadline passed' })
  await aPastSlot(db.sql, { ...slot, dueAt: at('21 11:07'), state: 'due' })

  const { season, timelines, leagues } = await readWeek(db.sql, site)

  assert.deepEqual(leagues, ['test'])
  const counts = Object.fromEntries(season.map(({ key, all }) => [key, all]))
  assert.deepEqual(counts['2024-W11'], { 'on time': 1 })
  assert.deepEqual(counts['2024-W12'], { 'on time': 1, late: 1, missed: 1, waiting: 1 })
  const states = timelines[0]?.lanes[0]?.slots.map(({ state }) => state)
  assert.deepEqual(states, ['on time', 'late', 'missed', 'late'])
})

test('slots are counted by what all pages show them as: rescued and partial ones are not late', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const slot = { job, scheduleId, state: 'served' } as const
  await aPastSlot(db.sql, { ...slot, dueAt: at('19 08:07'), startedAt: at('19 09:07'), trigger: 'request' })
  await aPastSlot(db.sql, { ...slot, dueAt: at('20 08:07'), startedAt: at('20 09:07'), outcome: 'partial' })
  await aPastSlot(db.sql, { ...slot, dueAt: at('21 08:07'), startedAt: at('21 06:07') })

  const { timelines } = await readWeek(db.sql, site)

  assert.deepEqual(timelines[0]?.counts, { rescued: 1, partial: 1, early: 1 })
})

test('a slot past its deadline is missed although nobody has looked, and none that is open', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 08:07'), state: 'due' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('21 11:07'), state: 'due' })

  const { timelines } = await readWeek(db.sql, site)

  assert.deepEqual(timelines[0]?.counts, { missed: 1, waiting: 1 })
  const slots = timelines[0].lanes[0]?.slots.map(({ state, waitsSince }) => [state, waitsSince])
  assert.deepEqual(slots, [['missed', undefined], ['late', at('21 11:07')]]) // prettier-ignore
})

test('a try that failed is no start of a slot that is due again', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const slot = { job, scheduleId, outcome: 'failed' } as const
  await aPastSlot(db.sql, { ...slot, dueAt: at('20 08:07'), startedAt: at('20 09:30'), state: 'failed' })
  await aPastSlot(db.sql, { ...slot, dueAt: at('21 11:07'), startedAt: at('21 11:30'), state: 'due' })

  const { timelines } = await readWeek(db.sql, site)

  assert.deepEqual(timelines[0]?.lanes[0]?.slots.map(({ startedAt }) => startedAt), [at('20 09:30'), undefined]) // prettier-ignore
})

test('midnight between two weeks belongs to the second alone', async () => {
  await using db = await aDatabase()
  const workflow = { file: 'f.yml', schedules: [{ cron: '*/5 * * * *', zone: 'UTC', line: 1 }], timeoutMinutes: 10 }

  const { season } = await readWeek(db.sql, { ...site, jobs: [aViewJob(job, { workflow })] })

  assert.equal(season.find(({ key }) => key === '2024-W13')?.planned[0], 2_016)
})

test('an hour of slots waits since the oldest that is overdue', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, cron: '*/5 * * * *' })
  await db.sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at)
    select ${job}, due, ${scheduleId}, 'p', case when due > '2024-11-21 11:00Z' then 'due' else 'served' end,
      due + interval '5 minutes', due + interval '2 hours', due
    from generate_series('2024-11-21 03:00Z'::timestamptz, '2024-11-21 12:00Z', '5 minutes') due
  `

  const slots = (await readWeek(db.sql, site)).timelines[0]?.lanes[0]?.slots ?? []

  assert.deepEqual(slots.flatMap(({ waitsSince }) => waitsSince ?? []), [at('21 11:05')]) // prettier-ignore
})

test('a run that a chain began is linked to the parent’s run of the same chain, and to no other', async () => {
  await using db = await aDatabase()
  const jobs = [aViewJob('test/one'), aViewJob('test/two', { needs: { 'test/one': 'fresh' } })]
  const correlationId = randomUUID()
  const parent = await anEndedRun(db.sql, { startedAt: at('19 08:07'), correlationId })
  await anEndedRun(db.sql, { startedAt: at('19 08:07') })
  const child = await anEndedRun(db.sql, { job: 'test/two', startedAt: at('19 08:09'), trigger: 'chain', correlationId }) // prettier-ignore
  await anEndedRun(db.sql, { job: 'test/two', startedAt: at('19 09:09'), trigger: 'chain' })
  await anEndedRun(db.sql, { job: 'test/two', startedAt: at('19 10:09'), trigger: 'schedule', correlationId })

  const { timelines } = await readWeek(db.sql, { ...site, jobs })

  assert.deepEqual(timelines[0]?.chains, [
    { parent: 'test/one', parentRun: parent, child: 'test/two', childRun: child },
  ])
})

test('gated runs are no part of what happened', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { outcome: 'gated', startedAt: at('19 08:07') })

  const { timelines } = await readWeek(db.sql, site)

  assert.deepEqual(timelines[0]?.lanes, [])
})

test('what the workflow file still has for the week stands beside what the ledger has written down', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('22 08:07'), state: 'due' })
  const line = { cron: '7 8 * * *', zone: 'UTC', line: 1 }
  const jobs = [aViewJob(job, { workflow: { file: 'f.yml', schedules: [line], timeoutMinutes: 10 } })]

  const { timelines, season } = await readWeek(db.sql, { ...site, jobs })

  const due = timelines[0]?.lanes[0]?.slots.map(({ dueAt }) => dueAt.toISOString().slice(8, 16))
  assert.deepEqual(due, ['22T08:07', '23T08:07', '24T08:07', '25T08:07'])
  assert.equal(season.find(({ key }) => key === '2024-W13')?.planned[0], 7)
})

test('a job that is due all day long is drawn by the hour, by its worst', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, cron: '*/5 * * * *' })
  await db.sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at, started_at, outcome)
    select ${job}, due, ${scheduleId}, 'p', case when due = '2024-11-19 10:05Z' then 'missed' else 'served' end,
      due + interval '5 minutes', due + interval '1 hour', due, due + interval '1 minute', 'succeeded'
    from generate_series('2024-11-19 09:00Z'::timestamptz, '2024-11-19 17:00Z', '5 minutes') due
  `

  const { timelines } = await readWeek(db.sql, site)

  const hours = timelines[0]?.lanes[0]?.slots ?? []
  assert.deepEqual(hours.slice(0, 3).map(({ count, state }) => [count, state]), [[12, 'on time'], [12, 'missed'], [12, 'on time']]) // prettier-ignore
})

test('of many jobs less is drawn slot by slot, so that their week fits its page', async () => {
  await using db = await aDatabase()
  const schedules = [{ cron: '7 * * * *', zone: 'UTC', line: 1 }]
  const jobs = Array.from({ length: 40 }, (_, i) => aViewJob(`test/job${i}`, { workflow: { file: 'f', schedules, timeoutMinutes: 5 } })) // prettier-ignore

  const few = await readWeek(db.sql, { ...site, jobs: jobs.slice(0, 1), now: at('24 00:00') })
  const many = await readWeek(db.sql, { ...site, jobs, now: at('24 00:00') })

  assert.equal(few.timelines[0]?.lanes[0]?.slots[0]?.dueAt.toISOString(), at('24 00:07').toISOString())
  assert.equal(many.timelines[0]?.lanes[0]?.slots[1]?.dueAt.toISOString(), at('24 01:00').toISOString())
})

test('an hour is called by the worst of its slots, and knows how many ended how', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, cron: '*/5 * * * *' })
  await db.sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at, started_at, outcome)
    select ${job}, due, ${scheduleId}, 'p',
      case extract(hour from due) when 6 then 'waived' when 7 then 'coalesced' when 8 then 'running' else 'served' end,
      due + interval '5 minutes', due + interval '20 hours', due,
      due + case when due = '2024-11-21 05:05Z' then interval '9 minutes' else interval '1 minute' end,
      case when extract(hour from due) = 4 then 'partial' else 'succeeded' end
    from generate_series('2024-11-21 02:00Z'::timestamptz, '2024-11-21 08:59Z', '5 minutes') due
  `

  const hours = (await readWeek(db.sql, site)).timelines[0]?.lanes[0]?.slots ?? []

  assert.deepEqual(hours.map(({ state }) => state), ['on time', 'on time', 'partial', 'late', 'waived', 'coalesced', 'running']) // prettier-ignore
  assert.deepEqual(hours[3]?.byState, { 'on time': 11, late: 1 })
})

test('the hour of now is drawn in two parts: what was due, and from the next slot on what is to come', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, cron: '*/5 * * * *' })
  await db.sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at, started_at, outcome)
    select ${job}, due, ${scheduleId}, 'p', 'served', due, due + interval '1 hour', due, due, 'succeeded'
    from generate_series('2024-11-21 03:00Z'::timestamptz, '2024-11-21 12:15Z', '5 minutes') due
  `
  const workflow = { file: 'f.yml', schedules: [{ cron: '*/5 * * * *', zone: 'UTC', line: 1 }], timeoutMinutes: 10 }

  const view = await readWeek(db.sql, { ...site, now: at('21 12:17'), jobs: [aViewJob(job, { workflow })] })

  const hours = view.timelines[0]?.lanes[0]?.slots.filter(({ dueAt }) => dueAt >= at('21 12:00')).slice(0, 3) ?? []
  assert.deepEqual(hours.map(({ dueAt, byState }) => [dueAt, byState]), [
    [at('21 12:00'), { 'on time': 4 }],
    [at('21 12:20'), { waiting: 8 }],
    [at('21 13:00'), { waiting: 12 }],
  ]) // prettier-ignore
})

test('next is the moment of the cron line, not the hour that a job is drawn by', async () => {
  await using db = await aDatabase()
  const workflow = { file: 'f.yml', schedules: [{ cron: '3-59/5 * * * *', zone: 'UTC', line: 1 }], timeoutMinutes: 10 }
  const jobs = [aViewJob(job, { workflow })]

  const { next } = await readWeek(db.sql, { ...site, now: at('21 12:17'), jobs })

  assert.deepEqual(next, { job, dueAt: at('21 12:18') })
})

test('next is nothing that the ledger has waived or served ahead of time', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('22 08:07'), state: 'waived' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('23 08:07'), state: 'served', startedAt: at('21 11:00') })
  const workflow = { file: 'f.yml', schedules: [{ cron: '7 8 * * *', zone: 'UTC', line: 1 }], timeoutMinutes: 10 }
  const jobs = [aViewJob(job, { workflow })]

  assert.deepEqual((await readWeek(db.sql, { ...site, jobs })).next, { job, dueAt: at('24 08:07') })
  assert.equal((await readWeek(db.sql, site)).next, undefined)
})

test('of more runs than can be drawn the newest are', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.runs (id, job, environment, trigger, outcome, correlation_id, started_at, finished_at, duration_ms, host, pid, process_start, period)
    select gen_random_uuid(), ${job}, 'test', 'manual', 'succeeded', gen_random_uuid(), started, started, 0, 'h', 1, '1', n::text
    from generate_series(1, 5001) n, lateral (select ${at('19 08:00')}::timestamptz + make_interval(secs => n) as started) at
  `

  const runs = (await readWeek(db.sql, site)).timelines[0]?.lanes[0]?.runs ?? []

  assert.equal(runs.length, 5000)
  assert.deepEqual([runs[0]?.startedAt, runs.at(-1)?.startedAt], [new Date('2024-11-19T08:00:02Z'), new Date('2024-11-19T09:23:21Z')]) // prettier-ignore
})

test('of a run that retention removed its slot still tells when and for how long', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const runId = await aPastSlot(db.sql, { job, scheduleId, state: 'served', dueAt: at('20 08:07'), startedAt: at('20 08:09') }) // prettier-ignore
  await db.sql`update ledger.slots set duration_ms = 60000 where job = ${job}`
  await db.sql`delete from ledger.runs where id = ${runId!}`

  const { timelines } = await readWeek(db.sql, site)

  const [run] = timelines[0]?.lanes[0]?.runs ?? []
  assert.deepEqual([run?.id, run?.trigger, run?.startedAt, run?.endedAt], [runId, null, at('20 08:09'), at('20 08:10')])
})
