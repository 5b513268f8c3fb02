// When a pass of ops-watch is wanted, as the one function of the database says it that runs and clocks ask.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MOST_APART_MS } from '../../src/core/clocks.ts'
import { ITEMS_PAUSE_MS } from '../../src/ledger/details.ts'
import { takeRun } from '../../src/ledger/runs.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { look, releaseLease, takeLease } from '../../src/ledger/watch.ts'
import type { Sql } from '../../src/lib/db.ts'
import { at, aRun, say } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

const MINUTE = 60_000
const HOLDER = '00000000-0000-4000-8000-000000000001'

/** `overdue since 19 08:37`, or `no`. */
async function asked(sql: Sql, when: string | Date, tireless = false): Promise<string> {
  const moment = typeof when === 'string' ? at(when) : when
  const rows = await sql<
    { reason: string; since: Date }[]
  >`select reason, since from ledger.pass_wanted(${moment}, ${tireless})`
  return rows.map(({ reason, since }) => `${reason} since ${say(since)}`).join(', ') || 'no'
}

/** A pass has judged everything as of an instant, and foresaw nothing. */
async function judged(sql: Sql, when: string, nextActionAt?: Date): Promise<void> {
  await look(sql, { now: at(when), by: 'ops/watch', urgent: false, mayPoke: false })
  assert.ok(await takeLease(sql, HOLDER))
  assert.ok(await releaseLease(sql, HOLDER, { judgedAt: at(when), nextActionAt }))
}

/** Slots of Tuesday the 19th: grace half an hour, deadline six hours. */
async function withSlots(sql: Sql, ...slots: (readonly [job: string, dueAt: string])[]): Promise<void> {
  for (const [job, dueAt] of slots) {
    const scheduleId = await aScheduleLine(sql, { job, cron: `${slots.length} ${dueAt.slice(3, 5)} * * *` })
    await insertSlots(sql, [aNewSlot({ job, scheduleId, dueAt: at(dueAt) })], at('18 00:00'))
  }
}

test('a slot that nobody has served calls for a pass when its grace ends, until one has judged it, and again at its deadline', async () => {
  await using db = await aDatabase()
  await withSlots(db.sql, ['test/one', '19 08:07'])
  await judged(db.sql, '19 08:00')

  assert.equal(await asked(db.sql, '19 08:36'), 'no')
  assert.equal(await asked(db.sql, '19 08:37'), 'overdue since 19 08:37')
  await judged(db.sql, '19 08:37')
  assert.equal(await asked(db.sql, '19 09:30'), 'no')
  await judged(db.sql, '19 14:00')
  assert.equal(await asked(db.sql, '19 14:07'), 'deadline since 19 14:07')
})

test('a slot that is served in time calls for nothing', async () => {
  await using db = await aDatabase()
  await withSlots(db.sql, ['test/one', '19 08:07'])
  await judged(db.sql, '19 08:00')
  await db.sql`update ledger.slots set state = 'served', changed_at = ${at('19 08:10')}`

  assert.equal(await asked(db.sql, '19 08:59'), 'no')
})

test('the grace of a slot that waits for its parent counts from when the parent was served', async () => {
  await using db = await aDatabase()
  await withSlots(db.sql, ['test/parent', '19 08:07'], ['test/child', '19 08:27'])
  await db.sql`insert into ledger.needs values ('test/child', 'test/parent', 'fresh')`
  await judged(db.sql, '19 08:40') // the parent is overdue, and its rescue runs

  assert.equal(await asked(db.sql, '19 09:30'), 'no')
  await db.sql`update ledger.slots set state = 'served', changed_at = ${at('19 09:00')} where job = 'test/parent'`
  assert.equal(await asked(db.sql, '19 09:29'), 'no')
  assert.equal(await asked(db.sql, '19 09:30'), 'overdue since 19 09:30')
})

test('a parent of which some success will do is in the way until it has one', async () => {
  await using db = await aDatabase()
  await withSlots(db.sql, ['test/parent', '19 06:07'], ['test/child', '19 08:07'])
  await db.sql`insert into ledger.needs values ('test/child', 'test/parent', 'any')`
  await judged(db.sql, '19 08:00')

  const before = await asked(db.sql, '19 08:37')
  await db.sql`update ledger.slots set state = 'served', changed_at = ${at('19 08:20')} where job = 'test/parent'`

  assert.deepEqual([before, await asked(db.sql, '19 08:37')], ['no', 'overdue since 19 08:37'])
})

