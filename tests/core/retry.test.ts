// How long to wait before the next try.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { delayBeforeNext, delayBeforeNextAsk, inProcess, type RetryPolicy } from '../../src/core/retry.ts'

const MINUTE = 60_000
const policy: RetryPolicy = { attempts: 5, firstDelayMs: MINUTE, factor: 3, maxDelayMs: 10 * MINUTE }
const failed = (attempt: number) => ({ attempt, retryable: true })

test('delays grow by the factor up to the longest', () => {
  const delays = [1, 2, 3, 4].map((attempt) => delayBeforeNext(policy, failed(attempt), 0.5))

  assert.deepEqual(delays, [MINUTE, 3 * MINUTE, 9 * MINUTE, 10 * MINUTE])
})

test('after the last try there is no other', () => {
  assert.equal(delayBeforeNext(policy, failed(5), 0.5), undefined)
  assert.equal(delayBeforeNext({ ...policy, attempts: 1 }, failed(1), 0.5), undefined)
})

test('a failure that is final is not tried again', () => {
  assert.equal(delayBeforeNext(policy, { attempt: 1, retryable: false }, 0.5), undefined)
})

test('what the provider asks for wins when it is longer, and only then', () => {
  assert.equal(delayBeforeNext(policy, { ...failed(1), retryAfterSeconds: 300 }, 0.5), 5 * MINUTE)
  assert.equal(delayBeforeNext(policy, { ...failed(1), retryAfterSeconds: 1 }, 0.5), MINUTE)
})

test('a provider that asks for more than ten minutes is not waited for inside a run', () => {
  assert.equal(delayBeforeNext(policy, { ...failed(1), retryAfterSeconds: 600 }, 0.5), 10 * MINUTE)
  assert.equal(delayBeforeNext(policy, { ...failed(1), retryAfterSeconds: 601 }, 0.5), undefined)
})

test('inside a run a provider is tried after 30, 60 and 120 seconds', () => {
  const delays = [1, 2, 3, 4].map((attempt) => delayBeforeNext(inProcess, failed(attempt), 0.5))

  assert.deepEqual(delays, [30_000, 60_000, 120_000, undefined])
})

test('the spread moves a delay by at most a tenth, whatever the policy', () => {
  const anyPolicy = fc.record({
    attempts: fc.integer({ min: 2, max: 10 }),
    firstDelayMs: fc.integer({ min: 1, max: MINUTE }),
    factor: fc.integer({ min: 1, max: 5 }),
    maxDelayMs: fc.integer({ min: MINUTE, max: 60 * MINUTE }),
  })
  fc.assert(
    fc.property(
      anyPolicy,
      fc.integer({ min: 1, max: 9 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (p, attempt, spread) => {
        const [plain, moved] = [delayBeforeNext(p, failed(attempt), 0.5), delayBeforeNext(p, failed(attempt), spread)]

        assert.equal(plain === undefined, attempt >= p.attempts)
        if (plain === undefined || moved === undefined) return
        assert.ok(plain <= p.maxDelayMs)
        assert.ok(moved >= 0.9 * plain - 1e-6 && moved <= 1.1 * plain + 1e-6)
      },
    ),
  )
})

test('what was asked for may be asked for again after ten minutes three times, then ever more rarely, up to four hours', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 20].map((asks) => delayBeforeNextAsk(asks) / MINUTE)

  assert.deepEqual(minutes, [10, 10, 10, 20, 40, 80, 160, 240, 240])
})
