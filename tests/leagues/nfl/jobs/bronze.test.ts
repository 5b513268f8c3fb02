// nfl/bronze on a real database: what is new, what changed, what is the same, and what never lands.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { nflBronze } from '../../../../src/leagues/nfl/jobs.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { aGameRow, anUnplayedGameRow, gamesCsv } from '../../../helpers/games-csv.ts'
import { aGamesFile, clearLake, runJobAt } from '../../../helpers/nfl-week.ts'
import { sharedData, skipWithout } from '../../../helpers/shared-data.ts'

const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
const MARCH = 'nfl/games/games_2016-2025_asof_2026-03-24.csv'
const SCHEDULE_2026 = 'nfl/games/schedule_2026_asof_2026-08.csv'
const NOW = new Date('2025-12-01T20:00:00Z')

const database = await aDatabaseForThisFile()
beforeEach(() => clearLake(database.sql))

test('a table lands once: the second run finds every row the same and writes nothing', async () => {
  const text = gamesCsv([aGameRow(), aGameRow({ home_team: 'PIT' })])

  const first = await land(text)
  const second = await land(text)

  assert.deepEqual(first.counts['game'], { read: 2, written: 2, skipped: 0 })
  assert.deepEqual(second.counts['game'], { read: 2, written: 0, skipped: 2 })
  assert.deepEqual(await rowCounts(), { games: 2, files: 1 })
})

test('a table that another program wrote is the same by value: a new file, and no new row', async () => {
  await land(gamesCsv([aGameRow({ total: '33', temp: '', wind: '0' })]))
  const again = await land(gamesCsv([aGameRow({ total: '33.0', temp: 'NA', wind: '-0.0' })]))

  assert.deepEqual(again.counts['game'], { read: 1, written: 0, skipped: 1 })
  assert.deepEqual(await rowCounts(), { games: 1, files: 2 })
})

test('a changed game becomes a new revision beside the old one', async () => {
  await land(gamesCsv([anUnplayedGameRow()]))
  await land(gamesCsv([aGameRow()]))

  const rows = await database.sql<{ revision: number; score: string | null }[]>`
    select revision, cells ->> 'home_score' as score from bronze.nfl_games order by revision
  `
  assert.deepEqual(
    [...rows],
    [
      { revision: 1, score: null },
      { revision: 2, score: '16' },
    ],
  )
})

test('a narrower file changes only what it says, keeps the rest, and is told', async () => {
  await land(gamesCsv([anUnplayedGameRow(), anUnplayedGameRow({ home_team: 'PIT' })]))
  const columns = [
    'game_id',
    'season',
    'week',
    'gameday',
    'gametime',
    'away_team',
    'home_team',
    'away_score',
    'home_score',
  ]
  const narrow = await land(gamesCsv([aGameRow(), anUnplayedGameRow({ home_team: 'PIT' })], columns))

  assert.deepEqual(narrow.counts['game'], { read: 2, written: 1, skipped: 1 })
  assert.match(String(narrow.notes['columns that the file no longer has']), /spread_line/)
  const [newest] = await database.sql<{ score: string; spread: string }[]>`
    select cells ->> 'home_score' as score, cells ->> 'spread_line' as spread from bronze.nfl_games where revision = 2
  `
  assert.deepEqual({ ...newest }, { score: '16', spread: '-5.5' })
})

test('games that a file does not hold stay', async () => {
  await land(gamesCsv([aGameRow(), aGameRow({ home_team: 'PIT' })]))
  await land(gamesCsv([aGameRow({ home_score: '18', result: '1', total: '35' })]))

  assert.deepEqual(await rowCounts(), { games: 3, files: 2 })
})

test('what comes back to what it was is a revision again', async () => {
  for (const line of ['-5.5', '-6', '-5.5']) await land(gamesCsv([aGameRow({ spread_line: line })]))

  assert.deepEqual(await rowCounts(), { games: 3, files: 3 })
})

