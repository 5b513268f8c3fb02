// Intervals out of sums, checked against ones worked out from the values themselves.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { addMoments, meanInterval, NO_MOMENTS, shareInterval, wilson, type Moments } from '../../src/core/interval.ts'

/** Moments of weeks of values, as the database adds them up. */
function momentsOf(weeks: readonly (readonly number[])[]): Moments {
  return weeks
    .map((values): Moments => {
      const [n, sum] = [values.length, values.reduce((all, value) => all + value, 0)]
      const squares = values.reduce((all, value) => all + value ** 2, 0)
      return {
        n,
        weight: n,
        sum,
        games: { groups: n, squares, cross: sum, weights: n },
        weeks: { groups: 1, squares: sum ** 2, cross: sum * n, weights: n ** 2 },
      }
    })
    .reduce(addMoments, NO_MOMENTS)
}

const close = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-3, `${actual} is not ${expected}`)

test('figures of nothing have no interval', () => {
  assert.equal(meanInterval(NO_MOMENTS), undefined)
  assert.equal(shareInterval(NO_MOMENTS), undefined)
})

test('a single game says nothing of how sure it is', () => {
  const interval = meanInterval(momentsOf([[0.2]]))

  assert.deepEqual([interval?.value, interval?.low, interval?.high, interval?.error], [0.2, -Infinity, Infinity, null])
})

test('with few weeks every game counts as independent, by the t distribution', () => {
  // 1 to 5: mean 3, standard error sqrt(2.5 / 5), t of 4 degrees 2.776.
  const interval = meanInterval(
    momentsOf([
      [1, 2, 3],
      [4, 5],
    ]),
  )

  close(interval?.value, 3)
  close(interval?.error ?? NaN, Math.sqrt(2.5 / 5))
  assert.ok(Math.abs((interval?.high ?? 0) - (3 + 2.776 * Math.sqrt(0.5))) < 0.05)
})

test('with enough weeks, games that go together are worth less than their number', () => {
  const together = Array.from({ length: 10 }, (_, week) => [week % 2, week % 2, week % 2, week % 2])
  const apart = Array.from({ length: 10 }, () => [0, 1, 0, 1])

  // Ten weeks of noughts and ones: as sure as of ten games, standard error sqrt(10 / 9 * 0.25 / 10).
  close(meanInterval(momentsOf(together))?.error ?? NaN, Math.sqrt(0.25 / 9))
  close(meanInterval(momentsOf(apart))?.error ?? NaN, 0)
})

test('parts that are added give the interval of the whole', () => {
  const weeks = Array.from({ length: 12 }, (_, week) => [week, week * 2, 3])

  const added = addMoments(momentsOf(weeks.slice(0, 5)), momentsOf(weeks.slice(5)))
  assert.deepEqual(meanInterval(added), meanInterval(momentsOf(weeks)))
})

test('a share stays within 0 and 1 and is never certain', () => {
  const all = shareInterval(momentsOf([[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]))

  close(all?.low, 0.7225)
  assert.ok((all?.high ?? 2) <= 1)
})

test('a share of weeks that go together has the wider interval', () => {
  const together = shareInterval(momentsOf(Array.from({ length: 10 }, (_, week) => [week % 2, week % 2, week % 2])))
  const apart = shareInterval(momentsOf(Array.from({ length: 10 }, () => [0, 1, 1])))

  const width = (interval: typeof apart) => (interval?.high ?? 0) - (interval?.low ?? 0)
  assert.ok(width(together) > 1.4 * width(apart))
})

test('of few games the mean lies as far from its ends as Student’s table says', () => {
  // So many values, half of them 0 and half 1, or with one 0.5 between: t is what the reach is in standard errors.
  for (const [values, t] of [
    [[0, 1], 12.706],
    [[0, 0.5, 1], 4.303],
    [[0, 0, 1, 1], 3.182],
    [[0, 0, 0, 0, 0, 0.5, 1, 1, 1, 1, 1], 2.228],
  ] as const) {
    const interval = meanInterval(momentsOf([values]))
    const error = interval?.error ?? NaN

    assert.ok(Math.abs(((interval?.high ?? NaN) - 0.5) / error - t) < 0.003, `${values.length} values`)
    assert.ok(Math.abs((0.5 - (interval?.low ?? NaN)) / error - t) < 0.003, `${values.length} values`)
  }
})

test('games on which nothing was staked have no mean', () => {
  assert.equal(meanInterval({ ...momentsOf([[0, 0]]), weight: 0 }), undefined)
})

test('from eight weeks on a share is worth as many games as its weeks leave, and before as many as it has', () => {
  const weeks = Array.from({ length: 8 }, (_, week) => [week % 2, week % 2, week % 2, week % 2])
  const eight = shareInterval(momentsOf(weeks))
  const six = shareInterval(momentsOf(weeks.slice(0, 6)))

  // Eight noughts and ones: variance 2 / 7 between them, of a mean 1 / 28; and 32 / (1 / 28) * (1 / 128) = 7 games.
  const { low, high } = wilson(0.5, 7)
  close(eight?.low, low)
  close(eight?.high, high)
  close(eight?.error ?? NaN, Math.sqrt(1 / 28))
  close(six?.low, wilson(0.5, 24).low)
  close(six?.error ?? NaN, Math.sqrt(0.25 / 24))
})
