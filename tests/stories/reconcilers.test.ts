// Several reconcilers, reconcilers that die, and more work than one pass may start.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createActionsExecutor } from '../../src/executors/actions.ts'
import type { Executor } from '../../src/executors/types.ts'
import { aJob, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { until } from '../helpers/until.ts'
import { checkRequests, checkSlots, endStory } from './account.ts'
import { after, dispatchesOf, outsideClock, sayRuns } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }

test('of two reconcilers at once one acts, the other leaves its mark, and the first goes round again', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await repository.runUntil('18 08:40')

  const both = await Promise.all([repository.pass(), repository.pass()])

  assert.deepEqual(both.map(({ led, rounds }) => [led, rounds.length]).sort(), [[false, 0], [true, 2]]) // prettier-ignore
  assert.equal(dispatchesOf(repository, daily), 1)
  const [watch] = await repository.world.sql`select holder, marked from ledger.watch`
  assert.deepEqual({ ...watch }, { holder: null, marked: false })
  await endStory(repository, '18 10:00')
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
})

test('ten reconcilers at once start what is overdue once', async () => {
  const jobs = Array.from({ length: 5 }, (_, i) => aJob({ id: `test/job${i}` }))
  await using repository = await aRepository({ jobs: jobs.map((job) => ({ job, cron: ['7 8 * * *'] })) })
  await repository.runUntil('18 08:40')

  await Promise.all(Array.from({ length: 10 }, () => repository.pass()))

  for (const job of jobs) assert.equal(dispatchesOf(repository, job), 1, job.id)
  await endStory(repository, '18 10:00')
})

/** An executor in whose hands a reconciler dies, before or after it has asked GitHub; `wake` lets it go on after all. */
function aDeadlyExecutor(repository: Repository, when: 'before' | 'after') {
  const real = createActionsExecutor(repository.api)
  const state = { reached: false, wake: () => {} }
  const asleep = new Promise<void>((resolve) => (state.wake = resolve))
  const executor: Executor = {
    name: 'actions',
    async submit(start) {
      const answer = when === 'after' ? await real.submit(start) : undefined
      state.reached = true
      await asleep
      return answer ?? (await real.submit(start))
    },
  }
  return { executor, state }
}

/** The lease is the database's clock, which does not move with ours. */
const leaseRunsOut = ({ world }: Repository) =>
  world.sql`update ledger.watch set lease_until = clock_timestamp() - interval '1 second'`

for (const when of ['before', 'after'] as const) {
  test(`a reconciler that dies ${when} it has asked GitHub: another takes the lease over, and nothing runs twice`, async () => {
    let runs = 0
    const job = aJob({ id: 'test/daily', run: () => Promise.resolve(void runs++) })
    await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }] })
    const { executor, state } = aDeadlyExecutor(repository, when)
    await repository.runUntil('18 08:40')
    const dying = repository.pass({ executor })
    await until('the reconciler is about to die', () => state.reached)

    const tooEarly = await repository.pass()
    await leaseRunsOut(repository)
    outsideClock(repository, '18 08:41', '18 09:00', 1)
    await repository.runUntil('18 09:00')

    assert.equal(tooEarly.led, false)
    assert.equal(runs, 1)
    // Asked for or not, nobody knows: the request was claimed before, so its ten minutes pass first.
    const starts = repository.reports.map(({ run, outcome }) => `${say(run.startedAt)} ${outcome}`)
    assert.deepEqual(starts, [when === 'after' ? '18 08:40 succeeded' : '18 08:50 succeeded'])
    assert.equal(dispatchesOf(repository, job), 1)

    // And should it only have slept, what it still does changes nothing.
    state.wake()
    const [round] = (await dying).rounds.slice(-1)
    await endStory(repository, '18 10:00')
    assert.equal(round?.lostLease, true)
    assert.equal(runs, 1)
  })
}

test('a reconciler whose database goes away in mid-pass lets the next one do the rest', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  const real = createActionsExecutor(repository.api)
  const cutting: Executor = {
    name: 'actions',
    async submit(start) {
      const answer = await real.submit(start)
      await repository.world.sql`
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      `
      return answer
    },
  }
  await repository.runUntil('18 08:40')

  await Promise.allSettled([repository.pass({ executor: cutting })])
  await leaseRunsOut(repository)
  outsideClock(repository, '18 08:41', '18 09:00', 1)
  await endStory(repository, '18 10:00')

  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  assert.equal(dispatchesOf(repository, daily), 1)
})

test('two hundred overdue jobs: ten starts a pass, the nearest deadline first, all served after twenty passes and none twice', async () => {
  let runs = 0
  const jobs = Array.from({ length: 200 }, (_, i) =>
    aJob({
      id: `test/j${String((i * 71) % 200).padStart(3, '0')}`,
      deadlineMinutes: 300 + ((i * 71) % 200),
      run: () => Promise.resolve(void runs++),
    }),
  )
  await using repository = await aRepository({ jobs: jobs.map((job) => ({ job, cron: ['7 8 * * *'] })) })
  for (let minute = 40; minute < 60; minute += 1) repository.at(`18 08:${minute}`, () => repository.pass())

  await repository.runUntil('18 08:40:10')
  const first = repository.github.dispatches.map(({ workflow }) => workflow)
  await repository.runUntil('18 09:02')

  assert.deepEqual(
    first,
    Array.from({ length: 10 }, (_, i) => `test-j${String(i).padStart(3, '0')}.yml`),
  )
  const perRound = repository.passes.flatMap(({ rounds }) => rounds.map(({ sent }) => sent.length))
  assert.equal(Math.max(...perRound), 10)
  assert.equal(runs, 200)
  const [slots] = await repository.world.sql`
    select count(*)::integer as served from ledger.slots where state = 'served' and due_at < ${after('18 12:00', 0)}
  `
  assert.equal(slots?.['served'], 200)
  assert.equal(new Set(repository.github.dispatches.map(({ workflow }) => workflow)).size, 201)
  for (const job of jobs) assert.equal(dispatchesOf(repository, job), 1, job.id)
  await checkSlots(repository.world.sql, repository.now())
  await checkRequests(repository.world.sql, repository.now())
})
