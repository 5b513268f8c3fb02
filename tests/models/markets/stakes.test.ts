import assert from 'node:assert/strict'
import { test } from 'node:test'

import { expectedProfit, kellyStake } from '../../../src/models/markets/stakes.ts'

test('at -110 a bet breaks even at 52.38 %, and a push returns the stake', () => {
  assert.ok(Math.abs(expectedProfit({ win: 0.52381, lose: 0.47619 }, -110)) < 0.0001)
  assert.ok(Math.abs(expectedProfit({ win: 0.45, lose: 0.45 }, -110) + 0.45 * (1 - 100 / 110)) < 1e-12)
})

test("a quarter of Kelly's stake, nothing without an edge, and never more than 2 %", () => {
  // Full Kelly of 51 % at evens is 2 %.
  assert.ok(Math.abs(kellyStake({ win: 0.51, lose: 0.49 }, 100) - 0.005) < 1e-12)
  assert.equal(kellyStake({ win: 0.5, lose: 0.5 }, -110), 0)
  assert.equal(kellyStake({ win: 0.7, lose: 0.3 }, 100), 0.02)
})

test('with pushes the stake is the one that grows fastest', () => {
  const [win, lose, price] = [0.48, 0.46, 100]
  const growth = (stake: number) => win * Math.log(1 + stake) + lose * Math.log(1 - stake)
  const full = 4 * kellyStake({ win, lose }, price)

  assert.ok(growth(full) > growth(full * 1.05) && growth(full) > growth(full * 0.95))
})
