// What becomes of a child whose parent is partial, not ready, failed or missed, and what when the parent recovers.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { DataFailure, SourceFailure } from '../../src/core/errors.ts'
import type { JobContext, JobReturn } from '../../src/core/job.ts'
import { aJob, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns, sayTold, wakeAt } from './stage.ts'

type End = (ctx: JobContext<Record<string, unknown>>) => Promise<JobReturn> | JobReturn

const child = aJob({ id: 'test/child', needs: { 'test/parent': 'fresh' } })
const well: End = () => undefined

/** Tuesday's parent in the morning, its child in the afternoon. `ends` are the parent's, one a run, and then all is well. */
async function aFamily(ends: End[], wish: { chains?: boolean } = {}) {
  const parent = aJob({
    id: 'test/parent',
    deadlineMinutes: 720,
    run: async (_day, ctx) => await (ends.shift() ?? well)(ctx),
  })
  const jobs = [
    { job: parent, cron: ['7 8 * * 2'] },
    { job: child, cron: ['7 14 * * 2'] },
  ]
  const repository = await aRepository({ jobs, chains: () => wish.chains ?? true })
  return { repository, parent, both: () => Promise.all([parent, child].map((job) => repository.world.slots(job, '25 00:00'))) } // prettier-ignore
}

async function tuesday({ repository, parent }: Awaited<ReturnType<typeof aFamily>>): Promise<void> {
  repository.tick(parent, '19 08:07')
  repository.tick(child, '19 14:07')
  outsideClock(repository, '19 08:00', '19 22:00', 15)
  await Promise.resolve()
}

test('a partial parent lets its child go at once', async () => {
  const family = await aFamily([(ctx) => ctx.fail({ kind: 'game', key: 'g1', code: 'bad', message: 'no score' })])
  await using repository = family.repository
  await tuesday(family)

  await endStory(repository, '20 00:00')

  assert.deepEqual(await family.both(), [['19 08:07 served'], ['19 14:07 served']])
  assert.deepEqual(sayRuns(repository), ['schedule partial', 'chain succeeded', 'schedule nothing_due'])
})

test('a parent that is not ready is asked again, and its child follows when it is', async () => {
  const notReady: End = () => ({ notReady: 'week 12 is not out' })
  const family = await aFamily([notReady, notReady])
  await using repository = family.repository
  await tuesday(family)

  await endStory(repository, '20 00:00')

  assert.deepEqual(await family.both(), [['19 08:07 served'], ['19 14:07 served']])
  // What is asked again is dispatched by a token, and so wakes nobody at its end.
  assert.deepEqual(sayRuns(repository, child), ['chain nothing_due', 'request succeeded', 'schedule nothing_due'])
  assert.equal(dispatchesOf(repository, child), 1)
})

test('a parent that failed for good: the child is not started in vain, is not called late, and is missed at its own deadline', async () => {
  const family = await aFamily([() => Promise.reject(new DataFailure('two finals of one game'))])
  await using repository = family.repository
  await tuesday(family)

  await endStory(repository, '20 00:00')

  assert.deepEqual(await family.both(), [['19 08:07 failed'], ['19 14:07 missed']])
  assert.equal(dispatchesOf(repository, child), 0)
  // That it was never served was grave from the first: what it became of is a new fact of the same trouble.
  assert.deepEqual(sayTold(repository, child.id), ['never_seen critical'])
  const open = await repository.world
    .sql`select cause from ledger.incidents where subject = ${child.id} and closed_at is null`
  assert.deepEqual(open.map(({ cause }) => cause), ['missed']) // prettier-ignore
  const [slot] = await repository.world.sql`select reason, changed_at from ledger.slots where state = 'missed'`
  assert.match(String(slot?.['reason']), /waits for test\/parent: test\/parent of 2024-11-19T08:07:00.000Z is failed; the deadline passed$/) // prettier-ignore
  assert.equal(say(slot?.['changed_at'] as Date), '19 20:15')
})

