import assert from 'node:assert/strict'
import { test } from 'node:test'

import { gameFeatures, withNamedStarters } from '../../../src/models/ratings/features.ts'
import type { RatedGame } from '../../../src/models/ratings/weeks.ts'
import { aGame } from '../../helpers/rated-games.ts'

test('a week is rated from the state before it, whoever played first', () => {
  const thursday = aGame(2, 'KC', 'BUF', { kickoffAt: at('2025-09-11'), homeScore: 40, awayScore: 0 })
  const sunday = aGame(2, 'NE', 'NYJ', {})
  const rows = gameFeatures([thursday, sunday])

  assert.deepEqual(
    rows.map((row) => [row.moneyline['elo_home'], row.ou['filter_total']]),
    [
      [1500, 42],
      [1500, 42],
    ],
  )
  assert.equal(rows[1]?.knownUntil.toISOString(), at('2025-09-11').toISOString())
})

test('the next week knows it: both ratings and both quarterbacks moved', () => {
  const [, next] = gameFeatures([aGame(1, 'KC', 'BUF', { homeScore: 40, awayScore: 10 }), aGame(2, 'BUF', 'KC', {})])

  assert.ok(next!.moneyline['elo_away']! > 1500)
  assert.ok(next!.moneyline['elo_home']! < 1500)
  assert.ok(next!.ats['qb_away']! > 0)
  assert.ok(next!.ats['filter_margin']! < 0)
  assert.ok(next!.ou['filter_total']! > 42)
})

test('results of a week, and of later ones, change nothing in its rows', () => {
  const before = season()
  const shuffled = before.map((game) => (game.week < 3 ? game : { ...game, homeScore: 3, awayScore: 55 }))
  const upTo3 = (games: RatedGame[]) => gameFeatures(games).filter((row) => row.week <= 3)

  assert.deepEqual(upTo3(shuffled), upTo3(before))
  assert.deepEqual(gameFeatures(before.filter((game) => game.week <= 3)), upTo3(before))
  assert.notDeepEqual(gameFeatures(shuffled), gameFeatures(before))
})

test('who is named to start a week changes nothing in what its rows say without names', () => {
  const before = season()
  const renamed = before.map((game) => (game.week < 3 ? game : { ...game, homeQb: 'a-rookie', awayQb: 'another' }))
  const unnamed = before.map((game) => (game.week < 3 ? game : { ...game, homeQb: null, awayQb: null }))
  const week3 = (games: RatedGame[]) => gameFeatures(games).filter((row) => row.week === 3)
  const plain = (games: RatedGame[]) => week3(games).map((row) => row.moneyline['elo_difference'])

  assert.deepEqual(plain(renamed), plain(before))
  assert.deepEqual(plain(unnamed), plain(before))
  assert.notDeepEqual(week3(renamed).map(namedDifference), week3(before).map(namedDifference))
  assert.deepEqual(week3(unnamed).map(namedDifference), [undefined, undefined])
})

test('a starter who was known is named: the same rating', () => {
  const [, next] = gameFeatures([aGame(1, 'KC', 'BUF', { homeScore: 40, awayScore: 10 }), aGame(2, 'BUF', 'KC', {})])

  assert.equal(namedDifference(next!), next!.ats['elo_difference'])
})

test('the order in which games come makes no difference, to the last bit', () => {
  assert.deepEqual(sorted(gameFeatures([...season()].reverse())), sorted(gameFeatures(season())))
})

test('a game that was put off counts from the first week that begins after it', () => {
  const late = aGame(1, 'KC', 'BUF', { kickoffAt: at('2025-09-16'), homeScore: 30, awayScore: 10 })
  const rows = gameFeatures([late, aGame(2, 'KC', 'NE', {}), aGame(3, 'KC', 'NYJ', {})])

  assert.equal(rows[1]?.moneyline['elo_home'], 1500)
  assert.ok(rows[2]!.moneyline['elo_home']! > 1500)
})

test('a new season begins nearer to the mean, and its home field is that of the games seen', () => {
  const rows = gameFeatures([
    aGame(1, 'KC', 'BUF', { homeScore: 23, awayScore: 20 }),
    { ...aGame(1, 'KC', 'BUF', { kickoffAt: at('2026-09-13') }), season: 2026, gameId: 'next' },
  ])
  const [first, next] = rows.map((row) => row.moneyline)
  const gained = (next!['elo_home']! - 1505 * 0.42) / 0.58 - 1500

  assert.ok(gained > 0 && gained < 14)
  assert.deepEqual([first!['home_field'], next!['home_field']], [65, 75])
})

function season(): RatedGame[] {
  const teams = ['KC', 'BUF', 'NE', 'NYJ']
  return [1, 2, 3, 4, 5].flatMap((week) =>
    [0, 1].map((i) => {
      const [home, away] = [teams[(week + i) % 4]!, teams[(week + i + 2) % 4]!]
      return aGame(week, home, away, { homeScore: 20 + ((week * 7 + i * 3) % 11), awayScore: 17 + ((week * 5) % 9) })
    }),
  )
}

function namedDifference(row: ReturnType<typeof gameFeatures>[number]): number | undefined {
  return withNamedStarters(row.moneyline)?.['elo_difference']
}

function at(day: string): Date {
  return new Date(`${day}T17:00:00Z`)
}

function sorted<T extends { gameId: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => a.gameId.localeCompare(b.gameId))
}
