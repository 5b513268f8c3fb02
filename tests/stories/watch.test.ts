// Runs look around for the others: who wakes ops-watch, who does not, and what is written down when nobody looked.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import { aJob, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { outsideClock, sayTold } from './stage.ts'

const failing = () => Promise.reject(new SourceFailure('503', { retryable: true }))
const many = Array.from({ length: 10 }, (_, i) => aJob({ id: `test/job${i}`, run: failing }))
const SCHEDULE = many.map((job) => ({ job, cron: ['7 8 * * *'] }))
const quiet = aJob({ id: 'test/quiet' })

/** A run that may wake ops-watch by what `poke` does. */
async function wake({ world }: Repository, job: typeof quiet, when: string, poke?: () => Promise<void>): Promise<void> {
  await world.wake(job, when, { parts: { poke } })
}

function aCounter(fail: () => boolean = () => false) {
  const counter = { pokes: 0 }
  const poke = () => {
    counter.pokes += 1
    return fail() ? Promise.reject(new Error('GitHub answered 502')) : Promise.resolve()
  }
  return { counter, poke }
}

test('of ten runs that fail at the same moment one wakes ops-watch', async () => {
  await using repository = await aRepository({ jobs: SCHEDULE })
  const { counter, poke } = aCounter()

  await Promise.all(many.map((job) => wake(repository, job, '18 08:07', poke)))

  assert.equal(counter.pokes, 1)
})

test('a poke that could not be sent is given back, and the next run sends it', async () => {
  await using repository = await aRepository({ jobs: SCHEDULE })
  let down = true
  const { counter, poke } = aCounter(() => down)

  await wake(repository, many[0]!, '18 08:07', poke)
  down = false
  await wake(repository, many[1]!, '18 08:08', poke)
  await wake(repository, many[2]!, '18 08:09', poke)

  assert.equal(counter.pokes, 2)
  assert.ok(repository.world.log.some((line) => line.includes('nobody was told to look after the rest')))
})

test('a poke that led to no pass is sent again after two minutes, not before', async () => {
  await using repository = await aRepository({ jobs: SCHEDULE })
  const { counter, poke } = aCounter()
  const counts: number[] = []

  for (const [i, when] of ['18 08:07', '18 08:08:59', '18 08:09:01'].entries()) {
    await wake(repository, many[i]!, when, poke)
    counts.push(counter.pokes)
  }

  assert.deepEqual(counts, [1, 1, 2])
})

test('a pass takes the poke off, so that what happens after it is told at once', async () => {
  await using repository = await aRepository({ jobs: SCHEDULE })
  const { counter, poke } = aCounter()

  await wake(repository, many[0]!, '18 08:07', poke)
  await repository.runUntil('18 08:08')
  await repository.pass()
  await wake(repository, many[1]!, '18 08:09', poke)

  assert.equal(counter.pokes, 2)
})

test('a run that went well where all is well wakes nobody', async () => {
  await using repository = await aRepository({ jobs: [{ job: quiet, cron: ['7 8 * * *'] }] })
  const { counter, poke } = aCounter()
  await repository.runUntil('18 08:00')
  await repository.pass()

  await wake(repository, quiet, '18 08:07', poke)
  await wake(repository, quiet, '18 08:09', poke)

  assert.equal(counter.pokes, 0)
})

test('a laptop that cannot wake ops-watch does not take the poke from a run that can', async () => {
  await using repository = await aRepository({ jobs: SCHEDULE })
  const { counter, poke } = aCounter()

  await wake(repository, many[0]!, '18 08:07')
  await wake(repository, many[1]!, '18 08:07:30', poke)

  assert.equal(counter.pokes, 1)
})

test('a slot that is overdue elsewhere makes any run of any job wake ops-watch, which rescues it', async () => {
  const late = aJob({ id: 'test/late' })
  const jobs = [
    { job: quiet, cron: ['7 9 * * *'] },
    { job: late, cron: ['7 8 * * *'] },
  ]
  await using repository = await aRepository({ jobs })
  repository.tick(quiet, '18 09:07')

  await endStory(repository, '18 12:00')

  assert.deepEqual(
    repository.reports.map(({ job, run }) => `${job.id} ${say(run.startedAt)}`),
    ['test/quiet 18 09:07', 'test/late 18 09:07'],
  )
})

test('messages that one pass does not come to are a reason to wake ops-watch again', async () => {
  const jobs = Array.from({ length: 60 }, (_, i) => ({ job: aJob({ id: `test/late${i}` }), cron: ['7 8 * * *'] }))
  await using repository = await aRepository({
    jobs: [{ job: quiet, cron: [] }, ...jobs],
    startSeconds: () => undefined,
  })
  const { counter, poke } = aCounter()
  await repository.runUntil('18 08:38')
  await repository.pass()
  const first = repository.told.length

  await repository.world.sql`update ledger.requests set next_try_at = '2024-11-18T09:00Z'`
  await wake(repository, quiet, '18 08:39', poke)

  assert.equal(first, 50)
  assert.equal(counter.pokes, 1)
})

test('a stretch in which nobody looked is written down with its ends and who ended it, and told when it was long', async () => {
  await using repository = await aRepository({ jobs: [{ job: quiet, cron: ['7 11 * * *'] }] })
  outsideClock(repository, '18 08:00', '18 08:20', 4)
  repository.tick(quiet, '18 11:07')
  outsideClock(repository, '18 11:10', '18 11:20')

  await repository.runUntil('18 11:30')

  const gaps = await repository.world.sql`select began_at, ended_at, ended_by from ledger.wake_up_gaps`
  assert.deepEqual(
    gaps.map((gap) => [say(gap['began_at'] as Date), say(gap['ended_at'] as Date), gap['ended_by']]),
    [['18 08:16', '18 11:07', 'test/quiet']],
  )
  assert.deepEqual(sayTold(repository), ['wake_up_gap warning'])
})
