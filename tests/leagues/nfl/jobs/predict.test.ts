// The NFL's week on a simulated league: frozen predictions, no leaks, honest grades.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { nflFeatures, nflPredict, nflResults, nflTrain } from '../../../../src/leagues/nfl/jobs.ts'
import { asOf } from '../../../../src/leagues/nfl/sources/nflverse/as-of.ts'
import { parseGamesTable } from '../../../../src/leagues/nfl/sources/nflverse/games-table.ts'
import { simulateGames } from '../../../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { aDatabaseForThisFile, type TestDatabase } from '../../../helpers/database.ts'
import { gamesCsv } from '../../../helpers/games-csv.ts'
import { aGamesFile, clearLake, runJobAt, runUpToTraining } from '../../../helpers/nfl-week.ts'

const SEASON = simulateGames({ seed: 3, now: new Date('2025-10-09T15:07:00Z'), firstSeason: 2019 })
const THURSDAY = new Date('2025-10-09T15:07:00Z') // week 6 of 2025; its first game is that evening
const SUNDAY = new Date('2025-10-12T12:37:00Z')
const TUESDAY = new Date('2025-10-14T06:07:00Z') // Monday 23:07 in Los Angeles

const database = await aDatabaseForThisFile()
before(() => runUpToTraining({ sql: database.sql, now: THURSDAY, games: fileAsOf(THURSDAY) }))

test('a week: predicted before every kick-off, frozen, graded', async (t) => {
  const { sql } = database
  const thursday = await runJobAt(nflPredict, { sql, now: THURSDAY, games: fileAsOf(THURSDAY) })
  const frozen = await predictions(database)
  const again = await runJobAt(nflPredict, { sql, now: THURSDAY, games: fileAsOf(THURSDAY) })
  const sunday = await runJobAt(nflPredict, { sql, now: SUNDAY, games: fileAsOf(SUNDAY) })

  await t.test('each game not yet begun gets one prediction per market', () => {
    assert.deepEqual(thursday.counts['prediction'], { read: 36, written: 36, skipped: 0 })
    assert.equal(thursday.simulated, true)
  })
  await t.test('the same lead is not predicted twice', () => {
    assert.deepEqual(again.counts['prediction'], { read: 36, written: 0, skipped: 36 })
  })
  await t.test('another day is another lead, and games that began are left out', () => {
    assert.equal(sunday.counts['prediction']?.written, 33)
  })
  await t.test('what was frozen stays, to the last bit', async () => {
    const now = await predictions(database)
    assert.deepEqual(
      now.filter((row) => row.leadDays === row.leadOnThursday),
      frozen,
    )
  })
  await t.test('the database refuses an edit and a late prediction', async () => {
    await assert.rejects(sql`update predictions.games set p_model = 0.9`, /frozen/)
    await assert.rejects(sql`delete from predictions.games`, /frozen/)
    await assert.rejects(lateCopy(database), /check constraint/)
  })
  await t.test('every finished prediction is graded once', async () => {
    const first = await runJobAt(nflResults, { sql, now: TUESDAY, games: fileAsOf(TUESDAY) })
    const second = await runJobAt(nflResults, { sql, now: TUESDAY, games: fileAsOf(TUESDAY) })
    assert.deepEqual(first.counts['grade'], { read: 69, written: 69, skipped: 0 })
    assert.deepEqual(second.counts['grade'], { read: 0, written: 0, skipped: 0 })
    assert.deepEqual([first.failed, first.returned], [[], undefined])
    assert.equal(first.tables[0]?.rows.length, 36)
    assert.ok(first.tables[0]?.rows.every((row) => row['outcome'] !== null))
  })
})

test('a game that kicked off without a prediction is a failed item', async () => {
  const nextWeek = new Date('2025-10-21T06:07:00Z')
  const said = await runJobAt(nflResults, { sql: database.sql, now: nextWeek, games: fileAsOf(nextWeek) })

  assert.equal(said.failed.length, 14)
  assert.deepEqual([...new Set(said.failed.map((item) => item.code))], ['no_prediction'])
})

test('predictions stay the same when later rows are cut off, shuffled or full of other results', async () => {
  const honest = asOf(SEASON, THURSDAY)
  const { columns, rows } = parseGamesTable(honest, 'test')
  const isLater = (row: Record<string, string>) => (row['gameday'] ?? '') > '2025-10-14'
  const cut = gamesCsv(
    rows.filter((row) => !isLater(row)),
    columns,
  )
  const shuffled = gamesCsv(
    [...rows].reverse().map((row) => (isLater(row) ? { ...row, ...NONSENSE } : row)),
    columns,
  )

  const expected = await predictedFrom(honest)

  assert.equal(expected.length, 36)
  assert.deepEqual(await predictedFrom(cut), expected)
  assert.deepEqual(await predictedFrom(shuffled), expected)
})

test('features and fits are written once: a second run skips every row', async () => {
  const features = await runJobAt(nflFeatures, { sql: database.sql, now: THURSDAY })
  const fits = await runJobAt(nflTrain, { sql: database.sql, now: THURSDAY })

  assert.equal(features.counts['feature row']?.written, 0)
  assert.deepEqual(fits.counts['fit'], { read: 3, written: 0, skipped: 3 })
})

test('without a fit a prediction says what to run first', async () => {
  await clearLake(database.sql)

  await assert.rejects(
    runJobAt(nflPredict, { sql: database.sql, now: THURSDAY, games: fileAsOf(THURSDAY) }),
    /found no fit of moneyline .* for 2025-W06 or a week before it: run nfl\/train/,
  )
})

test('without any finished game training says what to run first', async () => {
  await clearLake(database.sql)

  await assert.rejects(
    runJobAt(nflTrain, { sql: database.sql, now: THURSDAY }),
    /run nfl\/bronze, nfl\/silver and nfl\/features/,
  )
})

const NONSENSE = {
  home_score: '77',
  away_score: '3',
  result: '74',
  total: '80',
  spread_line: '-20',
  home_moneyline: '900',
}

interface Row {
  readonly gameId: string
  readonly market: string
  readonly leadDays: number
  readonly leadOnThursday: number
  readonly pModel: number
  readonly pMarket: number | null
  readonly pFinal: number
  readonly line: number | null
}

async function predictions({ sql }: TestDatabase): Promise<Row[]> {
  const rows = await sql<Row[]>`
    select game_id as "gameId", market, lead_days as "leadDays",
      (starts_at at time zone 'America/New_York')::date - date '2025-10-09' as "leadOnThursday",
      p_model as "pModel", p_market as "pMarket", p_final as "pFinal", line
    from predictions.games
    order by game_id, market, lead_days
  `
  return rows.map((row) => ({ ...row }))
}

async function predictedFrom(text: string): Promise<Row[]> {
  await clearLake(database.sql)
  const at = { sql: database.sql, now: THURSDAY, games: aGamesFile(text, 'simulated-games.csv') }
  await runUpToTraining(at)
  await runJobAt(nflPredict, at)
  return await predictions(database)
}

async function lateCopy({ sql }: TestDatabase): Promise<void> {
  await sql`
    insert into predictions.games (league, game_id, market, lead_days, season, period, model_version, as_of, starts_at, p_model,
      p_final, pick, run_id, simulated)
    select league, game_id, market, 99, season, period, model_version, starts_at, starts_at, p_model, p_final, pick, run_id, simulated
    from predictions.games limit 1
  `
}

function fileAsOf(now: Date): string {
  return aGamesFile(asOf(SEASON, now), 'simulated-games.csv')
}