test('a retry, a request, a message, a trial and the end of a pause or of games each call at their moment', async () => {
  await using db = await aDatabase()
  const { sql } = db
  await withSlots(sql, ['test/one', '19 08:07'])
  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['retry', () => sql`update ledger.slots set not_before = ${at('19 08:20')}`],
    ['request', () => sql`insert into ledger.requests (job, kind, reason, next_try_at, created_at) values ('test/one', 'rescue', 'late', ${at('19 08:20')}, ${at('19 08:00')})`],
    ['trial', () => sql`insert into ledger.breakers (source, state, try_at) values ('feed', 'open', ${at('19 08:20')})`],
    ['pause_over', () => sql`insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at) values ('test/one', 'pause', 'moving', 'ann', ${at('19 08:00')}, ${at('19 08:20')})`],
    ['games_over', () => sql`insert into ledger.live_windows values ('nfl', ${at('19 08:00')}, ${at('19 08:20')}, gen_random_uuid())`],
    ['untold', () => sql`
      with incident as (
        insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at)
        values ('test/one', 'overdue', 'warning', 'late', 'late', ${at('19 08:20')}, ${at('19 08:20')}) returning id
      )
      insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, incident_id)
      select 'test/one', 'well', 'warning', 'late', ${at('19 08:20')}, id from incident`],
  ] // prettier-ignore

  for (const [reason, happen] of calls) {
    await judged(sql, '19 08:15')
    await happen()
    assert.equal(await asked(sql, '19 08:19'), 'no', reason)
    assert.equal(await asked(sql, '19 08:20'), `${reason} since 19 08:20`)
    await sql`truncate ledger.requests, ledger.breakers, ledger.overrides, ledger.live_windows, ledger.incidents, ledger.flips cascade`
    await sql`update ledger.slots set not_before = null`
  }
})

test('a failed item that may be temporary calls when its pause is over, which is the pause of the code', async () => {
  await using db = await aDatabase()
  await judged(db.sql, '19 08:00')
  await db.sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (gen_random_uuid(), 'test/one', 'game', '1', 'away', 'away', true, ${at('19 08:10')})
  `

  const over = new Date(at('19 08:10').getTime() + ITEMS_PAUSE_MS)
  assert.equal(await asked(db.sql, new Date(over.getTime() - MINUTE)), 'no')
  assert.equal(await asked(db.sql, over), `items since ${say(over)}`)
})

test('a run that says nothing for five minutes calls, by the clock of the database', async () => {
  await using db = await aDatabase()
  await judged(db.sql, '19 08:00')
  await takeRun(db.sql, aRun({ startedAt: at('19 08:10') }), [])

  await db.sql`update ledger.runs set heartbeat_at = clock_timestamp() - interval '4 minutes 50 seconds'`
  const soon = await asked(db.sql, '19 08:20')
  await db.sql`update ledger.runs set heartbeat_at = clock_timestamp() - interval '5 minutes 50 seconds'`

  assert.deepEqual([soon, await asked(db.sql, '19 08:20')], ['no', 'silent since 19 08:19'])
})

test('what the last pass has worked out calls, and so does an hour in which nobody looked; to be asked is not to look', async () => {
  await using db = await aDatabase()
  await judged(db.sql, '19 08:00', at('19 08:12'))

  const answers = [await asked(db.sql, '19 08:11'), await asked(db.sql, '19 08:12')]
  await judged(db.sql, '19 08:12')
  answers.push(await asked(db.sql, '19 09:11'), await asked(db.sql, '19 09:12'), await asked(db.sql, '19 09:16'))

  assert.deepEqual(answers, ['no', 'planned since 19 08:12', 'no', 'unseen since 19 09:12', 'unseen since 19 09:12'])
  assert.equal(await look(db.sql, { now: at('19 09:20'), by: 'test/one', urgent: false, mayPoke: true }), false)
})

test('what a clock far ahead has written calls, whatever it hides', async () => {
  await using db = await aDatabase()
  await judged(db.sql, '19 20:00')

  const ahead = new Date(at('19 20:00').getTime() - MOST_APART_MS)
  assert.equal(await asked(db.sql, ahead), 'no')
  assert.match(await asked(db.sql, new Date(ahead.getTime() - MINUTE)), /^ahead/)
})

test('what is wanted in vain for an hour starts a pass every half hour only, and runs that look never tire', async () => {
  await using db = await aDatabase()
  await judged(db.sql, '19 08:00', at('19 08:10'))

  let yes = 0
  for (let minute = 0; minute < 24 * 60; minute += 4) {
    if ((await asked(db.sql, new Date(at('19 08:10').getTime() + minute * MINUTE))) !== 'no') yes += 1
  }

  // An hour of every four minutes, and then one or two in each half hour.
  assert.ok(yes > 15 + 46 && yes < 15 + 2 * 46, String(yes))
  assert.equal(await asked(db.sql, '19 09:20', true), 'planned since 19 08:10')
})

test('asking changes nothing, and needs no right but that to ask', async () => {
  await using db = await aDatabase()
  const { sql } = db
  await judged(sql, '19 08:00')
  const role = `clock_${process.pid}`
  await sql.unsafe(`create role ${role}`)
  try {
    await sql.unsafe(`grant usage on schema ledger to ${role}`)
    const before = await sql`select * from ledger.watch`
    const refused = await sql.begin(async (tx) => {
      await tx.unsafe(`set local role ${role}`)
      return await tx`select * from ledger.pass_wanted()`
    }).then(() => undefined, (error: unknown) => (error as Error).message) // prettier-ignore
    await sql.unsafe(`grant execute on function ledger.pass_wanted(timestamptz, boolean) to ${role}`)
    const rows = await sql.begin(async (tx) => {
      await tx.unsafe(`set local role ${role}`)
      await tx`set transaction read only`
      return await tx`select reason from ledger.pass_wanted(tireless => true)`
    })

    assert.equal(refused, 'permission denied for function pass_wanted')
    assert.equal(rows[0]?.['reason'], 'unseen') // since 2024
    assert.deepEqual(await sql`select * from ledger.watch`, before)
  } finally {
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  }
})
