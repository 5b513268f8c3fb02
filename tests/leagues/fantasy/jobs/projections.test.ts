// fantasy/import's projections on a real database: whom they are for, what byes and injuries make of them, how a second
// source stands beside them, that they are frozen, and that they know nothing of the week they are for.

import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'

import { FRANCHISES } from '../../../../src/leagues/nfl/lake/teams.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { clearLake } from '../../../helpers/nfl-week.ts'
import { injuriesCsv, PATHS, rosterCsv, theirsCsv } from '../files.ts'
import { aPlayerWeek, playersCsv, type Cells } from '../../../helpers/player-weeks.ts'
import { aSchedule, clearFantasy, runImport, THURSDAY } from '../week.ts'

const WHOLE = { [PATHS.players]: playersCsv([...aWeekOf(4), ...aWeekOf(5)]) }

const database = await aDatabaseForThisFile()
before(async () => {
  await clearLake(database.sql)
  await aSchedule(database.sql, { byes: ['KC', 'SF'] })
})
beforeEach(() => clearFantasy(database.sql))

test('on Tuesday the coming week is projected in three scorings, and a bye is nought', async () => {
  await runImport({ sql: database.sql, files: WHOLE })

  const rows = await projections(6)
  assert.equal(rows.length, 3 * 32)
  assert.deepEqual(
    rows.filter((row) => row.points === 0).map((row) => [row.team, row.scoring, row.status]),
    ['KC', 'SF'].flatMap((team) => ['half', 'ppr', 'standard'].map((scoring) => [team, scoring, 'bye'])),
  )
  const ours = rows.filter((row) => row.team === 'BAL').map((row) => row.points)
  // Two games of 8, 11 and 14 points, shrunk to nothing known of last season: two fifths of them.
  assert.deepEqual(ours, [4.4, 5.6, 3.2])
  assert.ok(rows.every((row) => !row.retrospective))
})

test('last season is the prior of who played it often enough, a share of his position of who did not', async () => {
  const often = [1, 2, 3, 4].map((week) => aPlayerWeek({ season: 2024, week, receptions: 10 }))
  const seldom = [aPlayerWeek({ season: 2024, week: 1, player_id: '00-0000002', player_display_name: 'Bea Bold', receptions: 30 })] // prettier-ignore
  const files = { ...WHOLE, [PATHS.lastSeason]: playersCsv([...often, ...seldom]) }
  await runImport({ sql: database.sql, files })

  const ppr = (await projections(6)).filter((row) => row.scoring === 'ppr')
  const of = (id: string) => ppr.find((row) => row.source_id === id)?.points
  assert.equal(of('00-0000001'), 16.4) // (2 x 14 + 3 x 18) / 5
  assert.equal(of('00-0000002'), 12.08) // (2 x 14 + 3 x 0.6 x 18) / 5
})

test('a team that is missing from a week listed by half has no bye', async () => {
  await clearLake(database.sql)
  await aSchedule(database.sql, { byes: ['KC', 'SF'], games: 5 })
  await runImport({ sql: database.sql, files: WHOLE })

  const rows = await projections(6)
  await clearLake(database.sql)
  await aSchedule(database.sql, { byes: ['KC', 'SF'] })

  assert.equal(rows.length, 3 * 10)
  assert.ok(rows.every((row) => row.status === 'playing'))
})

test('who is out is nought, who is questionable is worth less, and a report after kick-off is not known', async () => {
  const report = (gsis_id: string, report_status: string, date_modified = '2025-10-10 20:00:00') => ({
    season: 2025, week: 6, gsis_id, report_status, date_modified,
  }) // prettier-ignore
  const injuries = injuriesCsv([
    report('00-0000001', 'Out'),
    report('00-0000002', 'Questionable'),
    report('00-0000003', 'Out', '2025-10-12 18:00:00'),
    report('00-0000004', 'Note'),
  ])
  await runImport({ sql: database.sql, files: { ...WHOLE, [PATHS.injuries]: injuries } })

  const ppr = (await projections(6)).filter((row) => row.scoring === 'ppr').slice(0, 4)
  assert.deepEqual(
    ppr.map((row) => [row.status, row.points]),
    [
      ['out', 0],
      ['questionable', 3.36],
      ['playing', 5.6],
      ['playing', 5.6],
    ],
  )
})