test('a broken file lands nothing', async () => {
  await assert.rejects(land(gamesCsv([aGameRow(), aGameRow()])), /more than once/)

  assert.deepEqual(await rowCounts(), { games: 0, files: 0 })
})

test('two landings at once make one', async () => {
  const text = gamesCsv([aGameRow()])

  await Promise.all([land(text), land(text)])

  assert.deepEqual(await rowCounts(), { games: 1, files: 1 })
})

test('simulated games are marked, and never mixed with real ones', async () => {
  const simulated = await land(gamesCsv([aGameRow()]), 'simulated-games.csv')

  assert.equal(simulated.simulated, true)
  const [row] = await database.sql<{ simulated: boolean }[]>`select simulated from bronze.nfl_games`
  assert.equal(row?.simulated, true)
  await assert.rejects(land(gamesCsv([aGameRow({ home_score: '20' })])), /holds simulated ones: nothing was landed/)
})

test('landed games cannot be edited', async () => {
  await land(gamesCsv([aGameRow()]))

  await assert.rejects(database.sql`update bronze.nfl_games set revision = 2`, /frozen/)
  await assert.rejects(database.sql`delete from bronze.nfl_games`, /frozen/)
})

test(
  'the real table: 7,263 new, then the same, then 13 new and 79 changed, none of them played',
  skipWithout(MARCH),
  async () => {
    const at = (path: string) => ({ sql: database.sql, now: NOW, games: sharedData(path) })
    const first = await runJobAt(nflBronze, at(DECEMBER))
    const second = await runJobAt(nflBronze, at(DECEMBER))
    const march = await runJobAt(nflBronze, at(MARCH))

    assert.equal(first.notes['games'], '7263 new, 0 changed, 0 same')
    assert.deepEqual(second.counts['game'], { read: 7263, written: 0, skipped: 7263 })
    assert.equal(march.notes['games'], '13 new, 79 changed, 2669 same')
    const [played] = await database.sql<{ changed: number }[]>`
    select count(*)::integer as changed
    from bronze.nfl_games later
    join bronze.nfl_games first on first.game_id = later.game_id and first.revision = 1
    where later.revision = 2 and first.cells ->> 'home_score' is not null
  `
    assert.equal(played?.changed, 0)
    assert.deepEqual(await seasonCounts(), expectedSeasons())
  },
)

test('the early schedule of 2026 lands beside the full table', skipWithout(SCHEDULE_2026), async () => {
  await runJobAt(nflBronze, { sql: database.sql, now: NOW, games: sharedData(DECEMBER) })
  const schedule = await runJobAt(nflBronze, { sql: database.sql, now: NOW, games: sharedData(SCHEDULE_2026) })

  assert.equal(schedule.notes['games'], '272 new, 0 changed, 0 same')
})

function land(text: string, name?: string) {
  return runJobAt(nflBronze, { sql: database.sql, now: NOW, games: aGamesFile(text, name) })
}

async function rowCounts(): Promise<{ games: number; files: number }> {
  const [row] = await database.sql<{ games: number; files: number }[]>`
    select (select count(*)::integer from bronze.nfl_games) as games, (select count(*)::integer from bronze.files) as files
  `
  assert.ok(row)
  return { ...row }
}

async function seasonCounts(): Promise<Record<string, number>> {
  const rows = await database.sql<{ season: string; games: number }[]>`
    select cells ->> 'season' as season, count(*)::integer as games from bronze.nfl_games where revision = 1 group by 1
  `
  return Object.fromEntries(rows.map((row) => [row.season, row.games]))
}

/** As counted in the data's README, and the 13 play-off games of 2025. */
function expectedSeasons(): Record<string, number> {
  const games = (season: number) => {
    if (season <= 2001) return 259
    if (season <= 2019) return 267
    return season === 2020 ? 269 : season === 2022 ? 284 : 285
  }
  return Object.fromEntries(Array.from({ length: 27 }, (_, i) => [String(1999 + i), games(1999 + i)]))
}
