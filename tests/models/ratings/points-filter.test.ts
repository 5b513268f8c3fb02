import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  advanceFilter,
  expectedPoints,
  FIRST_POINTS_FILTER,
  type PointsFilter,
} from '../../../src/models/ratings/points-filter.ts'
import { weekSteps, type RatedGame } from '../../../src/models/ratings/weeks.ts'
import { aGame } from '../../helpers/rated-games.ts'

test('before any game both sides are expected to score the league level, a little more at home', () => {
  const game = aGame(1, 'KC', 'BUF', {})
  const filter = after([game])
  const atHome = expectedPoints(filter, game)
  const neutral = expectedPoints(filter, { ...game, neutral: true })

  assert.deepEqual(neutral, { home: 21, away: 21 })
  assert.ok(Math.abs(atHome.home - 22.3) < 1e-12 && Math.abs(atHome.away - 19.7) < 1e-12)
})

test('one observation moves each part by its gain: P·h / (hᵀ·P·h + noise²)', () => {
  // Of home points: the variances of level, offence and defence, and the noise.
  const variance = 4 + 16 + 16 + 9.21 ** 2
  // The other side scores just what is expected once the level has moved, and teaches nothing.
  const awayScore = 21 + (10 * 4) / variance
  const played = aGame(1, 'KC', 'BUF', { neutral: true, homeScore: 31, awayScore })
  const filter = after([played, aGame(2, 'KC', 'BUF', { neutral: true })])
  const offence = (10 * 16) / variance

  assert.ok(Math.abs(filter.state[2]! - offence) < 1e-9)
})

test('the covariance stays symmetric and shrinks with what is learned', () => {
  const games = [1, 2, 3].map((week) => aGame(week, 'KC', 'BUF', { homeScore: 30, awayScore: 20 }))
  const { covariance, state } = after(games)
  const size = state.length

  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) assert.ok(Math.abs(covariance[i * size + j]! - covariance[j * size + i]!) < 1e-9)
    assert.ok(covariance[i * size + i]! > 0 && covariance[i * size + i]! < 16.5)
  }
})

test('a team that joins later changes nothing of the others', () => {
  const games = [1, 2].map((week) => aGame(week, 'KC', 'BUF', { homeScore: 30, awayScore: 20 }))
  const alone = after(games)
  const joined = after([...games, aGame(2, 'HOU', 'NE', {})])

  assert.deepEqual([...joined.state.slice(0, 6)], [...alone.state])
})

function after(games: readonly RatedGame[]): PointsFilter {
  return weekSteps(games).reduce(advanceFilter, FIRST_POINTS_FILTER)
}
