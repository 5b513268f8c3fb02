// Patience: whatever may be temporary is tried again, with growing pauses, until its time is over.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createPatience, type PatienceOptions } from '../../src/lib/patience.ts'

const away = () => Object.assign(new Error('away'), { code: 'ECONNRESET' })

function aPatience(wish: Partial<PatienceOptions> = {}) {
  const pauses: number[] = []
  const patience = createPatience({
    pauses: { firstMs: 1, longestMs: 4 },
    forMs: () => 10_000,
    onFailure: (_error, pauseMs) => pauses.push(pauseMs),
    signal: new AbortController().signal,
    lastWordsMs: 0,
    ...wish,
  })
  return { patience, pauses }
}

/** Fails so many times, and then says on which attempt it came through. */
const failing = (times: number) => (attempt: number) =>
  attempt > times ? Promise.resolve(attempt) : Promise.reject(away())

test('what passes is tried until it does, with pauses that double up to the longest', async () => {
  const { patience, pauses } = aPatience()

  assert.equal(await patience(failing(5)), 6)
  assert.deepEqual(pauses, [1, 2, 4, 4, 4])
})

test('what is final is thrown at once', async () => {
  const { patience, pauses } = aPatience()

  await assert.rejects(
    patience(() => Promise.reject(new TypeError('x is not a function'))),
    TypeError,
  )
  assert.deepEqual(pauses, [])
})

test('its time is asked for once, at the first failure, and is for all of its work', async () => {
  let asked = 0
  const { patience } = aPatience({ forMs: () => [3][asked++] ?? 10_000 })

  await patience(failing(0))
  assert.equal(asked, 0)
  await assert.rejects(patience(failing(Infinity)), /away/)
  await assert.rejects(patience(failing(Infinity)), /away/)
  assert.equal(asked, 1)
})

test('told to stop in the middle of a long pause it tries for its last words only', async () => {
  const stop = new AbortController()
  const { patience, pauses } = aPatience({
    pauses: { firstMs: 600_000, longestMs: 600_000 },
    forMs: () => 10_000_000,
    signal: stop.signal,
    onFailure: () => void setImmediate(() => stop.abort()),
  })

  await assert.rejects(patience(failing(Infinity)), /away/)
  assert.deepEqual(pauses, [])
})
