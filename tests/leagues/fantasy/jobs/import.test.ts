// fantasy/import on a real database and real web servers: what is landed, corrected, refused, and not there yet.

import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'

import { parseParams } from '../../../../src/core/params.ts'
import { fantasyImport } from '../../../../src/leagues/fantasy/jobs.ts'
import { FRANCHISES } from '../../../../src/leagues/nfl/lake/teams.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { aJobContext } from '../../../helpers/job-context.ts'
import { clearLake } from '../../../helpers/nfl-week.ts'
import { olderPlayersCsv, PATHS, playersCsvWithout } from '../files.ts'
import { aPlayerWeek, playersCsv, type Cells } from '../../../helpers/player-weeks.ts'
import { aSchedule, clearFantasy, runImport, THURSDAY, TUESDAY } from '../week.ts'

const database = await aDatabaseForThisFile()
before(async () => {
  await clearLake(database.sql)
  await aSchedule(database.sql)
})
beforeEach(() => clearFantasy(database.sql))

test('a week is imported with its counts', async () => {
  const end = await importPlayers(playersCsv(aFullWeek()))

  assert.deepEqual(end.counts['player week'], { read: 32, written: 32, skipped: 0 })
  const { players_imported, projections_imported, errors } = end.result
  assert.deepEqual({ players_imported, errors }, { players_imported: 32, errors: 0 })
  // Of week 6, at three scorings; in week 5 nobody had played before.
  assert.equal(projections_imported, 96)
})

test('a stat correction on Thursday is a revision, counted beside what is new and the same', async () => {
  await importPlayers(playersCsv(aFullWeek()))
  const corrected = [...aFullWeek({ receiving_yards: 81 }), aPlayerWeek({ player_id: '00-0000099' })]
  const end = await importPlayers(playersCsv(corrected), THURSDAY)

  assert.equal(end.notes['player weeks of 2025'], '1 new, 1 changed, 31 same')
  const rows = await database.sql<{ revision: number; yards: string }[]>`
    select revision, line ->> 'receivingYards' as yards from bronze.nfl_player_weeks
    where player_id = '00-0000001' order by revision
  `
  assert.deepEqual(
    rows.map((row) => [row.revision, row.yards]),
    [
      [1, '80'],
      [2, '81'],
    ],
  )
})

test('the older layout, numbers written otherwise and uncounted columns change nothing', async () => {
  await importPlayers(playersCsv(aFullWeek({ interceptions: '', passing_interceptions: 1 })))
  const older = await importPlayers(olderPlayersCsv(aFullWeek({ passing_interceptions: '1.0', receptions: '6.0' })))
  const other = await importPlayers(playersCsv(aFullWeek({ passing_interceptions: 1, passing_epa: 3.5 })))

  assert.equal(older.notes['player weeks of 2025'], '0 new, 0 changed, 32 same')
  assert.equal(other.notes['player weeks of 2025'], '0 new, 0 changed, 32 same')
})

test('the same file again is not landed again', async () => {
  await importPlayers(playersCsv(aFullWeek()))
  const again = await importPlayers(playersCsv(aFullWeek()), THURSDAY)

  assert.deepEqual(again.counts['player week'], { read: 32, written: 0, skipped: 32 })
  assert.equal(again.result['projections_imported'], 0)
})

test('a season file that is not out yet is not ready', async () => {
  const end = await runImport({ sql: database.sql, files: {} })

  assert.deepEqual(end.returned, { notReady: 'nflverse has not published player weeks of 2025 yet' })
})

test('a week of which nothing is there yet is not ready, and nothing is projected without it', async () => {
  const end = await importPlayers(playersCsv(aFullWeek({ week: 4 }, 4)))

  assert.ok(end.returned && 'notReady' in end.returned)
  assert.match(end.returned.notReady, /no player weeks yet of 2025-W05 for ARI, ATL, BAL, BUF, CAR and 27 more teams$/)
  assert.equal(end.counts['projection'], undefined)
})

test('a team that is missing two days after its game is not ready; in the week after it is a failed item', async () => {
  const text = playersCsv(aFullWeek().filter((row) => row['team'] !== 'KC'))
  const early = await importPlayers(text)
  const late = await importPlayers(text, new Date('2025-10-09T12:07:00Z'))

  assert.deepEqual(early.returned, { notReady: 'nflverse has no player weeks yet of 2025-W05 for KC' })
  assert.deepEqual(
    late.failed.map((item) => [item.code, item.key]),
    [['no_players', '2025-W05 KC']],
  )
  assert.equal(late.result['errors'], 1)
})

test('a game that was called off leaves nothing to wait for', async () => {
  const files = { [PATHS.players]: playersCsv(aFullWeek()) }
  const friday = new Date('2025-10-17T12:00:00Z')

  const end = await runImport({ sql: database.sql, week: 6, now: friday, files })

  assert.deepEqual([end.result['players_imported'], end.result['errors']], [0, 0])
})

