// A connection that breaks over any one statement of a run's life costs nothing: the run ends as it ended, once.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LedgerFailure } from '../../src/core/errors.ts'
import type { JobContext } from '../../src/core/job.ts'
import { aJob, at } from '../helpers/builders.ts'
import { flaky, type Breaks } from '../helpers/flaky.ts'
import { aWorld, type World } from '../helpers/world.ts'

const PATIENT = { openForMs: 60_000, endForMs: () => 60_000, pauses: { firstMs: 1, longestMs: 5 } }
type Run = (period: unknown, ctx: JobContext<Record<string, unknown>>) => Promise<void>

/** A daily job that leaves something of everything, and a child that is asked for. */
function aFamily(run: Run = full) {
  const job = aJob({ id: 'test/one', sources: ['books'], run })
  const child = aJob({ id: 'test/child', needs: { 'test/one': 'any' } })
  return {
    job,
    scheduled: [
      { job, cron: ['7 8 * * *'] },
      { job: child, cron: [] },
    ],
  }
}

const full: Run = async (_day, ctx) => {
  ctx.count('game', { read: 3, written: 2 })
  ctx.fail({ kind: 'game', key: 'BAL_PIT', code: 'no_score', message: 'no score yet' })
  await ctx.span('land', () => Promise.resolve())
}

async function accountOf(world: World) {
  const rows = async (of: string) =>
    [...(await world.sql.unsafe(of))].map((row) => Object.values(row as object).join(' '))
  return {
    runs: await rows(`select outcome from ledger.runs order by started_at`),
    slots: await rows(`select state from ledger.slots where due_at < '2024-11-18 12:00Z'`),
    letters: await rows(`select key, times from ledger.dead_letters`),
    requests: await rows(`select job, kind, state from ledger.requests`),
    spans: await rows(`select name from ledger.spans`),
    items: await rows(`select kind, read, written, failed from ledger.items`),
  }
}

const WHOLE = {
  runs: ['partial'],
  slots: ['served'],
  letters: ['BAL_PIT 1'],
  requests: ['test/child cascade open'],
  spans: ['land'],
  items: ['game 3 2 1'],
}

for (const how of ['before', 'after'] as const) {
  test(`whichever statement of a life breaks ${how} it is carried out, the account is the same`, async () => {
    for (let nth = 1, reached = true; reached; nth += 1) {
      const { job, scheduled } = aFamily()
      await using world = await aWorld(...scheduled)
      let statements = 0
      const broken: string[] = []
      const ledger = flaky(world.sql, (statement): Breaks => {
        if ((statements += 1) !== nth) return undefined
        broken.push(statement)
        return how
      })

      await world.wake(job, '18 08:07', { parts: { ledger, rhythm: PATIENT } })
      reached = broken.length > 0

      assert.deepEqual(await accountOf(world), { ...WHOLE, requests: [] }, broken.join())
    }
  })
}

const SAID = '57014 25006 55P03 53000 53200 53400 57P05 25P03 25P04 58000 58030 XX000 40003 26000 42P05 0A000 42501 40P01 EHOSTDOWN ECONNABORTED'.split(' ') // prettier-ignore

test('whatever a database says in passing over the end of a run, the run ends as it ended', async () => {
  const { job, scheduled } = aFamily()
  await using world = await aWorld(...scheduled)

  for (const [i, code] of SAID.entries()) {
    let times = 0
    const ledger = flaky(world.sql, (text) => (text === 'begin' && (times += 1) < 3 ? 'before' : undefined), code)
    const day = `2024-10-${String(i + 1).padStart(2, '0')}`
    const report = await world.wake(job, '18 08:00', { trigger: 'manual', raw: { day }, parts: { ledger, rhythm: PATIENT } }) // prettier-ignore

    assert.equal(report.outcome, 'partial', code)
    assert.ok(times >= 3, code)
  }

  const rows = await world.sql`select distinct outcome from ledger.runs`
  assert.deepEqual([...rows], [{ outcome: 'partial' }])
})

test('a lock over the end of a run costs nothing, and its heart beats until the end is written', async () => {
  const { job, scheduled } = aFamily(() => Promise.resolve())
  await using world = await aWorld(...scheduled)
  let release: () => void = () => undefined
  let locked: Promise<unknown> = Promise.resolve()
  const held = new Promise<void>((resolve) => (release = resolve))
  const lock = () =>
    new Promise<void>((resolve) => {
      locked = world.sql.begin(async (tx) => {
        await tx`select 1 from ledger.slots where due_at = ${at('18 08:07')} for update`
        resolve()
        await held
      })
    })
  const ledger = flaky(world.sql, (text) => (text.includes('ended as') && isLocked ? 'before' : undefined), '57014')
  let isLocked = true
  const living = aJob({ ...job, run: lock })

  const run = world.wake(living, '18 08:07', { parts: { ledger, rhythm: { ...PATIENT, heartbeatMs: 5 } } })
  const beats = new Set<number>()
  while (beats.size < 3) {
    const [row] = await world.sql<
      { beat: Date }[]
    >`select heartbeat_at as beat from ledger.runs where outcome = 'running'`
    if (row && world.log.some((line) => line.includes('the end is not written yet'))) beats.add(row.beat.getTime())
  }
  isLocked = false
  release()
  await locked

  assert.equal((await run).outcome, 'succeeded')
  assert.deepEqual(await world.slots(job, '18 12:00'), ['18 08:07 served'])
})

test('killed between the two steps of its end, a run leaves its letters and its requests, and no spans', async () => {
  const { job, scheduled } = aFamily()
  await using world = await aWorld(...scheduled)
  const ledger = flaky(world.sql, (text) => (/insert into ledger\.spans|update ledger\.breakers/.test(text) ? 'before' : undefined), '22000') // prettier-ignore

  await world.wake(job, '18 08:07', { trigger: 'manual', raw: { cascade: true }, parts: { ledger, rhythm: PATIENT } })

  const { spans, items, ...promises } = await accountOf(world)
  assert.deepEqual([spans, items], [[], []])
  assert.deepEqual(promises, {
    runs: WHOLE.runs,
    slots: promises.slots,
    letters: WHOLE.letters,
    requests: WHOLE.requests,
  })
})

test('an end that cannot be written in its time is abandoned and repeated: none is inferred', async () => {
  const { job, scheduled } = aFamily(() => Promise.resolve())
  await using world = await aWorld(...scheduled)
  const ledger = flaky(world.sql, (text) => (text.includes('ended as') ? 'before' : undefined), '25006')

  await assert.rejects(
    world.wake(job, '18 08:07', { parts: { ledger, rhythm: { ...PATIENT, endForMs: () => 20 } } }),
    (error) =>
      error instanceof LedgerFailure && /ended as succeeded, but its run \S+ could not be closed/.test(error.message),
  )

  assert.deepEqual((await accountOf(world)).runs, ['running'])
  await world.sql`update ledger.runs set heartbeat_at = heartbeat_at - interval '301 seconds'`
  await world.wake(job, '18 08:20')
  assert.deepEqual((await accountOf(world)).runs, ['abandoned', 'succeeded'])
  assert.deepEqual(await world.slots(job, '18 12:00'), ['18 08:07 served'])
})
