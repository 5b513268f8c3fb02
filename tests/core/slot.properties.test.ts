// Laws of readiness and of the policies, for whatever waits: each policy against the same choice worked out anew.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { chooseSlot, graceOverAt, type Candidate, type Slot, type SlotState } from '../../src/core/slot.ts'
import { aCandidate, aParent, aSlot, at } from '../helpers/builders.ts'

const MINUTE = 60_000
const NOW = at('19 12:00')
const STATES: SlotState[] = ['due', 'running', 'served', 'failed', 'missed', 'coalesced', 'waived']

const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE)
const anyMinutes = fc.integer({ min: -300, max: 3000 })

const anyParent = fc
  .record({
    need: fc.constantFrom('fresh' as const, 'any' as const),
    everServed: fc.boolean(),
    state: fc.constantFrom<SlotState | undefined>(...STATES, undefined, 'served', 'served', 'served'),
    servedAgo: anyMinutes,
  })
  .map(({ need, everServed, state, servedAgo }) => {
    const latestSlot = state && { ...aSlot({ job: 'test/parent', state }), changedAt: ago(servedAgo) }
    return aParent({ need, everServed, latestSlot })
  })

const anyCandidate = fc
  .record({
    dueAgo: anyMinutes,
    graceMinutes: fc.integer({ min: 0, max: 600 }),
    state: fc.constantFrom<SlotState>(...STATES, 'due', 'due', 'due', 'due', 'due'),
    parents: fc.array(anyParent, { maxLength: 3 }),
    chained: fc.boolean(),
  })
  .map(({ dueAgo, graceMinutes, ...rest }) =>
    aCandidate({ dueAt: ago(dueAgo), graceUntil: ago(dueAgo - graceMinutes), ...rest }),
  )

const anyCandidates: fc.Arbitrary<Candidate[]> = fc.uniqueArray(anyCandidate, {
  maxLength: 10,
  selector: ({ slot }) => slot.dueAt.getTime(),
})

/** Written from the rule in words, not from the code. */
function isFree({ parents }: Candidate): boolean {
  return parents.every(({ need, everServed, latestSlot }) =>
    need === 'any' ? everServed : latestSlot === undefined || latestSlot.state === 'served',
  )
}

function mayBeTaken(candidate: Candidate): boolean {
  return candidate.slot.state === 'due' && isFree(candidate) && (candidate.slot.dueAt <= NOW || candidate.chained)
}

const oldestFirst = (candidates: readonly Candidate[]) =>
  candidates.toSorted((a, b) => a.slot.dueAt.getTime() - b.slot.dueAt.getTime())

const slotsOf = (candidates: readonly Candidate[]): Slot[] => oldestFirst(candidates).map(({ slot }) => slot)

function forAll(check: (candidates: Candidate[]) => void): void {
  fc.assert(fc.property(anyCandidates, check), { numRuns: 1000 })
}

test('each takes the oldest slot that may be taken, and passes over none', () => {
  forAll((candidates) => {
    const { take, coalesce, miss } = chooseSlot('each', candidates, NOW)

    assert.equal(take, slotsOf(candidates.filter(mayBeTaken))[0])
    assert.deepEqual([coalesce, miss], [[], []])
  })
})

test('latest takes the newest slot that may be taken, and every older one that waits is covered by it', () => {
  forAll((candidates) => {
    const { take, coalesce, miss } = chooseSlot('latest', candidates, NOW)

    assert.equal(take, slotsOf(candidates.filter(mayBeTaken)).at(-1))
    const older = candidates.filter(({ slot }) => slot.state === 'due' && take && slot.dueAt < take.dueAt)
    assert.deepEqual(coalesce, slotsOf(older))
    assert.deepEqual(miss, [])
  })
})

test('skip gives up exactly what is due and past its grace, and of the rest does as latest does', () => {
  forAll((candidates) => {
    const choice = chooseSlot('skip', candidates, NOW)
    const late = candidates.filter(
      ({ slot, graceUntil }) => slot.state === 'due' && slot.dueAt <= NOW && graceUntil < NOW,
    )

    assert.deepEqual(choice.miss, slotsOf(late))
    const rest = candidates.filter((candidate) => !late.includes(candidate))
    assert.deepEqual({ ...choice, miss: [] }, chooseSlot('latest', rest, NOW))
  })
})

test('whoever takes slots one after the other comes to an end, and under each serves every one that may be taken', () => {
  forAll((candidates) => {
    const served: Slot[] = []
    let left = candidates
    for (let takes = 0; takes <= candidates.length; takes += 1) {
      const { take } = chooseSlot('each', left, NOW)
      if (take === undefined) break
      served.push(take)
      left = left.filter(({ slot }) => slot !== take)
    }

    assert.deepEqual(served, slotsOf(candidates.filter(mayBeTaken)))
  })
})

test('a parent in the way of a due slot is named once for each slot, and nobody else is', () => {
  forAll((candidates) => {
    const { waiting } = chooseSlot('each', candidates, NOW)
    const held = candidates.filter((candidate) => candidate.slot.state === 'due' && candidate.slot.dueAt <= NOW)
    const inTheWay = held.flatMap(({ parents, ...rest }) => parents.filter((parent) => !isFree({ ...rest, parents: [parent] }))) // prettier-ignore

    assert.equal(waiting.length, inTheWay.length)
  })
})

test('what is served meanwhile never makes a slot less ready', () => {
  forAll((candidates) => {
    const freed = candidates.map((candidate) => ({ ...candidate, parents: candidate.parents.map(served) }))
    const before = chooseSlot('latest', candidates, NOW).take
    const after = chooseSlot('latest', freed, NOW).take

    assert.ok(before === undefined || (after !== undefined && after.dueAt >= before.dueAt))
  })
})

function served(parent: Candidate['parents'][number]): Candidate['parents'][number] {
  return { ...parent, everServed: true, latestSlot: parent.latestSlot && { ...parent.latestSlot, state: 'served' } }
}

test('grace is counted only of a slot that no parent holds back, and never ends before its own time', () => {
  fc.assert(
    fc.property(anyCandidate, (candidate) => {
      const over = graceOverAt(candidate)

      assert.equal(over === undefined, !isFree(candidate))
      assert.ok(over === undefined || over >= candidate.graceUntil)
    }),
  )
})

test('grace begins no earlier than the last parent was served, and a parent that was later never makes it end earlier', () => {
  fc.assert(
    fc.property(anyCandidate, fc.nat({ max: 600 }), (candidate, minutes) => {
      const free = { ...candidate, parents: candidate.parents.map(served) }
      const later = { ...free, parents: free.parents.map((parent) => servedLater(parent, minutes)) }
      const [over, overLater] = [graceOverAt(free), graceOverAt(later)]
      assert.ok(over && overLater)
      const graceMs = candidate.graceUntil.getTime() - candidate.slot.dueAt.getTime()

      for (const { latestSlot } of free.parents)
        assert.ok(over.getTime() >= (latestSlot?.changedAt?.getTime() ?? 0) + graceMs)
      assert.ok(over <= overLater && overLater.getTime() - over.getTime() <= minutes * MINUTE)
    }),
  )
})

function servedLater(parent: Candidate['parents'][number], minutes: number): Candidate['parents'][number] {
  const { latestSlot } = parent
  if (latestSlot?.changedAt === undefined) return parent
  return { ...parent, latestSlot: { ...latestSlot, changedAt: new Date(latestSlot.changedAt.getTime() + minutes * MINUTE) } } // prettier-ignore
}
