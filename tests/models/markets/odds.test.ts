import assert from 'node:assert/strict'
import { test } from 'node:test'

import { devig, fairProbability, impliedProbability, profitAt } from '../../../src/models/markets/odds.ts'

// The shin package's own examples, and what the other methods make of the first.
const THREE = [2.6, 2.4, 4.3].map((price) => 1 / price)
const TWO = [1.5, 2.74].map((price) => 1 / price)

test('American odds imply what they pay for', () => {
  assert.equal(impliedProbability(150), 0.4)
  assert.equal(impliedProbability(-150), 0.6)
  assert.equal(profitAt(150), 1.5)
  assert.equal(profitAt(-200), 0.5)
})

test("Shin's method gives its package's own test vectors", () => {
  near(devig.shin(THREE), [0.37299, 0.40478, 0.22223], 0.00001)
  near(devig.shin(TWO), [0.65085, 0.34915], 0.00001)
})

test('for two outcomes the additive method is the one of Shin', () => near(devig.additive(TWO), devig.shin(TWO), 1e-9))

test('every method sums to one, leaves even prices even and a book without margin alone', () => {
  for (const [name, method] of Object.entries(devig)) {
    near([method(THREE).reduce((sum, p) => sum + p, 0)], [1], 1e-12, name)
    near(method([0.52, 0.52]), [0.5, 0.5], 1e-9, name)
    near(method([0.7, 0.3]), [0.7, 0.3], 1e-9, name)
  }
})

test('all but the multiplicative method take more of the margin from the long shot', () => {
  const [proportional = 0] = devig.multiplicative(TWO)

  near([proportional], [0.6462], 0.0001)
  for (const method of [devig.additive, devig.power, devig.oddsRatio, devig.shin]) {
    const [favourite = 0] = method(TWO)
    assert.ok(favourite > proportional && Math.abs(favourite - 0.65085) < 0.003)
  }
})

test('the power method raises every price to one power', () => {
  const [a = 0, b = 0] = devig.power(TWO)

  near([Math.log(a) / Math.log(TWO[0]!)], [Math.log(b) / Math.log(TWO[1]!)], 1e-6)
})

test('the odds ratio method lengthens all odds in one ratio', () => {
  const fair = devig.oddsRatio(THREE)
  const ratios = fair.map((p, i) => THREE[i]! / (1 - THREE[i]!) / (p / (1 - p)))

  near(ratios, [ratios[0]!, ratios[0]!, ratios[0]!], 1e-6)
})

test('a negative hold is spread as well', () => {
  const fair = fairProbability(110, 110)

  assert.ok(fair !== undefined && Math.abs(fair - 0.5) < 1e-9)
})

test('without the margin equal prices are even, and one price alone says nothing', () => {
  assert.equal(fairProbability(-110, -110), 0.5)
  assert.equal(fairProbability(-110, null), undefined)
})

function near(found: readonly number[], expected: readonly number[], within: number, name = ''): void {
  assert.equal(found.length, expected.length)
  found.forEach((p, i) => assert.ok(Math.abs(p - expected[i]!) <= within, `${name} ${p}: expected ${expected[i]}`))
}
