// What people do, and what reconcile makes of it afterwards: runs by hand, cascades, pauses, force.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertPause } from '../../src/ledger/overrides.ts'
import { toText } from '../../src/runner/report-text.ts'
import { aJob, at } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns, sayTold, wakeAt, wakeNow } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }
const other = aJob({ id: 'test/other' })
const bronze = aJob({ id: 'test/bronze' })
const silver = aJob({ id: 'test/silver', needs: { 'test/bronze': 'fresh' } })
const features = aJob({ id: 'test/features', needs: { 'test/silver': 'fresh' } })
/** The week of a league: everything on Tuesday. */
const WEEK = [
  { job: bronze, cron: ['7 8 * * 2'] },
  { job: silver, cron: ['7 14 * * 2'] },
  { job: features, cron: ['7 16 * * 2'] },
]

test('a run by hand beside a due slot serves it, and reconcile has nothing left to start', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  outsideClock(repository, '18 08:00', '18 12:00', 10)
  wakeAt(repository, daily, '18 08:20', { trigger: 'manual' })

  await endStory(repository, '18 20:00')

  assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 served'])
  assert.equal(dispatchesOf(repository, daily), 0)
  assert.deepEqual(sayTold(repository, daily.id), [])
})

test('a run by hand with other parameters leaves the due slot, which is then rescued with the usual ones', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  outsideClock(repository, '18 08:00', '18 12:00', 10)
  wakeAt(repository, daily, '18 08:20', { trigger: 'manual', raw: { size: 'large' } })

  await endStory(repository, '18 20:00')

  assert.deepEqual(sayRuns(repository), ['manual succeeded', 'request succeeded'])
  assert.deepEqual(repository.reports.map(({ run }) => run.parameters['size']), ['large', 'small']) // prettier-ignore
  assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('by hand before there is anything to read: it is asked for again by itself in the person’s name, and says so', async () => {
  const landed: string[] = []
  const reading = aJob({ id: 'test/reading', run: () => Promise.resolve(landed.length > 0 ? undefined : { notReady: 'the lake has no schedule' }) }) // prettier-ignore
  await using repository = await aRepository({ jobs: [{ job: reading, cron: ['7 8 * * 2'] }] })
  outsideClock(repository, '20 08:00', '20 14:00', 5)
  wakeAt(repository, reading, '20 09:00', { trigger: 'manual', raw: { day: '2024-11-18' } })
  repository.at('20 09:10', () => void landed.push('silver'))

  await repository.runUntil('20 13:00')

  assert.deepEqual(sayRuns(repository), ['manual not_ready', 'request succeeded'])
  const [first, second] = repository.reports
  assert.match(
    first ? toText(first) : '',
    /it held no slot; it is asked for again from Wed 20 Nov 2024 09:[23]\d UTC on/,
  )
  assert.deepEqual([second?.run.period.key, second?.run.origin.actor], ['2024-11-18', first?.run.origin.actor])
  const rows = await repository.world.sql`select state from ledger.requests`
  assert.deepEqual(rows.map(({ state }) => state as string), ['done']) // prettier-ignore
})

test('bronze by hand on a Wednesday: next Tuesday is untouched, and reconcile starts nothing', async () => {
  await using repository = await aRepository({ jobs: WEEK })
  repository.tick(bronze, '19 08:07')
  outsideClock(repository, '19 08:00', '21 08:00', 60)
  wakeAt(repository, bronze, '20 12:00', { trigger: 'manual' })
  wakeAt(repository, silver, '20 12:00:30', { trigger: 'chain' })

  await endStory(repository, '21 08:00')

  assert.deepEqual(await repository.world.slots(silver), ['19 14:07 served', '26 14:07 due'])
  assert.deepEqual(sayRuns(repository, silver), ['chain succeeded', 'chain nothing_due'])
  for (const { job } of WEEK) assert.equal(dispatchesOf(repository, job), 0, job.id)
  assert.deepEqual(sayTold(repository), [])
})

test('bronze by hand with cascade: each job after it is asked for in turn, about the same period, and no slot is touched', async () => {
  await using repository = await aRepository({ jobs: WEEK, chains: () => false })
  for (const [i, { job }] of WEEK.entries()) repository.tick(job, `19 ${['08', '14', '16'][i]}:20`)
  outsideClock(repository, '19 08:00', '21 08:00', 60)
  wakeAt(repository, bronze, '20 12:00', { trigger: 'manual', raw: { cascade: 'true' } })

  await endStory(repository, '21 08:00')

  const chain = repository.reports.filter(({ run }) => run.period.key === '2024-11-20')
  assert.deepEqual(
    chain.map(({ job, run, outcome }) => [job.id, run.trigger, run.period.key, outcome, run.slotDueAt]),
    [
      ['test/bronze', 'manual', '2024-11-20', 'succeeded', undefined],
      ['test/silver', 'request', '2024-11-20', 'succeeded', undefined],
      ['test/features', 'request', '2024-11-20', 'succeeded', undefined],
    ],
  )
  assert.deepEqual(await repository.world.slots(features), ['19 16:07 served', '26 16:07 due'])
})

test('a cascade of a named period passes that period on', async () => {
  await using repository = await aRepository({ jobs: WEEK, chains: () => false })
  outsideClock(repository, '18 08:00', '18 10:00', 10)
  wakeAt(repository, bronze, '18 08:03', { trigger: 'manual', raw: { cascade: 'true', day: '2023-01-01' } })

  await endStory(repository, '18 12:00')

  assert.deepEqual(
    repository.reports.map(({ job, run }) => `${job.id} ${run.period.key}`),
    ['test/bronze 2023-01-01', 'test/silver 2023-01-01', 'test/features 2023-01-01'],
  )
})

test('a cascade from a run that served its slot lets the children take theirs, each once', async () => {
  await using repository = await aRepository({ jobs: WEEK, chains: () => false })
  outsideClock(repository, '19 08:00', '20 08:00', 20)
  wakeAt(repository, bronze, '19 08:20', { trigger: 'manual', raw: { cascade: 'true' } })
  for (const { job } of WEEK.slice(1)) repository.tick(job, '19 16:10')

  await endStory(repository, '20 08:00')

  assert.deepEqual(await repository.world.slots(silver, '25 00:00'), ['19 14:07 served'])
  assert.deepEqual(await repository.world.slots(features, '25 00:00'), ['19 16:07 served'])
  assert.deepEqual(sayRuns(repository, features), ['request succeeded', 'schedule nothing_due'])
})

test('a paused job is neither rescued nor told of, and its slot is rescued when the pause is over', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await pause(repository, '18 12:00')
  outsideClock(repository, '18 08:00', '18 16:00', 20)

  await repository.runUntil('18 11:59')
  const before = [dispatchesOf(repository, daily), sayTold(repository)]
  await endStory(repository, '18 20:00')

  assert.deepEqual(before, [0, []])
  assert.equal(dispatchesOf(repository, daily), 1)
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
})

