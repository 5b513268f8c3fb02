import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nflWeekOfDay } from '../../../../../src/leagues/nfl/calendar.ts'
import { parseGamesTable } from '../../../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { simulateGames } from '../../../../../src/leagues/nfl/sources/nflverse/simulator.ts'

const league = { seed: 7, now: new Date('2026-11-20T12:00:00Z'), firstSeason: 2019 }
const { columns, rows } = parseGamesTable(simulateGames(league), 'simulator')
const regular = rows.filter((row) => row['game_type'] === 'REG')

test('the same seed gives the same league, another seed another one', () => {
  assert.equal(simulateGames(league), simulateGames({ ...league }))
  assert.notEqual(simulateGames(league), simulateGames({ ...league, seed: 8 }))
})

test("it has nflverse's 46 columns and as many games a season", () => {
  const games = (season: number) => rows.filter((row) => row['season'] === String(season)).length

  assert.equal(columns.length, 46)
  assert.deepEqual([2019, 2020, 2021, 2026].map(games), [267, 269, 285, 285])
})

test('every team plays once a week, with one bye', () => {
  for (const [season, games] of [
    [2019, 16],
    [2025, 17],
  ] as const) {
    const weeks = new Map<string, string[]>()
    for (const row of regular.filter((game) => game['season'] === String(season))) {
      for (const team of [row['home_team']!, row['away_team']!])
        weeks.set(team, [...(weeks.get(team) ?? []), row['week']!])
    }
    assert.equal(weeks.size, 32)
    for (const [team, played] of weeks) assert.deepEqual([played.length, new Set(played).size], [games, games], team)
  }
})

test('every game lies in the week that the calendar says', () => {
  for (const row of rows) assert.equal(nflWeekOfDay(row['gameday']!).week, Number(row['week']), row['game_id'])
})

test("its scores and lines look like the league's", () => {
  const numbers = (column: string) => rows.map((row) => Number(row[column]))
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const errors = rows.map((row) => (Number(row['result']) - Number(row['spread_line'])) ** 2)
  const threes = numbers('result').filter((margin) => Math.abs(margin) === 3).length / rows.length

  assert.ok(Math.abs(average(numbers('total')) - 45) < 2)
  assert.ok(Math.abs(average(numbers('result')) - 2) < 1.5)
  assert.ok(Math.abs(Math.sqrt(average(errors)) - 13) < 1)
  assert.ok(threes > 0.06)
})

test('a moneyline holds about four per cent for the book', () => {
  const implied = (price: number) => (price > 0 ? 100 / (price + 100) : -price / (100 - price))
  const holds = rows.map((row) => implied(Number(row['home_moneyline'])) + implied(Number(row['away_moneyline'])) - 1)

  assert.ok(Math.abs(holds.reduce((sum, hold) => sum + hold, 0) / holds.length - 0.042) < 0.005)
})

test('only lines depend on the moment: they move until kick-off', () => {
  const later = parseGamesTable(simulateGames({ ...league, now: new Date('2026-12-30T12:00:00Z') }), 'simulator').rows
  const differing = new Set(rows.flatMap((row, i) => columns.filter((column) => row[column] !== later[i]?.[column])))

  assert.deepEqual([...differing].sort(), ['away_moneyline', 'home_moneyline', 'spread_line', 'total_line'])
})

test('only regular games end tied', () => {
  const ties = rows.filter((row) => row['result'] === '0')

  assert.ok(ties.every((row) => row['game_type'] === 'REG'))
})
