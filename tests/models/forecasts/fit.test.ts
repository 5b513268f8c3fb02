import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRandom } from '../../../src/lib/random.ts'
import { errorSize, fitLogistic, fitWinSigma } from '../../../src/models/forecasts/fit.ts'
import { blend, brierScore, logistic, logit, logLoss, normalCdf } from '../../../src/models/probability.ts'

test('a logistic fit finds the line that made the data', () => {
  const points = [-2, -1, 0, 1, 2].flatMap((x) => {
    const wins = Math.round(1000 * logistic(0.3 + 0.8 * x))
    return Array.from({ length: 1000 }, (_, i) => ({ x, y: i < wins ? (1 as const) : (0 as const) }))
  })

  const { intercept, slope } = fitLogistic(points)

  assert.ok(Math.abs(intercept - 0.3) < 0.01)
  assert.ok(Math.abs(slope - 0.8) < 0.01)
})

test('games that one side always won still give a finite line', () => {
  const { intercept, slope } = fitLogistic([
    { x: 1, y: 1 },
    { x: 2, y: 1 },
  ])

  assert.ok(Number.isFinite(intercept) && Number.isFinite(slope))
})

test('a win sigma is found again from margins that made the winners', () => {
  const { normal } = createRandom(7)
  const points = Array.from({ length: 20_000 }, () => {
    const margin = 6 * normal()
    return { margin, won: margin + 12 * normal() > 0 }
  })

  assert.ok(Math.abs(fitWinSigma(points, 1) - 12) < 0.3)
  assert.equal(fitWinSigma(points.slice(0, 20), 11.4), 11.4)
})

test('errors have a size, which is never too small and has a fallback', () => {
  assert.equal(errorSize([-10, 10], 13), 10)
  assert.equal(errorSize([0.1, 0.1], 13), 1)
  assert.equal(errorSize([3], 13), 13)
})

test("the normal distribution is the tables'", () => {
  for (const [z, p] of [
    [0, 0.5],
    [1, 0.841344746],
    [-1.96, 0.024997895],
    [3, 0.998650102],
  ] as const) {
    assert.ok(Math.abs(normalCdf(z) - p) < 1e-7, String(z))
  }
})

test('log-odds go there and back, and a blend of one weight is that one', () => {
  assert.ok(Math.abs(logistic(logit(0.3)) - 0.3) < 1e-12)
  assert.ok(Math.abs(blend(0.3, 0.9, 1) - 0.3) < 1e-12)
  assert.ok(Number.isFinite(logit(0)) && Number.isFinite(logLoss(0, true)))
  assert.equal(brierScore(0.75, true), 0.0625)
})
