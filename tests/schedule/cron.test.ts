// When a line is due: by table in the nights when clocks jump, and by property against a walk through every minute.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { ConfigFailure } from '../../src/core/errors.ts'
import { dueBetween, latestDue, nextDue, type CronLine } from '../../src/schedule/cron.ts'
import { slotsByWalking, type PlainFields } from './walk.ts'

/** Zones, each with the nights in which its clock jumps. */
const JUMPS: Record<string, string[]> = {
  'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  'Australia/Sydney': ['2026-04-04T16:00Z', '2026-10-03T16:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00Z', '2026-10-03T15:30Z'], // by half an hour
  'Europe/London': ['2026-03-29T01:00Z', '2026-10-25T01:00Z'],
  'Pacific/Apia': ['2011-12-30T10:00Z'], // by a whole day
  'Asia/Kolkata': [],
  UTC: [],
}

/** A leap day, a new year, a plain day. */
const OTHER_DAYS = ['2028-02-29T12:00Z', '2027-01-01T00:00Z', '2026-07-15T12:00Z']

interface NightCase {
  what: string
  line: CronLine
  between: [string, string]
  due: string[]
}

const NEW_YORK = 'America/New_York'
const LORD_HOWE = 'Australia/Lord_Howe'

const TABLE: NightCase[] = [
  {
    what: 'a skipped half past two moves to three',
    line: { cron: '30 2 * * *', zone: NEW_YORK },
    between: ['2026-03-07T00:00-05:00', '2026-03-10T00:00-04:00'],
    due: ['2026-03-07T02:30-05:00', '2026-03-08T03:00-04:00', '2026-03-09T02:30-04:00'],
  },
  {
    what: 'several skipped minutes and the first valid one are one slot',
    line: { cron: '*/30 * * * *', zone: NEW_YORK },
    between: ['2026-03-08T01:00-05:00', '2026-03-08T04:00-04:00'],
    due: ['2026-03-08T01:30-05:00', '2026-03-08T03:00-04:00', '2026-03-08T03:30-04:00', '2026-03-08T04:00-04:00'],
  },
  {
    what: 'a repeated hour counts once, the first time, for interval lines too',
    line: { cron: '*/30 * * * *', zone: NEW_YORK },
    between: ['2026-11-01T00:30-04:00', '2026-11-01T02:00-05:00'],
    due: ['2026-11-01T01:00-04:00', '2026-11-01T01:30-04:00', '2026-11-01T02:00-05:00'],
  },
  {
    what: 'a skipped half hour is skipped whole',
    line: { cron: '15 2 * * *', zone: LORD_HOWE },
    between: ['2026-10-03T12:00+10:30', '2026-10-05T12:00+11:00'],
    due: ['2026-10-04T02:30+11:00', '2026-10-05T02:15+11:00'],
  },
  {
    what: 'a repeated half hour counts once',
    line: { cron: '45 1 * * *', zone: LORD_HOWE },
    between: ['2026-04-04T12:00+11:00', '2026-04-06T12:00+10:30'],
    due: ['2026-04-05T01:45+11:00', '2026-04-06T01:45+10:30'],
  },
  {
    what: 'a skipped day moves to the first minute after it',
    line: { cron: '7 6 30 12 *', zone: 'Pacific/Apia' },
    between: ['2011-12-01T00:00Z', '2012-12-31T12:00Z'],
    due: ['2011-12-31T00:00+14:00', '2012-12-30T06:07+14:00'],
  },
  {
    what: 'day of month and day of week together mean either',
    line: { cron: '7 9 13 * FRI', zone: 'UTC' },
    between: ['2026-11-01T00:00Z', '2026-11-21T00:00Z'],
    due: ['2026-11-06T09:07Z', '2026-11-13T09:07Z', '2026-11-20T09:07Z'],
  },
]

for (const { what, line, between, due } of TABLE) {
  test(`${what} (${line.cron} in ${line.zone})`, () => {
    const found = dueBetween(line, new Date(between[0]), new Date(between[1]))

    assert.deepEqual(found, due.map(toDate))
  })
}

