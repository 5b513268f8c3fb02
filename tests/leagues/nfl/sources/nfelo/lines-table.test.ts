import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { parseOpeningLines } from '../../../../../src/leagues/nfl/sources/nfelo/lines-table.ts'
import { sharedData, skipWithout } from '../../../../helpers/shared-data.ts'

const HEAD = 'game_id,season,week,home_team,away_team,home_spread_open,total_line_open'
const LINES = 'nfl/lines/open_and_last_lines_asof_2026-02-08.csv'

test('a spread is turned to our sign: positive when the home side is favoured', () => {
  const [favoured, even, unknown] = parseOpeningLines(
    `${HEAD}\na,2024,1,OAK,LAR,-3.5,44.0\nb,2024,1,KC,BUF,0.0,\nc,2024,1,NE,NYJ,,\n`,
  )

  assert.deepEqual(favoured, { season: 2024, week: 1, home: 'OAK', away: 'LAR', spreadHome: 3.5, totalLine: 44 })
  assert.ok(Object.is(even?.spreadHome, 0))
  assert.deepEqual([unknown?.spreadHome, unknown?.totalLine], [null, null])
})

test('a table of something else is refused in one sentence', () => {
  assert.throws(() => parseOpeningLines('a,b\n1,2\n'), /no column season, week, .*expected nfelo's lines\.csv/)
  assert.throws(
    () => parseOpeningLines(`${HEAD}\nx,2024,1,KC,BUF,pick,44\n`),
    /home_spread_open "pick": expected a number/,
  )
})

test('the real table has an opener of nearly every game since 1999', skipWithout(LINES), () => {
  const lines = parseOpeningLines(readFileSync(sharedData(LINES), 'utf8'))

  assert.ok(lines.length > 7000)
  assert.ok(lines.filter((line) => line.spreadHome !== null).length > 0.95 * lines.length)
})
