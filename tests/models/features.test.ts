import assert from 'node:assert/strict'
import { test } from 'node:test'

import { gameFeatures, type RatedGame } from '../../src/models/features.ts'

test('a week is rated from the state before it, whoever played first', () => {
  const thursday = aGame(2, 'KC', 'BUF', { kickoffAt: at('2025-09-11'), homeScore: 40, awayScore: 0 })
  const sunday = aGame(2, 'NE', 'NYJ', {})
  const rows = gameFeatures([thursday, sunday])

  assert.deepEqual(
    rows.map((row) => row.moneyline['elo_home']),
    [1500, 1500],
  )
  assert.equal(rows[1]?.knownUntil.toISOString(), at('2025-09-11').toISOString())
})

test('the next week knows it', () => {
  const rows = gameFeatures([aGame(1, 'KC', 'BUF', { homeScore: 30, awayScore: 10 }), aGame(2, 'BUF', 'KC', {})])

  assert.ok(rows[1]!.moneyline['elo_away']! > 1500)
  assert.ok(rows[1]!.moneyline['elo_home']! < 1500)
})

test('results of a week, and of later ones, change nothing in its rows', () => {
  const before = season()
  const shuffled = before.map((game) => (game.week < 3 ? game : { ...game, homeScore: 3, awayScore: 55 }))
  const upTo3 = (games: RatedGame[]) => gameFeatures(games).filter((row) => row.week <= 3)

  assert.deepEqual(upTo3(shuffled), upTo3(before))
  assert.deepEqual(gameFeatures(before.filter((game) => game.week <= 3)), upTo3(before))
  assert.notDeepEqual(gameFeatures(shuffled), gameFeatures(before))
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

test('a new season begins nearer to the mean', () => {
  const rows = gameFeatures([
    aGame(1, 'KC', 'BUF', { homeScore: 30, awayScore: 10 }),
    { ...aGame(1, 'KC', 'BUF', { kickoffAt: at('2026-09-13') }), season: 2026, gameId: 'next' },
  ])
  const gained = rows[1]!.moneyline['elo_home']! - 1505

  assert.ok(gained > 10 && gained < 15)
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

function aGame(week: number, home: string, away: string, wish: Partial<RatedGame>): RatedGame {
  const day = new Date(Date.UTC(2025, 8, 7 + 7 * (week - 1), 17))
  return {
    gameId: `2025_${week}_${away}_${home}`, season: 2025, week, gameType: 'REG', kickoffAt: day, home, away,
    neutral: false, division: null, homeRest: 7, awayRest: 7, homeScore: null, awayScore: null, ...wish,
  } // prettier-ignore
}

function at(day: string): Date {
  return new Date(`${day}T17:00:00Z`)
}

function sorted<T extends { gameId: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => a.gameId.localeCompare(b.gameId))
}