test('without an outside clock the end of a pause is a moment at which the next run wakes ops-watch', async () => {
  await using repository = await aRepository({ jobs: [DAILY, { job: other, cron: ['2 12 * * *'] }] })
  await pause(repository, '18 12:00')
  repository.at('18 09:00', () => repository.pass())
  repository.tick(other, '18 12:02')

  await repository.runUntil('18 12:10')

  assert.deepEqual(sayRuns(repository), ['schedule succeeded', 'request succeeded'])
  await endStory(repository, '18 20:00')
})

test('a pause that outlasts the deadline misses the slot, which says why, and people are told when it is over', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await pause(repository, '18 18:00')
  outsideClock(repository, '18 08:00', '18 20:00', 30)

  await repository.runUntil('18 17:50')
  const silent = sayTold(repository)
  await endStory(repository, '18 20:00')

  const [slot] = await repository.world.sql`select state, reason from ledger.slots where due_at < ${at('18 12:00')}`
  assert.equal(slot?.['state'], 'missed')
  assert.match(String(slot['reason']), /is paused by ann until .*: the source moves house; the deadline passed$/)
  assert.deepEqual(silent, [])
  assert.equal(dispatchesOf(repository, daily), 0)
  assert.ok(sayTold(repository).includes('missed critical'), String(sayTold(repository)))
})

test('force runs past the pause, serves the slot, and is written down', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await pause(repository, '18 18:00')
  outsideClock(repository, '18 08:00', '18 20:00', 30)
  wakeAt(repository, daily, '18 09:00', { trigger: 'manual' })
  wakeAt(repository, daily, '18 10:00', { trigger: 'manual', raw: { force: 'true' } })

  await endStory(repository, '18 20:00')

  assert.deepEqual(sayRuns(repository), ['manual paused', 'manual succeeded'])
  const [forced] = await repository.world.sql`select actor, run_id from ledger.overrides where kind = 'force'`
  assert.deepEqual({ ...forced }, { actor: 'ann', run_id: repository.reports[1]?.run.id })
  assert.equal(dispatchesOf(repository, daily), 0)
})

test('a job that must not run during games waits for their end, is not called late, and is started then', async () => {
  const retrain = aJob({ id: 'test/daily', notDuringGames: true })
  const landing = aJob({ id: 'test/landing', run: (_day, ctx) => ctx.seasons.recordGames(at('18 00:00'), [GAMES]) })
  await using repository = await aRepository({
    jobs: [
      { job: retrain, cron: ['7 8 * * *'] },
      { job: landing, cron: [] },
    ],
  })
  await wakeNow(repository, landing, { trigger: 'manual' })
  outsideClock(repository, '19 08:00', '19 12:00', 10)
  for (const day of [18, 19]) repository.tick(retrain, `${day} 08:07`)

  await repository.runUntil('19 11:29')
  const during = [dispatchesOf(repository, retrain), sayTold(repository).filter((text) => text.startsWith('overdue'))]
  await endStory(repository, '19 20:00')

  assert.deepEqual(during, [0, []])
  assert.deepEqual(sayRuns(repository, retrain), ['schedule succeeded', 'schedule games_on', 'request succeeded'])
  assert.equal(repository.reports.at(-1)?.run.startedAt.toISOString(), '2024-11-19T11:30:35.000Z')
})

const GAMES = { opensAt: at('19 08:00'), closesAt: at('19 11:30') }

async function pause({ world }: Repository, until: string): Promise<void> {
  const deed = { job: daily.id, actor: 'ann', reason: 'the source moves house', at: at('18 00:00') }
  await insertPause(world.sql, { ...deed, expiresAt: at(until) })
}
