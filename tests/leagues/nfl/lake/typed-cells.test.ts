import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fingerprint, mergeCells, typedValue } from '../../../../src/leagues/nfl/lake/typed-cells.ts'

const spellings: [received: string, value: string][] = [
  ['7', '7'],
  ['7.0', '7'],
  ['-0.0', '0'],
  ['3.50', '3.5'],
  ['', ''],
  ['NA', ''],
  ['grass ', 'grass'],
  ['0012', '0012'], // an identifier
  ['1999091210', '1999091210'],
  ['12345678901234567890', '12345678901234567890'], // would lose digits as a number
  ['13:00', '13:00'],
  ['1e5', '1e5'],
]
for (const [received, value] of spellings) {
  test(`the cell "${received}" has the value "${value}"`, () => assert.equal(typedValue(received), value))
}

test('rows are the same when their values are, whatever the spelling, the order or the empty columns', () => {
  assert.equal(fingerprint({ a: '7.0', b: 'NA', c: 'x' }), fingerprint({ c: 'x', a: '7', d: '' }))
  assert.notEqual(fingerprint({ a: '7' }), fingerprint({ a: '8' }))
  assert.notEqual(fingerprint({ a: '1', b: '' }), fingerprint({ a: '', b: '1' }))
})

test('a column that a file lacks keeps its last known cell, a cell that came empty is gone', () => {
  const merged = mergeCells({ spread: '3', score: '', roof: 'dome' }, { score: '7', roof: '' })

  assert.deepEqual(merged, { spread: '3', score: '7' })
})
