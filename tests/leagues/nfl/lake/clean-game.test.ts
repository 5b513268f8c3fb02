import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { cleanGame, type CleanGame } from '../../../../src/leagues/nfl/lake/clean-game.ts'
import { findFranchise, FRANCHISES } from '../../../../src/leagues/nfl/lake/teams.ts'
import { parseGamesTable } from '../../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { aGameRow, anUnplayedGameRow, type GameWish } from '../../../helpers/games-csv.ts'
import { sharedData, skipWithout } from '../../../helpers/shared-data.ts'

const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
const NOW = new Date('2025-12-01T20:00:00Z')

test('kick-off is New York time, in summer and in winter', () => {
  assert.equal(clean({}).kickoff_at, '2025-09-07T17:00:00.000Z')
  assert.equal(clean({ gameday: '2025-11-30' }).kickoff_at, '2025-11-30T18:00:00.000Z')
})

test('a game without a time is put at 13:00 and says so', () => {
  const game = clean({ gametime: '' })

  assert.deepEqual([game.kickoff_at, game.kickoff_assumed], ['2025-09-07T17:00:00.000Z', true])
  assert.equal(clean({}).kickoff_assumed, false)
})

test('codes of moved teams become those of today, and the received ones are kept', () => {
  const game = clean({ home_team: 'OAK', away_team: 'SD' })

  assert.deepEqual([game.home_team, game.away_team], ['LV', 'LAC'])
  assert.deepEqual([game.home_code, game.away_code], ['OAK', 'SD'])
  assert.deepEqual(['STL', 'LAR', 'WSH', 'JAC', 'KC'].map(findFranchise), ['LA', 'LA', 'WAS', 'JAX', 'KC'])
  assert.equal(FRANCHISES.length, 32)
})

test('a positive spread means that the home side is favoured', () => {
  // CLE was the underdog at home: the book wrote CIN -5.5, nflverse writes -5.5 for the home side.
  const game = clean({})

  assert.equal(game.spread_home, -5.5)
  assert.ok((game.moneyline_home ?? 0) > 0 && (game.moneyline_away ?? 0) < 0)
})

test('an unplayed game is not finished, a tie is', () => {
  const unplayed = cleanGame(anUnplayedGameRow({ gameday: '2025-12-07' }), NOW)
  const tie = clean({ home_score: '20', away_score: '20', result: '0', total: '40' })

  assert.ok('game' in unplayed)
  assert.deepEqual([unplayed.game.finished, unplayed.game.home_score], [false, null])
  assert.equal(tie.finished, true)
})

test('a schedule without game types takes them from the week', () => {
  const typeOf = (season: string, week: string) => {
    const { game_type: _, ...row } = aGameRow({ season, week })
    const result = cleanGame(row, NOW)
    return 'game' in result ? result.game.game_type : result.problems
  }

  assert.deepEqual(
    ['18', '19', '22'].map((week) => typeOf('2025', week)),
    ['REG', 'WC', 'SB'],
  )
  assert.deepEqual(
    ['17', '18', '21'].map((week) => typeOf('2019', week)),
    ['REG', 'WC', 'SB'],
  )
  // 2021 was the first season of eighteen weeks, and 2020 the last of seventeen.
  assert.deepEqual([typeOf('2020', '18'), typeOf('2021', '18'), typeOf('2021', '19')], ['WC', 'REG', 'WC'])
})

const rules: [what: string, wish: GameWish, says: RegExp][] = [
  ['an unknown team', { home_team: 'XYZ' }, /"XYZ" is no team/],
  ['a team that plays itself', { home_team: 'OAK', away_team: 'LV' }, /LV plays itself/],
  ['one score', { home_score: '' }, /only one side/],
  ['half a point', { home_score: '16.5' }, /home_score is 16.5: expected a whole number/],
  ['a result that is not the difference', { result: '3' }, /result 3 is not/],
  ['a score before kick-off', { gameday: '2025-12-07' }, /before its kick-off/],
  ['a word for a number', { spread_line: 'pick' }, /spread_line is "pick"/],
  ['a day that is none', { gameday: '2025-02-30' }, /kick-off is "2025-02-30 13:00"/],
  ['week 23', { week: '23' }, /week is 23/],
  ['a price of 50', { home_moneyline: '50' }, /between -100 and 100/],
]
for (const [what, wish, says] of rules) {
  test(`${what} breaks a rule`, () => {
    const result = cleanGame(aGameRow(wish), NOW)

    assert.ok('problems' in result)
    assert.match(result.problems.join('; '), says)
  })
}

test('every game of the real table is clean', skipWithout(DECEMBER), () => {
  const { rows } = parseGamesTable(readFileSync(sharedData(DECEMBER), 'utf8'), 'test')
  const results = rows.map((row) => cleanGame(row, NOW))

  assert.deepEqual(
    results.flatMap((result) => ('problems' in result ? result.problems : [])),
    [],
  )
  const games = results.flatMap((result) => ('game' in result ? [result.game] : []))
  assert.equal(games.filter((game) => !game.finished).length, 79)
  assert.equal(games.filter((game) => game.finished && game.home_score === game.away_score).length, 15)
  assert.equal(games.filter((game) => game.neutral).length, 93)
  assert.equal(games.filter((game) => game.kickoff_assumed).length, 259)
  assert.equal(new Set(games.map((game) => game.home_team)).size, 32)
  assert.equal(
    games.some((game) => game.surface === 'grass '),
    false,
  )
})

function clean(wish: GameWish): CleanGame {
  const result = cleanGame(aGameRow(wish), NOW)
  assert.ok('game' in result, JSON.stringify(result))
  return result.game
}
