// The schedule table follows the default branch: what begins, what ends, and what becomes of the slots of either.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { listSchedules } from '../../src/ledger/schedule-lines.ts'
import { needsOf, registerSchedules, type ScheduleLine } from '../../src/ledger/schedules.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import { aDatabase, type TestDatabase } from '../helpers/database.ts'

const morning: ScheduleLine = { job: 'test/one', cron: '7 8 * * *', zone: 'UTC' }
const evening: ScheduleLine = { job: 'test/one', cron: '7 20 * * *', zone: 'UTC' }
const job = aJob()

const register = ({ sql }: TestDatabase, when: string, ...lines: ScheduleLine[]) =>
  registerSchedules(sql, { lines, commit: 'c0ffee00c0ffee00', at: at(when) })

async function slotsOf({ sql }: TestDatabase): Promise<string[]> {
  const rows = await sql<{ due_at: Date; state: string }[]>`select due_at, state from ledger.slots order by due_at`
  return rows.map((row) => `${say(row.due_at)} ${row.state}`)
}

test('a new line begins now: no slot before it', async () => {
  await using db = await aDatabase()

  const change = await register(db, '18 08:07', morning)
  await writeSlotsDue(db.sql, [job], at('18 09:00'))

  assert.deepEqual(change, { added: [morning], ended: [], waived: 0, returned: 0 })
  assert.deepEqual(await slotsOf(db), ['19 08:07 due'])
})

test('the same lines again change nothing', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning, evening)

  const change = await register(db, '19 00:00', evening, morning)

  assert.deepEqual(change, { added: [], ended: [], waived: 0, returned: 0 })
  assert.deepEqual((await listSchedules(db.sql)).map((line) => line.validTo), [undefined, undefined]) // prettier-ignore
})

test('a line that is gone ends now, and its unserved slots are waived with line and commit', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await writeSlotsDue(db.sql, [job], at('18 09:00'))
  await db.sql`update ledger.slots set state = 'served' where due_at = ${at('18 08:07')}`

  const change = await register(db, '18 12:00')

  assert.equal(change.waived, 1)
  assert.deepEqual(await slotsOf(db), ['18 08:07 served', '19 08:07 waived'])
  const [slot] = await db.sql`select reason from ledger.slots where state = 'waived'`
  assert.equal(slot?.['reason'], 'the schedule "7 8 * * *" (UTC) ended with commit c0ffee00c0ff')
})

test('a line that ends because its league is off says so on its slots, and others that end beside it name the commit', async () => {
  await using db = await aDatabase()
  const other: ScheduleLine = { ...morning, job: 'test/two' }
  await register(db, '18 00:00', morning, other)
  await writeSlotsDue(db.sql, [job, aJob({ id: 'test/two' })], at('18 09:00'))

  const switchedOff = { jobs: ['test/one'], reason: 'test switched off: the variable LEAGUES is []' }
  await registerSchedules(db.sql, { lines: [], commit: 'c0ffee00c0ffee00', at: at('18 12:00'), switchedOff })

  const rows = await db.sql`select distinct job, reason from ledger.slots where state = 'waived' order by job`
  assert.deepEqual(rows.map((row) => String(row['reason'])), [
    'the schedule "7 8 * * *" (UTC) ended with test switched off: the variable LEAGUES is []',
    'the schedule "7 8 * * *" (UTC) ended with commit c0ffee00c0ff',
  ]) // prettier-ignore
})

test('a run that holds a slot of an ended line keeps it', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await writeSlotsDue(db.sql, [job], at('18 07:00'))
  await db.sql`update ledger.slots set state = 'running'`

  await register(db, '18 08:10')

  assert.deepEqual(await slotsOf(db), ['18 08:07 running'])
})

test('slots between the last look and the end of a line are born waived, and none is written after it', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await register(db, '20 00:00')

  await writeSlotsDue(db.sql, [job], at('25 00:00'))

  assert.deepEqual(await slotsOf(db), ['18 08:07 waived', '19 08:07 waived'])
})

test('a line that comes back is due again from then on, its waived slot included', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await writeSlotsDue(db.sql, [job], at('18 07:00')) // writes the slot of the 18th
  await register(db, '18 07:10')
  await register(db, '18 07:20', morning)

  await writeSlotsDue(db.sql, [job], at('18 07:30'))

  assert.deepEqual(await slotsOf(db), ['18 08:07 due'])
})

