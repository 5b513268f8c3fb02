// How conditions shorten what others say.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { firstSentence, sayList, sayMoment } from '../../src/observe/words.ts'
import { at } from '../helpers/builders.ts'

test('a message is cut after its first sentence, on one line', () => {
  assert.equal(
    firstSentence('nflverse answered 503: expected 200.\n  Look at its status page.'),
    'nflverse answered 503: expected 200',
  )
  assert.equal(firstSentence('version 1.2 is too old! Update it.'), 'version 1.2 is too old!')
  assert.equal(firstSentence('one\n\u0007two'), 'one two')
  assert.equal(firstSentence(''), '')
})

test('a sentence longer than 120 signs ends in an ellipsis, and no sign is cut in two', () => {
  const long = '🏈'.repeat(121)

  assert.equal(firstSentence('a'.repeat(120)), 'a'.repeat(120))
  assert.equal(firstSentence('a'.repeat(121)), `${'a'.repeat(119)}…`)
  assert.equal(firstSentence(long), `${'🏈'.repeat(119)}…`)
})

test('a list names as many as it may and counts the rest', () => {
  assert.equal(sayList([]), '')
  assert.equal(sayList(['a']), 'a')
  assert.equal(sayList(['a', 'b', 'c']), 'a, b and c')
  assert.equal(sayList(['a', 'b', 'c', 'd']), 'a, b and 2 more')
})

test('a moment is said without its year', () => {
  assert.equal(sayMoment(at('19 08:07')), 'Tue 19 Nov 08:07 UTC')
})
