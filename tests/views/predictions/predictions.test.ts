// The Predictions view on a real Postgres, from rows made by hand.

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import type { ViewContext } from '../../../src/views/context.ts'
import { readPredictions } from '../../../src/views/predictions/predictions.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabaseForThisFile } from '../../helpers/database.ts'
import { clearLake } from '../../helpers/nfl-week.ts'
import { insertGames, insertGrades, insertPredictions } from '../../helpers/predictions.ts'

const { sql } = await aDatabaseForThisFile()
beforeEach(async () => {
  await clearLake(sql)
})

// A Tuesday, after week 12 of 2024.
const site: ViewContext = {
  now: at('26 12:00'),
  environment: 'test',
  jobs: [],
  sources: [],
  repositoryUrl: undefined,
  commit: undefined,
  zone: 'America/New_York',
  simulated: false,
}
async function read() {
  const [nfl] = await readPredictions(sql, site)
  return nfl!
}

const AFTERWARDS = '2024-11-27T00:00:00Z'

/** A finished game of week 12 by its number, 27 to 30. */
async function someGames(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, n) => `2024_12_A${n}_B${n}`)
  await insertGames(sql, ids.map((game_id) => ({ game_id, home_score: 27, away_score: 30 }))) // prettier-ignore
  return ids
}

test('without a game there is no week and no verdict', async () => {
  const view = await read()

  assert.deepEqual([view.current, view.verdict], [undefined, { kind: 'nothing graded' }])
  assert.deepEqual([view.account.all, view.calibrations, [...view.models]], [[], [], []])
})

test('a week shows its games before anything is predicted of them', async () => {
  await insertGames(sql, [{ kickoff_at: '2024-11-26T18:00:00Z' }])
  const { current } = await read()

  assert.deepEqual([current?.key, current?.name, current?.games.length], ['2024-W12', 'Week 12 of 2024', 1])
  assert.deepEqual([current?.games[0]?.markets, current?.games[0]?.score], [{}, undefined])
})

test('a cell speaks of the pick, at the price of its side, by the last prediction', async () => {
  await someGames(1)
  const game_id = '2024_12_A0_B0'
  await insertPredictions(sql, [
    { game_id, lead_days: 3, p_model: 0.9, pick: 'home' },
    { game_id, lead_days: 0, p_model: 0.2, p_market: 0.17, pick: 'away', price_for: 450, price_against: -600 },
  ])
  const { current } = await read()

  const cell = current?.games[0]?.markets['moneyline']
  assert.deepEqual([cell?.pick, cell?.price, cell?.pModel, cell?.pMarket], ['away', -600, 0.8, 0.83])
  assert.deepEqual([cell?.leadDays, cell?.outcome, cell?.prospective], [0, undefined, true])
})

test('the account counts each game once, by its last prediction, and the line value by its first', async () => {
  const [game_id] = await someGames(1)
  const spread = { game_id, market: 'ats', line: 3, pick: 'home' }
  await insertPredictions(sql, [
    { ...spread, lead_days: 4 },
    { ...spread, lead_days: 0 },
  ])
  await insertGrades(sql, [
    { ...spread, lead_days: 4, outcome: 'lost', profit: -1, clv_points: 1.5, brier: 0.3, close_brier: 0.25 },
    { ...spread, lead_days: 0, outcome: 'won', profit: 0.9, clv_points: 0, brier: 0.2, close_brier: 0.25 },
  ].map(({ line: _line, pick: _pick, ...grade }) => grade)) // prettier-ignore
  const { account } = await read()

  const [line] = account.all
  assert.deepEqual([line?.games, line?.right?.value, line?.profit?.value], [1, 1, 0.9])
  assert.deepEqual([line?.clvPoints?.value, line?.movedOurWay?.value], [1.5, 1])
  assert.deepEqual(account.leads.map(({ leadDays, games }) => [leadDays, games]), [[4, 1], [0, 1]]) // prettier-ignore
})

test('Brier scores are compared on the games that both judged', async () => {
  const [priced, unpriced] = await someGames(2)
  await insertPredictions(sql, [{ game_id: priced }, { game_id: unpriced }])
  await insertGrades(sql, [
    { game_id: priced, brier: 0.3, close_brier: 0.2 },
    { game_id: unpriced, brier: 0.9, close_brier: null },
  ])
  const { account } = await read()

  const [line] = account.all
  assert.deepEqual([line?.games, line?.brier?.n, line?.brier?.value, line?.closeBrier?.value], [2, 1, 0.3, 0.2])
})

test('what was recorded after kick-off is told apart from foresight', async () => {
  const [before, later] = await someGames(2)
  await insertPredictions(sql, [{ game_id: before }, { game_id: later, recorded_at: AFTERWARDS }])
  await insertGrades(sql, [{ game_id: before }, { game_id: later, outcome: 'lost' }])
  const { account, current } = await read()

  assert.deepEqual([account.all[0]?.games, account.all[0]?.prospective], [2, 1])
  assert.deepEqual([account.prospective[0]?.right?.value, account.retrospective[0]?.right?.value], [1, 0])
  assert.deepEqual(
    current?.games.map((game) => game.markets['moneyline']?.prospective),
    [true, false],
  )
})

test('a week is one block whichever way its games were recorded', async () => {
  const afterwards = await anAccountOfNineWeeks(AFTERWARDS)
  await clearLake(sql)
  const mixed = await anAccountOfNineWeeks('2024-11-24T13:37:00Z')

  assert.deepEqual([mixed.all[0]?.prospective, mixed.prospective[0]?.games, mixed.retrospective[0]?.games], [9, 9, 9])
  const errorsOf = ({ brier, right, profit }: (typeof mixed.leads)[number] | (typeof mixed.all)[number]) =>
    [brier, right, profit].map((interval) => interval?.error?.toFixed(9))
  for (const lines of ['all', 'seasons', 'leads'] as const)
    assert.deepEqual(mixed[lines].map(errorsOf), afterwards[lines].map(errorsOf))
})

