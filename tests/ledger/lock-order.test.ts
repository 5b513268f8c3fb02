// Rows are locked in one order: however many processes open, end and close at once, none waits for another in a circle.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AnyJob } from '../../src/core/job.ts'
import { openDatabase, type Database, type Sql } from '../../src/lib/db.ts'
import { closeRetried, dismissLetters, lockLetters } from '../../src/ledger/dead-letters.ts'
import { insertDeadLetters } from '../../src/ledger/details.ts'
import { noteSources } from '../../src/ledger/breakers.ts'
import { explainOverdue } from '../../src/ledger/github.ts'
import { insertWaive, resume, waiveSlots } from '../../src/ledger/overrides.ts'
import { endRun } from '../../src/ledger/run-end.ts'
import { openRun } from '../../src/runner/open-run.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { takeRun } from '../../src/ledger/runs.ts'
import { abandonRun } from '../../src/ledger/silent.ts'
import { insertSlots, missExpiredSlots } from '../../src/ledger/slots.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import { wakeUpOfFlags } from '../../src/runner/wake-up.ts'
import { aDay, aJob, anEnd, anOrigin, aRun, at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

const MINUTE = 60_000
const POOLS = 5
const OPENS = 200

/** Busy jobs with many slots each, of which one run covers all that wait; several slots are about one period. */
const JOBS = ['a', 'b', 'c'].map((name) =>
  aJob({
    id: `test/${name}`,
    graceMinutes: 5,
    deadlineMinutes: 45,
    period: (due) => aDay(due.toISOString().slice(0, 13)),
  }),
)
const LINES = JOBS.flatMap(({ id }) =>
  ['*/5 * * * *', '1-59/5 * * * *'].map((cron) => ({ job: id, cron, zone: 'UTC' })),
)

test('200 opens at once, with slots written, missed, waived and their lines changed meanwhile, meet no deadlock', async () => {
  await using database = await aDatabase()
  const { sql, url, name } = database
  await registerSchedules(sql, { lines: LINES, commit: 'c0ffee', at: at('18 00:00') })
  const refused: unknown[] = []
  const pools = Array.from({ length: POOLS }, () => openDatabase(url, { max: 6 }))

  for (let round = 0; round < OPENS / 40; round += 1) {
    const now = new Date(at('18 01:00').getTime() + round * 50 * MINUTE)
    const acts = Array.from({ length: 40 }, (_, i) => act(pools[i % POOLS]!, { now, i }))
    const ended = await Promise.allSettled(acts)
    for (const one of ended) if (one.status === 'rejected') refused.push(one.reason)
  }
  await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()))

  assert.deepEqual(refused, [])
  assert.equal(await deadlocksIn(sql, name), 0)
})

async function act({ sql }: Database, { now, i }: { now: Date; i: number }): Promise<void> {
  const job = JOBS[i % JOBS.length]!
  await writeSlotsDue(sql, JOBS, new Date(now.getTime() + (i % 7) * MINUTE))
  await live(sql, job, now)
  if (i % 5 === 0) await missExpiredSlots(sql, new Date(now.getTime() + 20 * MINUTE))
  if (i % 5 === 1) await explainOverdue(sql, job.id, { reason: `looked at by ${i}`, now })
  if (i % 10 === 2) await waiveForAMoment(sql, now)
  if (i % 20 === 3)
    await registerSchedules(sql, { lines: i % 40 === 3 ? LINES.slice(1) : LINES, commit: `c${i}`, at: now })
}

async function live(sql: Sql, job: AnyJob, now: Date): Promise<void> {
  const wakeUp = wakeUpOfFlags('schedule', {})
  const params = { dryRun: false, force: false, cascade: false }
  const opening = { sql, wakeUp, params, defaultParams: true, namedPeriod: undefined, environment: 'test' }
  const opened = await openRun(job, { ...opening, origin: anOrigin(), now })
  if (opened.gate !== undefined) return
  await Promise.all([
    endRun(sql, opened.run, anEnd({ outcome: 'cancelled', finishedAt: now })),
    abandonRun(sql, opened.run.id, { reason: 'its process is gone', at: now, silentSeconds: 0 }),
  ])
}

