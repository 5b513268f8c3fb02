import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRandom } from '../../../src/lib/random.ts'
import { fitKeyWeights, lineChances } from '../../../src/models/forecasts/score-distribution.ts'
import { normalCdf } from '../../../src/models/probability.ts'

test('without weights it is the normal distribution', () => {
  const { over, push, under } = lineChances({ mean: 3, sigma: 13, weights: [] }, 6.5)

  assert.equal(push, 0)
  assert.ok(Math.abs(over + under - 1) < 1e-12)
  assert.ok(Math.abs(over - normalCdf((3 - 6.5) / 13)) < 0.001)
})

test('a key number draws games to itself, so that half a point about it is worth more', () => {
  const weights = [1, 1, 1, 2.7]
  const worth = (list: number[], line: number) =>
    lineChances({ mean: 3, sigma: 13, weights: list }, line - 0.5).over -
    lineChances({ mean: 3, sigma: 13, weights: list }, line + 0.5).over

  assert.ok(worth(weights, 3) > 2 * worth([], 3))
  assert.ok(Math.abs(worth(weights, 3) - lineChances({ mean: 3, sigma: 13, weights }, 3).push) < 1e-12)
})

test('weights are how often a margin happened over how often a normal says', () => {
  const { normal, unit } = createRandom(11)
  const games = Array.from({ length: 20_000 }, () => {
    const expected = Math.round(12 * unit()) - 6
    const margin = Math.round(expected + 13 * normal())
    // A tie is played on, and won by a field goal.
    return { expected, margin: margin === 0 ? 3 : margin }
  })
  const weights = fitKeyWeights(games)

  assert.ok(weights[0]! < 0.05)
  assert.ok(weights[3]! > 1.3 && weights[3]! < 1.7)
  assert.ok(weights[10]! > 0.9 && weights[10]! < 1.1)
})

test('of no games, weights are one', () => {
  assert.ok(fitKeyWeights([]).every((weight) => weight === 1))
})
