// Clocks and days of all zones, held against Temporal.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'

import { addDays, daysBetween, localDay, wallClock } from '../../src/core/zone.ts'

const ZONES = Intl.supportedValuesOf('timeZone')
const instants = fc.date({ min: new Date('1975-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
const days = instants.map((at) => at.toISOString().slice(0, 10))

test('what a clock shows, and which day it is, in any zone', () => {
  fc.assert(
    fc.property(instants, fc.constantFrom(...ZONES, 'UTC'), (at, zone) => {
      const there = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
      const seconds = (text: string) => text.slice(0, 19)

      assert.equal(
        seconds(wallClock(at, zone).toISOString()),
        seconds(there.toPlainDateTime().toString({ smallestUnit: 'second' })),
      )
      assert.equal(localDay(at, zone), there.toPlainDate().toString())
    }),
    { numRuns: 1000 },
  )
})

test('days are counted as on the calendar', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -20_000, max: 20_000 }), (day, count) => {
      const later = addDays(day, count)

      assert.equal(later, Temporal.PlainDate.from(day).add({ days: count }).toString())
      assert.equal(daysBetween(day, later), count)
    }),
  )
})

test('what is no day is refused', () => {
  for (const day of ['2024-02-30', '2024-13-01', '2024-1-1', 'soon', '']) {
    assert.throws(() => addDays(day, 1), RangeError)
    assert.throws(() => daysBetween('2024-01-01', day), RangeError)
  }
})