for (const [what, text, code] of [
  ['without a column it needs', playersCsvWithout(aFullWeek(), ['receptions']), 'lost_column'],
  ['with neither name of a renamed column', playersCsvWithout(aFullWeek(), ['passing_interceptions']), 'lost_column'],
  ['cut off', playersCsv(aFullWeek()).slice(0, -20), 'cut_off'],
  ['that is a web page', '<!doctype html><title>Sorry</title>\n', 'not_csv'],
  ['of another season', playersCsv(aFullWeek({ season: 2023 })), 'broken_table'],
  ['with a player twice in a week', playersCsv([...aFullWeek(), aPlayerWeek()]), 'broken_table'],
  ['with a word for a number', playersCsv(aFullWeek({ receptions: 'six' })), 'broken_table'],
] as const) {
  test(`a file ${what} lands nothing`, async () => {
    await assert.rejects(importPlayers(text), { code })

    const [row] = await database.sql<{ rows: number }[]>`select count(*)::integer as rows from bronze.nfl_player_weeks`
    assert.equal(row?.rows, 0)
  })
}

test('a week that is far off is flagged with its numbers', async () => {
  const others = [1, 2, 3, 4].flatMap((week) => aFullWeek({ week }, week))
  const odd = aFullWeek({}, 5).map((row) => ({ ...row, receptions: 0, receiving_yards: 2 }))

  const end = await importPlayers(playersCsv([...others, ...odd]))

  assert.deepEqual(
    end.failed.map((item) => [item.code, item.key]),
    [['anomaly', '2025-W05 meanPoints']],
  )
  assert.match(end.failed[0]?.message ?? '', /mean PPR points 0\.20, usually 14\.00 \(robust z -\d+/)
})

test('without a schedule in the lake the import says what to run', async () => {
  const { ctx } = aJobContext({ sql: database.sql, now: TUESDAY, params: { source: ['matchday'] } })
  const end = await fantasyImport.run({ key: '2031-W05', season: 2031 }, ctx as never)

  assert.deepEqual(end, { notReady: 'the lake has no schedule of 2031: run nfl/bronze and nfl/silver first' })
})

test('Tuesday and Thursday are about the week just played, and before the first game about the opening week', () => {
  const week = (dueAt: string) => fantasyImport.period(new Date(dueAt)).key

  assert.equal(week('2025-10-07T08:07:00Z'), '2025-W05')
  assert.equal(week('2025-10-09T12:07:00Z'), '2025-W05')
  assert.equal(week('2026-01-13T08:07:00Z'), '2025-W19') // the wild cards, not week 18
  assert.equal(week('2026-02-10T08:07:00Z'), '2025-W22')
  assert.equal(week('2026-09-01T08:07:00Z'), '2025-W22') // waived: the season is closed
  assert.equal(week('2026-09-08T08:07:00Z'), '2026-W01')
  assert.equal(week('2026-09-10T12:07:00Z'), '2026-W01')
  assert.equal(week('2026-09-15T08:07:00Z'), '2026-W01')
})

test('the season is recorded for the league of its own, from the schedule', async () => {
  const end = await importPlayers(playersCsv(aFullWeek()))

  assert.deepEqual(
    end.seasons.map((season) => [season.season, season.opensAt.toISOString()]),
    [[2025, '2025-08-31T17:00:00.000Z']],
  )
})

test('a source is averaged with itself by nobody', () => {
  assert.throws(
    () => parseParams(fantasyImport, { source: 'nfl-com,nfl-com' }),
    /--source "nfl-com,nfl-com": names a source twice, and a source averaged with itself is no second opinion/,
  )
  assert.throws(() => parseParams(fantasyImport, { source: 'espn' }), /expected a comma list of matchday, nfl-com/)
  assert.deepEqual(parseParams(fantasyImport, {})['source'], ['matchday', 'nfl-com'])
})

function importPlayers(text: string, now = TUESDAY) {
  return runImport({ sql: database.sql, now, files: { [PATHS.players]: text } })
}

/** A receiver of every team in one week; `wish` is for the first of them, or for all when it names the week or season. */
function aFullWeek(wish: Cells = {}, week = 5): Cells[] {
  const common = 'week' in wish || 'season' in wish ? wish : {}
  return FRANCHISES.map((team, i) => {
    const id = String(i + 1).padStart(7, '0')
    const own = i === 0 ? wish : common
    return aPlayerWeek({ player_id: `00-${id}`, player_display_name: `Player ${'abcdefghijklmnopqrstuvwxyzABCDEF'[i]}x`, team, week, ...own }) // prettier-ignore
  })
}
