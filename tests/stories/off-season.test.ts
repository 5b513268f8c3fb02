// Seven months without a game: not one useless dispatch, not one alarm, and the first slot after the opening is served.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nflWeekAt } from '../../src/leagues/nfl/calendar.ts'
import { aJob } from '../helpers/builders.ts'
import { aRepository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { beginAt, dispatchesOf, in_, outsideClock, sayTold, wakeAt } from './stage.ts'

const NEW_YORK = 'America/New_York'
const week = { period: nflWeekAt, graceMinutes: 60 }
const SEASON_2024 = { season: 2024, opensAt: new Date('2024-08-29T00:20Z'), closesAt: new Date('2025-02-15T23:30Z') }
const SEASON_2025 = { season: 2025, opensAt: new Date('2025-08-28T00:20Z'), closesAt: new Date('2026-02-14T23:30Z') }

/** Not seasonal: it is what finds the next season's schedule, which is published in May. */
const bronze = aJob({
  ...week,
  id: 'test/bronze',
  deadlineMinutes: 6 * 1440,
  async run(_week, ctx) {
    await ctx.seasons.record(SEASON_2024)
    if (ctx.now >= new Date('2025-05-15T00:00Z')) await ctx.seasons.record(SEASON_2025)
  },
})
const predict = aJob({ ...week, id: 'test/predict', seasonal: true, deadlineMinutes: 1440 })
const train = aJob({ ...week, id: 'test/train', seasonal: true, deadlineMinutes: 1440 })

test('from February to September no seasonal job is started, and the first slot of the new season is served', async () => {
  const jobs = [bronze, predict, train].map((job) => ({ job, cron: [] }))
  await using repository = await aRepository({ jobs })
  await beginAt(repository, new Date('2025-02-12T00:00Z'), [
    ...in_(NEW_YORK, bronze, '7 8 * * 2'),
    ...in_(NEW_YORK, predict, '7 11 * * 3,4,5,6'),
    ...in_(NEW_YORK, train, '7 10 * * 4'),
  ])
  wakeAt(repository, bronze, new Date('2025-02-12T00:10Z'), { trigger: 'manual' })
  outsideClock(repository, new Date('2025-02-12T00:30Z'), new Date('2025-02-15T22:00Z'), 180)
  outsideClock(repository, new Date('2025-02-16T00:00Z'), new Date('2025-09-03T12:00Z'), 25 * 60)
  // GitHub's cron knows no season.
  for (const day of ['2025-03-05', '2025-06-11', '2025-07-02']) repository.tick(predict, new Date(`${day}T15:07Z`))

  await repository.runUntil(new Date('2025-02-16T00:00Z'))
  const inSeason = [predict, train].map((job) => dispatchesOf(repository, job))
  const told = repository.told.length
  await repository.runUntil(new Date('2025-09-03T12:00Z'))

  assert.deepEqual(inSeason, [4, 1])
  assert.deepEqual([predict, train].map((job) => dispatchesOf(repository, job)), inSeason) // prettier-ignore
  const toldSince = repository.told.slice(told).map(({ message }) => message.incident.subject)
  assert.ok(!toldSince.includes(predict.id) && !toldSince.includes(train.id), String(toldSince))
  assert.ok(dispatchesOf(repository, bronze) > 25, 'bronze is rescued all summer')

  outsideClock(repository, new Date('2025-09-03T12:30Z'), new Date('2025-09-04T20:00Z'), 30)
  await repository.runUntil(new Date('2025-09-04T20:00Z'))

  const served = await repository.world.sql`
    select job, due_at from ledger.slots where state = 'served' and job <> 'test/bronze' and due_at > '2025-03-01' order by due_at
  `
  assert.deepEqual(served.map((row) => `${row['job']} ${(row['due_at'] as Date).toISOString()}`), [
    'test/predict 2025-09-03T15:07:00.000Z',
    'test/train 2025-09-04T14:07:00.000Z',
    'test/predict 2025-09-04T15:07:00.000Z',
  ]) // prettier-ignore
  for (const { id } of [predict, train]) assert.ok(!sayTold(repository, id).includes('stale critical'), id)
  await endStory(repository, new Date('2025-09-04T22:00Z'))
})
