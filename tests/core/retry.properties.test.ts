// Laws of the pause between the runs of a chain.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { delayBeforeNextRun } from '../../src/core/retry.ts'

const MINUTE = 60_000
const anyAttempt = fc.integer({ min: 1, max: 200 })
const anySpread = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const anyWish = fc.option(fc.nat({ max: 100_000 }), { nil: undefined })

test('three retries are half an hour apart, give or take a tenth, and none is more than four hours and a tenth', () => {
  fc.assert(
    fc.property(anyAttempt, anySpread, (attempt, spread) => {
      const delay = delayBeforeNextRun({ attempt }, spread)

      assert.ok(delay >= 27 * MINUTE && delay < 264 * MINUTE + 1)
      if (attempt <= 3) assert.ok(delay < 33 * MINUTE + 1)
    }),
  )
})

test('a later try never waits less, at the same spread', () => {
  fc.assert(
    fc.property(anyAttempt, anySpread, (attempt, spread) => {
      assert.ok(delayBeforeNextRun({ attempt: attempt + 1 }, spread) >= delayBeforeNextRun({ attempt }, spread))
    }),
  )
})

test('a chain never comes back before the provider wished, and waits no longer than its own pause or that wish', () => {
  fc.assert(
    fc.property(anyAttempt, anySpread, anyWish, (attempt, spread, retryAfterSeconds) => {
      const delay = delayBeforeNextRun({ attempt, retryAfterSeconds }, spread)
      const own = delayBeforeNextRun({ attempt }, spread)

      assert.equal(delay, Math.max(own, (retryAfterSeconds ?? 0) * 1000))
    }),
  )
})
