import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { pointsOf } from '../../../../src/leagues/fantasy/models/scoring.ts'
import { PLAYER_WEEKS, toPlayerWeeks } from '../../../../src/leagues/fantasy/sources/player-weeks.ts'
import { originOf } from '../../../../src/leagues/fantasy/sources/releases.ts'
import { STATS, type StatLine } from '../../../../src/leagues/fantasy/stats.ts'
import { parseTable } from '../../../../src/sources/csv-table.ts'
import { sharedData, skipWithout } from '../../../helpers/shared-data.ts'

const NOTHING = Object.fromEntries(STATS.map((stat) => [stat, 0])) as StatLine

test('167 yards, a touchdown, an interception and a yard lost on the ground are 8.58', () => {
  const line = { ...NOTHING, passingYards: 167, passingTouchdowns: 1, interceptions: 1, rushingYards: -1 }

  assert.equal(pointsOf(line, 'ppr'), 8.58)
})

test('a catch is a point, half a point or nothing', () => {
  const line = { ...NOTHING, receptions: 6, receivingYards: 110, receivingTouchdowns: 2 }

  assert.deepEqual([pointsOf(line, 'ppr'), pointsOf(line, 'half'), pointsOf(line, 'standard')], [29, 26, 23])
})

for (const [path, season, players] of [
  ['nfl/players/stats_player_week_2025_asof_2025-09-14.csv', 2025, 381],
  ['nfl/players/weekly_data_2024_asof_2024-12.csv', 2024, 3791],
] as const) {
  test(`every player week of ${season} scores what the file itself says, in either layout`, skipWithout(path), () => {
    const table = parseTable(
      readFileSync(sharedData(path), 'utf8'),
      PLAYER_WEEKS.required,
      originOf(PLAYER_WEEKS, season),
    )
    const weeks = toPlayerWeeks(table, season)

    const other = weeks.filter((week) => pointsOf(week.line, 'ppr') !== Math.round(week.givenPpr! * 100) / 100)

    assert.equal(weeks.length, players)
    assert.deepEqual(other, [])
  })
}
