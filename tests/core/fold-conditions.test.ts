// Of one job there is one trouble at a time: by property, nothing is lost, nothing is softened, and folding twice is folding
// once.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { foldConditions } from '../../src/core/fold-conditions.ts'
import { CAUSES, isJob, SEVERITIES, type Condition } from '../../src/core/incident.ts'
import { at } from '../helpers/builders.ts'

const anyCondition: fc.Arbitrary<Condition> = fc.record({
  subject: fc.constantFrom('test/one', 'test/two', 'source:s', 'ops/watch'),
  cause: fc.constantFrom(...CAUSES),
  severity: fc.constantFrom(...SEVERITIES),
  title: fc.string({ minLength: 3, unit: fc.constantFrom('a', 'b', 'c', 'd') }),
  detail: fc.constant('It is tried again.'),
  runId: fc.constantFrom(undefined, 'a-run'),
  slotDueAt: fc.constantFrom(undefined, at('19 08:07')),
  knowableAt: fc.integer({ min: 0, max: 59 }).map((minute) => at(`19 08:${String(minute).padStart(2, '0')}`)),
})
const keyOf = ({ subject, cause }: Condition) => `${subject} ${cause}`
const explains = ({ cause }: Condition) => !['overdue', 'never_seen', 'stale'].includes(cause)
const anySet = fc.uniqueArray(anyCondition, { selector: keyOf, maxLength: 20 })

test('a job has one condition at most; sources and the watch keep one a cause', () => {
  fc.assert(
    fc.property(anySet, (found) => {
      const folded = foldConditions(found)
      const keys = folded.map((one) => (isJob(one.subject) ? one.subject : keyOf(one)))
      assert.equal(new Set(keys).size, keys.length)
      assert.deepEqual(new Set(folded.map(({ subject }) => subject)), new Set(found.map(({ subject }) => subject)))
      assert.deepEqual(foldConditions(folded), folded)
    }),
  )
})

test('every title is told, since the first could be known, and as grave as the gravest that asks why', () => {
  fc.assert(
    fc.property(anySet, (found) => {
      for (const one of foldConditions(found).filter(({ subject }) => isJob(subject))) {
        const all = found.filter(({ subject }) => subject === one.subject)
        for (const { title } of all) assert.ok(`${one.title} ${one.detail}`.includes(title))
        assert.equal(Number(one.knowableAt), Math.min(...all.map(({ knowableAt }) => Number(knowableAt))))
        const why = all.filter(({ cause }) => cause !== 'stale' && !(cause === 'never_seen' && all.some(explains)))
        const gravest = Math.max(...(why.length > 0 ? why : all).map(({ severity }) => SEVERITIES.indexOf(severity)))
        assert.equal(SEVERITIES.indexOf(one.severity), gravest)
      }
    }),
  )
})

test('what explains leads what follows: GitHub could not start it before it is late, and late before long without success', () => {
  const of = (...causes: Condition['cause'][]) =>
    causes.map((cause): Condition => ({ subject: 'test/one', cause, severity: 'critical', title: cause, detail: 'd', runId: undefined, slotDueAt: undefined, knowableAt: at('19 08:37') })) // prettier-ignore

  const lead = (...causes: Condition['cause'][]) => foldConditions(of(...causes))[0]?.cause

  assert.equal(lead('overdue', 'stale', 'not_started'), 'not_started')
  assert.equal(lead('missed', 'rescue_lost'), 'rescue_lost')
  assert.equal(lead('stale', 'overdue'), 'overdue')
  assert.equal(lead('missed', 'failed'), 'failed')
  assert.equal(lead('overdue', 'never_seen'), 'never_seen')
  assert.equal(lead('missed', 'never_seen'), 'missed')
})
