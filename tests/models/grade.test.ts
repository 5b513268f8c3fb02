import assert from 'node:assert/strict'
import { test } from 'node:test'

import { forecast } from '../../src/models/forecast.ts'
import { gradePick, type GradedPick } from '../../src/models/grade.ts'

const pick: GradedPick = {
  market: 'ats', line: 3, priceFor: -110, priceAgainst: 100, pModel: 0.6, pMarket: 0.5, pick: 'home',
} // prettier-ignore

test('the home side covers when it wins by more than the line', () => {
  const won = gradePick(pick, { home: 24, away: 20 })
  const lost = gradePick(pick, { home: 24, away: 22 })

  assert.deepEqual([won.outcome, won.lineError, won.profit], ['won', 1, 100 / 110])
  assert.deepEqual([lost.outcome, lost.lineError, lost.profit], ['lost', -1, -1])
  assert.ok(Math.abs((won.brier ?? 0) - 0.16) < 1e-12)
  assert.equal(won.marketBrier, 0.25)
})

test('a result on the line is a push: the stake goes back and no probability is judged', () => {
  const push = gradePick(pick, { home: 23, away: 20 })

  assert.deepEqual([push.outcome, push.profit, push.brier, push.marketLogLoss], ['push', 0, null, null])
})

test('a tie is a push on the moneyline', () => {
  const tie = gradePick({ ...pick, market: 'moneyline', line: null }, { home: 20, away: 20 })

  assert.deepEqual([tie.outcome, tie.lineError], ['push', null])
})

test('the other side is paid at its own price', () => {
  const under = gradePick({ ...pick, market: 'ou', line: 44.5, pick: 'under' }, { home: 20, away: 17 })

  assert.deepEqual([under.outcome, under.lineError, under.profit], ['won', -7.5, 1])
})

test('without a price there is an outcome and no profit', () => {
  const grade = gradePick({ ...pick, priceFor: null, pMarket: null }, { home: 30, away: 20 })

  assert.deepEqual([grade.outcome, grade.profit, grade.marketBrier], ['won', null, null])
})

test('a forecast picks what the model prefers and stays near the market', () => {
  const features = { elo_difference: 100 }
  const offer = { line: null, priceFor: 150, priceAgainst: -170 }
  const made = forecast('moneyline', features, { offer, parameters: { intercept: 0, slope: 1 } })

  assert.ok(made !== undefined && made.pMarket !== null)
  assert.equal(made.pick, 'home')
  assert.ok(made.pModel > 0.6 && made.pMarket < 0.4)
  assert.ok(made.pFinal > made.pMarket && made.pFinal < made.pMarket + 0.03)
})

test('without a line there is no forecast of the spread or the total, without prices the model stands alone', () => {
  const offer = { line: null, priceFor: null, priceAgainst: null }
  const spread = { elo_difference: 50 }

  assert.equal(forecast('ats', spread, { offer, parameters: { bias: 0, sigma: 13 } }), undefined)
  const winner = forecast('moneyline', spread, { offer, parameters: { intercept: 0, slope: 1 } })
  assert.deepEqual([winner?.pMarket, winner?.pFinal], [null, winner?.pModel])
})