test('the roster says who may play, for whom, and who has left', async () => {
  const roster = rosterCsv([
    { season: 2025, team: 'SEA', position: 'WR', status: 'ACT', full_name: 'Ann Able', gsis_id: '00-0000001' },
    { season: 2025, team: 'ATL', position: 'WR', status: 'RES', full_name: 'Bea Bold', gsis_id: '00-0000002' },
    { season: 2025, team: 'ATL', position: 'T', status: 'ACT', full_name: 'Lin Eman', gsis_id: '00-0000070' },
    { season: 2025, team: 'ATL', position: 'FB', status: 'ACT', full_name: 'New Comer', gsis_id: '00-0000071' },
  ])
  await runImport({ sql: database.sql, files: { ...WHOLE, [PATHS.roster]: roster } })

  const ppr = (await projections(6)).filter((row) => row.scoring === 'ppr')
  assert.deepEqual(
    ppr.map((row) => [row.source_id, row.team, row.position]),
    [
      ['00-0000001', 'SEA', 'WR'],
      ['00-0000071', 'ATL', 'RB'],
    ],
  )
})

test('a second source is matched by name, scored by the same rules and frozen beside ours', async () => {
  const end = await runImport({ sql: database.sql, files: { ...WHOLE, ...theirWeek(6) } })

  const rows = (await projections(6)).filter((row) => row.source === 'nfl-com')
  assert.deepEqual(
    rows.map((row) => [row.player_id, row.scoring, row.points]),
    [
      [null, 'half', 2.5],
      [null, 'ppr', 3],
      [null, 'standard', 2],
      ['00-0000001', 'half', 13],
      ['00-0000001', 'ppr', 15.5],
      ['00-0000001', 'standard', 10.5],
    ],
  )
  assert.equal(end.notes['nfl-com 2025-W06: players we do not know'], '1, named in predictions.fantasy where player_id is null') // prettier-ignore
  assert.equal(end.notes['nfl-com 2025-W05'], 'nothing yet')
})

test('a week is graded on the same players by each source and their average', async () => {
  await runImport({
    sql: database.sql,
    week: 4,
    now: new Date('2025-09-30T08:07:00Z'),
    files: { ...WHOLE, ...theirWeek(5) },
  })
  const end = await runImport({ sql: database.sql, files: WHOLE })

  const grades = end.result['grades'] as Record<string, { all: { players: number; mae: number } }>
  const round = (value: number | undefined) => Math.round((value ?? 0) * 100) / 100
  // He scored 14; ours said a quarter of it after one game, NFL.com 15.5.
  assert.deepEqual(
    Object.entries(grades).map(([source, { all }]) => [source, all.players, round(all.mae)]),
    [
      ['matchday', 1, 10.5],
      ['nfl-com', 1, 1.5],
      ['average of matchday and nfl-com', 1, 4.5],
    ],
  )
  assert.equal(end.tables[0]?.rows.length, 6)
})

test('a second source that fails is a failed item, and ours are frozen all the same', async () => {
  const broken = { ...theirWeek(6), [PATHS.theirs(6, 'RB')]: '<html>' }
  const end = await runImport({ sql: database.sql, files: { ...WHOLE, ...broken } })

  assert.deepEqual(
    end.failed.map((item) => [item.kind, item.key, item.code]),
    [['source', 'nfl-com', 'not_csv']],
  )
  assert.equal(end.result['errors'], 1)
  assert.equal((await projections(6)).length, 3 * 32)
})

test('nothing that an import says of a second source quotes its rows', async () => {
  const player = { PlayerName: 'Rae Private', PlayerId: 9, Pos: 'RB', Team: 'KC', RushingYDS: 'eleven' }
  const whole = theirsCsv([player])
  const files = {
    'a cell that is no number': whole,
    'a quote within a cell': whole.replace('Rae Private', 'Rae "Private'),
    'no header': whole.slice(whole.indexOf('\n') + 1) + 'Rae Private\n',
  }
  for (const [what, text] of Object.entries(files)) {
    const theirs = { ...theirWeek(6), [PATHS.theirs(6, 'RB')]: text }
    const end = await runImport({ sql: database.sql, files: { ...WHOLE, ...theirs } })

    assert.equal(end.failed[0]?.key, 'nfl-com', what)
    assert.match(end.failed[0].message, /line 2|found \d+ others/, what)
    assert.doesNotMatch(JSON.stringify([end.failed, end.notes, end.tables, end.result]), /Rae|eleven/, what)
  }
})

