import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fairProbability, impliedProbability, powerDevig, profitAt } from '../../src/models/odds.ts'

test('American odds imply what they pay for', () => {
  assert.equal(impliedProbability(150), 0.4)
  assert.equal(impliedProbability(-150), 0.6)
  assert.equal(profitAt(150), 1.5)
  assert.equal(profitAt(-200), 0.5)
})

test('without the margin, probabilities sum to one and equal prices are even', () => {
  assert.equal(fairProbability(-110, -110), 0.5)
  const field = powerDevig([1 / 2.6, 1 / 2.4, 1 / 4.3])
  assert.ok(Math.abs(field.reduce((sum, p) => sum + p, 0) - 1) < 1e-12)
})

test('the power method takes more of the margin from the long shot', () => {
  // 1.5 and 2.74: multiplicative gives the favourite 0.6462, Shin 0.65085 (the shin package's own example).
  const [favourite = 0] = powerDevig([1 / 1.5, 1 / 2.74])

  assert.ok(favourite > 0.6462)
  assert.ok(Math.abs(favourite - 0.65085) < 0.003)
})

test('a negative hold is spread as well', () => {
  const fair = fairProbability(110, 110)

  assert.ok(fair !== undefined && Math.abs(fair - 0.5) < 1e-9)
})

test('one price alone says nothing', () => assert.equal(fairProbability(-110, null), undefined))
