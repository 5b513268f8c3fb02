import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fitMarket, type Sample } from '../../../src/models/forecasts/market-models.ts'
import { scoresOf, walkForward } from '../../../src/models/forecasts/walk-forward.ts'
import { NO_LINES } from '../../helpers/rated-games.ts'

const SEASONS = [2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023]

test('a season is judged by a fit to earlier seasons only', () => {
  const samples = SEASONS.flatMap((season) => games(season))
  const lastChanged = samples.map((sample) => (sample.season < 2023 ? sample : { ...sample, homeScore: 90 }))
  const forecasts = (of: Sample[]) => walkForward('ou', of, { from: 2019 }).map((verdict) => verdict.forecast)

  assert.deepEqual(forecasts(lastChanged), forecasts(samples))
  assert.equal(forecasts(samples).length, 5 * 20)
})

test('later seasons change nothing in the forecasts of earlier ones', () => {
  for (const market of ['moneyline', 'ats', 'ou'] as const) {
    const all = SEASONS.flatMap((season) => games(season))
    const cut = all.filter((sample) => sample.season < 2022)
    const upTo2021 = (of: Sample[]) =>
      walkForward(market, of, { from: 2018 }).filter((verdict) => verdict.sample.season < 2022)

    assert.deepEqual(upTo2021(all), upTo2021(cut))
  }
})

test('sizes of errors are of the last ten seasons', () => {
  const old = games(2005).map((sample) => ({ ...sample, homeScore: 99 }))

  assert.deepEqual(fitMarket('ou', [...old, ...games(2020)], 2021), fitMarket('ou', games(2020), 2021))
  assert.deepEqual(fitMarket('ou', games(2020), 2021), { sigma: 5 })
})

test('a probability is calibrated once there are five seasons, and never becomes certain', () => {
  const four = fitMarket('moneyline', [2019, 2020, 2021, 2022].flatMap(games), 2023)
  const five = fitMarket('moneyline', [2018, 2019, 2020, 2021, 2022].flatMap(games), 2023)
  const huge = { ...games(2023)[0]!, features: { elo_difference: 2000, filter_margin: 90, playoff: 0 } }
  const verdict = walkForward('moneyline', [huge], { from: 2023 })[0]

  assert.deepEqual([four['intercept'], four['slope']], [0, 1])
  assert.notDeepEqual([five['intercept'], five['slope']], [0, 1])
  assert.equal(verdict?.forecast.pModel, 0.98)
})

test('ours and the market are scored on the same games: one without prices counts for neither', () => {
  const samples = SEASONS.flatMap((season) => games(season))
  const unpriced = samples.map((sample, i) => (i % 2 === 0 ? sample : { ...sample, moneylineHome: null }))

  assert.equal(scoresOf(walkForward('moneyline', samples, { from: 2020 }))['games'], 80)
  assert.equal(scoresOf(walkForward('moneyline', unpriced, { from: 2020 }))['games'], 40)
})

test('a result on the line is no hit and no miss, but has an error', () => {
  const pushes = games(2020).map((sample) => ({ ...sample, totalLine: sample.homeScore + sample.awayScore }))
  const scores = scoresOf(walkForward('ou', pushes, { from: 2020 }))

  assert.equal(scores['market_mae'], 0)
  assert.equal('hit_rate' in scores, false)
})

test('a forecast may see another line than the closing one: the fit and the grade still have that', () => {
  const samples = games(2020)
  const opener = { ...NO_LINES, spreadHome: 0.5 }
  const [verdict] = walkForward('ats', samples, { from: 2020, linesOf: () => opener })

  assert.equal(verdict?.lines.spreadHome, 0.5)
  assert.equal(verdict?.grade.closeLine, 2.5)
  assert.equal(verdict?.grade.clvPoints, 2)
})

test('without any earlier game the published sizes serve, and no game gives no score', () => {
  assert.equal(fitMarket('ats', [], 2020)['sigma'], 13)
  assert.deepEqual(scoresOf([]), { games: 0 })
})

/** Twenty games, five points over and under an expected total of 45 in turn. */
function games(season: number): Sample[] {
  return Array.from({ length: 20 }, (_, i) => {
    const total = i % 2 === 0 ? 50 : 40
    const margin = i % 3 === 0 ? -4 : 8
    return {
      ...NO_LINES,
      season,
      features: { filter_total: 45, elo_difference: 40, filter_margin: 2, playoff: 0 },
      homeScore: (total + margin) / 2,
      awayScore: (total - margin) / 2,
      spreadHome: 2.5,
      totalLine: 44.5,
      moneylineHome: -150,
      moneylineAway: 130,
    }
  })
}
