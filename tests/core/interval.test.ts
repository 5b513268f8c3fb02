// Intervals out of sums, checked against ones worked out from the values themselves.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { addMoments, meanInterval, NO_MOMENTS, shareInterval, type Moments } from '../../src/core/interval.ts'

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
