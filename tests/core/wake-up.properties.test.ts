// Laws of the door, whatever it is told: it lets in or it says why not, and nobody but a person runs without a slot.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { decideWakeUp } from '../../src/core/wake-up.ts'
import { anyFacts, anyJob } from '../helpers/any-facts.ts'

function forAll(check: (...args: [Parameters<typeof decideWakeUp>[0], Parameters<typeof decideWakeUp>[1]]) => void) {
  fc.assert(fc.property(anyJob, anyFacts, check), { numRuns: 1000 })
}

test('a wake-up leads to a run or to a gate, never to both nor to neither', () => {
  forAll((job, facts) => {
    const { run, gate } = decideWakeUp(job, facts)

    assert.notEqual(run === undefined, gate === undefined)
  })
})

test('whoever forces is stopped by no closed gate', () => {
  forAll((job, facts) => {
    const { gate } = decideWakeUp(job, { ...facts, force: true })

    assert.ok(gate === undefined || !['paused', 'games_on', 'breaker_open', 'waiting_for_parents'].includes(gate.code))
  })
})

test('behind a closed gate nothing is covered or given up but for the season', () => {
  forAll((job, facts) => {
    const { gate, coalesce, miss } = decideWakeUp(job, facts)

    if (gate && ['paused', 'games_on', 'breaker_open'].includes(gate.code)) assert.deepEqual([coalesce, miss], [[], []])
  })
})

test('a slot is taken, covered, missed or waived, and never two of these', () => {
  forAll((job, facts) => {
    const { run, coalesce, miss, waive } = decideWakeUp(job, facts)
    const touched = [...(run?.slot ? [run.slot] : []), ...coalesce, ...miss, ...waive]

    assert.equal(new Set(touched).size, touched.length)
    for (const slot of touched) assert.ok(facts.candidates.some((candidate) => candidate.slot === slot))
  })
})

test('a machine runs only for a slot, unless its request named a period or was forced by a person', () => {
  forAll((job, facts) => {
    const { run } = decideWakeUp(job, { ...facts, byPerson: false, force: false, namedPeriod: undefined })

    assert.ok(run === undefined || run.slot !== undefined)
  })
})

test('a slot is taken only with parameters as on the schedule, and of a named period only its own', () => {
  forAll((job, facts) => {
    const slot = decideWakeUp(job, facts).run?.slot
    const period = facts.candidates.find((candidate) => candidate.slot === slot)?.period

    if (slot === undefined) return
    assert.ok(facts.defaultParams)
    if (facts.namedPeriod) assert.equal(period?.key, facts.namedPeriod.key)
  })
})
