// How a column sorts: as numbers or as text, and where its empty cells go.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { orderOf } from '../../../dashboards/site/client/sort.ts'

const sorted = (values: readonly string[], direction: 'ascending' | 'descending' = 'ascending') =>
  orderOf(values, direction).map((i) => values[i])

test('a column of numbers sorts as numbers, negative and infinite ones included', () => {
  const values = ['10', '-Infinity', '9.5', '-3', 'Infinity', '-Infinity', '0']

  assert.deepEqual(sorted(values), ['-Infinity', '-Infinity', '-3', '0', '9.5', '10', 'Infinity'])
  assert.deepEqual(sorted(values, 'descending'), ['Infinity', '10', '9.5', '0', '-3', '-Infinity', '-Infinity'])
})

test('empty cells and dashes come last in both directions, among numbers and among words', () => {
  assert.deepEqual(sorted(['2', '', '-1', ' ', '–', '1']), ['-1', '1', '2', '', ' ', '–'])
  assert.deepEqual(sorted(['2', '', '-1', ' ', '–', '1'], 'descending'), ['2', '1', '-1', '', ' ', '–'])
  assert.deepEqual(sorted(['b', '', 'a'], 'descending'), ['b', 'a', ''])
})

test('one word among numbers makes a column text, whatever two cells are compared', () => {
  const values = ['10', 'none', '9', '100']

  assert.deepEqual(sorted(values), ['10', '100', '9', 'none'])
  assert.deepEqual(sorted(values.toReversed()), ['10', '100', '9', 'none'])
})

test('cells that are alike stay in the order of the page, in both directions', () => {
  assert.deepEqual(orderOf(['1', '0', '1', '0'], 'ascending'), [1, 3, 0, 2])
  assert.deepEqual(orderOf(['1', '0', '1', '0'], 'descending'), [0, 2, 1, 3])
})
