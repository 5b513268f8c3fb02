import assert from 'node:assert/strict'
import { test } from 'node:test'

import { eloMargin, eloProbability, eloSurprise, publishedElo } from '../../../src/models/ratings/elo.ts'
import { aGame } from '../../helpers/rated-games.ts'

test('400 Elo points are ten to one, and 25 are a point of score', () => {
  assert.equal(eloProbability(0), 0.5)
  assert.equal(eloProbability(400), 10 / 11)
  assert.equal(eloMargin(65), 2.6)
})

test('an upset surprises more than the expected', () => {
  assert.ok(eloSurprise(0, 10) > 0)
  assert.equal(eloSurprise(0, 10), -eloSurprise(0, -10))
  assert.ok(eloSurprise(-200, 10) > eloSurprise(200, 10))
  assert.equal(eloSurprise(0, 0), 0)
})

test('a favourite that ties loses points', () => assert.ok(eloSurprise(100, 0) < 0))

test('a tie weighs ln 2 · 2.2, whoever was the favourite: its divisor is 1', () => {
  const weightOf = (difference: number) => eloSurprise(difference, 0) / (0.5 - eloProbability(difference))

  for (const difference of [100, -250]) assert.ok(Math.abs(weightOf(difference) - Math.LN2 * 2.2) < 1e-12)
})

test('equal teams are even on neutral ground, and the home side has 65 points more elsewhere', () => {
  const forecasts = publishedElo([aGame(1, 'KC', 'BUF', { neutral: true }), aGame(1, 'NE', 'NYJ', {})])

  assert.deepEqual([...forecasts.values()], [0.5, eloProbability(65)])
})

test('who joins in the first season is new like all others, and who joins later an expansion team', () => {
  const first = aGame(1, 'KC', 'BUF', {})
  const bye = aGame(2, 'NE', 'KC', { neutral: true })
  const later = { ...aGame(1, 'HOU', 'KC', { neutral: true, kickoffAt: new Date('2026-09-13T17:00Z') }), season: 2026 }
  const forecasts = publishedElo([first, bye, { ...later, gameId: 'later' }])

  assert.equal(forecasts.get(bye.gameId), 0.5)
  // KC went a third of the way from 1500 to 1505.
  assert.equal(forecasts.get('later'), eloProbability(1300 - (1505 * (1 / 3) + 1500 * (1 - 1 / 3))))
})

test('a margin weighs by its logarithm, less for the side that was ahead before', () => {
  // ln(11) * 2.2 / (0.001 * 200 + 2.2) for the favourite, / (0.001 * -200 + 2.2) for the other; times the surprise.
  const expected = 1 / (1 + 10 ** -0.5)
  const near = (actual: number, wanted: number) => assert.ok(Math.abs(actual - wanted) < 1e-9, String(actual))

  near(eloSurprise(200, 10), (Math.log(11) * 2.2 * (1 - expected)) / 2.4)
  near(eloSurprise(200, -10), (Math.log(11) * 2.2 * -expected) / 2)
})
