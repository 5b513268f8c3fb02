// Failures, tried again by themselves: chains of runs, errors that is final, what a provider asks for, failed items.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { DataFailure, SourceFailure } from '../../src/core/errors.ts'
import type { FailedItem, JobContext } from '../../src/core/job.ts'
import { insertPause } from '../../src/ledger/overrides.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import { aRepository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns, sayTold } from './stage.ts'

const away = (retryAfterSeconds?: number) =>
  new SourceFailure('nflverse answered 503', { retryable: true, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }) // prettier-ignore
const scheduled = (wish: Parameters<typeof aJob>[0]) => ({ job: aJob({ id: 'test/daily', ...wish }), cron: ['7 8 * * *'] }) // prettier-ignore

test('a failure is retried half an hour later as the next run of its chain, told at once, and told when it is over', async () => {
  let tries = 0
  const daily = scheduled({ run: () => (++tries < 3 ? Promise.reject(away()) : Promise.resolve()) })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  const chain = repository.reports.map(({ run }) => run)
  assert.deepEqual(sayRuns(repository), ['schedule failed', 'request failed', 'request succeeded'])
  assert.deepEqual(chain.map(({ attempt, retryOf }) => [attempt, retryOf]), [[1, undefined], [2, chain[0]?.id], [3, chain[1]?.id]]) // prettier-ignore
  const [first] = repository.told
  assert.equal(first?.message.incident.cause, 'failed')
  assert.equal(first.at.toISOString(), '2024-11-18T08:07:25.000Z')
  assert.ok(sayTold(repository).includes('failed well'))
})

test('what may be temporary is tried three times half an hour apart, then ever more rarely, and only its deadline ends it', async () => {
  const daily = scheduled({ run: () => Promise.reject(away()), deadlineMinutes: 840 })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 23:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:30')

  const starts = repository.reports.map(({ run }) => run.startedAt.getTime())
  const pauses = starts.slice(1).map((start, i) => Math.round((start - (starts[i] ?? 0)) / 60_000))
  // Each and a tenth either way, to the next pass, and the runner's start.
  const expected = [30, 30, 30, 60, 120, 240, 240]
  assert.equal(pauses.length, expected.length, String(pauses))
  for (const [i, minutes] of expected.entries()) {
    const pause = pauses[i] ?? 0
    assert.ok(pause >= minutes * 0.9 && pause <= minutes * 1.1 + 6, String(pauses))
  }
  const [slot] = await repository.world
    .sql`select state, tries, reason from ledger.slots where due_at < ${at('18 12:00')}`
  assert.deepEqual({ ...slot }, { state: 'missed', tries: 8, reason: 'nflverse answered 503; the deadline passed' })
  const failed = sayTold(repository).filter((text) => text.startsWith('failed'))
  assert.deepEqual(failed, ['failed warning', 'failed critical'])
})

test('an error that is final is told as critical at once, and nobody tries again', async () => {
  const daily = scheduled({ run: () => Promise.reject(new DataFailure('week 12 has two finals of one game')) })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  assert.equal(dispatchesOf(repository, daily.job), 0)
  assert.deepEqual(await repository.world.slots(daily.job, '18 23:59'), ['18 08:07 failed'])
  const [first] = repository.told
  assert.deepEqual([first?.message.incident.cause, first?.message.health], ['failed', 'critical'])
  assert.equal(first?.at.toISOString(), '2024-11-18T08:07:25.000Z')
})

test('a provider that asks for two hours gets them', async () => {
  let tries = 0
  const daily = scheduled({ run: () => (++tries === 1 ? Promise.reject(away(7200)) : Promise.resolve()) })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  assert.deepEqual(repository.reports.map(({ run }) => say(run.startedAt)), ['18 08:07', '18 10:10']) // prettier-ignore
})

test('a provider that asks for longer than the deadline is let alone, and the slot is missed with what it said', async () => {
  const daily = scheduled({ run: () => Promise.reject(away(8 * 3600)) })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  assert.equal(dispatchesOf(repository, daily.job), 0)
  const [slot] = await repository.world.sql`select state, reason from ledger.slots where due_at < ${at('18 12:00')}`
  assert.deepEqual({ ...slot }, { state: 'missed', reason: 'nflverse answered 503; the deadline passed' })
})