test('a parent that nobody could start is missed, its child too, and the next week is served as if nothing had been', async () => {
  const family = await aFamily([])
  await using repository = family.repository
  repository.github.refuseNext({ status: 503 }, { times: Infinity, only: /dispatches/ })
  outsideClock(repository, '19 08:00', '20 00:00', 20)
  repository.at('20 00:00', () => repository.github.forgive())
  repository.tick(family.parent, '26 08:07')
  outsideClock(repository, '26 08:00', '26 10:00', 10)

  await repository.runUntil('20 00:00')
  const lost = await family.both()
  await endStory(repository, '26 12:00')

  assert.deepEqual(lost, [['19 08:07 missed'], ['19 14:07 missed']])
  assert.deepEqual(await repository.world.slots(child), ['19 14:07 missed', '26 14:07 served'])
  for (const { id } of [family.parent, child]) assert.ok(sayTold(repository, id).includes('missed well'), id)
})

test('a parent that recovers in time takes its child along', async () => {
  const away: End = () => Promise.reject(new SourceFailure('nflverse answered 503', { retryable: true }))
  const family = await aFamily([away, away, away])
  await using repository = family.repository
  await tuesday(family)

  await endStory(repository, '20 00:00')

  assert.deepEqual(await family.both(), [['19 08:07 served'], ['19 14:07 served']])
  assert.deepEqual(sayTold(repository, child.id), [])
})

test('a child whose parent never came to anything is not called never served: its parent is told of, and served it takes the child along', async () => {
  const away: End = () => Promise.reject(new SourceFailure('nflverse answered 503', { retryable: true }))
  const ends = [away, away, away]
  const parent = aJob({ id: 'test/parent', deadlineMinutes: 720, run: async (_day, ctx) => await (ends.shift() ?? well)(ctx) }) // prettier-ignore
  const predictor = aJob({ id: 'test/predictor', needs: { 'test/parent': 'any' } })
  const jobs = [parent, predictor].map((job) => ({ job, cron: ['7 8 * * 2'] }))
  await using repository = await aRepository({ jobs })
  repository.tick(parent, '19 08:07')
  outsideClock(repository, '19 08:00', '19 22:00', 15)

  await repository.runUntil('19 09:15')
  const early = [parent, predictor].map(({ id }) => sayTold(repository, id))
  await endStory(repository, '20 00:00')

  assert.deepEqual(early, [['failed warning'], []])
  for (const job of [parent, predictor])
    assert.deepEqual(await repository.world.slots(job, '25 00:00'), ['19 08:07 served'])
  // From then on it is late, and started at once.
  assert.deepEqual(sayTold(repository, predictor.id), ['overdue warning', 'overdue well'])
})

test('a parent that a person mends in the evening: the child is started when no chain has come after five minutes', async () => {
  const family = await aFamily([], { chains: false })
  await using repository = family.repository
  repository.github.refuseNext({ status: 503 }, { times: Infinity, only: /test-parent.yml.dispatches/ })
  repository.tick(child, '19 14:07')
  wakeAt(repository, family.parent, '19 19:00', { trigger: 'manual' })
  outsideClock(repository, '19 08:00', '19 22:00', 15)

  await endStory(repository, '20 00:00')

  assert.deepEqual(await family.both(), [['19 08:07 served'], ['19 14:07 served']])
  assert.deepEqual(startsOf(repository), ['schedule 19 14:07 waiting_for_parents', 'request 19 19:15 succeeded'])
})

test('a parent mended by hand after its slot was lost does not bring the child back: it is missed, and next week is well', async () => {
  const family = await aFamily([() => Promise.reject(new DataFailure('two finals of one game'))])
  await using repository = family.repository
  await tuesday(family)
  wakeAt(repository, family.parent, '19 15:00', { trigger: 'manual' })
  wakeAt(repository, child, '19 15:00:30', { trigger: 'chain' })

  await endStory(repository, '20 00:00')

  assert.deepEqual(await family.both(), [['19 08:07 failed'], ['19 14:07 missed']])
  assert.equal(repository.reports.find(({ run }) => run.trigger === 'manual')?.outcome, 'succeeded')
})

function startsOf({ reports }: Repository): string[] {
  return reports
    .filter(({ job }) => job.id === child.id)
    .map(({ run, outcome, gate }) => `${run.trigger} ${say(run.startedAt)} ${gate?.code ?? outcome}`)
}
