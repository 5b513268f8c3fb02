// nfl/silver on a real database: clean rows, dead letters, seasons, and waiting for scores.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { nflBronze, nflSilver } from '../../../../src/leagues/nfl/jobs.ts'
import { seasonOf } from '../../../../src/leagues/nfl/season.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { aGameRow, anUnplayedGameRow, gamesCsv } from '../../../helpers/games-csv.ts'
import { aGamesFile, clearLake, runJobAt } from '../../../helpers/nfl-week.ts'

const TUESDAY = new Date('2025-09-09T18:07:00Z')

const database = await aDatabaseForThisFile()
beforeEach(() => clearLake(database.sql))

test('only games whose row changes are written', async () => {
  const rows = [aGameRow(), aGameRow({ home_team: 'PIT' })]
  const first = await clean(rows, TUESDAY)
  const again = await clean(rows, TUESDAY)
  const changed = await clean(
    [aGameRow(), aGameRow({ home_team: 'PIT', home_score: '20', result: '3', total: '37' })],
    TUESDAY,
  )

  assert.deepEqual(first.counts['clean game'], { read: 2, written: 2, skipped: 0 })
  assert.deepEqual(again.counts['clean game'], { read: 2, written: 0, skipped: 2 })
  assert.deepEqual(changed.counts['clean game'], { read: 2, written: 1, skipped: 1 })
})

test('a game that breaks a rule becomes a dead letter, keeps its last good row, and stops nobody', async () => {
  await clean([aGameRow()], TUESDAY)
  const said = await clean([aGameRow({ result: '5' }), aGameRow({ home_team: 'PIT' })], TUESDAY)

  assert.deepEqual(
    said.failed.map((item) => [item.key, item.code]),
    [['2025_01_CIN_CLE', 'broken_rules']],
  )
  const rows = await database.sql<{ game_id: string; home_score: number }[]>`
    select game_id, home_score from silver.nfl_games order by game_id
  `
  assert.deepEqual(
    [...rows].map((row) => [row.game_id, row.home_score]),
    [
      ['2025_01_CIN_CLE', 16],
      ['2025_01_CIN_PIT', 16],
    ],
  )
})

test('it is not ready while a game that should be over lacks its score', async () => {
  const monday = anUnplayedGameRow({ home_team: 'PIT', gameday: '2025-09-08', gametime: '20:15' })
  const early = await clean([aGameRow(), monday], new Date('2025-09-09T05:00:00Z'))
  const late = await clean([aGameRow(), monday], new Date('2025-09-09T06:00:00Z'))

  assert.equal(early.returned, undefined)
  assert.match(JSON.stringify(late.returned), /notReady.*no score yet for 2025_01_CIN_PIT/)
})

test('a game without a score for three days was put off and holds nobody up', async () => {
  const said = await clean([anUnplayedGameRow()], new Date('2025-09-10T18:00:00Z'))

  assert.equal(said.returned, undefined)
})

test('the season is recorded from its schedule', async () => {
  const said = await clean([aGameRow(), anUnplayedGameRow({ week: '18', gameday: '2026-01-04' })], TUESDAY)

  assert.deepEqual(said.seasons, [
    { season: 2025, opensAt: new Date('2025-08-31T17:00:00Z'), closesAt: new Date('2026-02-14T23:30:00Z') },
  ])
})

test('the running season and the ones listed after it are recorded, not those before', async () => {
  const rows = ['2023', '2025', '2026'].map((season) => anUnplayedGameRow({ season, gameday: `${season}-09-14` }))

  const said = await clean(rows, TUESDAY)

  assert.deepEqual(
    said.seasons.map((span) => span.season),
    [2025, 2026],
  )
})

test('a season closes six days after the Super Bowl, listed or expected', () => {
  const listed = { season: 2025, firstKickoffAt: new Date('2025-09-05T00:20:00Z') }
  const superBowl = new Date('2026-02-08T23:30:00Z')

  const known = seasonOf({ ...listed, lastKickoffAt: superBowl, hasSuperBowl: true })
  const expected = seasonOf({ ...listed, lastKickoffAt: new Date('2026-01-04T18:00:00Z'), hasSuperBowl: false })
  const older = seasonOf({
    season: 2019,
    firstKickoffAt: new Date('2019-09-06T00:20:00Z'),
    lastKickoffAt: superBowl,
    hasSuperBowl: false,
  })

  assert.equal(known.closesAt.toISOString(), '2026-02-14T23:30:00.000Z')
  assert.deepEqual(expected, known)
  assert.equal(older.closesAt.toISOString(), '2020-02-08T23:30:00.000Z')
})

async function clean(rows: readonly Record<string, string>[], now: Date) {
  await runJobAt(nflBronze, { sql: database.sql, now, games: aGamesFile(gamesCsv(rows)) })
  return await runJobAt(nflSilver, { sql: database.sql, now })
}
