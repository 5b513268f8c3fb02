import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fitFor, walkForward, type ScoredSample } from '../../src/models/walk-forward.ts'

test('a season is judged by a fit to earlier seasons only', () => {
  const samples = [2019, 2020, 2021, 2022, 2023].flatMap((season) => games(season))
  const lastChanged = samples.map((sample) => (sample.season < 2023 ? sample : { ...sample, total: sample.total + 20 }))

  // Only 2023 is judged, and it is always judged by the same fit: its errors grow by just what its totals grew.
  const before = walkForward('ou', samples)
  const after = walkForward('ou', lastChanged)

  assert.equal(before['games'], 20)
  assert.ok((after['mae'] ?? 0) > (before['mae'] ?? 0) + 10)
  assert.deepEqual(
    fitFor(
      'ou',
      samples.filter((sample) => sample.season < 2023),
      2023,
    ),
    { bias: 0, sigma: 5 },
  )
})

test('a fit looks back ten seasons', () => {
  const old = games(2005).map((sample) => ({ ...sample, total: 99 }))

  assert.deepEqual(fitFor('ou', [...old, ...games(2020)], 2021), fitFor('ou', games(2020), 2021))
})

test('ours and the market are scored on the same games: one without prices counts for neither', () => {
  const samples = [2019, 2020, 2021, 2022, 2023].flatMap((season) => games(season))
  const unpriced = samples.map((sample, i) => (i % 2 === 0 ? sample : { ...sample, priceFor: null }))

  assert.equal(walkForward('moneyline', samples)['games'], 20)
  assert.equal(walkForward('moneyline', unpriced)['games'], 10)
})

test('a result on the line is no hit and no miss, but has an error', () => {
  const samples = [2019, 2020, 2021, 2022, 2023].flatMap((season) => games(season))
  const pushes = samples.map((sample) => ({ ...sample, line: sample.total }))

  const scores = walkForward('ou', pushes)

  assert.equal(scores['market_mae'], 0)
  assert.equal('hit_rate' in scores, false)
})

test('too few seasons give no score, and none at all no fit', () => {
  assert.deepEqual(walkForward('ats', games(2020)), { games: 0 })
  assert.throws(() => fitFor('ats', [], 2020), /no finished game/)
})

/** Twenty games, five points over and under an expected total of 45 in turn. */
function games(season: number): ScoredSample[] {
  return Array.from({ length: 20 }, (_, i) => ({
    season,
    features: { expected_total: 45, elo_difference: 40 },
    margin: i % 3 === 0 ? -3 : 7,
    total: i % 2 === 0 ? 50 : 40,
    line: 44.5,
    priceFor: -150,
    priceAgainst: 130,
  }))
}
