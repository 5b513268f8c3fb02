// What people do: run by hand, name a period, pause, force, rehearse. None of it may cost a slot that nobody meant.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob, at } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

const daily = aJob({ deadlineMinutes: 10_000 })
const DAILY = { job: daily, cron: ['7 8 * * *'] }
const manual = { trigger: 'manual' } as const

test('a run by hand beside a due slot takes it', async () => {
  await using world = await aWorld(DAILY)

  const report = await world.wake(daily, '18 09:00', manual)

  assert.equal(report.run.trigger, 'manual')
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('a run by hand with other parameters leaves the due slot alone', async () => {
  await using world = await aWorld(DAILY)

  const report = await world.wake(daily, '18 09:00', { ...manual, raw: { size: 'large' } })

  assert.equal(report.outcome, 'succeeded')
  assert.equal(report.run.slotDueAt, undefined)
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 due'])
})

test('parameters written out as they are by default take the slot too', async () => {
  await using world = await aWorld(DAILY)

  await world.wake(daily, '18 09:00', { ...manual, raw: { size: 'small', dryRun: 'false', day: '' } })

  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('a run by hand with nothing due runs for the present without a slot', async () => {
  await using world = await aWorld(DAILY)

  const report = await world.wake(daily, '18 07:00', manual)

  assert.equal(report.outcome, 'succeeded')
  assert.equal(report.run.period.key, '2024-11-18')
  assert.deepEqual(await world.slots(daily), ['18 08:07 due'])
})

test('a named period claims the due slot of that period and no other', async () => {
  await using world = await aWorld(DAILY)

  const report = await world.wake(daily, '20 09:00', { ...manual, raw: { day: '2024-11-19' } })

  assert.equal(report.run.period.key, '2024-11-19')
  assert.deepEqual(await world.slots(daily, '20 23:00'), ['18 08:07 due', '19 08:07 served', '20 08:07 due'])
})

test('a named period without a due slot runs without one', async () => {
  await using world = await aWorld(DAILY)

  const report = await world.wake(daily, '18 09:00', { ...manual, raw: { day: '2023-01-01' } })

  assert.equal(report.run.period.key, '2023-01-01')
  assert.equal(report.run.slotDueAt, undefined)
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 due'])
})

test('a request passes on the period that a person asked for; a tick that names one takes what is due', async () => {
  await using world = await aWorld(DAILY)

  const asked = await world.wake(daily, '18 09:00', { trigger: 'request', raw: { day: '2023-01-01' } })
  const ticked = await world.wake(daily, '18 09:10', { trigger: 'schedule', raw: { day: '2023-01-01' } })

  assert.deepEqual([asked.run.period.key, asked.run.slotDueAt], ['2023-01-01', undefined])
  assert.equal(ticked.run.period.key, '2024-11-18')
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('a dry run leaves no lake row, moves no watermark, takes no slot and closes none', async () => {
  const rehearsed = aJob({
    deadlineMinutes: 10_000,
    async run(_day, ctx) {
      await ctx.lake.write((tx) => tx`insert into lake_of_test values (1)`)
      await ctx.watermark.advance('games', '2024-11-18')
      ctx.fail({ kind: 'game', key: 'g1', code: 'bad', message: 'no score' })
    },
  })
  await using world = await aWorld({ job: rehearsed, cron: ['7 8 * * *'] })
  await world.sql`create table lake_of_test (n integer)`

  const report = await world.wake(rehearsed, '19 09:00', { ...manual, raw: { dryRun: true } })

  assert.equal(report.outcome, 'partial')
  assert.equal(report.run.dryRun, true)
  for (const table of ['lake_of_test', 'ledger.watermarks', 'ledger.dead_letters']) {
    assert.equal((await world.sql`select 1 from ${world.sql(table)}`).length, 0, table)
  }
  assert.deepEqual(await world.slots(rehearsed, '19 23:00'), ['18 08:07 due', '19 08:07 due'])
})

test('a paused job is gated with who paused it and why, and force runs past it', async () => {
  await using world = await aWorld(DAILY)
  await pause(world, daily.id)

  const gated = await world.wake(daily, '18 08:07')
  const byHand = await world.wake(daily, '18 09:00', manual)
  const forced = await world.wake(daily, '18 10:00', { ...manual, raw: { force: true } })

  assert.equal(gated.reason, 'test/one is paused by ann until 2024-11-20T00:00:00.000Z: the source moves house')
  assert.equal(byHand.gate?.code, 'paused')
  assert.equal(forced.outcome, 'succeeded')
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('a pause of everything ends by itself, and the slot that waited is served', async () => {
  await using world = await aWorld(DAILY)
  await pause(world, '*')
  await world.wake(daily, '19 08:07')

  const after = await world.wake(daily, '20 00:01')

  assert.equal(after.outcome, 'succeeded')
  assert.deepEqual(await world.slots(daily, '19 23:00'), ['18 08:07 coalesced', '19 08:07 served'])
})

test('out of season slots are waived, and a person needs force each time', async () => {
  const seasonal = aJob({ seasonal: true })
  await using world = await aWorld({ job: seasonal, cron: ['7 8 * * *'] })
  await world.sql`
    insert into ledger.seasons values ('test', 2024, '2024-09-01', '2024-11-18T12:00Z', gen_random_uuid())
  `

  const inSeason = await world.wake(seasonal, '18 08:07')
  const closed = await world.wake(seasonal, '19 08:07')
  const byHand = [await world.wake(seasonal, '19 09:00', manual), await world.wake(seasonal, '19 09:01', manual)]
  const forced = await world.wake(seasonal, '19 10:00', { ...manual, raw: { force: true } })

  assert.equal(inSeason.outcome, 'succeeded')
  for (const report of [closed, ...byHand]) assert.equal(report.gate?.code, 'out_of_season')
  assert.equal(forced.outcome, 'succeeded')
  assert.deepEqual(await world.slots(seasonal, '20 09:00'), ['18 08:07 served', '19 08:07 waived', '20 08:07 waived'])
})

test('a season that closes while a slot waits waives it', async () => {
  const seasonal = aJob({ seasonal: true, deadlineMinutes: 10_000 })
  await using world = await aWorld({ job: seasonal, cron: ['7 8 * * *'] })
  await world.wake(seasonal, '18 07:00') // writes the slot, in a season that nobody has recorded yet
  await world.sql`
    insert into ledger.seasons values ('test', 2024, '2024-09-01', '2024-11-18T00:00Z', gen_random_uuid())
  `

  const report = await world.wake(seasonal, '18 08:07')

  assert.equal(report.gate?.code, 'out_of_season')
  assert.deepEqual(await world.slots(seasonal, '18 09:00'), ['18 08:07 waived'])
})

async function pause(world: World, job: string): Promise<void> {
  await world.sql`
    insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at)
    values (${job}, 'pause', 'the source moves house', 'ann', ${at('18 00:00')}, ${at('20 00:00')})
  `
}
