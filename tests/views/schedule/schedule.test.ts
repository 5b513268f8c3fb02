// The Schedule's view: agenda, promises, clocks, minutes, overrides and past lines.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertForce, insertPause, resume } from '../../../src/ledger/overrides.ts'
import { registerSchedules } from '../../../src/ledger/schedules.ts'
import { listClockChanges } from '../../../src/views/schedule/clock-changes.ts'
import { readMinutes } from '../../../src/views/schedule/minutes.ts'
import { readSchedule } from '../../../src/views/schedule/schedule.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

function onLines(id: string, ...lines: [cron: string, zone: string][]) {
  const schedules = lines.map(([cron, zone], i) => ({ cron, zone, line: i + 5 }))
  return aViewJob(id, { workflow: { file: '.github/workflows/f.yml', schedules, timeoutMinutes: 10 } })
}

test('the agenda has each coming slot on its day, with what the ledger knows of it', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job: 'test/one' })
  await aPastSlot(db.sql, { job: 'test/one', scheduleId, dueAt: at('20 08:07'), state: 'waived', reason: 'no games' })
  const site = aSite({ jobs: [onLines('test/one', ['7 8 * * *', 'UTC'])] })

  const { agenda } = await readSchedule(db.sql, site)

  assert.equal(agenda.length, 14)
  assert.deepEqual(agenda[0]?.entries, [])
  const [first] = agenda[1]?.entries ?? []
  assert.deepEqual([first?.dueAt, first?.note, first?.count], [at('20 08:07'), 'waived: no games', 1])
})

