// Given texts are taken out of others, whole.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createRedactor } from '../../src/lib/redact.ts'

test('of two texts that one begins with, the longer goes whole, in whatever order they are given', () => {
  const [short, long] = ['hunter-22', 'hunter-22/and-more']

  for (const given of [
    [short, long],
    [long, short],
  ])
    assert.equal(createRedactor(given)(`it said ${long}, and ${short}`), 'it said ***, and ***')
})

test('what is short or not given leaves a text alone', () => {
  assert.equal(createRedactor(['about', undefined, ''])('about this'), 'about this')
})
