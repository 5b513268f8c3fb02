// Which slot a wake-up takes: by example for each policy, by property for what must never happen.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { chooseSlot, type Candidate, type MissedPolicy, type SlotState } from '../../src/core/slot.ts'
import { aCandidate, aParent, aSlot, at } from '../helpers/builders.ts'

const NOW = at('19 12:00')
const POLICIES: MissedPolicy[] = ['latest', 'each', 'skip']
const STATES: SlotState[] = ['due', 'running', 'served', 'failed', 'missed', 'coalesced', 'waived']

const served = aParent()
const failed = aParent({ latestSlot: aSlot({ job: 'test/parent', state: 'failed' }) })

const three = [
  aCandidate({ dueAt: at('19 11:50') }),
  aCandidate({ dueAt: at('18 08:07') }),
  aCandidate({ dueAt: at('17 08:07') }),
] as const

test('latest takes the newest and coalesces the rest', () => {
  const choice = chooseSlot('latest', three, NOW)

  assert.equal(choice.take, three[0].slot)
  assert.deepEqual(choice.coalesce, [three[2].slot, three[1].slot])
  assert.deepEqual(choice.miss, [])
})

test('each takes the oldest and touches no other', () => {
  const choice = chooseSlot('each', three, NOW)

  assert.deepEqual(choice, { take: three[2].slot, coalesce: [], miss: [], waiting: [] })
})

test('skip takes what is within its grace and misses the rest', () => {
  const choice = chooseSlot('skip', three, NOW)

  assert.equal(choice.take, three[0].slot)
  assert.deepEqual(choice.miss, [three[2].slot, three[1].slot])
})

test('a slot is not taken before it is due, and is at its very instant', () => {
  const slot = aCandidate({ dueAt: NOW })

  assert.equal(chooseSlot('latest', [slot], new Date(NOW.getTime() - 1)).take, undefined)
  assert.equal(chooseSlot('latest', [slot], NOW).take, slot.slot)
})

test('a chained slot is taken early', () => {
  const slot = aCandidate({ dueAt: at('19 14:07'), chained: true, parents: [served] })

  assert.equal(chooseSlot('latest', [slot], NOW).take, slot.slot)
})

test('a chained slot is not taken early while another parent is in the way', () => {
  const slot = aCandidate({ dueAt: at('19 14:07'), chained: true, parents: [served, failed] })

  assert.equal(chooseSlot('latest', [slot], NOW).take, undefined)
})

test('a due slot behind a parent says who is in the way and how its slot stands', () => {
  const choice = chooseSlot('latest', [aCandidate({ parents: [failed] })], NOW)

  assert.deepEqual(choice.waiting, [
    { parent: 'test/parent', why: 'test/parent of 2024-11-19T08:07:00.000Z is failed' },
  ])
})

test('a slot to come does not say that it waits', () => {
  assert.deepEqual(chooseSlot('latest', [aCandidate({ dueAt: at('20 08:07'), parents: [failed] })], NOW).waiting, [])
})

for (const state of STATES) {
  const lets = state === 'served'
  test(`a parent whose slot is ${state} ${lets ? 'lets its child go' : 'holds its child back'}`, () => {
    const candidate = aCandidate({ parents: [aParent({ latestSlot: aSlot({ state }) })] })

    assert.equal(chooseSlot('latest', [candidate], NOW).take === candidate.slot, lets)
  })
}

test('a parent that was never due is no obstacle', () => {
  const candidate = aCandidate({ parents: [aParent({ latestSlot: undefined, everServed: false })] })

  assert.equal(chooseSlot('latest', [candidate], NOW).take, candidate.slot)
})

test('any success will do for a need for any, and none will not', () => {
  const need = { need: 'any', latestSlot: aSlot({ state: 'failed' }) } as const

  assert.ok(chooseSlot('latest', [aCandidate({ parents: [aParent({ ...need, everServed: true })] })], NOW).take)
  assert.ok(!chooseSlot('latest', [aCandidate({ parents: [aParent({ ...need, everServed: false })] })], NOW).take)
})

