// Which ends of a run want a pass of ops-watch at once, and when its children are overdue.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FinalOutcome } from '../../src/core/run.ts'
import { childrenOverdueAt, isUrgent } from '../../src/runner/look-around.ts'
import { aJob, at } from '../helpers/builders.ts'

const URGENT: FinalOutcome[] = ['failed', 'abandoned', 'cancelled', 'not_ready']
const CALM: FinalOutcome[] = ['succeeded', 'partial', 'gated']

test('a run that gave its slot back, or never came to its end, wants a pass at once', () => {
  for (const outcome of URGENT) assert.ok(isUrgent(outcome, 0), outcome)
  for (const outcome of CALM) assert.ok(!isUrgent(outcome, 0), outcome)
})

test('a run that left failed items wants a pass, however it ended', () => {
  for (const outcome of [...URGENT, ...CALM]) assert.ok(isUrgent(outcome, 1), outcome)
})

test('children are overdue when the shortest of their graces is over, and without any nothing is', () => {
  const parent = aJob({ id: 'test/parent' })
  const children = [60, 20, 90].map((graceMinutes, i) =>
    aJob({ id: `test/child-${i}`, needs: { 'test/parent': 'fresh' }, graceMinutes }),
  )
  const other = aJob({ id: 'test/other', needs: { 'test/parent': 'any' }, graceMinutes: 5 })

  assert.deepEqual(childrenOverdueAt(parent, [parent, ...children, other], at('19 08:07')), at('19 08:27'))
  assert.equal(childrenOverdueAt(parent, [parent, other], at('19 08:07')), undefined)
})
