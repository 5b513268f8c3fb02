// Which ends of a run want a pass of ops-watch at once, and when its children want one.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FinalOutcome } from '../../src/core/run.ts'
import { childrenWantedAt, isUrgent, lookAndPoke } from '../../src/runner/look-around.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import { aWorld } from '../helpers/world.ts'

const URGENT: FinalOutcome[] = ['failed', 'abandoned', 'cancelled', 'not_ready']
const CALM: FinalOutcome[] = ['succeeded', 'partial', 'gated']

test('a run that gave its slot back, or never came to its end, wants a pass at once', () => {
  for (const outcome of URGENT) assert.ok(isUrgent(outcome, 0), outcome)
  for (const outcome of CALM) assert.ok(!isUrgent(outcome, 0), outcome)
})

test('a run that left failed items wants a pass, however it ended', () => {
  for (const outcome of [...URGENT, ...CALM]) assert.ok(isUrgent(outcome, 1), outcome)
})

const parent = aJob({ id: 'test/parent' })
const child = aJob({ id: 'test/child', needs: { 'test/parent': 'fresh' }, graceMinutes: 20 })
const another = aJob({ id: 'test/another', needs: { 'test/parent': 'fresh', 'test/other': 'fresh' } })
const other = aJob({ id: 'test/other' })
const reader = aJob({ id: 'test/reader', needs: { 'test/parent': 'any' } })
const JOBS = [parent, child, another, other, reader]

for (const [trigger, expected] of [
  ['schedule', '18 08:13'],
  ['request', '18 08:08'],
] as const) {
  test(`children that are ready want a pass when their chain should have come: of a ${trigger} ${expected}`, async () => {
    await using world = await aWorld(...JOBS.map((job, i) => ({ job, cron: [`7 ${8 + i} * * *`] })))

    await world.wake(parent, '18 08:08', { trigger })
    const at_ = await childrenWantedAt(world.sql, parent, { jobs: JOBS, now: at('18 08:09') })

    assert.equal(at_ && say(at_), expected)
    assert.equal(await childrenWantedAt(world.sql, reader, { jobs: JOBS, now: at('18 08:09') }), undefined)
  })
}

test('a child that waits for another parent, or whose slot is served, wants none', async () => {
  await using world = await aWorld(...[parent, another, other].map((job, i) => ({ job, cron: [`7 ${8 + i} * * *`] })))

  await world.wake(parent, '18 08:08')

  // Its other parent has not been due, so nothing is in the way; once it is, it is.
  assert.ok(await childrenWantedAt(world.sql, parent, { jobs: JOBS, now: at('18 08:09') }))
  await world.wake(another, '18 08:10', { trigger: 'chain' })
  assert.equal(await childrenWantedAt(world.sql, parent, { jobs: JOBS, now: at('18 08:11') }), undefined)
})

test('a child that cannot be judged keeps nobody from poking: a pass judges it by itself', async () => {
  const unreadable = aJob({
    id: 'test/unreadable',
    needs: { 'test/parent': 'fresh' },
    period: () => {
      throw new RangeError('no period today')
    },
  })
  await using world = await aWorld({ job: parent, cron: ['7 8 * * *'] })
  await world.wake(parent, '18 08:08')
  let pokes = 0
  const warned: string[] = []
  const log = {
    info: () => undefined,
    warn: (message: string) => void warned.push(message),
    error: () => undefined,
    tail: () => [],
  }
  const poke = () => Promise.resolve(void pokes++)

  const parts = { ledger: world.sql, jobs: [parent, unreadable], log, poke }
  await lookAndPoke(parts, { by: parent.id, now: at('18 08:09'), urgent: false, served: { job: parent, slot: true } })

  assert.equal(pokes, 1)
  assert.deepEqual(warned, ['the jobs that follow could not be judged'])
})