test('latest with its newest slot blocked takes the one before', () => {
  const blocked = aCandidate({ dueAt: at('19 11:50'), parents: [failed] })
  const choice = chooseSlot('latest', [blocked, three[1], three[2]], NOW)

  assert.equal(choice.take, three[1].slot)
  assert.deepEqual(choice.coalesce, [three[2].slot])
})

const anyParent = fc
  .record({
    need: fc.constantFrom('fresh' as const, 'any' as const),
    everServed: fc.boolean(),
    state: fc.option(fc.constantFrom(...STATES), { nil: undefined }),
  })
  .map(({ need, everServed, state }) => aParent({ need, everServed, latestSlot: state && aSlot({ state }) }))

const anyCandidates: fc.Arbitrary<Candidate[]> = fc.uniqueArray(
  fc
    .record({
      minutes: fc.integer({ min: -5000, max: 500 }),
      state: fc.constantFrom<SlotState>(...STATES, 'due', 'due', 'due', 'due'),
      parents: fc.array(anyParent, { maxLength: 2 }),
      chained: fc.boolean(),
    })
    .map(({ minutes, ...rest }) => aCandidate({ dueAt: new Date(NOW.getTime() + minutes * 60_000), ...rest })),
  { maxLength: 8, selector: (candidate) => candidate.slot.dueAt.getTime() },
)

/** Written anew, from the rule in words, not from the code. */
function mayBeTaken({ slot, parents, chained }: Candidate): boolean {
  const clear = parents.every((p) => (p.need === 'any' ? p.everServed : (p.latestSlot?.state ?? 'served') === 'served'))
  return slot.state === 'due' && clear && (chained || slot.dueAt <= NOW)
}

function forAll(check: (policy: MissedPolicy, candidates: Candidate[]) => void): void {
  fc.assert(fc.property(fc.constantFrom(...POLICIES), anyCandidates, check), { numRuns: 500 })
}

test('whatever waits, only what is due and unblocked is taken', () => {
  forAll((policy, candidates) => {
    const { take } = chooseSlot(policy, candidates, NOW)

    assert.ok(take === undefined || mayBeTaken(candidates.find((c) => c.slot === take)!))
  })
})

test('whatever waits, a slot that may be taken is, unless it is too late to be', () => {
  forAll((policy, candidates) => {
    const { take, miss } = chooseSlot(policy, candidates, NOW)
    const ready = candidates.filter((c) => mayBeTaken(c) && !miss.includes(c.slot))

    assert.equal(take !== undefined, ready.length > 0)
  })
})

test('whatever waits, no slot is both taken and closed, nor closed twice, and only due ones are closed', () => {
  forAll((policy, candidates) => {
    const { take, coalesce, miss } = chooseSlot(policy, candidates, NOW)
    const touched = [...(take ? [take] : []), ...coalesce, ...miss]

    assert.equal(new Set(touched).size, touched.length)
    assert.ok(touched.every((slot) => slot.state === 'due'))
  })
})

test('whatever waits, nothing newer than the taken slot is coalesced, and without a taken one nothing is', () => {
  forAll((policy, candidates) => {
    const { take, coalesce } = chooseSlot(policy, candidates, NOW)

    assert.ok(coalesce.every((slot) => take !== undefined && slot.dueAt < take.dueAt))
    if (policy === 'each') assert.equal(coalesce.length, 0)
  })
})

test('whatever waits, only skip misses, and never a slot within its grace or to come', () => {
  forAll((policy, candidates) => {
    const { miss } = chooseSlot(policy, candidates, NOW)

    if (policy !== 'skip') assert.equal(miss.length, 0)
    for (const slot of miss) assert.ok(candidates.find((c) => c.slot === slot)!.graceUntil < NOW)
  })
})

test('the order in which slots are read does not matter', () => {
  forAll((policy, candidates) => {
    assert.deepEqual(chooseSlot(policy, [...candidates].reverse(), NOW), chooseSlot(policy, candidates, NOW))
  })
})