test('the start of a span is outside it and the end inside', () => {
  const line = { cron: '7 14 * * 2', zone: NEW_YORK }
  const [first, second] = [new Date('2026-11-17T14:07-05:00'), new Date('2026-11-24T14:07-05:00')]

  assert.deepEqual(dueBetween(line, first, second), [second])
  assert.deepEqual(nextDue(line, first), second)
  assert.deepEqual(latestDue(line, second), second)
  assert.deepEqual(latestDue(line, new Date(second.getTime() - 1)), first)
})

test('while an hour is repeated its slots are past', () => {
  const line = { cron: '10,50 * * * *', zone: NEW_YORK }
  const again = new Date('2026-11-01T01:20-05:00')

  assert.deepEqual(latestDue(line, again), new Date('2026-11-01T01:50-04:00'))
  assert.deepEqual(nextDue(line, again), new Date('2026-11-01T02:10-05:00'))
})

test('a leap day is found from both sides, across a century without one', () => {
  const line = { cron: '7 6 29 2 *', zone: 'Europe/London' }

  assert.deepEqual(nextDue(line, new Date('2096-03-01T00:00Z')), new Date('2104-02-29T06:07Z'))
  assert.deepEqual(latestDue(line, new Date('2104-02-01T00:00Z')), new Date('2096-02-29T06:07Z'))
})

test('an unknown zone and a line outside the dialect are refused', () => {
  const at = new Date('2026-11-22T00:00Z')

  assert.throws(() => nextDue({ cron: '7 6 * * *', zone: 'America/Gotham' }, at), ConfigFailure)
  assert.throws(() => latestDue({ cron: '@daily', zone: 'UTC' }, at), ConfigFailure)
  assert.throws(() => dueBetween({ cron: '0 0 * * 7', zone: 'UTC' }, at, at), ConfigFailure)
})

test('for any line, zone and night the slots are those of a walk through every minute', () => {
  fc.assert(
    fc.property(
      anyLine(),
      anyPlaceAndMoment(),
      fc.integer({ min: 0, max: 172_800 }),
      (fields, { zone, at }, seconds) => {
        const until = new Date(at.getTime() + seconds * 1000)

        const due = dueBetween({ cron: toText(fields), zone }, at, until)

        assert.deepEqual(due, slotsByWalking(fields, zone, { after: at, until }))
      },
    ),
    { numRuns: 300 },
  )
})

test('for any line, zone and night the next and the latest slot frame the moment', () => {
  fc.assert(
    fc.property(anyLine(), anyPlaceAndMoment(), (fields, { zone, at }) => {
      const line = { cron: toText(fields), zone }

      const [latest, next] = [latestDue(line, at), nextDue(line, at)]

      assert.ok(latest && next && latest <= at && at < next)
      assert.deepEqual(dueBetween(line, new Date(latest.getTime() - 1), next), [latest, next])
    }),
    { numRuns: 500 },
  )
})

function toDate(text: string): Date {
  return new Date(text)
}

/** A zone and a moment, to the millisecond: near a jump of its clock as often as a day and a half away. */
function anyPlaceAndMoment(): fc.Arbitrary<{ zone: string; at: Date }> {
  const hours = (count: number): fc.Arbitrary<number> => fc.integer({ min: -count * 3_600_000, max: count * 3_600_000 })
  return fc
    .constantFrom(...Object.entries(JUMPS))
    .chain(([zone, jumps]) =>
      fc.tuple(fc.constant(zone), fc.constantFrom(...jumps, ...OTHER_DAYS), fc.oneof(hours(2), hours(36))),
    )
    .map(([zone, night, shift]) => ({ zone, at: new Date(Date.parse(night) + shift) }))
}

/** Lines that fire often enough to be due in a night: sets of minutes and hours, now and then of days. */
function anyLine(): fc.Arbitrary<PlainFields> {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 4 })
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 24 })
  const some = (min: number, max: number): fc.Arbitrary<number[] | undefined> =>
    fc.option(fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }), { nil: undefined, freq: 2 })
  return fc.record({
    minutes: minutes.map((fives) => fives.map((five) => five * 5)), // GitHub's floor
    hours,
    days: some(1, 28),
    weekdays: some(0, 6),
  })
}

function toText({ minutes, hours, days, weekdays }: PlainFields): string {
  return `${minutes.join(',')} ${hours.join(',')} ${days?.join(',') ?? '*'} * ${weekdays?.join(',') ?? '*'}`
}
