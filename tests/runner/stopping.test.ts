// Stopping a run: by a signal, by losing its lease, and by being killed at each step of its life.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openDatabase } from '../../src/lib/db.ts'
import { endRun } from '../../src/ledger/run-end.ts'
import { beat, takeRun } from '../../src/ledger/runs.ts'
import { aJob, anEnd, anOrigin, aRun, at, deadProcess } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

const RHYTHM = { heartbeatMs: 5, windDownMs: 50 }
const hourly = (run: Parameters<typeof aJob>[0]) => ({ job: aJob(run), cron: ['7 8 * * *'] })

test('a job that ignores the signal is cancelled when its time to wind down is over, and its open write is undone', async () => {
  const stop = new AbortController()
  const scheduled = hourly({
    run: (_day, ctx) =>
      ctx.span('hang', () =>
        ctx.lake.write(async (tx) => {
          await tx`insert into lake_of_test values (1)`
          stop.abort(new Error('told to stop by SIGINT'))
          await new Promise(() => undefined)
        }),
      ),
  })
  const { job } = scheduled
  await using world = await aWorld(scheduled)
  await world.sql`create table lake_of_test (n integer)`

  const report = await world.wake(job, '18 08:07', { parts: { cancelled: stop.signal, rhythm: { ...RHYTHM, heartbeatMs: 60_000 } } }) // prettier-ignore

  assert.equal(report.outcome, 'cancelled')
  assert.equal(report.reason, 'told to stop by SIGINT')
  assert.ok(report.durationMs >= 50 && report.durationMs < 20_000, `${report.durationMs} ms`) // the job itself never ends
  assert.equal((await world.sql`select 1 from lake_of_test`).length, 0)
  assert.deepEqual(await world.slots(job, '18 23:00'), ['18 08:07 due'])
  const spans = await world.sql`select name, error from ledger.spans where run_id = ${report.run.id}`
  assert.deepEqual([...spans], [{ name: 'hang', error: 'it had not ended when the run did' }])
})

test('a job that heeds the signal ends at once, cancelled', async () => {
  const stop = new AbortController()
  const scheduled = hourly({
    run(_day, ctx) {
      stop.abort(new Error('told to stop by SIGTERM'))
      ctx.signal.throwIfAborted()
      return Promise.resolve()
    },
  })
  await using world = await aWorld(scheduled)

  const report = await world.wake(scheduled.job, '18 08:07', { parts: { cancelled: stop.signal } })

  assert.equal(report.outcome, 'cancelled')
  assert.equal(report.reason, 'told to stop by SIGTERM')
  assert.deepEqual(await world.slots(scheduled.job, '18 23:00'), ['18 08:07 due'])
})

test('a run that was told to stop before it began does not begin', async () => {
  let runs = 0
  const scheduled = hourly({ run: () => Promise.resolve(void runs++) })
  await using world = await aWorld(scheduled)
  const cancelled = AbortSignal.abort(new Error('told to stop by SIGINT'))

  const report = await world.wake(scheduled.job, '18 08:07', { parts: { cancelled } })

  assert.equal(report.outcome, 'cancelled')
  assert.equal(runs, 0)
})

test('a run that another process has ended is told by its own heartbeat', async () => {
  const scheduled = hourly({
    async run(_day, ctx) {
      await world.sql`
        update ledger.runs set outcome = 'abandoned', finished_at = now() where outcome = 'running'
      `
      await new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error))) // prettier-ignore
    },
  })
  await using world = await aWorld(scheduled)

  const report = await world.wake(scheduled.job, '18 08:07', { parts: { rhythm: RHYTHM } })

  assert.equal(report.outcome, 'abandoned')
  assert.match(report.reason ?? '', /another process had ended this run/)
})

test('a heartbeat carries the progress of the run', async () => {
  let seen: unknown
  const scheduled = hourly({
    async run(_day, ctx) {
      ctx.progress(3, 10, 'days')
      while (!seen) {
        ;[seen] = await world.sql`select progress_done, progress_unit from ledger.runs where progress_done = 3`
      }
    },
  })
  await using world = await aWorld(scheduled)

  await world.wake(scheduled.job, '18 08:07', { parts: { rhythm: RHYTHM } })

  assert.deepEqual({ ...(seen as object) }, { progress_done: 3, progress_unit: 'days' })
})

test('missed heartbeats do not end a run: its end is compare-and-set anyway', async () => {
  const scheduled = hourly({ run: () => new Promise((resolve) => setTimeout(resolve, 30)) })
  await using world = await aWorld(scheduled)
  await using ledger = openDatabase(world.url, { max: 1 })
  const deaf = new Proxy(ledger.sql, {
    apply(target, self, args: [TemplateStringsArray, ...unknown[]]) {
      if (args[0].join('').includes('progressed_at')) throw new Error('no connection')
      return Reflect.apply(target as never, self, args) as unknown
    },
  })

  const report = await world.wake(scheduled.job, '18 08:07', { parts: { ledger: deaf, rhythm: RHYTHM } })

  assert.equal(report.outcome, 'succeeded')
  assert.ok(world.log.some((line) => line.includes('heartbeat not written')))
})

/** What a process does in its life; killed after each of these steps it simply does no more. */
const STEPS = ['taken', 'heartbeat', 'written to the lake', 'ended'] as const

for (const step of STEPS) {
  test(`killed when ${step}: no slot is lost and none is served twice`, async () => {
    const scheduled = hourly({ onMissed: 'latest', deadlineMinutes: 10_000 })
    const { job } = scheduled
    await using world = await aWorld(scheduled)
    await world.sql`create table lake_of_test (run_id uuid)`
    await world.wake(aJob({ id: 'test/nobody' }), '19 08:08') // writes the slots
    await liveUntil(step, world)

    await world.wake(job, '19 09:00')
    await world.wake(job, '19 09:30')

    assert.deepEqual(await world.slots(job, '19 23:00'), ['18 08:07 coalesced', '19 08:07 served'])
    const servings = await world.sql`select 1 from ledger.runs where outcome in ('succeeded', 'partial')`
    assert.equal(servings.length, 1)
    assert.equal((await world.sql`select 1 from ledger.runs where outcome = 'running'`).length, 0)
  })
}

async function liveUntil(step: (typeof STEPS)[number], { sql }: World): Promise<void> {
  const run = aRun({ slotDueAt: at('19 08:07'), origin: anOrigin({ identity: deadProcess() }) })
  assert.deepEqual(await takeRun(sql, run, [at('18 08:07')]), { taken: true })
  if (step === 'taken') return
  assert.ok(await beat(sql, run.id, undefined))
  if (step === 'heartbeat') return
  await sql`insert into lake_of_test values (${run.id})`
  if (step === 'written to the lake') return
  assert.ok(await endRun(sql, run, anEnd()))
}

test('killed between the end of the run and that of its slot, neither is written', async () => {
  const scheduled = hourly({})
  await using world = await aWorld(scheduled)
  await world.wake(aJob({ id: 'test/nobody' }), '18 08:06')
  const run = aRun({ slotDueAt: at('18 08:07'), origin: anOrigin({ identity: deadProcess() }) })
  await takeRun(world.sql, run)
  await assert.rejects(
    world.sql.begin(async (tx) => {
      await endRun(tx, run, anEnd())
      throw new Error('killed')
    }),
  )

  const report = await world.wake(scheduled.job, '18 08:20')

  assert.equal(report.outcome, 'succeeded')
  assert.equal(report.run.retryOf, run.id)
})
