// Slots, watermarks, dead letters, seasons and pauses, statement by statement.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertDeadLetters } from '../../src/ledger/details.ts'
import { findPause, listSeasons, recordSeason } from '../../src/ledger/gates.ts'
import { closeSlot, findLatestSlot, hasEverSucceeded, hasSlotBetween, insertSlots, listOpenSlots, listOverdueSlots, missExpiredSlots } from '../../src/ledger/slots.ts' // prettier-ignore
import { advanceWatermark, findWatermark } from '../../src/ledger/watermarks.ts'
import { aRun, at, say } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

const { sql } = await aDatabaseForThisFile()
let jobs = 0

async function aJobWithSlots(...dueAt: string[]): Promise<string> {
  const job = `test/job${++jobs}`
  const scheduleId = await aScheduleLine(sql, { job })
  await insertSlots(
    sql,
    dueAt.map((due) => aNewSlot({ job, scheduleId, dueAt: at(due) })),
    at('18 00:00'),
  )
  return job
}

async function statesOf(job: string): Promise<string[]> {
  const rows = await sql<{ due_at: Date; state: string }[]>`select due_at, state from ledger.slots where job = ${job} order by due_at` // prettier-ignore
  return rows.map((row) => `${say(row.due_at)} ${row.state}`)
}

test('a slot is written once: a second writer changes nothing about it', async () => {
  const job = await aJobWithSlots('19 08:07')
  await sql`update ledger.slots set state = 'served' where job = ${job}`
  const other = await aScheduleLine(sql, { job, cron: '*/7 * * * *' })

  await insertSlots(sql, [aNewSlot({ job, scheduleId: other, graceUntil: at('30 00:00') })], at('19 00:00'))

  assert.deepEqual(await statesOf(job), ['19 08:07 served'])
})

test('ten writers of the same thousand slots neither fail nor write one twice', async () => {
  const job = await aJobWithSlots()
  const scheduleId = await aScheduleLine(sql, { job, cron: '* * * * *' })
  const slots = Array.from({ length: 1000 }, (_, n) =>
    aNewSlot({ job, scheduleId, dueAt: new Date(at('18 00:00').getTime() + n * 60_000) }),
  )

  await Promise.all(Array.from({ length: 10 }, (_, n) => insertSlots(sql, n % 2 ? slots : [...slots].reverse(), at('19 00:00')))) // prettier-ignore

  assert.equal((await statesOf(job)).length, 1000)
})

test('closing a slot is compare-and-set', async () => {
  const job = await aJobWithSlots('19 08:07')
  const close = (state: 'missed' | 'waived') =>
    closeSlot(sql, { job, dueAt: at('19 08:07') }, { state, reason: 'r', at: at('19 09:00') })

  const done = await Promise.all([close('missed'), close('waived')])

  assert.deepEqual(done.sort(), [false, true])
})

test('a slot is missed at its deadline, not a moment before, and only while it waits', async () => {
  const job = await aJobWithSlots('18 08:07', '19 08:07')
  await sql`update ledger.slots set state = 'running' where job = ${job} and due_at = ${at('18 08:07')}`

  await missExpiredSlots(sql, new Date(at('19 14:07').getTime() - 1))
  const before = await statesOf(job)
  await missExpiredSlots(sql, at('19 14:07'))

  assert.deepEqual(before, ['18 08:07 running', '19 08:07 due'])
  assert.deepEqual(await statesOf(job), ['18 08:07 running', '19 08:07 missed'])
})

test('a missed slot keeps what had been said of it', async () => {
  const job = await aJobWithSlots('19 08:07')
  await sql`update ledger.slots set reason = 'week 12 is not out' where job = ${job}`

  await missExpiredSlots(sql, at('20 00:00'))

  const [row] = await sql`select reason from ledger.slots where job = ${job}`
  assert.equal(row?.['reason'], 'week 12 is not out; the deadline passed')
})

test('open slots are those that wait or run, oldest first', async () => {
  const job = await aJobWithSlots('20 08:07', '18 08:07', '19 08:07')
  await sql`update ledger.slots set state = 'served' where job = ${job} and due_at = ${at('19 08:07')}`

  const open = await listOpenSlots(sql, job)

  assert.deepEqual(
    open.map((slot) => [say(slot.dueAt), slot.period.key]),
    [
      ['18 08:07', '2024-11-18'],
      ['20 08:07', '2024-11-20'],
    ],
  )
})

test('the latest slot of a parent is the last one up to the child’s moment, that moment included', async () => {
  const job = await aJobWithSlots('18 08:07', '19 08:07')
  const latest = async (text: string) => (await findLatestSlot(sql, job, at(text)))?.dueAt

  assert.deepEqual(await latest('19 08:06'), at('18 08:07'))
  assert.deepEqual(await latest('19 08:07'), at('19 08:07'))
  assert.equal(await latest('18 08:06'), undefined)
})

test('a window of slots includes its beginning and excludes its end', async () => {
  const job = await aJobWithSlots('19 08:07')
  const has = (from: string, before: string) => hasSlotBetween(sql, job, { from: at(from), before: at(before) })

  assert.deepEqual([await has('19 08:07', '19 08:08'), await has('19 08:06', '19 08:07')], [true, false])
})

