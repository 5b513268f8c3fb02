// 1999 to 2025 on the real games: the figures that an implementation has to reach, worked out by another program, and its alarms. A figure that is
// too good is a leak until proved otherwise.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'

import { runBacktest } from '../../../../src/leagues/nfl/backtest/backtest.ts'
import {
  figuresOf,
  type Figures,
  type ProbabilityScores,
  type SeasonFigures,
} from '../../../../src/leagues/nfl/backtest/figures.ts'
import { loadGames, loadOpeners } from '../../../../src/leagues/nfl/backtest/games.ts'
import { toReport } from '../../../../src/leagues/nfl/backtest/table.ts'
import { createRandom } from '../../../../src/lib/random.ts'
import { sharedData } from '../../../helpers/shared-data.ts'
import { PUBLISHED, type PublishedSeason } from './published.ts'

const DECEMBER = 'nfl/games/games_asof_2025-12-01.csv'
const MARCH = 'nfl/games/games_2016-2025_asof_2026-03-24.csv'
const OPENERS = 'nfl/lines/open_and_last_lines_asof_2026-02-08.csv'

const missing = [DECEMBER, MARCH, OPENERS].find((path) => !existsSync(sharedData(path)))
const options = { skip: missing === undefined ? false : `no ../shared/data/${missing}` }

test('on the real games of 1999 to 2025 the models score as published ones do, and no better', options, async (t) => {
  const { figures, pool } = await allFigures()
  t.diagnostic(toReport(figures))
  const tested = pool('2010-2025')
  const late = pool('2018-2025')

  await t.test("538's Elo scores what it scored in every season", () => {
    assert.deepEqual(
      figures.seasons.map((season) => Number(season.label)),
      [...PUBLISHED.keys()],
    )
    for (const season of figures.seasons) near(season, season.elo?.brier, { of: 'elo', within: 0.0005 })
    for (const season of figures.seasons) near(season, season.elo?.logLoss, { of: 'eloLogLoss', within: 0.001 })
    between(tested.elo?.brier, [0.22155, 0.22165])
  })
  await t.test('the market scores what was published of it in every season', () => {
    for (const season of figures.seasons) {
      near(season, season.market?.brier, { of: 'market', within: 0.0005 })
      near(season, season.market?.logLoss, { of: 'marketLogLoss', within: 0.001 })
      near(season, season.ats?.closeError, { of: 'marketMargin', within: 0.01 })
      near(season, season.ou?.closeError, { of: 'marketTotal', within: 0.01 })
    }
  })
  await t.test('ours are near to the published ratings in every season', () => {
    for (const season of figures.seasons) {
      // Ours are calibrated, and margins count on the last known starters.
      near(season, season.blindNamed?.brier, { of: 'ours', within: 0.003 })
      near(season, season.ats?.modelError, { of: 'margin', within: 0.1 })
      near(season, season.ou?.modelError, { of: 'total', within: 0.04 })
    }
  })
  await t.test('the fair closing moneyline scores 0.2111 and 0.6094 on 4,349 games', () => {
    assert.equal(tested.market?.games, 4349)
    between(tested.market?.brier, [0.211, 0.2111])
    between(tested.market?.logLoss, [0.6093, 0.6095])
  })
  await t.test('blind to the market it reaches the published models, and stays behind the market', () => {
    scored(tested.blindNamed, { brier: [0.2151, 0.2195], logLoss: 0.629, accuracy: 0.645 })
    scored(tested.blind, { brier: [0.2151, 0.2205], logLoss: 0.63, accuracy: 0.64 })
    between(late.blindNamed?.brier, [0.2151, 0.2215])
    between(late.blind?.brier, [0.2151, 0.2225])
  })
  await t.test('anchored it is as good as the market, and not better by more than chance', () => {
    scored(tested.anchored, { brier: [0.2071, 0.2113], logLoss: 0.61, accuracy: 0.66 })
  })
  await t.test('margins and totals are as near as they should be', () => {
    between(tested.ats?.modelError, [10, 10.35])
    between(tested.ats?.finalError, [9.9, 10.08])
    between(tested.ou?.modelError, [10.4, 10.8])
    between(tested.ou?.finalError, [10.3, 10.49])
  })
  await t.test('against the close, spread and total are a coin flip', () => {
    for (const line of [tested.ats, tested.ou, late.ats, late.ou]) between(line?.hits?.value, [0.49, 0.52])
    for (const line of figures.pooled) for (const of of [line.ats, line.ou]) between(of?.hits?.value, [0.46, 0.54])
  })
  await t.test('against the opener it wins a little, and the line moves its way', () => {
    const [any, , , over3] = figures.openers.filter((line) => line.label === '2010-2025')
    between(any?.hits?.value, [0.505, 0.515])
    between(any?.movedOurWay?.value, [0.55, 0.6])
    between(any?.clvPoints?.value, [0.1, 0.4])
    between(over3?.hits?.value, [0.52, 0.55])
  })
  await t.test('what is said happens as often: calibration errors are small', () => {
    between(figures.calibration.model.error, [0, 0.025])
    between(figures.calibration.anchored.error, [0, 0.02])
  })
})

async function allFigures(): Promise<{ figures: Figures; pool: (label: string) => SeasonFigures }> {
  const games = await loadGames({
    sources: [sharedData(DECEMBER), sharedData(MARCH)],
    splice: true,
    now: new Date('2026-11-01T00:00:00Z'),
    signal: new AbortController().signal,
  })
  const openers = await loadOpeners(sharedData(OPENERS))
  const run = runBacktest({ games, from: 1999, to: 2025, openers, progress: () => undefined })
  const figures = figuresOf(run, createRandom(1).unit)
  return {
    figures,
    pool(label) {
      const found = figures.pooled.find((line) => line.label === label)
      assert.ok(found !== undefined, `no figures of ${label}`)
      return found
    },
  }
}

/** Beside the published figure of the same season, where there is one. */
function near(
  season: SeasonFigures,
  value: number | undefined,
  { of, within }: { of: keyof PublishedSeason; within: number },
): void {
  const published = PUBLISHED.get(Number(season.label))?.[of]
  if (published === null) return
  const apart = Math.abs((value ?? NaN) - (published ?? NaN))
  assert.ok(apart <= within, `${of} of ${season.label} is ${value}: expected ${published} within ${within}`)
}

function between(value: number | undefined, [low, high]: readonly [number, number]): void {
  assert.ok(value !== undefined && value >= low && value <= high, `${value}: expected ${low} to ${high}`)
}

function scored(
  scores: ProbabilityScores | undefined,
  expected: { brier: readonly [number, number]; logLoss: number; accuracy: number },
): void {
  between(scores?.brier, expected.brier)
  between(scores?.logLoss, [0.6, expected.logLoss])
  between(scores?.accuracy, [expected.accuracy, 0.68])
}
