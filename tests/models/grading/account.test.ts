import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRandom } from '../../../src/lib/random.ts'
import { account, type AccountedGrade } from '../../../src/models/grading/account.ts'
import { estimateMean } from '../../../src/models/grading/bootstrap.ts'
import { calibrationBins, calibrationError } from '../../../src/models/grading/calibration.ts'

test('a line has its games, and each figure its own n and interval', () => {
  const grades = [1, 2, 3, 4].map((week) =>
    aGrade({ period: `2025-W${week}`, outcome: week === 4 ? 'push' : week === 1 ? 'lost' : 'won' }),
  )
  const [line] = account(grades, (grade) => grade.market, createRandom(1).unit)

  assert.deepEqual([line?.games, line?.pushes, line?.hits?.n], [4, 1, 3])
  assert.ok(Math.abs((line?.hits?.value ?? 0) - 2 / 3) < 1e-12)
  assert.ok(line!.hits!.low < line!.hits!.value && line!.hits!.value < line!.hits!.high)
})

test('groups are told apart, and pushes cost nothing', () => {
  const grades = [aGrade({ market: 'ats', profit: 0, outcome: 'push' }), aGrade({ market: 'ou', profit: -1 })]
  const lines = account(grades, (grade) => grade.market, createRandom(1).unit)

  assert.deepEqual(
    lines.map((line) => [line.group, line.profit?.value]),
    [
      ['ats', 0],
      ['ou', -1],
    ],
  )
})

test('ours is scored on the games that the close judged too', () => {
  const grades = [aGrade({ brier: 0.2, closeBrier: 0.1 }), aGrade({ brier: 0.9, closeBrier: null })]
  const [line] = account(grades, () => 'all', createRandom(1).unit)

  assert.deepEqual([line?.brier, line?.closeBrier, line?.brierLead?.n], [0.2, 0.1, 1])
})

test('an interval is about two standard errors to either side, and wider when games share their week', () => {
  const { unit, normal } = createRandom(5)
  const alone = Array.from({ length: 2000 }, (_, block) => ({ block, value: normal() }))
  const shared = Array.from({ length: 2000 }, (_, i) => ({
    block: Math.floor(i / 20),
    value: alone[i - (i % 20)]!.value,
  }))
  const one = estimateMean(alone, unit)
  const many = estimateMean(shared, unit)

  assert.ok(Math.abs(one!.high - one!.low - 4 / Math.sqrt(2000)) < 0.02)
  assert.ok(many!.high - many!.low > 3 * (one!.high - one!.low))
})

test('the same chance gives the same interval, and nothing gives none', () => {
  const values = [1, 2, 3, 4].map((value) => ({ block: value, value }))

  assert.deepEqual(estimateMean(values, createRandom(3).unit), estimateMean(values, createRandom(3).unit))
  assert.equal(estimateMean([], createRandom(3).unit), undefined)
})

test('bins hold equal counts, and the calibration error is how far they are from what happened', () => {
  const forecasts = Array.from({ length: 1000 }, (_, i) => ({
    p: (i < 500 ? 0.3 : 0.8) + i * 1e-12,
    happened: i % 10 < (i < 500 ? 3 : 7),
  }))
  const bins = calibrationBins(forecasts)

  assert.deepEqual([...new Set(bins.map((bin) => bin.n))], [100])
  assert.ok(Math.abs(calibrationError(bins) - 0.05) < 1e-9)
  assert.ok(bins.every((bin) => bin.low > 0 && bin.high < 1 && bin.low < bin.happened && bin.happened < bin.high))
})

test('equal forecasts share a bin, whatever order they come in', () => {
  const forecasts = Array.from({ length: 100 }, (_, i) => ({ p: i < 60 ? 0.5 : 0.9, happened: i % 2 === 0 }))
  const bins = calibrationBins(forecasts)

  assert.deepEqual(bins.map(({ n, happened }) => [n, happened]), [[60, 0.5], [40, 0.5]]) // prettier-ignore
  assert.deepEqual(calibrationBins(forecasts.toReversed()), bins)
})

function aGrade(wish: Partial<AccountedGrade>): AccountedGrade {
  return {
    period: '2025-W01', market: 'moneyline', outcome: 'won', brier: 0.2, logLoss: 0.6, finalBrier: 0.2,
    finalLogLoss: 0.6, modelError: null, finalError: null, lineError: null, profit: 0.9, closeBrier: 0.2,
    closeLogLoss: 0.6, closeError: null, clvPoints: null, clvPrice: null, ...wish,
  } // prettier-ignore
}