test('what was expected stays: a second import adds only what changed, and nothing can be edited or dated back', async () => {
  await runImport({ sql: database.sql, files: WHOLE })
  const corrected = playersCsv([...aWeekOf(4), ...aWeekOf(5, { receiving_yards: 180 })])
  const end = await runImport({ sql: database.sql, now: THURSDAY, files: { [PATHS.players]: corrected } })

  assert.equal(end.result['projections_imported'], 3)
  const both = (await projections(6)).filter((row) => row.source_id === '00-0000001' && row.scoring === 'ppr')
  assert.deepEqual(
    both.map((row) => row.points),
    [5.6, 6.2],
  )
  await assert.rejects(database.sql`update predictions.fantasy set points = 99`, /frozen/)
  await assert.rejects(
    database.sql`
      insert into predictions.fantasy (season, week, source, scoring, source_id, as_of, name, position, team, kickoff_at,
        points, status, retrospective, run_id, simulated)
      values (2025, 6, 'matchday', 'ppr', 'x', '2025-10-13', 'X', 'WR', 'BAL', '2025-10-12', 9, 'playing', false,
        gen_random_uuid(), false)
    `,
    /check constraint/,
  )
})

test('what is worked out for a week that is over is marked as hindsight, and knows nothing of that week', async () => {
  const later = new Date('2025-10-25T12:00:00Z')
  await runImport({ sql: database.sql, now: later, files: WHOLE })
  const honest = await projections(5)
  await clearFantasy(database.sql)
  const shuffled = playersCsv([...aWeekOf(4), ...aWeekOf(5, { receptions: 19 }), ...aWeekOf(6, { receptions: 12 })])
  await runImport({ sql: database.sql, now: later, files: { [PATHS.players]: shuffled } })

  assert.equal(honest.length, 3 * 32)
  assert.ok(honest.every((row) => row.retrospective))
  assert.deepEqual(await projections(5), honest)
})

test('before the first game of a season the opening week is projected without any stats', async () => {
  const lastSeason = playersCsv([1, 2, 3, 4].map((week) => aPlayerWeek({ season: 2024, week })))
  const end = await runImport({
    sql: database.sql,
    week: 1,
    now: new Date('2025-09-02T08:07:00Z'),
    files: { [PATHS.lastSeason]: lastSeason },
  })

  assert.equal(end.result['players_imported'], 0)
  const [first] = (await projections(1)).filter((row) => row.scoring === 'ppr')
  assert.deepEqual([first?.points, first?.retrospective], [14, false])
})

interface Row {
  readonly source: string
  readonly source_id: string
  readonly player_id: string | null
  readonly team: string
  readonly position: string
  readonly scoring: string
  readonly points: number
  readonly status: string
  readonly retrospective: boolean
}

async function projections(week: number): Promise<Row[]> {
  const rows = await database.sql<Row[]>`
    select source, source_id, player_id, team, position, scoring, points, status, retrospective
    from predictions.fantasy where week = ${week}
    order by source, source_id, scoring, as_of
  `
  return rows.map((row) => ({ ...row }))
}

/** A receiver of every team, 14 PPR points each; `wish` is for the first. */
function aWeekOf(week: number, wish: Cells = {}): Cells[] {
  const teams = ['BAL', ...FRANCHISES.filter((team) => team !== 'BAL')]
  return teams.map((team, i) =>
    aPlayerWeek({
      player_id: `00-${String(i + 1).padStart(7, '0')}`,
      ...(i > 0 && { player_display_name: `Player Number${String.fromCharCode(97 + (i % 26))}${i > 25 ? 'x' : ''}` }),
      team,
      week,
      ...(i === 0 ? wish : {}),
    }),
  )
}

/** NFL.com expects 15.5 PPR points of Ann Able and 3 of somebody whom nflverse does not know. */
function theirWeek(week: number): Record<string, string> {
  const nobody = { PlayerName: 'No Body', PlayerId: '1', Team: 'BUF', ReceivingRec: 1, ReceivingYDS: 20 }
  const known = { PlayerName: 'Ann Able Jr.', PlayerId: '2', Team: 'BAL', ReceivingRec: 5, ReceivingYDS: 75, ReceivingTD: 0.5 } // prettier-ignore
  const away = { PlayerName: 'On Bye', PlayerId: '3', Team: 'KC', PlayerOpponent: 'Bye' }
  const none = theirsCsv([{ PlayerName: 'Free Agent', PlayerId: '9', Team: 'FA', PlayerOpponent: 'Bye' }])
  return {
    [PATHS.theirs(week, 'QB')]: none,
    [PATHS.theirs(week, 'RB')]: none,
    [PATHS.theirs(week, 'WR')]: theirsCsv([nobody, known, away]),
    [PATHS.theirs(week, 'TE')]: none,
  }
}
