// Parents and children: who waits for whom, who may be early, and who must not be.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import { aJob } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

const parent = aJob({ id: 'test/parent' })
const child = aJob({ id: 'test/child', needs: { 'test/parent': 'fresh' } })
/** The parent every Tuesday morning, the child that afternoon. */
const WEEKLY = [
  { job: parent, cron: ['7 8 * * 2'] },
  { job: child, cron: ['7 14 * * 2'] },
]

test('a chain makes the child early, and its own cron line then finds the slot served', async () => {
  await using world = await aWorld(...WEEKLY)
  await world.wake(parent, '19 08:07')

  const early = await world.wake(child, '19 08:09', { trigger: 'chain' })
  const cron = await world.wake(child, '19 14:07')

  assert.equal(early.outcome, 'succeeded')
  assert.equal(early.run.slotDueAt?.toISOString(), '2024-11-19T14:07:00.000Z')
  assert.equal(cron.gate?.code, 'nothing_due')
})

test('a child continues the story of its parent', async () => {
  await using world = await aWorld(...WEEKLY)
  const first = await world.wake(parent, '19 08:07')

  const second = await world.wake(child, '19 08:09', { trigger: 'chain' })

  assert.equal(second.run.correlationId, first.run.correlationId)
})

test('a parent served on Tuesday lets no wake-up of the week eat the slots to come', async () => {
  const everyDay = { job: child, cron: ['7 14 * * 2', '7 9 * * 3', '7 9 * * 4'] }
  await using world = await aWorld({ job: parent, cron: ['7 8 * * 2'] }, everyDay)
  await world.wake(parent, '19 08:07')
  await world.wake(child, '19 08:09', { trigger: 'chain' })

  for (const hour of ['19 10:00', '19 14:07', '20 06:00', '20 08:00']) {
    const report = await world.wake(child, hour, { trigger: 'chain' })
    assert.equal(report.gate?.code, 'nothing_due', hour)
  }
  const onTime = await world.wake(child, '20 09:07')

  assert.equal(onTime.run.slotDueAt?.toISOString(), '2024-11-20T09:07:00.000Z')
})

test('a parent that was itself early does not let a child be taken before the parent slot that is still to come', async () => {
  const first = aJob({ id: 'test/first' })
  const daily = aJob({ id: 'test/parent', needs: { 'test/first': 'fresh' } })
  const weekly = { job: child, cron: ['7 20 * * 2'] } // after Tuesday's parent slot
  await using world = await aWorld({ job: first, cron: ['7 8 * * *'] }, { job: daily, cron: ['7 14 * * *'] }, weekly)
  await world.wake(first, '18 08:07')
  await world.wake(daily, '18 08:09', { trigger: 'chain' })

  const tooEarly = await world.wake(child, '18 08:11', { trigger: 'chain' })

  assert.equal(tooEarly.outcome, 'gated')
  assert.deepEqual(await world.slots(child, '19 23:00'), ['19 20:07 due'])
})

test('running the parent by hand on a Wednesday leaves next Tuesday alone', async () => {
  await using world = await aWorld(...WEEKLY)
  await serveTuesday(world)

  const byHand = await world.wake(parent, '20 12:00', { trigger: 'manual' })
  const chained = await world.wake(child, '20 12:01', { trigger: 'chain' })
  const childByHand = await world.wake(child, '20 12:02', { trigger: 'manual' })

  assert.equal(byHand.outcome, 'succeeded')
  assert.equal(byHand.run.slotDueAt, undefined)
  assert.equal(chained.outcome, 'gated')
  assert.equal(childByHand.run.slotDueAt, undefined)
  assert.deepEqual(await world.slots(parent), ['19 08:07 served', '26 08:07 due'])
  assert.deepEqual(await world.slots(child), ['19 14:07 served', '26 14:07 due'])
})