async function waiveForAMoment(sql: Sql, now: Date): Promise<void> {
  const deed = { job: '*', actor: 'ann', reason: 'the provider moves house', at: now }
  await insertWaive(sql, { ...deed, expiresAt: new Date(now.getTime() + 3 * MINUTE), slotDueAt: undefined })
  await waiveSlots(sql, now)
  await resume(sql, { ...deed, at: now })
}

test('runs that take a slot with all that it covers, while late readers write the same slots again, meet no deadlock', async () => {
  await using database = await aDatabase()
  const { sql, url, name } = database
  const pools = Array.from({ length: POOLS }, () => openDatabase(url, { max: 4 }))
  const lines = await Promise.all(JOBS.map(({ id }) => aScheduleLine(sql, { job: id })))

  for (let round = 0; round < 40; round += 1) {
    const slots = JOBS.flatMap(({ id }, j) =>
      Array.from({ length: 40 }, (_, i) => aNewSlot({ job: id, scheduleId: lines[j]!, dueAt: minutesAfter(at('01 00:00'), 40 * round + i) })),
    ) // prettier-ignore
    await insertSlots(sql, slots, at('01 00:00'))
    await Promise.all(
      pools.flatMap(({ sql: pool }, i) => {
        const mine = slots.filter(({ job }) => job === JOBS[i % JOBS.length]!.id).map(({ dueAt }) => dueAt)
        const run = aRun({ job: JOBS[i % JOBS.length]!.id, slotDueAt: mine.at(-1), period: aDay(`${round} ${i}`) })
        return [
          takeRun(pool, run, mine.slice(0, -1)),
          insertSlots(pool, slots, at('01 00:00')),
          missExpiredSlots(pool, minutesAfter(at('01 06:00'), 40 * round + 20)),
        ]
      }),
    )
  }
  await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()))

  assert.equal(await deadlocksIn(sql, name), 0)
})

const minutesAfter = (instant: Date, minutes: number) => new Date(instant.getTime() + minutes * MINUTE)

test('runs that write and close each other’s letters, and a person who dismisses them, meet no deadlock', async () => {
  await using database = await aDatabase()
  const { sql, url, name } = database
  const pools = Array.from({ length: POOLS }, () => openDatabase(url, { max: 4 }))
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  const letter = (key: string) => ({ kind: 'game', key, code: 'no_score', message: 'no score yet' })
  const run = (n: number) => ({ job: 'test/one', at: at('18 08:07'), id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` }) // prettier-ignore

  await Promise.all(
    Array.from({ length: OPENS }, async (_, i) => {
      const pool = pools[i % POOLS]!.sql
      const turned = i % 2 === 0 ? keys : keys.toReversed()
      const [failed, tried] = [turned.slice(0, 3).map(letter), turned.slice(3).map(letter)]
      await pool.begin(async (tx) => {
        await lockLetters(tx)
        await insertDeadLetters(tx, run(i), failed)
        await closeRetried(tx, { ...run(i), runId: run(i).id }, tried)
      })
      const ids = await pool<
        { id: string }[]
      >`select id from ledger.dead_letters where closed_at is null order by key desc`
      if (i % 10 === 0) await dismissLetters(pool, ids.map(({ id }) => id), { actor: 'ann', why: 'done', at: at('18 09:00') }) // prettier-ignore
    }),
  )
  await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()))

  assert.equal(await deadlocksIn(sql, name), 0)
})

test('runs of which some sources failed and others answered meet no deadlock', async () => {
  await using database = await aDatabase()
  const { sql, url, name } = database
  const pools = Array.from({ length: POOLS }, () => openDatabase(url, { max: 4 }))

  await Promise.all(
    Array.from({ length: OPENS }, (_, i) => {
      const [failed, answered] = i % 2 === 0 ? ['books', 'nflverse'] : ['nflverse', 'books']
      const seen = { failed: new Map([[failed, '503']]), answered: [answered], at: at('18 08:07') }
      return noteSources(pools[i % POOLS]!.sql, seen)
    }),
  )
  await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()))

  assert.equal(await deadlocksIn(sql, name), 0)
})

/** A session tells its counts when it ends. */
async function deadlocksIn(sql: Sql, name: string): Promise<number> {
  const [row] = await sql<{ deadlocks: string }[]>`select deadlocks from pg_stat_database where datname = ${name}`
  return Number(row?.deadlocks)
}
