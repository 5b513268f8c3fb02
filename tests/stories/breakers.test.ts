// A source that keeps failing: the breaker opens, jobs wait behind it without being started, and one run tries.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import type { AnyJob, JobReturn } from '../../src/core/job.ts'
import { aJob } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { until } from '../helpers/until.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns, sayTold } from './stage.ts'

let away = true
let asked = 0
const answer = (): Promise<JobReturn> => {
  asked += 1
  return away ? Promise.reject(new SourceFailure('books answered 503', { retryable: true, context: { source: 'books' } })) : Promise.resolve() // prettier-ignore
}
const jobs = ['odds', 'edges', 'stakes', 'closing'].map((name) =>
  aJob({ id: `test/${name}`, sources: ['books'], deadlineMinutes: 1440, run: answer }),
)
const [odds, edges, stakes, closing] = jobs as [AnyJob, AnyJob, AnyJob, AnyJob]
const DAILY = [
  { job: odds, cron: ['7 8 * * *'] },
  { job: edges, cron: ['8 8 * * *'] },
  { job: stakes, cron: ['9 8 * * *'] },
  { job: closing, cron: ['20 8 * * *'] },
]

async function threeFailures(repository: Repository): Promise<void> {
  away = true
  asked = 0
  repository.tick(odds, '18 08:07')
  repository.tick(edges, '18 08:08')
  repository.tick(stakes, '18 08:09')
  await repository.runUntil('18 08:10')
}

test('three failed runs of jobs that share a source open its breaker, and a fourth job is gated without a call', async () => {
  await using repository = await aRepository({ jobs: DAILY })
  await threeFailures(repository)
  repository.tick(closing, '18 08:20')

  await repository.runUntil('18 08:21')

  assert.equal(asked, 3)
  assert.deepEqual(sayRuns(repository, closing), ['schedule breaker_open'])
  assert.match(repository.reports[3]?.reason ?? '', /waits for books: its breaker is open after 3 failed runs \(books answered 503\); it is tried again from 2024-11-18T08:39/) // prettier-ignore
  assert.deepEqual(sayTold(repository, 'source:books'), ['breaker_open warning'])
})

test('while it is open nothing is dispatched; then one run tries, closes it, and all that waited is served and told over', async () => {
  await using repository = await aRepository({ jobs: DAILY })
  await threeFailures(repository)
  outsideClock(repository, '18 08:10', '18 12:00')

  await repository.runUntil('18 08:38')
  const whileOpen = jobs.map((job) => dispatchesOf(repository, job))
  away = false
  await endStory(repository, '18 16:00')

  assert.deepEqual(whileOpen, [0, 0, 0, 0])
  for (const { job } of DAILY) assert.equal((await repository.world.slots(job, '18 23:00'))[0]?.slice(9), 'served')
  assert.equal(asked, 7)
  assert.deepEqual(sayTold(repository, 'source:books'), ['breaker_open warning', 'breaker_open well'])
})

test('a trial that fails opens it again for twice as long, and people are not told twice', async () => {
  await using repository = await aRepository({ jobs: DAILY })
  await threeFailures(repository)
  outsideClock(repository, '18 08:10', '18 12:00')

  await repository.runUntil('18 08:50')
  const [once] = await breaker(repository)
  await repository.runUntil('18 10:00')
  const [twice] = await breaker(repository)

  assert.equal(asked, 5)
  const openFor = [once, twice].map((row) => [row?.['trials'], Math.round(Number(row?.['minutes']))])
  assert.deepEqual(openFor, [
    [1, 60],
    [2, 120],
  ])
  assert.deepEqual(sayTold(repository, 'source:books'), ['breaker_open warning'])
  away = false
  await endStory(repository, '19 08:06')
})

test('half open, of many runners at once exactly one tries', async () => {
  for (let round = 0; round < 5; round += 1) {
    await using repository = await aRepository({ jobs: DAILY })
    await threeFailures(repository)
    await repository.world.sql`update ledger.slots set not_before = null`
    let [going, most, ended] = [0, 0, 0]
    const patient = jobs.map((job) => ({
      ...job,
      async run() {
        most = Math.max(most, (going += 1))
        await until('the three others are over', () => ended === 3)
        going -= 1
      },
    }))

    const wake = (job: (typeof patient)[number]) => repository.world.wake(job, '18 08:45').finally(() => (ended += 1))
    const reports = await Promise.all(patient.map(wake))

    assert.equal(most, 1, `round ${round}`)
    assert.equal(reports.filter(({ gate }) => gate?.code === 'breaker_open').length, 3)
    assert.equal(reports.filter(({ outcome }) => outcome === 'succeeded').length, 1)
  }
})

test('a trial whose runner died does not keep the breaker half open for ever', async () => {
  await using repository = await aRepository({ jobs: DAILY, lifeOf: () => (asked >= 3 && away ? { seconds: 60, end: 'killed' } : undefined) }) // prettier-ignore
  await threeFailures(repository)
  outsideClock(repository, '18 08:10', '18 16:00')

  await repository.runUntil('18 08:50')
  const [during] = await breaker(repository)
  away = false
  await endStory(repository, '18 20:00')

  assert.equal(during?.['state'], 'half_open')
  assert.deepEqual((await breaker(repository)).map((row) => row['state']), ['closed']) // prettier-ignore
  for (const { job } of DAILY) assert.equal((await repository.world.slots(job, '18 23:00'))[0]?.slice(9), 'served')
})

async function breaker({ world }: Repository) {
  return await world.sql`
    select state, trials, extract(epoch from try_at - (
      select max(finished_at) from ledger.runs where outcome = 'failed'
    ))::double precision / 60 as minutes from ledger.breakers
  `
}
