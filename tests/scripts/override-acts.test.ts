// What a person may do past the schedule and with dead letters, on a real ledger: what is written, and what is said.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LETTER_ACTS, type LetterWish } from '../../scripts/ops/letter-acts.ts'
import { OVERRIDE_ACTS, type Wish } from '../../scripts/ops/override-acts.ts'
import { columns, readDuration } from '../../scripts/ops/word-command.ts'
import { ConfigFailure, type JobFailure } from '../../src/core/errors.ts'
import { insertDeadLetters } from '../../src/ledger/details.ts'
import { findPause } from '../../src/ledger/gates.ts'
import { listOverrides } from '../../src/ledger/overrides.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { aRun, at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

/** A ledger with a slot of nfl/bronze that waits since the 19th at 08:07, and one of the next day. */
async function aDesk() {
  const database = await aDatabase()
  const { sql } = database
  const scheduleId = await aScheduleLine(sql, { job: 'nfl/bronze' })
  const slots = ['19 08:07', '20 08:07'].map((due) => aNewSlot({ job: 'nfl/bronze', scheduleId, dueAt: at(due) }))
  await insertSlots(sql, slots, at('19 00:00'))
  const ledger = (now: string) => ({ sql, now: at(now), actor: 'ann' })
  return {
    sql,
    act: (name: string, wish: Wish, now = '19 09:00') => OVERRIDE_ACTS[name]!(wish)(ledger(now)),
    letters: (name: string, wish: LetterWish) => LETTER_ACTS[name]!(wish)(ledger('19 09:00')),
    states: async () =>
      (await sql<{ state: string }[]>`select state from ledger.slots order by due_at`).map((row) => row.state),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

const bronze = { job: 'nfl/bronze', why: 'the provider is migrating' }

test('a pause says until when and how it ends sooner', async () => {
  await using desk = await aDesk()

  const { lines } = await desk.act('pause', { ...bronze, for: '6h' })

  assert.match(
    lines[0] ?? '',
    /nfl\/bronze is paused until Tue 19 Nov 2024 15:00 UTC \(6 h\), by ann: the provider is migrating/,
  )
  assert.match(lines[1] ?? '', /npm run override -- resume nfl\/bronze/)
  assert.deepEqual((await findPause(desk.sql, 'nfl/bronze', at('19 14:59')))?.until, at('19 15:00'))
})

test('a pause of all is every job’s', async () => {
  await using desk = await aDesk()

  await desk.act('pause', { ...bronze, job: 'all', for: '90m' })

  assert.deepEqual((await findPause(desk.sql, 'nfl/silver', at('19 09:00')))?.until, at('19 10:30'))
})

test('a resume says what it ended, or that there was nothing, and whose pause is still in the way', async () => {
  await using desk = await aDesk()
  await desk.act('pause', { ...bronze, for: '6h' })
  await desk.act('pause', { job: 'all', why: 'the database moves', for: '1h' })

  const first = await desk.act('resume', bronze, '19 09:30')
  const second = await desk.act('resume', { job: 'all' }, '19 09:30')
  const third = await desk.act('resume', bronze, '19 09:30')

  assert.match(
    first.lines.join('\n'),
    /ended: the pause of nfl\/bronze by ann.*\n.*stays paused until .* the database moves/,
  )
  assert.match(second.lines.join('\n'), /ended: the pause of every job by ann/)
  assert.match(third.lines.join('\n'), /nothing was in force for nfl\/bronze/)
})

test('a waive closes what waits until its end and says so', async () => {
  await using desk = await aDesk()

  const { lines } = await desk.act('waive', { ...bronze, for: '12h' })

  assert.deepEqual(await desk.states(), ['waived', 'due'])
  assert.match(
    lines.join('\n'),
    /due before Tue 19 Nov 2024 21:00 UTC are waived.*\n.*closed: nfl\/bronze of Tue 19 Nov 2024 08:07 UTC/,
  )
})

test('a waive of one slot that waits closes it', async () => {
  await using desk = await aDesk()

  await desk.act('waive', { ...bronze, slot: '2024-11-20T08:07:00Z' })

  assert.deepEqual(await desk.states(), ['due', 'waived'])
})

test('a slot that is not written yet can be waived when a cron line names it', async () => {
  await using desk = await aDesk()

  await desk.act('waive', { ...bronze, slot: '2024-11-24T09:07:00+01:00' })

  const [waive] = await listOverrides(desk.sql, { limit: 1 })
  assert.deepEqual([waive?.slotDueAt, waive?.expiresAt], [at('24 08:07'), at('25 08:07')])
})

test('a slot that no line names, or that has ended, is refused with its next one', async () => {
  await using desk = await aDesk()
  await desk.sql`update ledger.slots set state = 'served' where due_at = ${at('19 08:07')}`
  const waive = (slot: string) => desk.act('waive', { ...bronze, slot })

  await assert.rejects(waive('2024-11-24T08:08:00Z'), /no slot at .* Its next is due 2024-11-20T08:07:00.000Z/)
  await assert.rejects(waive('2024-11-18T08:07:00Z'), ConfigFailure)
  await assert.rejects(waive('2024-11-19T08:07:00Z'), /is served: only one that waits can be waived/)
  assert.deepEqual(await listOverrides(desk.sql, { limit: 1 }), [])
})

test('a run past the gates is a request and a name, and it says who starts it', async () => {
  await using desk = await aDesk()

  const { lines } = await desk.act('run', bronze)

  assert.match(lines.join('\n'), /is asked for, past its gates.*\n.*npm run job nfl\/bronze -- --force/)
  const [request] = await desk.sql`select job, kind, parameters, actor from ledger.requests`
  assert.deepEqual({ ...request }, { job: 'nfl/bronze', kind: 'manual', parameters: { force: true }, actor: 'ann' })
  assert.equal((await listOverrides(desk.sql, { limit: 1 }))[0]?.kind, 'force')
})

test('a job that is asked for already is told with who asked and what to do', async () => {
  await using desk = await aDesk()
  await desk.act('run', bronze)

  await assert.rejects(desk.act('run', { ...bronze, why: 'again' }), (error: JobFailure) => {
    assert.ok(!(error instanceof ConfigFailure))
    assert.match(error.message, /asked for already \(a manual, open, since .* 09:00 UTC: the provider is migrating\)/)
    assert.match(error.message, /here and now: npm run job nfl\/bronze -- --force/)
    return true
  })
})

test('a list shows what is in force, and what is over when asked', async () => {
  await using desk = await aDesk()
  const none = await desk.act('list', {})
  await desk.act('pause', { ...bronze, for: '6h' })
  await desk.act('pause', { job: 'all', why: 'the database moves', for: '1h' })
  await desk.act('run', { job: 'nfl/silver', why: 'a look' })

  const inForce = await desk.act('list', {}, '19 10:00')
  const all = await desk.act('list', { all: true }, '19 10:00')

  assert.deepEqual(none.lines, ['Nothing is overridden: every job follows its schedule.'])
  assert.deepEqual(inForce.lines, ['pause  nfl/bronze  until Tue 19 Nov 2024 15:00 UTC, 5 h left  ann: the provider is migrating']) // prettier-ignore
  assert.equal(all.lines.length, 3)
  assert.match(all.lines.join('\n'), /pause +every job +expired Tue 19 Nov 2024 10:00 UTC/)
  assert.match(all.lines.join('\n'), /force +nfl\/silver +on Tue 19 Nov 2024 09:00 UTC +ann: a look/)
  assert.deepEqual((inForce.facts as { job: string }[]).map((one) => one.job), ['nfl/bronze']) // prettier-ignore
})

const REFUSALS: readonly [what: string, act: string, wish: Wish, sentence: RegExp][] = [
  ['an unknown job', 'pause', { ...bronze, job: 'nfl/bronz', for: '6h' }, /no job "nfl\/bronz": expected one of nfl\/bronze, /],
  ['no job', 'pause', { why: 'w', for: '6h' }, /a pause needs a job/],
  ['a run of all', 'run', { ...bronze, job: 'all' }, /no job "all"/],
  ['no reason', 'pause', { job: 'nfl/bronze', for: '6h' }, /a pause needs a reason/],
  ['a blank reason', 'run', { job: 'nfl/bronze', why: '  ' }, /needs a reason/],
  ['a pause without an end', 'pause', bronze, /a pause needs an end/],
  ['a pause of one slot', 'pause', { ...bronze, for: '6h', slot: '2024-11-20T08:07:00Z' }, /takes no --slot/],
  ['a run with a duration', 'run', { ...bronze, for: '6h' }, /takes no --for/],
  ['a duration in words', 'pause', { ...bronze, for: '6 hours' }, /--for "6 hours": expected a duration such as 90m/],
  ['a waive of nothing', 'waive', bronze, /either --for 24h or --slot/],
  ['a waive of both', 'waive', { ...bronze, for: '6h', slot: '2024-11-20T08:07:00Z' }, /either --for 24h or --slot/],
  ['a slot of all', 'waive', { ...bronze, job: 'all', slot: '2024-11-20T08:07:00Z' }, /--slot is about one job/],
  ['a slot without a zone', 'waive', { ...bronze, slot: '2024-11-20T08:07:00' }, /expected an instant such as/],
] // prettier-ignore

for (const [what, act, wish, sentence] of REFUSALS) {
  test(`${what} is refused before any database is opened`, () => {
    assert.throws(() => OVERRIDE_ACTS[act]!(wish), (error: Error) => error instanceof ConfigFailure && sentence.test(error.message)) // prettier-ignore
  })
}

test('an override of more than thirty days is refused', async () => {
  await using desk = await aDesk()

  await assert.rejects(desk.act('pause', { ...bronze, for: '31d' }), /expected within 30 days/)
})

test('durations are minutes, hours or days', () => {
  assert.deepEqual(['90m', '6h', '2d'].map(readDuration), [5_400_000, 21_600_000, 172_800_000])
  for (const wrong of ['0h', '-1h', '6', 'h', '1.5h', '6H']) assert.throws(() => readDuration(wrong), ConfigFailure)
})

test('columns stand below each other', () => {
  assert.deepEqual(columns([['a', 'bb', 'c'], ['aaa', 'b', 'cc']]), ['a    bb  c', 'aaa  b   cc']) // prettier-ignore
})

/** Two letters of nfl/silver and one of nfl/bronze, by their keys. */
async function someLetters(desk: Awaited<ReturnType<typeof aDesk>>): Promise<Record<string, string>> {
  const failed = (key: string) => ({ kind: 'game', key, code: 'no_score', message: `${key} has no score` })
  const write = (job: string, keys: string[], when: string) =>
    desk.sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job, at: at(when) }, keys.map(failed)))
  await write('nfl/silver', ['g1', 'g2'], '19 08:00')
  await write('nfl/silver', ['g1'], '19 08:30')
  await write('nfl/bronze', ['g3'], '19 07:00')
  const rows = await desk.sql<{ id: string; key: string }[]>`select id, key from ledger.dead_letters`
  return Object.fromEntries(rows.map((row) => [row.key, row.id]))
}