test('a line said in another zone keeps the slot that both name', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await writeSlotsDue(db.sql, [job], at('18 07:00'))
  await register(db, '18 07:10', { job: 'test/one', cron: '7 3 * * *', zone: 'America/New_York' })

  await writeSlotsDue(db.sql, [job], at('18 07:30'))

  assert.deepEqual(await slotsOf(db), ['18 08:07 due'])
})

test('a slot that was served under the old line stays served under the new one', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await writeSlotsDue(db.sql, [job], at('18 07:00'))
  await db.sql`update ledger.slots set state = 'served'` // early
  await register(db, '18 07:10', { job: 'test/one', cron: '7 3 * * *', zone: 'America/New_York' })

  await writeSlotsDue(db.sql, [job], at('18 09:00'))

  assert.deepEqual(await slotsOf(db), ['18 08:07 served', '19 08:07 due'])
})

test('two lines of a job that name one moment make one slot', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning, { ...morning, cron: '7 8 * * 1' })

  await writeSlotsDue(db.sql, [job], at('18 09:00'))

  assert.deepEqual(await slotsOf(db), ['18 08:07 due', '19 08:07 due', '25 08:07 due'])
})

test('looking often writes no slot twice and none beyond the next', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)

  for (const hour of ['18 07:00', '18 09:00', '18 09:00', '18 23:00']) await writeSlotsDue(db.sql, [job], at(hour))

  assert.deepEqual(await slotsOf(db), ['18 08:07 missed', '19 08:07 due'])
})

test('a slot served early is followed by one more, and out of season none runs ahead', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', morning)
  await writeSlotsDue(db.sql, [job], at('18 07:00'))
  await db.sql`update ledger.slots set state = 'served'`

  for (const hour of ['18 07:10', '18 07:20']) await writeSlotsDue(db.sql, [job], at(hour))
  const ahead = await slotsOf(db)
  await db.sql`update ledger.slots set state = 'waived' where state = 'due'`
  await writeSlotsDue(db.sql, [job], at('18 07:30'))

  assert.deepEqual(ahead, ['18 08:07 served', '19 08:07 due'])
  assert.deepEqual(await slotsOf(db), ['18 08:07 served', '19 08:07 waived'])
})

test('lines of a job that this checkout does not know are left alone', async () => {
  await using db = await aDatabase()
  await register(db, '18 00:00', { ...morning, job: 'test/other' })

  await writeSlotsDue(db.sql, [job], at('20 00:00'))

  assert.deepEqual(await slotsOf(db), [])
})

test('which job waits for which follows the definitions, and a new line calls for a pass that writes its first slot', async () => {
  await using db = await aDatabase()
  const parent = aJob({ id: 'test/parent' })
  const child = aJob({ id: 'test/child', needs: { 'test/parent': 'fresh', 'test/other': 'any' } })
  const calm = aJob({ id: 'test/child', needs: { 'test/parent': 'any' } })
  const needs = async () => (await db.sql`select job, parent, need from ledger.needs order by parent`).map(({ job: of, parent: by, need }) => `${of} ${need} ${by}`) // prettier-ignore

  await registerSchedules(db.sql, { lines: [morning], needs: needsOf([parent, child]), commit: 'c0', at: at('18 00:00') }) // prettier-ignore
  const first = await needs()
  const [wanted] = await db.sql`select reason from ledger.pass_wanted(${at('18 00:01')})`
  await registerSchedules(db.sql, { lines: [morning], needs: needsOf([parent, calm]), commit: 'c1', at: at('18 01:00') }) // prettier-ignore

  assert.deepEqual(first, ['test/child any test/other', 'test/child fresh test/parent'])
  assert.equal(wanted?.['reason'], 'planned')
  assert.deepEqual(await needs(), ['test/child any test/parent'])
})

test('merges at the same moment take turns, and one of them is the schedule afterwards', async () => {
  await using db = await aDatabase()

  await Promise.all([
    register(db, '18 00:00', morning),
    register(db, '18 00:01', evening),
    register(db, '18 00:02', morning),
  ])

  const inForce = (await listSchedules(db.sql)).filter((line) => line.validTo === undefined)
  assert.equal(inForce.length, 1)
})
