// What an old run of a workflow writes when it is started again is refused, and what it has undone comes back.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { registerSchedules, type ScheduleChange, type ScheduleLine } from '../../src/ledger/schedules.ts'
import { findScheduleCommit } from '../../src/ledger/versions.ts'
import type { Sql } from '../../src/lib/db.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'

const morning: ScheduleLine = { job: 'test/one', cron: '7 8 * * *', zone: 'UTC' }
const evening: ScheduleLine = { job: 'test/one', cron: '7 20 * * *', zone: 'UTC' }
const job = aJob()

interface SetUp {
  readonly number: number
  readonly isHead?: boolean | undefined
  readonly lines: readonly ScheduleLine[]
  readonly when?: string
}

async function setUp(sql: Sql, { number, isHead = false, lines, when = '18 00:00' }: SetUp): Promise<ScheduleChange> {
  const commit = `commit-${number}`
  return await registerSchedules(sql, { lines, commit, at: at(when), version: { number, commit, isHead } })
}

const refused = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error as Error).message) // prettier-ignore

async function inForce(sql: Sql): Promise<string[]> {
  return (await sql`select cron from ledger.schedules where valid_to is null order by cron`).map(({ cron }) =>
    String(cron),
  )
}

async function slotsOf(sql: Sql): Promise<string[]> {
  const rows = await sql<{ due_at: Date; state: string }[]>`select due_at, state from ledger.slots order by due_at`
  return rows.map((row) => `${say(row.due_at)} ${row.state}`)
}

test('an old set-up that is started again is refused before it writes anything, and says what is newer and what to do', async () => {
  await using db = await aDatabase()
  await setUp(db.sql, { number: 5, lines: [morning] })
  await setUp(db.sql, { number: 7, lines: [morning, evening] })
  await writeSlotsDue(db.sql, [job], at('18 08:30'))
  const before = await slotsOf(db.sql)

  const sentence = await refused(setUp(db.sql, { number: 5, lines: [morning], when: '18 09:00' }))

  assert.match(
    sentence,
    /^ops-setup run 5 \(commit commit-5\) is older than run 7 \(commit commit-7\).*was not changed.*Run workflow/,
  )
  assert.deepEqual(await inForce(db.sql), ['7 20 * * *', '7 8 * * *'])
  assert.deepEqual(await slotsOf(db.sql), before)
  assert.equal(await findScheduleCommit(db.sql), 'commit-7')
})

test('the newest set-up may be started again, and where numbers begin anew the newest commit is believed', async () => {
  await using db = await aDatabase()
  await setUp(db.sql, { number: 7, lines: [morning] })

  assert.equal(await refused(setUp(db.sql, { number: 7, lines: [morning] })), 'done')
  assert.match(
    await refused(setUp(db.sql, { number: 1, isHead: undefined, lines: [evening] })),
    /GitHub did not say|not the newest/,
  )
  assert.equal(await refused(setUp(db.sql, { number: 1, isHead: true, lines: [evening] })), 'done')
  assert.equal(await refused(setUp(db.sql, { number: 2, lines: [morning, evening] })), 'done')
  assert.deepEqual(await inForce(db.sql), ['7 20 * * *', '7 8 * * *'])
})

test('of set-ups at the same moment the newest is the schedule afterwards, in whatever order they come', async () => {
  await using db = await aDatabase()
  const lines = [[morning], [evening], [morning, evening]]

  for (let round = 0; round < 5; round += 1) {
    const first = 10 * round
    const order = round % 2 === 0 ? [0, 1, 2] : [2, 0, 1]
    const ended = await Promise.all(order.map((i) => refused(setUp(db.sql, { number: first + i, lines: lines[i]! }))))

    assert.ok(
      ended.every((end) => end === 'done' || end.includes('is older than run')),
      ended.join('\n'),
    )
    assert.equal(await findScheduleCommit(db.sql), `commit-${first + 2}`)
    assert.deepEqual(await inForce(db.sql), ['7 20 * * *', '7 8 * * *'])
  }
})

test('a line that comes back takes its waived slots back, but for those past their deadline or covered by a newer one', async () => {
  await using db = await aDatabase()
  const often = { ...morning, cron: '7 */2 * * *' } // a deadline of six hours
  await setUp(db.sql, { number: 1, lines: [often] })
  await db.sql`update ledger.watch set looked_at = null`
  for (const hour of ['18 01:00', '18 03:00', '18 05:00', '18 07:00']) await writeSlotsDue(db.sql, [job], at(hour))
  await db.sql`update ledger.slots set state = 'served' where due_at = ${at('18 04:07')}`
  await setUp(db.sql, { number: 2, lines: [], when: '18 07:10' })
  const ended = await slotsOf(db.sql)

  const change = await setUp(db.sql, { number: 3, lines: [often], when: '18 08:30' })
  await writeSlotsDue(db.sql, [job], at('18 08:40'))

  assert.deepEqual(ended, [
    '18 00:07 missed',
    '18 02:07 waived',
    '18 04:07 served',
    '18 06:07 waived',
    '18 08:07 waived',
  ])
  assert.equal(change.returned, 2)
  const now = ['18 00:07 missed', '18 02:07 waived', '18 04:07 served', '18 06:07 due', '18 08:07 due', '18 10:07 due']
  assert.deepEqual(await slotsOf(db.sql), now)
})

test('what a person has waived, or the season, stays so when its line comes back', async () => {
  await using db = await aDatabase()
  await setUp(db.sql, { number: 1, lines: [morning] })
  await writeSlotsDue(db.sql, [job], at('18 07:00'))
  await db.sql`update ledger.slots set state = 'waived', reason = 'waived by ann: no games'`
  await setUp(db.sql, { number: 2, lines: [], when: '18 07:10' })

  const change = await setUp(db.sql, { number: 3, lines: [morning], when: '18 07:20' })

  assert.equal(change.returned, 0)
  assert.deepEqual(await slotsOf(db.sql), ['18 08:07 waived'])
})