test('open letters are listed with their number, what failed, how often and when', async () => {
  await using desk = await aDesk()
  const none = await desk.letters('list', {})
  const ids = await someLetters(desk)

  const all = await desk.letters('list', {})
  const ofBronze = await desk.letters('list', { job: 'nfl/bronze' })

  assert.deepEqual(none.lines, ['No dead letter is open.'])
  assert.match(all.lines[0] ?? '', new RegExp(`^${ids['g1']} +nfl/silver +game g1 +no_score +2 times, last Tue 19 Nov 2024 08:30 UTC +g1 has no score$`)) // prettier-ignore
  assert.deepEqual([all.lines.length, ofBronze.lines.length], [3, 1])
})

test('more letters than a screen holds are said to be more', async () => {
  await using desk = await aDesk()
  const failed = Array.from({ length: 60 }, (_, n) => ({ kind: 'game', key: `g${n}`, code: 'c', message: 'm' }))
  await desk.sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job: 'nfl/silver', at: at('19 08:00') }, failed))

  const { lines } = await desk.letters('list', {})

  assert.deepEqual([lines.length, lines.at(-1)], [51, 'The latest 50 of 60 open letters.'])
})

test('a retry asks for a run of the letters’ job, and says how to do it at once', async () => {
  await using desk = await aDesk()
  const { g1, g2 } = await someLetters(desk)

  const { lines } = await desk.letters('retry', { letters: `${g1},${g2}`, why: 'the scores are in' })

  const [request] = await desk.sql`select job, kind, parameters, actor from ledger.requests`
  assert.deepEqual(
    { ...request },
    { job: 'nfl/silver', kind: 'retry', parameters: { retry: `${g1},${g2}` }, actor: 'ann' },
  )
  assert.match(
    lines.join('\n'),
    new RegExp(`asked to try again 2 items.*\\n.*\\n.*npm run job nfl/silver -- --retry ${g1},${g2}`),
  )
  await assert.rejects(desk.letters('retry', { letters: g1, why: 'again' }), /nfl\/silver is asked for already/)
})

