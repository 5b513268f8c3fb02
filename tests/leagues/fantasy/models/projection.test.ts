import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findAnomalies } from '../../../../src/leagues/fantasy/models/anomaly.ts'
import { availability, toStatus } from '../../../../src/leagues/fantasy/models/availability.ts'
import { averageOf, errorsOf, startable, type Projected } from '../../../../src/leagues/fantasy/models/grade.ts'
import { createPlayerFinder } from '../../../../src/leagues/fantasy/models/player-match.ts'
import {
  impliedTotals,
  positionMean,
  priorOf,
  projectPoints,
} from '../../../../src/leagues/fantasy/models/projection.ts'

const game = (points: number, impliedTotal: number | null = null) => ({ points, impliedTotal })

test('before any game a player is worth his prior', () => {
  assert.equal(projectPoints([], { prior: 12, impliedTotal: 24 }), 12)
})

test('three games weigh as much as the prior, and no number of games more than six', () => {
  assert.equal(
    projectPoints(
      [20, 20, 20].map((points) => game(points)),
      { prior: 10, impliedTotal: null },
    ),
    15,
  )
  assert.equal(
    projectPoints(
      Array.from({ length: 12 }, () => game(20)),
      { prior: 11, impliedTotal: null },
    ),
    17,
  )
})

test('the newest game moves the mean by 0.15', () => {
  const points = projectPoints([game(10), game(20)], { prior: 0, impliedTotal: null })

  assert.ok(Math.abs(points - (2 * 11.5) / 5) < 1e-9)
})

test('a team that is expected to score more gives its players the root of it', () => {
  const past = [game(10, 16), game(10, 16), game(10, 16)]

  assert.ok(Math.abs(projectPoints(past, { prior: 10, impliedTotal: 25 }) - 12.5) < 1e-9)
  assert.equal(projectPoints(past, { prior: 10, impliedTotal: null }), 10)
})

test('the favourite at home has the larger part of the total', () => {
  assert.deepEqual(impliedTotals({ spreadHome: 7, totalLine: 45 }), { home: 26, away: 19 })
  assert.deepEqual(impliedTotals({ spreadHome: null, totalLine: 45 }), { home: null, away: null })
})

test('four games of last season are a prior, three are not', () => {
  const seasons = [
    { position: 'QB', games: 16, perGame: 20 },
    { position: 'QB', games: 3, perGame: 2 },
    { position: 'WR', games: 16, perGame: 9 },
  ] as const

  assert.equal(positionMean(seasons, 'QB'), 20)
  assert.equal(priorOf(seasons[0], 20), 20)
  assert.equal(priorOf(seasons[1], 20), 12)
  assert.equal(priorOf(undefined, 20), 12)
})

test('a report leaves all, some or nothing of a projection', () => {
  const left = ['', 'Note', 'Questionable', 'Doubtful', 'Out'].map((report) => availability(toStatus(report)))

  assert.deepEqual(left, [1, 1, 0.6, 0, 0])
  assert.equal(availability('bye'), 0)
})

test('an average of a source with itself is refused, of two it is their mean', () => {
  assert.equal(averageOf({ a: 10, b: 14 }, ['a', 'b']), 12)
  assert.throws(() => averageOf({ a: 10 }, ['a', 'a']), { code: 'averaged_with_itself' })
})

test('errors are absolute, squared and against the mean of what was scored', () => {
  const players: Projected[] = [
    { position: 'WR', actual: 10, expected: { a: 12 } },
    { position: 'WR', actual: 20, expected: { a: 16 } },
  ]

  assert.deepEqual(errorsOf(players, 'a'), { players: 2, mae: 3, rmse: Math.sqrt(10), r2: 1 - 20 / 50 })
  assert.equal(errorsOf([], 'a'), undefined)
})

test('the startable are the best twenty tight ends, by the source that ranks', () => {
  const players = Array.from({ length: 30 }, (_, i): Projected => ({ position: 'TE', actual: 0, expected: { a: i } }))

  assert.deepEqual(
    startable(players, 'a')
      .map((player) => player.expected['a'])
      .at(-1),
    10,
  )
  assert.equal(startable(players, 'a').length, 20)
})

test('a week is odd only beside at least four others, and by both figures', () => {
  const weeks = [14, 13.8, 14.3, 14.1].map((meanPoints, i) => ({
    week: i + 1,
    playersPerTeam: 10 + i * 0.1,
    meanPoints,
  }))
  const odd = { week: 5, playersPerTeam: 4, meanPoints: 14 }

  assert.deepEqual(findAnomalies(odd, weeks.slice(1)), [])
  assert.deepEqual(
    findAnomalies(odd, weeks).map((anomaly) => [anomaly.figure, anomaly.z < -3.5]),
    [['playersPerTeam', true]],
  )
  assert.deepEqual(findAnomalies({ ...odd, playersPerTeam: 10.2 }, weeks), [])
})

test('a player is found by name and position, and two of one name by their team', () => {
  const find = createPlayerFinder([
    { playerId: '1', name: 'Marvin Harrison', position: 'WR', team: 'ARI' },
    { playerId: '2', name: 'Josh Allen', position: 'QB', team: 'BUF' },
    { playerId: '3', name: 'Mike Williams', position: 'WR', team: 'NYJ' },
    { playerId: '4', name: 'Mike Williams', position: 'WR', team: 'PIT' },
  ])
  const found = (name: string, position: 'QB' | 'WR', team: string) => find({ name, position, team })?.playerId

  assert.equal(found('Marvin Harrison Jr.', 'WR', 'ARI'), '1')
  assert.equal(found('Josh Allen', 'WR', 'BUF'), undefined)
  assert.equal(found('Mike Williams', 'WR', 'PIT'), '4')
  assert.equal(found('Mike Williams', 'WR', 'LAC'), undefined)
})