test('a job has succeeded when a slot is served or a run by hand went well', async () => {
  const [byNone, bySlot, byHand] = [await aJobWithSlots('19 08:07'), await aJobWithSlots('19 08:07'), await aJobWithSlots()] // prettier-ignore
  await sql`update ledger.slots set state = 'served' where job = ${bySlot}`
  await sql`
    insert into ledger.runs (job, environment, trigger, outcome, correlation_id, started_at, finished_at, host, pid, process_start)
    values (${byHand}, 'test', 'manual', 'partial', gen_random_uuid(), now(), now(), 'h', 1, '')
  `

  assert.deepEqual([await hasEverSucceeded(sql, byNone), await hasEverSucceeded(sql, bySlot), await hasEverSucceeded(sql, byHand)], [false, true, true]) // prettier-ignore
})

test('a slot is overdue once its grace is over, the nearest deadline first', async () => {
  await sql`update ledger.slots set state = 'waived' where state = 'due'`
  const job = await aJobWithSlots('19 08:07', '18 08:07')

  const overdue = await listOverdueSlots(sql, at('19 08:37'))

  assert.deepEqual(
    overdue.filter((slot) => slot.job === job).map((slot) => say(slot.dueAt)),
    ['18 08:07'],
  )
})

test('a watermark only moves forward, and of several that move it the furthest wins', async () => {
  const days = ['2024-11-18', '2024-11-20', '2024-11-17', '2024-11-19']
  const advance = (to: string) => sql.begin((tx) => advanceWatermark(tx, { stage: 's', key: 'k', to }))

  const first = await findWatermark(sql, 's', 'k')
  await Promise.all(days.map(advance))

  assert.equal(first, undefined)
  assert.equal(await findWatermark(sql, 's', 'k'), '2024-11-20')
  assert.deepEqual([await advance('2024-11-20'), await advance('2024-11-19'), await advance('2024-11-21')], [false, false, true]) // prettier-ignore
})

test('an open letter about the same item counts up, a closed one makes room for a new one', async () => {
  const item = { kind: 'game', key: 'g1', code: 'no_score', message: 'm' }
  const write = (message: string, n: number) =>
    sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job: 'test/letters', at: at('19 08:07') }, Array.from({ length: n }, () => ({ ...item, message })))) // prettier-ignore

  await write('first', 1)
  await write('second', 3) // the same item three times in one run is one letter
  await sql`update ledger.dead_letters set closed_at = now(), close_reason = 'done' where job = 'test/letters'`
  await write('third', 1)

  const letters =
    await sql`select message, times, closed_at is null as open from ledger.dead_letters where job = 'test/letters' order by id`
  assert.deepEqual([...letters], [{ message: 'second', times: 2, open: false }, { message: 'third', times: 1, open: true }]) // prettier-ignore
})

test('twenty thousand failed items of one bad day are kept', async () => {
  const failed = Array.from({ length: 20_000 }, (_, n) => ({ kind: 'game', key: `g${n}`, code: 'c', message: 'm' }))

  await sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job: 'test/bad-day', at: at('19 08:07') }, failed))

  assert.equal((await sql`select 1 from ledger.dead_letters where job = 'test/bad-day'`).length, 20_000)
})

test('a season is recorded by league, and again only when it changes', async () => {
  const season = { season: 2024, opensAt: at('01 00:00'), closesAt: at('20 00:00') }
  const [first, second] = [aRun().id, aRun().id]
  await sql.begin((tx) => recordSeason(tx, 'nfl', { ...season, runId: first }))
  await sql.begin((tx) => recordSeason(tx, 'nfl', { ...season, runId: second }))
  const [same] = await sql`select run_id from ledger.seasons`
  await sql.begin((tx) => recordSeason(tx, 'nfl', { ...season, closesAt: at('21 00:00'), runId: second }))

  assert.equal(same?.['run_id'], first)
  assert.deepEqual(await listSeasons(sql, 'nfl'), [{ ...season, closesAt: at('21 00:00') }])
  assert.deepEqual(await listSeasons(sql, 'nba'), [])
})

test('a pause is in force from its beginning to its end, for its job or for all, unless it was ended', async () => {
  const pause = (job: string, from: string, to: string, ended: string | null = null) =>
    sql`insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at, ended_at)
        values (${job}, 'pause', 'r', 'ann', ${at(from)}, ${at(to)}, ${ended && at(ended)})`
  await pause('a/b', '18 00:00', '19 00:00')
  await pause('*', '20 00:00', '21 00:00')
  await pause('a/b', '22 00:00', '23 00:00', '22 12:00')
  const until = async (job: string, text: string) => (await findPause(sql, job, at(text)))?.until

  assert.deepEqual(await until('a/b', '18 00:00'), at('19 00:00'))
  assert.equal(await until('a/b', '19 00:00'), undefined)
  assert.equal(await until('c/d', '18 00:00'), undefined)
  assert.deepEqual(await until('c/d', '20 12:00'), at('21 00:00'))
  assert.equal(await until('a/b', '22 13:00'), undefined)
})
