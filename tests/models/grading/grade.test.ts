import assert from 'node:assert/strict'
import { test } from 'node:test'

import { forecast } from '../../../src/models/forecasts/forecast.ts'
import { gradePick, type GradedPick } from '../../../src/models/grading/grade.ts'
import { NO_LINES } from '../../helpers/rated-games.ts'

const pick: GradedPick = {
  market: 'ats', line: 3, priceFor: -110, priceAgainst: 100, pModel: 0.6, pMarket: 0.5, pFinal: 0.52, expected: 5,
  expectedFinal: 3.2, pick: 'home',
} // prettier-ignore
const close = { ...NO_LINES, spreadHome: 4.5, spreadPriceHome: -110, spreadPriceAway: -110 }
const winner: GradedPick = { ...pick, market: 'moneyline', line: null, expected: null, expectedFinal: null }

test('the home side covers when it wins by more than the line', () => {
  const won = gradePick(pick, { home: 24, away: 20 }, close)
  const lost = gradePick(pick, { home: 24, away: 22 }, close)

  assert.deepEqual([won.outcome, won.lineError, won.profit], ['won', 1, 100 / 110])
  assert.deepEqual([lost.outcome, lost.lineError, lost.profit], ['lost', -1, -1])
  assert.ok(Math.abs((won.brier ?? 0) - 0.16) < 1e-12)
  assert.equal(won.marketBrier, 0.25)
})

test('a result on the line is a push: the stake goes back and no probability is judged', () => {
  const push = gradePick(pick, { home: 23, away: 20 }, close)

  assert.deepEqual([push.outcome, push.profit, push.brier, push.marketLogLoss], ['push', 0, null, null])
})

test('a tie is a push on the moneyline, for the closing market too', () => {
  const tie = gradePick(winner, { home: 20, away: 20 }, { ...NO_LINES, moneylineHome: -120, moneylineAway: 100 })

  assert.deepEqual([tie.outcome, tie.lineError, tie.closeBrier, tie.closeError], ['push', null, null, null])
})

test('the other side is paid at its own price', () => {
  const under = gradePick({ ...pick, market: 'ou', line: 44.5, pick: 'under' }, { home: 20, away: 17 }, NO_LINES)

  assert.deepEqual([under.outcome, under.lineError, under.profit], ['won', -7.5, 1])
})

test('without a price there is an outcome and no profit, whatever the outcome', () => {
  const unpriced = { ...pick, priceFor: null, pMarket: null }
  const won = gradePick(unpriced, { home: 30, away: 20 }, close)
  const push = gradePick(unpriced, { home: 23, away: 20 }, close)

  assert.deepEqual([won.outcome, won.profit, won.marketBrier], ['won', null, null])
  assert.deepEqual([push.outcome, push.profit], ['push', null])
})

test('errors in points: of the model, of the final and of the line that the market closed with', () => {
  const grade = gradePick(pick, { home: 24, away: 14 }, close)

  assert.deepEqual([grade.modelError, grade.finalError, grade.lineError, grade.closeError], [5, 6.8, 7, 5.5])
})

test('the closing market is judged by its own line on the same game', () => {
  // Home wins by 4: it covers the 3 that were taken, not the 4.5 of the close.
  const grade = gradePick(pick, { home: 24, away: 20 }, { ...close, spreadPriceHome: -150, spreadPriceAway: 130 })

  assert.equal(grade.outcome, 'won')
  assert.ok((grade.pClose ?? 0) > 0.5 && (grade.closeBrier ?? 0) > 0.25)
})

test('a line that moved our way after it was taken is worth its points, seen from the side that was picked', () => {
  const score = { home: 20, away: 20 }
  const under: GradedPick = { ...pick, market: 'ou', line: 44.5, pick: 'under' }

  assert.equal(gradePick(pick, score, close).clvPoints, 1.5)
  assert.equal(gradePick({ ...pick, pick: 'away' }, score, close).clvPoints, -1.5)
  assert.equal(gradePick(under, score, { ...NO_LINES, totalLine: 43 }).clvPoints, 1.5)
  assert.equal(gradePick(under, score, NO_LINES).clvPoints, null)
})

test('a price is worth what the closing price says, while both are about one line', () => {
  const score = { home: 20, away: 10 }
  const evens = { ...NO_LINES, moneylineHome: 100, moneylineAway: 100 }
  const taken = gradePick({ ...winner, priceFor: 120 }, score, evens)

  assert.ok(Math.abs((taken.clvPrice ?? 0) - 0.1) < 1e-9)
  assert.equal(taken.clvPoints, null)
  assert.equal(gradePick(pick, score, close).clvPrice, null)
  assert.ok((gradePick(pick, score, { ...close, spreadHome: 3 }).clvPrice ?? 0) < 0)
})

const STRONGER = { elo_difference: 100, filter_margin: 4, playoff: 0 }
const WINNER_FIT = { filter_sigma: 13, spread_sigma: 11.4, intercept: 0, slope: 1 }

test('a forecast picks what the model prefers and stays near the market', () => {
  const lines = { ...NO_LINES, moneylineHome: 150, moneylineAway: -170 }
  const made = forecast('moneyline', STRONGER, { lines, parameters: WINNER_FIT })

  assert.ok(made !== undefined && made.pMarket !== null)
  assert.equal(made.pick, 'home')
  assert.ok(made.pModel > 0.6 && made.pMarket < 0.4)
  assert.ok(made.pFinal > made.pMarket && made.pFinal < made.pMarket + 0.03)
  assert.ok((made.edge ?? 0) < 0)
  assert.equal(made.stake, 0)
})

test('the final of a winner hears the spread as much as the moneyline', () => {
  const lines = { ...NO_LINES, moneylineHome: -110, moneylineAway: -110 }
  const alone = forecast('moneyline', STRONGER, { lines, parameters: WINNER_FIT })
  const both = forecast('moneyline', STRONGER, { lines: { ...lines, spreadHome: 7 }, parameters: WINNER_FIT })

  assert.ok((both?.pFinal ?? 0) > (alone?.pFinal ?? 1) + 0.08)
  assert.equal(both?.pModel, alone?.pModel)
})

test('a forecast of the spread expects points, leaves room for a push and moves the line a tenth of the way', () => {
  const lines = { ...NO_LINES, spreadHome: 3, spreadPriceHome: -110, spreadPriceAway: -110 }
  const made = forecast('ats', { ...STRONGER, filter_margin: 8 }, { lines, parameters: { sigma: 13, key_3: 2.7 } })

  assert.ok(made !== undefined)
  assert.equal(made.expected, 6)
  assert.ok(Math.abs((made.expectedFinal ?? 0) - 3.3) < 1e-12)
  assert.ok(made.pPush > 0.06 && made.pPush < 0.1)
  assert.ok(made.pFinal > 0.5 && made.pFinal < 0.52)
})

test('without a line there is no forecast of the spread or the total, without prices the model stands alone', () => {
  assert.equal(forecast('ats', STRONGER, { lines: NO_LINES, parameters: { sigma: 13 } }), undefined)
  const alone = forecast('moneyline', STRONGER, { lines: NO_LINES, parameters: WINNER_FIT })
  assert.deepEqual([alone?.pMarket, alone?.pFinal, alone?.edge], [null, alone?.pModel, null])
})
