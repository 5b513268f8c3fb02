// How figures are said, which local time it is where, and what an error becomes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  ConfigFailure,
  DataFailure,
  FencedFailure,
  LedgerFailure,
  SourceFailure,
  toErrorRecord,
} from '../../src/core/errors.ts'
import { instantAt } from '../../src/core/local-time.ts'
import { exitCodeOf } from '../../src/core/run.ts'
import {
  count,
  firstSentence,
  glyphOf,
  sayCount,
  sayDuration,
  sayInstant,
  sayLateness,
  sayList,
  sayMoment,
} from '../../src/core/wording.ts'
import { addDays, daysBetween, isZone, localDay } from '../../src/core/zone.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const DURATIONS: [number, string][] = [
  [0, '0 ms'],
  [420.4, '420 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [3200, '3.2 s'],
  [59_949, '59.9 s'],
  [59_999, '1 m'],
  [4 * MINUTE, '4 m'],
  [59.6 * MINUTE, '1 h'],
  [2 * HOUR + 40 * MINUTE, '2 h 40 m'],
  [47 * HOUR + 59 * MINUTE, '47 h 59 m'],
  [48 * HOUR, '2 d'],
  [74 * HOUR, '3 d 2 h'],
  [-4 * MINUTE, '−4 m'],
]

for (const [ms, said] of DURATIONS) {
  test(`${ms} ms is said ${said}`, () => {
    assert.equal(sayDuration(ms), said)
  })
}

test('lateness is on time within a minute, else how late or how early', () => {
  assert.deepEqual([0, 59_999, -59_999, 4 * MINUTE, -2 * HOUR].map(sayLateness), ['on time', 'on time', 'on time', '4 m late', '2 h early']) // prettier-ignore
})

test('an instant is said with its place, and the place’s own summer time', () => {
  assert.equal(sayInstant(new Date('2024-11-19T13:07Z'), 'America/New_York'), 'Tue 19 Nov 2024 08:07 New York')
  assert.equal(sayInstant(new Date('2024-07-02T12:07Z'), 'America/New_York'), 'Tue 2 Jul 2024 08:07 New York')
  assert.equal(sayInstant(new Date('2024-12-31T23:30Z')), 'Tue 31 Dec 2024 23:30 UTC')
})

test('thousands are separated, and an unknown state has a mark too', () => {
  assert.equal(sayCount(1234567), '1,234,567')
  assert.deepEqual(['served', 'missed', 'nonsense'].map(glyphOf), ['●', '✕', '○'])
})

test('a message is cut after its first sentence, on one line', () => {
  assert.equal(
    firstSentence('nflverse answered 503: expected 200.\n  Look at its status page.'),
    'nflverse answered 503: expected 200',
  )
  assert.equal(firstSentence('version 1.2 is too old! Update it.'), 'version 1.2 is too old!')
  assert.equal(firstSentence('one\n\u0007two'), 'one two')
  assert.equal(firstSentence(''), '')
})

test('a sentence longer than 120 signs ends in an ellipsis, and no sign is cut in two', () => {
  const long = '🏈'.repeat(121)

  assert.equal(firstSentence('a'.repeat(120)), 'a'.repeat(120))
  assert.equal(firstSentence('a'.repeat(121)), `${'a'.repeat(119)}…`)
  assert.equal(firstSentence(long), `${'🏈'.repeat(119)}…`)
})

test('a list names as many as it may and counts the rest', () => {
  assert.equal(sayList([]), '')
  assert.equal(sayList(['a']), 'a')
  assert.equal(sayList(['a', 'b', 'c'], 3), 'a, b and c')
  assert.equal(sayList(['a', 'b', 'c', 'd'], 3), 'a, b and 2 more')
})

test('a moment is said without its year', () => {
  assert.equal(sayMoment(new Date('2024-11-19T08:07Z')), 'Tue 19 Nov 08:07 UTC')
})

