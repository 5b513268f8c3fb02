import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { JobFailure } from '../../../../../src/core/errors.ts'
import { parseGamesTable } from '../../../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { aGameRow, gamesCsv } from '../../../../helpers/games-csv.ts'
import { sharedData, skipWithout } from '../../../../helpers/shared-data.ts'

const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
const SCHEDULE_2026 = 'nfl/games/schedule_2026_asof_2026-08.csv'

test('cells are kept as they came', () => {
  const { rows } = parseGamesTable(gamesCsv([aGameRow({ surface: 'grass ', spread_line: '-5.50' })]), 'nflverse')

  assert.equal(rows[0]?.['surface'], 'grass ')
  assert.equal(rows[0]?.['spread_line'], '-5.50')
})

test('a quoted cell may hold a comma, and a byte-order mark is ignored', () => {
  const { columns, rows } = parseGamesTable(`\uFEFF${gamesCsv([aGameRow({ stadium: '"Field, The"' })])}`, 'nflverse')

  assert.equal(columns[0], 'game_id')
  assert.equal(rows[0]?.['stadium'], 'Field, The')
})

const good = gamesCsv([aGameRow(), aGameRow({ home_team: 'PIT' })])
const broken: [what: string, text: string, says: RegExp, soon: boolean][] = [
  ['a web page', '<!DOCTYPE html><html><body>Rate limited</body></html>', /web page/, true],
  ['an empty body', '', /cut off/, true],
  ['a header without games', `${good.split('\n')[0]}\n`, /no games/, false],
  ['a last line that was cut within a cell', good.slice(0, -12), /cut off: the last line has no end/, true],
  ['a line with too few cells', `${good}2025_01_A_B,2025\n`, /not sound CSV/, true],
  ['a lost column', good.replace('home_score', 'home_points'), /without the column home_score.*renamed/s, false],
  ['two lost columns', good.replace('gameday', 'day').replace('season', 'year'), /columns season, gameday/, false],
  ['a column twice', good.replace('roof', 'surface'), /"surface" appears twice/, false],
  ['a repeated game', gamesCsv([aGameRow(), aGameRow()]), /appears more than once: 2025_01_CIN_CLE/, false],
  ['a score without a team', gamesCsv([aGameRow({ home_team: '' })]), /score without a game.*line 2/, false],
  ['a score without a game id', gamesCsv([aGameRow({ game_id: '' })]), /score without a game.*line 2/, false],
]
for (const [what, text, says, soon] of broken) {
  test(`${what} is refused whole, in one sentence`, () => {
    const failure = failureOf(() => parseGamesTable(text, 'nflverse'))

    assert.match(failure.message, says)
    assert.match(failure.message, /nothing was landed/i)
    assert.equal(failure.retryable, true) // the provider may mend it
    assert.equal(failure.retryAfterSeconds, soon ? undefined : 1800)
  })
}

test('several problems are told at once', () => {
  const rows = [aGameRow(), aGameRow(), aGameRow({ game_id: '', home_team: 'PIT' })]
  const failure = failureOf(() => parseGamesTable(gamesCsv(rows), 'nflverse'))

  assert.match(failure.message, /more than once.*without a game/)
})

test('the real table has 7,263 games in 46 columns', skipWithout(DECEMBER), () => {
  const { columns, rows } = parseGamesTable(readFileSync(sharedData(DECEMBER), 'utf8'), 'nflverse')

  assert.deepEqual([columns.length, rows.length], [46, 7263])
})

test('the early schedule of 2026 is a games table of eleven columns', skipWithout(SCHEDULE_2026), () => {
  const { columns, rows } = parseGamesTable(readFileSync(sharedData(SCHEDULE_2026), 'utf8'), 'nflverse')

  assert.deepEqual([columns.length, rows.length], [11, 272])
})

function failureOf(work: () => unknown): JobFailure {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof JobFailure)
    return error
  }
  throw new Error('nothing was thrown')
}
