// What GitHub's cron does to a schedule, and what becomes of the slots.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import { aJob } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { checkAccount } from './account.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }

/** Nothing but the outside clock, every five minutes from six in the morning on. */
function everyFiveMinutes(repository: Repository, day: number, hours: readonly [number, number] = [6, 16]): void {
  for (let minute = hours[0] * 60; minute < hours[1] * 60; minute += 5) {
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
    repository.at(`${day} ${time}:10`, () => repository.pass())
  }
}

test('cron three hours late and twice: the slot was rescued after its grace, and the late ticks find nothing to do', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  everyFiveMinutes(repository, 18)
  repository.tick(daily, '18 11:07')
  repository.tick(daily, '18 11:07:30')

  await repository.runUntil('18 23:00')

  assert.deepEqual(
    repository.reports.map(({ outcome, gate, run }) => [run.trigger, outcome, gate?.code]),
    [
      ['request', 'succeeded', undefined],
      ['schedule', 'gated', 'nothing_due'],
      ['schedule', 'gated', 'nothing_due'],
    ],
  )
  const [slot] = await repository.world
    .sql`select state, started_at from ledger.slots where due_at < '2024-11-18 12:00Z'`
  assert.equal(slot?.['state'], 'served')
  assert.equal((slot?.['started_at'] as Date).toISOString(), '2024-11-18T08:40:35.000Z')
  await checkAccount(repository.world.sql, repository.now())
})

test('cron that never comes: every day is rescued once, and people are told each time and told that it is over', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  for (const day of [18, 19, 20]) everyFiveMinutes(repository, day)

  await repository.runUntil('20 23:00')

  assert.deepEqual(await repository.world.slots(daily, '20 23:59'), [
    '18 08:07 served',
    '19 08:07 served',
    '20 08:07 served',
  ])
  assert.equal(repository.github.dispatches.filter(({ workflow }) => workflow === 'test-daily.yml').length, 3)
  const told = repository.told.filter(({ message }) => message.incident.cause === 'overdue')
  assert.deepEqual(
    told.map(({ message }) => message.health),
    ['warning', 'well', 'warning', 'well', 'warning', 'well'],
  )
  await checkAccount(repository.world.sql, repository.now())
})

test('a failure is retried half an hour later as the next run of its chain, told at once, and told when it is over', async () => {
  let tries = 0
  const job = aJob({
    id: 'test/daily',
    run: () => (++tries < 3 ? Promise.reject(new SourceFailure('503', { retryable: true })) : Promise.resolve()),
  })
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }] })
  everyFiveMinutes(repository, 18, [10, 16])
  repository.tick(job, '18 08:07')

  await repository.runUntil('18 23:00')

  assert.deepEqual(
    repository.reports.map(({ run, outcome }) => [run.trigger, run.attempt, outcome]),
    [
      ['schedule', 1, 'failed'],
      ['request', 2, 'failed'],
      ['request', 3, 'succeeded'],
    ],
  )
  const [first] = repository.told
  assert.equal(first?.message.incident.cause, 'failed')
  assert.equal(first.at.toISOString(), '2024-11-18T08:07:25.000Z')
  assert.equal(repository.told.at(-1)?.message.health, 'well')
  await checkAccount(repository.world.sql, repository.now())
})