for (const { what, fail } of [
  { what: 'failed', fail: () => Promise.reject(new SourceFailure('the source answered 500', { retryable: true })) },
  { what: 'not ready', fail: () => Promise.resolve({ notReady: 'nothing has been published yet' }) },
]) {
  test(`a child waits for a parent that is ${what}, and is missed at its own deadline`, async () => {
    const broken = aJob({ id: 'test/parent', run: fail, deadlineMinutes: 10_000 })
    await using world = await aWorld({ job: broken, cron: ['7 8 * * 2'] }, WEEKLY[1]!)
    await world.wake(broken, '19 08:07')

    const chained = await world.wake(child, '19 08:09', { trigger: 'chain' })
    const cron = await world.wake(child, '19 14:07')
    await world.wake(child, '19 21:00')

    assert.equal(chained.gate?.code, 'nothing_due')
    assert.equal(cron.gate?.code, 'waiting_for_parents')
    assert.equal(cron.reason, 'test/child waits for test/parent: test/parent of 2024-11-19T08:07:00.000Z is due')
    assert.deepEqual(await world.slots(child, '19 23:00'), ['19 14:07 missed'])
  })
}

test('a child of a missed parent is missed at its own deadline, and the next week is another story', async () => {
  await using world = await aWorld(...WEEKLY)

  const waiting = await world.wake(child, '19 14:30')
  await world.wake(child, '19 21:00')
  await world.wake(parent, '26 08:07')
  await world.wake(child, '26 08:10', { trigger: 'chain' })

  assert.match(waiting.reason ?? '', /2024-11-19T08:07:00.000Z is missed/)
  assert.deepEqual(await world.slots(child, '26 23:00'), ['19 14:07 missed', '26 14:07 served'])
})

test('a partial parent is as good as a whole one', async () => {
  const partial = aJob({
    id: 'test/parent',
    run: (_day, ctx) => Promise.resolve(ctx.fail({ kind: 'game', key: 'g1', code: 'bad', message: 'no score' })),
  })
  await using world = await aWorld({ job: partial, cron: ['7 8 * * 2'] }, WEEKLY[1]!)

  const parentRun = await world.wake(partial, '19 08:07')
  const childRun = await world.wake(child, '19 08:09', { trigger: 'chain' })

  assert.equal(parentRun.outcome, 'partial')
  assert.equal(childRun.outcome, 'succeeded')
})

test('a need for any success is met by a run by hand, once there is one', async () => {
  const casual = aJob({ id: 'test/child', needs: { 'test/parent': 'any' } })
  await using world = await aWorld({ job: parent, cron: ['7 8 * * 5'] }, { job: casual, cron: ['7 14 * * *'] })

  const before = await world.wake(casual, '18 14:07')
  await world.wake(parent, '18 14:10', { trigger: 'manual' })
  const after = await world.wake(casual, '18 14:12')

  assert.match(before.reason ?? '', /waits for test\/parent: test\/parent has never succeeded yet/)
  assert.equal(after.outcome, 'succeeded')
})

test('a child of two parents waits for both', async () => {
  const second = aJob({ id: 'test/second' })
  const joined = aJob({ id: 'test/child', needs: { 'test/parent': 'fresh', 'test/second': 'fresh' } })
  const tuesday = [WEEKLY[0]!, { job: second, cron: ['17 8 * * 2'] }, { job: joined, cron: ['7 14 * * 2'] }]
  await using world = await aWorld(...tuesday)
  await world.wake(parent, '19 08:07')

  const afterOne = await world.wake(joined, '19 08:20', { trigger: 'chain' })
  await world.wake(second, '19 08:21')
  const afterBoth = await world.wake(joined, '19 08:22', { trigger: 'chain' })

  assert.equal(afterOne.outcome, 'gated')
  assert.equal(afterBoth.outcome, 'succeeded')
})

async function serveTuesday(world: World): Promise<void> {
  await world.wake(parent, '19 08:07')
  await world.wake(child, '19 08:09', { trigger: 'chain' })
}