test('the day on which clocks spring forward is in the agenda although it is an hour short', async () => {
  await using db = await aDatabase()
  const job = onLines('test/one', ['7 8 * * *', 'America/New_York'], ['50 23 * * *', 'America/New_York'])
  const now = new Date('2027-03-10T04:30Z') // 23:30 of the 9th in New York

  const { agenda } = await readSchedule(db.sql, aSite({ now, zone: 'America/New_York', jobs: [job] }))

  assert.deepEqual(agenda.map(({ day }) => day.slice(8)), ['09', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22']) // prettier-ignore
  assert.deepEqual(agenda.map(({ entries }) => entries.length), [1, ...Array<number>(13).fill(2)]) // prettier-ignore
})

test('a line that is due all day long has one entry a day', async () => {
  await using db = await aDatabase()

  const { agenda } = await readSchedule(db.sql, aSite({ jobs: [onLines('test/one', ['*/5 * * * *', 'UTC'])] }))

  const [entry] = agenda[1]?.entries ?? []
  assert.deepEqual([agenda[1]?.entries.length, entry?.count, entry?.lastAt], [1, 288, at('20 23:55')])
})

test('a moment that two lines of a job name is one slot', async () => {
  await using db = await aDatabase()
  const job = onLines('test/one', ['7 8 * * *', 'UTC'], ['7 8 * * 3', 'UTC'])

  const { agenda } = await readSchedule(db.sql, aSite({ jobs: [job] }))

  assert.deepEqual(agenda.slice(1, 4).map(({ entries }) => entries.length), [1, 1, 1]) // prettier-ignore
})

test('a line says since when it is in force, and who depends on it', async () => {
  await using db = await aDatabase()
  const line = { job: 'test/one', cron: '7 8 * * 2', zone: 'UTC' }
  await registerSchedules(db.sql, { lines: [line], commit: 'c0ffee0', at: at('01 00:00') })
  const child = { ...onLines('test/two', ['7 14 * * 2', 'UTC']), needs: { 'test/one': 'fresh' } as const }
  const site = aSite({ jobs: [onLines('test/one', ['7 8 * * 2', 'UTC']), child] })

  const { lines } = await readSchedule(db.sql, site)

  const [one, two] = lines
  assert.deepEqual([one?.words, one?.since, one?.commit], ['Tue 08:07', at('01 00:00'), 'c0ffee0'])
  assert.deepEqual(one?.dependent, { job: 'test/two', minutes: 360 })
  assert.deepEqual([two?.needs, two?.since], [['test/one'], undefined])
})

test('a line that ended is kept with its time and the commit that began it', async () => {
  await using db = await aDatabase()
  const line = { job: 'test/one', cron: '7 8 * * 2', zone: 'UTC' }
  await registerSchedules(db.sql, { lines: [line], commit: 'c0ffee0', at: at('01 00:00') })
  await registerSchedules(db.sql, { lines: [], commit: 'c0ffee1', at: at('10 00:00') })

  const { past } = await readSchedule(db.sql, aSite())

  assert.deepEqual(past.map(({ words, validTo, commit }) => [words, validTo, commit]), [['Tue 08:07', at('10 00:00'), 'c0ffee0']]) // prettier-ignore
})

test('pauses in force stand apart from the record of all that was overridden', async () => {
  await using db = await aDatabase()
  const deed = { actor: 'ann', at: at('19 08:00') }
  await insertPause(db.sql, { ...deed, job: 'test/one', reason: 'moves', expiresAt: at('20 08:00') })
  await insertPause(db.sql, { ...deed, job: 'test/two', reason: 'over', expiresAt: at('20 08:00') })
  await resume(db.sql, { job: 'test/two', actor: 'bo', at: at('19 09:00') })
  await insertForce(db.sql, { ...deed, job: 'test/one', reason: 'the line moved' })

  const { inForce, audit } = await readSchedule(db.sql, aSite())

  assert.deepEqual(inForce.map(({ job }) => job), ['test/one']) // prettier-ignore
  assert.deepEqual(audit.map(({ kind }) => kind).sort(), ['force', 'pause', 'pause'])
})

test('clocks: lines of a zone that moves are an hour earlier by UTC after it springs forward, others stay', () => {
  const jobs = [onLines('test/one', ['7 8 * * *', 'America/New_York']), onLines('test/two', ['7 8 * * *', 'UTC'])]

  const [newYork, utc] = listClockChanges(jobs, new Date('2027-03-01T00:00Z'))

  assert.deepEqual([newYork?.at?.toISOString(), newYork?.minutes], ['2027-03-14T07:00:00.000Z', 60])
  const [line] = newYork?.moves ?? []
  assert.deepEqual([line?.lastBefore, line?.firstAfter], [new Date('2027-03-13T13:07Z'), new Date('2027-03-14T12:07Z')])
  assert.deepEqual([line?.thatNight, utc?.at], [[], undefined])
})

test('clocks: a slot in the skipped hour is named with the instant that it moves to', () => {
  const [change] = listClockChanges([onLines('test/one', ['30 2 * * *', 'America/New_York'])], new Date('2027-03-01T00:00Z')) // prettier-ignore

  assert.deepEqual(change?.moves[0]?.thatNight, [new Date('2027-03-14T07:00Z')])
})

test('minutes: every run is rounded up to whole minutes, set-up included, and 14 days become 30', async () => {
  await using db = await aDatabase()
  const now = at('15 00:00')
  await aScheduleLine(db.sql, { job: 'test/one', validFrom: at('01 00:00') })
  await aScheduleLine(db.sql, { job: 'test/new', validFrom: at('10 00:00') })
  const run = { githubRunId: 1, startedAt: at('01 00:01'), job: 'test/one' }
  await anEndedRun(db.sql, { ...run, durationMs: 1000 })
  await anEndedRun(db.sql, { ...run, githubRunId: 2, startedAt: at('10 00:00'), durationMs: 30_001 })
  await anEndedRun(db.sql, { ...run, githubRunId: 3, startedAt: at('11 00:00'), durationMs: 95_000, job: 'test/new' })
  await anEndedRun(db.sql, { startedAt: at('10 00:00'), durationMs: 600_000, job: 'test/laptop' })
  await db.sql`
    insert into ledger.passes (id, trigger, began_at, ended_at, github_run_id)
    values (gen_random_uuid(), 'schedule', ${at('05 00:00')}, ${at('05 00:01')}, 9)
  `

  const { jobs, onGithub, days } = await readMinutes(db.sql, now)

  assert.equal(onGithub, true)
  assert.equal(days, 14)
  assert.deepEqual(jobs.map(({ job, runs, minutes, aMonth }) => [job, runs, minutes, Math.round(aMonth * 10) / 10]).sort(), [['ops-watch', 1, 2, 6], ['test/new', 1, 3, 18], ['test/one', 2, 3, 6.4]]) // prettier-ignore
})

test('minutes: where nothing ran on GitHub all runs count as if they had', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { durationMs: 1000, startedAt: at('18 00:00') })

  const { jobs, onGithub } = await readMinutes(db.sql, at('19 00:00'))

  assert.deepEqual([onGithub, jobs.map(({ minutes, aMonth }) => [minutes, aMonth])], [false, [[1, 30]]])
})
