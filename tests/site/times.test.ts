// Instants as pages say them, and as their script says them after them.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { saysTimeOf } from '../../dashboards/site/client/own-times.ts'
import { sayRelative } from '../../dashboards/site/kit/relative.ts'
import { sayWhen } from '../../dashboards/site/kit/when.tsx'

const zone = 'America/New_York'
const BUILT = '2027-01-03T12:00:00Z'
// 31 December, 21:00 in New York.
const EVE = new Date('2027-01-01T02:00Z')

test('an instant shows its year when it is another one where it is said', () => {
  assert.equal(sayWhen({ at: EVE, zone, now: new Date(BUILT) }), 'Thu 31 Dec 2026 21:00')
  assert.equal(sayWhen({ at: EVE, zone: 'UTC', now: new Date(BUILT) }), 'Fri 1 Jan 02:00')
  assert.equal(sayWhen({ at: EVE, zone, now: new Date('2027-01-01T04:00Z') }), 'Thu 31 Dec 21:00')
})

test('an instant of a zone that nobody knows is said in UTC, with the zone’s name', () => {
  const said = { at: EVE, zone: 'Mars/Olympus', now: new Date(BUILT) }

  assert.equal(sayWhen(said), 'Fri 1 Jan 02:00 UTC (Mars/Olympus)')
  assert.equal(sayWhen({ ...said, placed: true }), 'Fri 1 Jan 02:00 UTC (Mars/Olympus)')
  assert.equal(sayWhen({ ...said, zone, placed: true }), 'Thu 31 Dec 2026 21:00 New York')
})

test('how long ago is said in days and hours from two days on', () => {
  const HOUR = 3_600_000
  assert.deepEqual([0, -3 * 60_000, 3.2 * HOUR, -47 * HOUR, -74 * HOUR, 96 * HOUR].map(sayRelative), [
    'now',
    '3 m ago',
    'in 3 h 12 m',
    '47 h ago',
    '3 d 2 h ago',
    'in 4 d',
  ])
})

test('a reader in a zone that a row or a heading names needs no column', () => {
  assert.equal(saysTimeOf('New York', ['day', 'where it is due', 'UTC'], ['08:07 New York', '12:07']), true)
  assert.equal(saysTimeOf('New York', ['New York', 'UTC'], ['Tue 19 Nov 08:07', '12:07']), true)
  assert.equal(saysTimeOf('UTC', ['day', 'where it is due', 'UTC'], ['08:07 New York', '12:07']), true)
  assert.equal(saysTimeOf('New York', ['day', 'where it is due', 'UTC'], ['08:07 Los Angeles', '15:07']), false)
  assert.equal(saysTimeOf('York', ['day'], ['08:07 New York']), false)
})
