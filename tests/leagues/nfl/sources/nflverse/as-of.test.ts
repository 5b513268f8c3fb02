import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { asOf } from '../../../../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { parseGamesTable } from '../../../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { aGameRow, gamesCsv } from '../../../../helpers/games-csv.ts'
import { sharedData, skipWithout } from '../../../../helpers/shared-data.ts'

const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
const MARCH = 'nfl/games/games_2016-2025_asof_2026-03-24.csv'
const game = aGameRow() // 13:00 in New York on 2025-09-07, that is 17:00Z

test('a result is hidden until four hours after kick-off', () => {
  assert.equal(shown('2025-09-07T20:59:00Z')['home_score'], '')
  assert.equal(shown('2025-09-07T21:00:00Z')['home_score'], '16')
})

test('what is only known afterwards is hidden with it: weather, referee, starters', () => {
  const before = shown('2025-09-07T16:00:00Z')

  for (const column of ['away_score', 'result', 'total', 'overtime', 'temp', 'wind', 'referee', 'home_qb_id']) {
    assert.equal(before[column], '', column)
  }
  assert.deepEqual([before['roof'], before['away_rest'], before['spread_line']], ['outdoors', '7', '-5.5'])
})

test('lines are hidden more than eight days ahead', () => {
  assert.equal(shown('2025-08-30T16:59:00Z')['spread_line'], '')
  assert.equal(shown('2025-08-30T17:00:00Z')['spread_line'], '-5.5')
  assert.equal(shown('2025-06-01T00:00:00Z')['home_moneyline'], '')
})

test('a play-off game is not listed until every earlier round is over', () => {
  const wildCard = aGameRow({ game_type: 'WC', week: '19', gameday: '2026-01-10' })
  const divisional = aGameRow({ game_type: 'DIV', week: '20', gameday: '2026-01-17' })
  const text = gamesCsv([game, wildCard, divisional])
  const weeks = (now: string) => parseGamesTable(asOf(text, new Date(now)), 'test').rows.map((row) => row['week'])

  assert.deepEqual(weeks('2025-09-07T20:59:00Z'), ['1'])
  assert.deepEqual(weeks('2025-09-07T21:00:00Z'), ['1', '19'])
  assert.deepEqual(weeks('2026-01-10T22:00:00Z'), ['1', '19', '20'])
})

test('cells that are not hidden keep their bytes, quotes and line ends included', () => {
  const text = gamesCsv([aGameRow({ stadium: '"Field, The"', roof: '"out""doors"' })]).replaceAll('\n', '\r\n')

  const early = asOf(text, new Date('2025-06-01T00:00:00Z'))

  assert.ok(early.endsWith(',"Field, The"\r\n'))
  assert.ok(early.includes(',"out""doors",'))
  assert.equal(asOf(text, new Date('2026-06-01T00:00:00Z')), text)
})

test('long after the season the real files come out byte for byte', skipWithout(DECEMBER), () => {
  for (const path of [DECEMBER, MARCH]) {
    const text = readFileSync(sharedData(path), 'utf8')
    assert.equal(asOf(text, new Date('2026-12-01T00:00:00Z')) === text, true)
  }
})

test('the March file as of December shows the results that December had', skipWithout(MARCH), () => {
  const december = parseGamesTable(readFileSync(sharedData(DECEMBER), 'utf8'), 'test').rows
  const march = asOf(readFileSync(sharedData(MARCH), 'utf8'), new Date('2025-12-01T20:00:00Z'))
  const results = (rows: readonly Record<string, string>[]) =>
    rows
      .filter((row) => Number(row['season']) >= 2016)
      .map((row) => `${row['game_id']} ${row['result']}`)
      .sort()

  assert.deepEqual(results(parseGamesTable(march, 'test').rows), results(december))
})

function shown(now: string): Record<string, string> {
  const [row] = parseGamesTable(asOf(gamesCsv([game]), new Date(now)), 'test').rows
  return { ...row }
}