test('letters of two jobs are not tried again together', async () => {
  await using desk = await aDesk()
  const { g1, g3 } = await someLetters(desk)

  await assert.rejects(desk.letters('retry', { letters: `${g1},${g3}`, why: 'w' }), /try those of one job at a time/)
})

test('a dismissed letter is closed with its reason, and cannot be acted on again', async () => {
  await using desk = await aDesk()
  const { g1, g3 } = await someLetters(desk)

  await desk.letters('dismiss', { letters: `${g1},${g3}`, why: 'called off' })

  assert.equal((await desk.letters('list', {})).lines.length, 1)
  for (const act of ['retry', 'dismiss']) {
    await assert.rejects(desk.letters(act, { letters: g1, why: 'w' }), new RegExp(`letter ${g1} is closed: called off`))
  }
  await assert.rejects(desk.letters('dismiss', { letters: '999', why: 'w' }), /there is no letter 999/)
})

test('letters without numbers or a reason are refused before any database is opened', () => {
  assert.throws(() => LETTER_ACTS['retry']!({ why: 'w' }), /a retry needs letters/)
  assert.throws(() => LETTER_ACTS['dismiss']!({ letters: '12;13', why: 'w' }), /"12;13" names no letters/)
  assert.throws(() => LETTER_ACTS['dismiss']!({ letters: '12' }), /needs a reason/)
  assert.throws(() => LETTER_ACTS['list']!({ job: 'a/b' }), /there is no job "a\/b"/)
})
