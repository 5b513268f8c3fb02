import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fitLogistic, fitResiduals } from '../../src/models/fit.ts'
import { blend, brierScore, logistic, logit, logLoss, normalCdf } from '../../src/models/probability.ts'

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

test('errors have a centre and a spread, which is never too small', () => {
  assert.deepEqual(fitResiduals([-8, 12]), { bias: 2, sigma: 10 })
  assert.equal(fitResiduals([3]).sigma, 1)
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
