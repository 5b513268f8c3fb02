// Nothing that was not known may reach a prediction: results of the week, later rows, later lines, later names.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { nflPredict, nflResults } from '../../../../src/leagues/nfl/jobs.ts'
import { asOf } from '../../../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { parseGamesTable } from '../../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { simulateGames } from '../../../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { gamesCsv } from '../../../helpers/games-csv.ts'
import { aGamesFile, clearLake, runJobAt, runUpToTraining } from '../../../helpers/nfl-week.ts'

const THURSDAY = new Date('2025-10-09T15:07:00Z') // week 6 of 2025; its first game is that evening
const SUNDAY = new Date('2025-10-12T15:30:00Z') // an hour and a half before the early games
const TUESDAY = new Date('2025-10-14T06:07:00Z')
const WEEK = '2025_06_'

const { sql } = await aDatabaseForThisFile()
beforeEach(() => clearLake(sql))

test('results of the week itself change no prediction of its other games', async () => {
  const honest = await predictedAt(SUNDAY, (row) => row)
  await clearLake(sql)
  const shuffled = await predictedAt(SUNDAY, (row) =>
    isOfWeek(row) && row['home_score'] !== '' ? { ...row, home_score: '3', away_score: '59', result: '-56' } : row,
  )

  assert.equal(honest.length, 30)
  assert.deepEqual(shuffled, honest)
})

test('rows after the week, cut off, change no prediction of it', async () => {
  const honest = await predictedAt(THURSDAY, (row) => row)
  await clearLake(sql)
  const cut = await predictedAt(THURSDAY, (row) => ((row['gameday'] ?? '') > '2025-10-14' ? undefined : row))

  assert.deepEqual(cut, honest)
})

test('names of starters change nothing until two hours before kick-off, and then they count', async () => {
  const named = (row: Cells) => (isOfWeek(row) ? { ...row, home_qb_id: 'a-rookie', away_qb_id: 'sim-nobody' } : row)
  const honest = await predictedAt(THURSDAY, (row) => row)
  await clearLake(sql)
  const early = await predictedAt(THURSDAY, named)
  await clearLake(sql)
  const sunday = await predictedAt(SUNDAY, (row) => row)
  await clearLake(sql)
  const late = await predictedAt(SUNDAY, named)

  assert.deepEqual(early, honest)
  assert.deepEqual([...new Set(early.map((row) => row['starters']))], ['last_known', null])
  const isSoon = (row: Prediction) => row.kickoffAt.getTime() - SUNDAY.getTime() <= 2 * 3_600_000
  assert.deepEqual(
    late.filter((row) => row['starters'] === 'named'),
    late.filter((row) => isSoon(row) && row['market'] !== 'ou'),
  )
  assert.ok(late.some(isSoon) && !late.every(isSoon))
  const elsewhere = (row: Prediction) => !isSoon(row) || row['market'] === 'ou'
  assert.deepEqual(late.filter(elsewhere).map(withoutStarters), sunday.filter(elsewhere).map(withoutStarters))
  const winners = (rows: Prediction[]) => rows.filter((row) => !elsewhere(row)).map((row) => row['p_model'])
  assert.notDeepEqual(winners(late), winners(sunday))
})

test('a record of Thursday keeps the line of Thursday, and is graded beside the closing one', async () => {
  const thursday = await predictedAt(THURSDAY, (row) => row)
  await runJobAt(nflResults, { sql, now: TUESDAY, games: fileAt(TUESDAY, (row) => row) })
  const graded = await sql<Graded[]>`
    select game_id, market, as_of, line, pick, outcome, close_line, clv_points, clv_price, prospective
    from predictions.graded
    where as_of = ${THURSDAY}
    order by game_id, market
  `
  const closing = new Map(rowsAt(TUESDAY).map((row) => [row['game_id'], Number(row['spread_line'])]))
  const spreads = graded.filter((row) => row.market === 'ats')

  assert.deepEqual(
    graded.map((row) => row.line),
    thursday.map((row) => row['line']),
  )
  assert.ok(spreads.some((row) => row.line !== row.close_line))
  for (const row of spreads) {
    assert.equal(row.close_line, closing.get(row.game_id))
    const moved = row.close_line - row.line
    assert.equal(row.clv_points, row.pick === 'home' ? moved : 0 - moved)
    assert.equal(row.clv_price === null, moved !== 0)
  }
})

