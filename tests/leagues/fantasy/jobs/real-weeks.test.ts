// fantasy/import on the real files: nflverse's two layouts, its three copies of one morning, the real injuries, rosters and
// byes, and NFL.com's archive.

import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { before, beforeEach, test } from 'node:test'

import { aWeek } from '../../../../src/leagues/nfl/calendar.ts'
import { nflBronze, nflSilver } from '../../../../src/leagues/nfl/jobs.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { clearLake, runJobAt } from '../../../helpers/nfl-week.ts'
import { sharedData, skipWithout } from '../../../helpers/shared-data.ts'
import { clearFantasy, runImportOf } from '../week.ts'

const GAMES = 'nfl/games/games_2016-2025_asof_2026-03-24.csv'
const PLAYERS = (copy: string) => `nfl/players/stats_player_week_2025_asof_2025-09-14${copy}.csv`

const { sql } = await aDatabaseForThisFile()
before(async () => {
  if (skipWithout(GAMES).skip) return
  await clearLake(sql)
  const at = { sql, now: new Date('2026-03-24T12:00:00Z'), games: sharedData(GAMES) }
  await runJobAt(nflBronze, at)
  await runJobAt(nflSilver, at)
})

beforeEach(() => clearFantasy(sql))

test('three copies of one morning: all new, all the same, and a Thursday game', skipWithout(GAMES), async () => {
  const week1 = (copy: string) => importFrom({ players: PLAYERS(copy) }, 1, '2025-09-09T08:07:00Z')
  const first = await week1('_first')
  const earlier = await week1('_earlier')
  const third = await importFrom({ players: PLAYERS('') }, 1, '2025-09-14T08:07:00Z')

  assert.equal(first.notes['player weeks of 2025'], '338 new, 0 changed, 0 same')
  assert.equal(earlier.notes['player weeks of 2025'], 'unchanged: 338 same')
  assert.equal(third.notes['player weeks of 2025'], '43 new, 0 changed, 338 same')
  assert.equal(third.notes['players whose points are not the file’s own'], undefined)
})

test("NFL.com's players are found by name on nflverse's rosters, but for one", skipWithout(GAMES), async () => {
  const files = { players: PLAYERS('_first'), roster: 'nfl/players/roster_2025.csv' }
  const end = await importFrom(files, 1, '2025-09-09T08:07:00Z')

  const [row] = await sql<{ known: number; unknown: number }[]>`
    select count(player_id)::integer as known, count(*) filter (where player_id is null)::integer as unknown
    from predictions.fantasy
    where season = 2025 and week = 2 and source = 'nfl-com' and scoring = 'ppr' and points > 0
  `
  assert.ok(row && row.known > 250 && row.unknown <= 1, JSON.stringify({ ...row, notes: end.notes }))
})

test('the older layout of 2024 with its injuries and byes', skipWithout(GAMES), async () => {
  const files = {
    players: 'nfl/players/weekly_data_2024_asof_2024-12.csv',
    injuries: 'nfl/players/injuries_2024_asof_2024-12.csv',
  }
  const end = await importFrom(files, 13, '2024-12-05T12:07:00Z', 2024)

  assert.deepEqual([end.result['players_imported'], end.failed], [308, []])
  const byes = await sql<{ team: string }[]>`
    select distinct team from predictions.fantasy where season = 2024 and week = 14 and status = 'bye' order by team
  `
  assert.deepEqual(
    byes.map((row) => row.team),
    ['BAL', 'DEN', 'HOU', 'IND', 'NE', 'WAS'],
  )
  const [out] = await sql<{ players: number; points: number }[]>`
    select count(*)::integer as players, sum(points) as points from predictions.fantasy
    where season = 2024 and week = 13 and status = 'out' and scoring = 'ppr'
  `
  // Of 21 reports five came after kick-off: they had played. One was never seen before.
  assert.deepEqual({ ...out }, { players: 15, points: 0 })
})

async function importFrom(
  files: Partial<Record<keyof typeof PLACES, string>>,
  week: number,
  now: string,
  season = 2025,
) {
  const base = mkdtempSync(join(tmpdir(), 'matchday-releases-'))
  for (const [kind, path] of Object.entries(files)) {
    const to = join(base, `${PLACES[kind as keyof typeof PLACES]}_${season}.csv`)
    mkdirSync(dirname(to), { recursive: true })
    copyFileSync(sharedData(path), to)
  }
  const sourceUrls = { 'nflverse-data': base, 'nfl-com': sharedData('nfl/fantasy/nfl-com-{season}') }
  return await runImportOf(aWeek(season, week), { sql, now: new Date(now), sourceUrls })
}

const PLACES = {
  players: 'stats_player/stats_player_week',
  injuries: 'injuries/injuries',
  roster: 'rosters/roster',
} as const