test('a source that has nothing yet is asked again and again, ever more rarely, and costs no try', async () => {
  const daily = scheduled({ run: () => Promise.resolve({ notReady: 'week 12 is not out' }), deadlineMinutes: 1380 })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '19 07:00', 15)
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '19 08:06')

  // Half-hourly four times, then after one, two and every four hours, each a tenth sooner at the earliest: twelve in 23 hours.
  assert.ok(repository.reports.length >= 9 && repository.reports.length <= 12, String(repository.reports.length))
  assert.deepEqual(await repository.world.slots(daily.job, '18 23:59'), ['18 08:07 missed'])
  assert.ok(!sayTold(repository).some((text) => text.startsWith('failed')))
})

const GAMES = ['BAL_PIT', 'KC_BUF', 'DAL_HOU']

/** Lands three games; `broken` says which of them fail this time. */
function landing(broken: (only: JobContext['only'], time: number) => readonly string[]) {
  const asked: (readonly string[])[] = []
  const daily = scheduled({
    run(_day, ctx) {
      const wanted = ctx.only?.map(({ key }) => key) ?? GAMES
      asked.push(wanted)
      for (const key of broken(ctx.only, asked.length)) ctx.fail(letter(key))
      return Promise.resolve()
    },
  })
  return { daily, asked }
}

const letter = (key: string): FailedItem => ({ kind: 'game', key, code: 'no_score', message: 'no score yet', retryable: true }) // prettier-ignore

test('failed items are tried again half an hour later, they alone, until they succeed', async () => {
  const { daily, asked } = landing((_only, time) => [['BAL_PIT', 'KC_BUF'], ['KC_BUF'], []][time - 1] ?? [])
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  assert.deepEqual(asked, [GAMES, ['BAL_PIT', 'KC_BUF'], ['KC_BUF']])
  assert.deepEqual(sayRuns(repository), ['schedule partial', 'request partial', 'request succeeded'])
  assert.deepEqual(repository.reports.map(({ run }) => say(run.startedAt)), ['18 08:07', '18 08:40', '18 09:15']) // prettier-ignore
  assert.deepEqual(repository.reports.map(({ run }) => run.attempt), [1, 2, 3]) // prettier-ignore
  const open = await repository.world.sql`select key from ledger.dead_letters where closed_at is null`
  assert.deepEqual([...open], [])
  assert.deepEqual(await repository.world.slots(daily.job, '18 23:59'), ['18 08:07 served'])
})

test('items that go on failing are tried again three times and then left to people', async () => {
  const { daily, asked } = landing(() => ['BAL_PIT'])
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  assert.equal(asked.length, 4)
  const [open] = await repository.world.sql`select key, times from ledger.dead_letters where closed_at is null`
  assert.deepEqual({ ...open }, { key: 'BAL_PIT', times: 4 })
})

test('when the run that tries items again fails itself, it is given half an hour too, and three tries', async () => {
  const { daily, asked } = landing((only) => {
    if (only) throw away()
    return ['BAL_PIT']
  })
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')

  await endStory(repository, '18 23:00')

  const starts = repository.reports.map(({ run }) => run.startedAt.getTime())
  assert.equal(asked.length, 4)
  for (const [i, start] of starts.entries())
    assert.ok(i === 0 || start - (starts[i - 1] ?? 0) >= 30 * 60_000, say(new Date(start)))
})

test('failed items of a paused job are not tried again before the pause is over', async () => {
  const { daily, asked } = landing((only) => (only ? [] : ['BAL_PIT']))
  await using repository = await aRepository({ jobs: [daily] })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.tick(daily.job, '18 08:07')
  const pause = { job: daily.job.id, actor: 'ann', reason: 'the source moves house', at: at('18 08:10') }
  repository.at('18 08:10', () => insertPause(repository.world.sql, { ...pause, expiresAt: at('18 12:00') }))

  await repository.runUntil('18 11:59')
  const during = dispatchesOf(repository, daily.job)
  await endStory(repository, '18 23:00')

  assert.equal(during, 0)
  assert.deepEqual(asked, [GAMES, ['BAL_PIT']])
})

test('without an outside clock the half hour of failed items is a moment at which a run wakes ops-watch', async () => {
  const { daily, asked } = landing((only) => (only ? [] : ['BAL_PIT']))
  const other = { job: aJob({ id: 'test/other' }), cron: ['39 8 * * *'] }
  await using repository = await aRepository({ jobs: [daily, other] })
  repository.tick(daily.job, '18 08:07')
  repository.tick(other.job, '18 08:39')

  await repository.runUntil('18 08:45')

  assert.deepEqual(asked, [GAMES, ['BAL_PIT']])
  await endStory(repository, '18 23:00')
})