/** Two games a week that go together, the second worked out afterwards. */
async function anAccountOfNineWeeks(firstRecordedAt: string) {
  const weeks = Array.from({ length: 9 }, (_, i) => i + 1)
  const games = weeks.flatMap((week) => [0, 1].map((n) => ({ game_id: `2024_${week}_A${n}_B${n}`, week, n })))
  await insertGames(sql, games.map(({ game_id, week }) => ({ game_id, week, home_score: 27, away_score: 30 }))) // prettier-ignore
  await insertPredictions(sql, games.map(({ game_id, week, n }) => ({ game_id, week, recorded_at: n ? AFTERWARDS : firstRecordedAt }))) // prettier-ignore
  await insertGrades(sql, games.map(({ game_id, week, n }) => ({ game_id, outcome: week % 2 ? 'won' : 'lost', profit: week % 2 ? 1 : -1, brier: 0.1 + 0.02 * week + 0.05 * n }))) // prettier-ignore
  return (await read()).account
}

test('simulated rows are left out of the account where there are real ones, and labelled on the game', async () => {
  const [real, made] = await someGames(2)
  await insertPredictions(sql, [{ game_id: real }, { game_id: made, simulated: true }])
  await insertGrades(sql, [{ game_id: real }, { game_id: made, simulated: true, outcome: 'lost' }])
  const view = await read()

  assert.deepEqual([view.simulated, view.account.all[0]?.games], [false, 1])
  assert.deepEqual(
    view.current?.games.map((game) => game.simulated),
    [false, true],
  )
})

test('where everything is simulated the view says so and accounts for that', async () => {
  const [made] = await someGames(1)
  await insertPredictions(sql, [{ game_id: made, simulated: true }])
  await insertGrades(sql, [{ game_id: made, simulated: true }])
  const view = await read()

  assert.deepEqual([view.simulated, view.account.all[0]?.games], [true, 1])
})

test('the newest six weeks before this one come along, newest first', async () => {
  for (let week = 1; week <= 12; week += 1) {
    const game_id = `2024_${week}_KC_CAR`
    await insertGames(sql, [{ game_id, week, home_score: 27, away_score: 30 }])
    await insertPredictions(sql, [{ game_id, week }])
  }
  const view = await read()

  assert.deepEqual([view.current?.place, view.earlier.map(({ place }) => place)], [12, [11, 10, 9, 8, 7, 6]])
})

test('a tally counts pushes neither right nor wrong', async () => {
  const ids = await someGames(3)
  await insertPredictions(sql, ids.map((game_id) => ({ game_id }))) // prettier-ignore
  await insertGrades(sql, ids.map((game_id, n) => ({ game_id, outcome: ['won', 'lost', 'push'][n], profit: [0.5, -1, 0][n] }))) // prettier-ignore
  const { current } = await read()

  const [tally] = current?.tallies ?? []
  assert.deepEqual([tally?.judged, tally?.right, tally?.pushed, tally?.profit], [2, 1, 1, -0.5])
})

test('calibration has as few bins as there are games for, and knows which way the close was asked', async () => {
  const ids = await someGames(16)
  await insertPredictions(sql, ids.map((game_id, n) => ({ game_id, p_model: n < 8 ? 0.2 : 0.8, pick: n < 8 ? 'away' : 'home' }))) // prettier-ignore
  await insertGrades(sql, ids.map((game_id, n) => ({ game_id, outcome: n < 8 ? 'won' : 'lost', p_close: 0.3 }))) // prettier-ignore
  const [calibration] = (await read()).calibrations

  assert.deepEqual(calibration?.model.map(({ n, said, happened }) => [n, Math.round(said * 10), happened]), [[8, 2, 0], [8, 8, 0]]) // prettier-ignore
  assert.ok(Math.abs((calibration?.modelError ?? 0) - 0.5) < 1e-9)
  assert.ok(Math.abs((calibration?.closeError ?? 0) - 0.3) < 1e-9)
})

test('calibration is of all seasons together and of each by itself, with what chance alone would leave', async () => {
  const of = (season: number, count: number, p_model: number) =>
    Array.from({ length: count }, (_, n) => ({ game_id: `${season}_12_A${n}_B${n}`, season, p_model, pick: 'home' }))
  const games = [...of(2023, 8, 0.8), ...of(2024, 24, 0.4)]
  await insertGames(sql, games.map(({ game_id, season }) => ({ game_id, season, home_score: 30, away_score: 27 }))) // prettier-ignore
  await insertPredictions(sql, games)
  await insertGrades(sql, games.map(({ game_id }) => ({ game_id, home_score: 30, away_score: 27, p_close: 0.9 }))) // prettier-ignore
  const [calibration] = (await read()).calibrations

  const [all, ...seasons] = [calibration, ...(calibration?.seasons ?? [])]
  assert.deepEqual(seasons.map((one) => one && 'season' in one && [one.season, one.games, one.model.length]), [[2024, 24, 1], [2023, 8, 1]]) // prettier-ignore
  assert.deepEqual(seasons.map((one) => one?.modelError.toFixed(4)), ['0.6000', '0.2000']) // prettier-ignore
  assert.deepEqual([all?.games, all?.modelError.toFixed(4), all?.closeError.toFixed(4)], [32, '0.5000', '0.1000'])
  assert.equal(seasons[1]?.chance.toFixed(4), Math.sqrt((2 / Math.PI) * (0.16 / 8)).toFixed(4))
})