test('only what the database itself recorded before kick-off is prospective', async () => {
  await predictedAt(THURSDAY, (row) => row)
  const said = await runJobAt(nflResults, { sql, now: TUESDAY, games: fileAt(TUESDAY, (row) => row) })
  const prospective = () => sql`select count(*)::integer as n from predictions.graded where prospective`
  const replayed = await prospective()
  await sql`alter table predictions.grades disable trigger grades_are_frozen`
  await sql`update predictions.grades set started_at = '2999-01-01'`
  await sql`alter table predictions.grades enable trigger grades_are_frozen`
  const inTime = await prospective()

  assert.equal(replayed[0]?.['n'], 0)
  assert.equal(inTime[0]?.['n'], 36)
  assert.deepEqual(
    said.tables.map((table) => [table.title, table.rows.length]),
    [
      ['2025-W06: predictions beside results', 36],
      ['2025-W06, graded', 3],
      ['Every season, graded', 3],
      ['2025 by days of lead, graded', 9],
      ['Recorded before the game, graded', 0],
    ],
  )
  assert.match(String(said.tables[1]?.rows[0]?.['hit %']), /^\d+\.\d \(\d+\.\d to \d+\.\d, n 1[0-2]\)$/)
})

test('a fit says what it knew and which code made it, and so does a prediction', async () => {
  await predictedAt(THURSDAY, (row) => row)
  const fits = await sql`select market, commit, data_as_of, model_version from models.nfl_fits order by market`
  const made = await sql`select distinct commit, model_version from predictions.games`

  assert.deepEqual(
    fits.map((fit) => [fit['market'], fit['commit'], fit['data_as_of']]),
    ['ats', 'moneyline', 'ou'].map((market) => [market, 'c0ffee', THURSDAY]),
  )
  assert.deepEqual(made[0], { commit: 'c0ffee', model_version: fits[0]?.['model_version'] as string })
})

type Cells = Readonly<Record<string, string>>
type Prediction = Readonly<Record<string, unknown>> & { readonly kickoffAt: Date }

interface Graded {
  readonly game_id: string
  readonly market: string
  readonly line: number
  readonly pick: string
  readonly close_line: number
  readonly clv_points: number
  readonly clv_price: number | null
}

/** Runs the whole week up to predictions as of `now` on the simulated league, each row as `change` has it. */
async function predictedAt(now: Date, change: (row: Cells) => Cells | undefined): Promise<Prediction[]> {
  const at = { sql, now, games: fileAt(now, change) }
  await runUpToTraining(at)
  await runJobAt(nflPredict, at)
  const rows = await sql<Prediction[]>`
    select game_id, market, lead_days, line, price_for, price_against, p_model, p_market, p_final, p_push, expected,
      expected_final, pick, edge, stake, starters, starts_at as "kickoffAt"
    from predictions.games
    order by game_id, market
  `
  return rows.map((row) => ({ ...row }))
}

function fileAt(now: Date, change: (row: Cells) => Cells | undefined): string {
  const rows = rowsAt(now)
    .map(change)
    .filter((row) => row !== undefined)
  return aGamesFile(gamesCsv(rows, Object.keys(rows[0] ?? {})), 'simulated-games.csv')
}

/** The simulated league as of an instant: its lines move until kick-off. */
function rowsAt(now: Date): readonly Cells[] {
  return parseGamesTable(asOf(simulateGames({ seed: 3, now, firstSeason: 2024 }), now), 'test').rows
}

function isOfWeek(row: Cells): boolean {
  return row['game_id']?.startsWith(WEEK) ?? false
}

function withoutStarters({ starters: _, ...row }: Prediction): Omit<Prediction, 'starters'> {
  return row
}
