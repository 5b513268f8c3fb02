// Small pieces of probability, against values that tables and hand calculation give.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { blend, logit, logLoss, normalCdf } from '../../src/models/probability.ts'

const close = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-6, String(actual))

test('the normal distribution is that of the tables, on both sides', () => {
  for (const [z, p] of [
    [0, 0.5],
    [0.5, 0.6914625],
    [1, 0.8413447],
    [1.96, 0.9750021],
    [3, 0.9986501],
  ] as const) {
    close(normalCdf(z), p)
    close(normalCdf(-z), 1 - p)
  }
})

test('log-odds stay finite at 0 and 1, and a blend lies between what it is of', () => {
  close(logit(1), Math.log((1 - 1e-6) / 1e-6))
  close(logit(0), -logit(1))
  close(blend(0.8, 0.5, 1), 0.8)
  close(blend(0.8, 0.5, 0.5), 2 / 3)
  close(blend(0.8, 0.5, 0), 0.5)
})

test('log loss is of what happened, and finite for what was held impossible', () => {
  close(logLoss(0.8, true), -Math.log(0.8))
  close(logLoss(0.8, false), -Math.log(0.2))
  close(logLoss(0, true), -Math.log(1e-15))
})