test('one is one, and of others there are several', () => {
  assert.deepEqual(
    [count(1, 'slot'), count(2014, 'slot'), count(0, 'try', 'tries')],
    ['1 slot', '2,014 slots', '0 tries'],
  )
})

test('a day is the day of the place', () => {
  const at = new Date('2024-11-19T05:00Z')

  assert.deepEqual(['America/Los_Angeles', 'UTC', 'Pacific/Apia'].map((zone) => localDay(at, zone)), ['2024-11-18', '2024-11-19', '2024-11-19']) // prettier-ignore
})

test('a wall clock time in a skipped hour moves on by the gap, in a repeated hour it is the first', () => {
  assert.equal(instantAt('2024-03-10', '02:30', 'America/New_York').toISOString(), '2024-03-10T07:30:00.000Z')
  assert.equal(instantAt('2024-11-03', '01:30', 'America/New_York').toISOString(), '2024-11-03T05:30:00.000Z')
  assert.equal(instantAt('2024-11-19', '13:00', 'America/New_York').toISOString(), '2024-11-19T18:00:00.000Z')
})

test('nonsense is no time', () => {
  for (const [day, time] of [
    ['2024-02-30', '10:00'],
    ['2024-11-19', '25:00'],
    ['soon', '10:00'],
  ] as const) {
    assert.throws(() => instantAt(day, time, 'UTC'), RangeError)
  }
})

test('days are counted on the calendar, across leap days and changes of the clock', () => {
  assert.equal(addDays('2024-02-28', 2), '2024-03-01')
  assert.equal(addDays('2024-03-01', -1), '2024-02-29')
  assert.equal(daysBetween('2024-03-09', '2024-03-11'), 2)
  assert.equal(daysBetween('2024-03-11', '2024-03-09'), -2)
})

test('a zone is known or it is not', () => {
  assert.deepEqual(['America/New_York', 'UTC', 'Mars/Olympus', ''].map(isZone), [true, true, false, false])
})

test('exit code 1 says that a run did not do what it should, 0 that it did or rightly did nothing', () => {
  const codes = (['succeeded', 'partial', 'not_ready', 'gated', 'failed', 'cancelled', 'abandoned'] as const).map(
    exitCodeOf,
  )

  assert.deepEqual(codes, [0, 0, 0, 0, 1, 1, 1])
})

test('a failure is recorded with its kind, code, context and whether it may be temporary', () => {
  const { stack, ...record } = toErrorRecord(new SourceFailure('x answered 503', { code: 'source_status', retryable: true, context: { status: 503 } })) // prettier-ignore

  assert.deepEqual(record, { kind: 'SourceFailure', code: 'source_status', retryable: true, message: 'x answered 503', context: { status: 503 } }) // prettier-ignore
  assert.match(stack ?? '', /wording\.test/)
})

test('only sources and databases are expected to come back by themselves', () => {
  const failures = [new ConfigFailure('c'), new DataFailure('d'), new LedgerFailure('l'), new FencedFailure('run-1')]

  assert.deepEqual(failures.map((failure) => toErrorRecord(failure).retryable), [false, false, true, false]) // prettier-ignore
})

test('causes are joined to the message once, also when they go round in a circle', () => {
  const inner = new Error('no route to host')
  const outer = new Error('nflverse did not answer', { cause: inner })
  inner.cause = outer

  assert.match(toErrorRecord(outer).message, /^nflverse did not answer \(no route to host/)
  assert.equal(toErrorRecord(new Error('a (b)', { cause: new Error('b') })).message, 'a (b)')
})

test('an error without words has its name, and what is no error is said to be none', () => {
  assert.equal(toErrorRecord(new AggregateError([])).message, 'AggregateError')
  for (const thrown of ['text', 7, null, undefined, Symbol('s'), { toString: null }]) {
    assert.match(toErrorRecord(thrown).message, /^a non-error was thrown: /)
  }
})
