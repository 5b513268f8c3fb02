// Reconcile judges by the same functions as the door: what it wants started, the door would let in.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { AnyJob } from '../../src/core/job.ts'
import { graceOverAt } from '../../src/core/slot.ts'
import { decideWakeUp, type Decision, type WakeUpFacts } from '../../src/core/wake-up.ts'
import type { OpenSlot } from '../../src/ledger/slots.ts'
import { judge, type Judgement } from '../../src/reconcile/judge.ts'
import { anyFacts, anyJob } from '../helpers/any-facts.ts'
import { aCandidate, aJob, at, someFacts } from '../helpers/builders.ts'

const MINUTE = 60_000

type Candidate = WakeUpFacts['candidates'][number]

/** What the ledger keeps of a slot beside what decides whether it is ready. */
const anyHistory = fc.record({
  pausedFor: fc.option(fc.integer({ min: -120, max: 120 }), { nil: undefined }),
  outcome: fc.constantFrom<OpenSlot['outcome']>(undefined, undefined, 'failed', 'not_ready', 'abandoned', 'gated'),
  changedAgo: fc.integer({ min: 0, max: 600 }),
  tries: fc.nat({ max: 3 }),
})
type History = typeof anyHistory extends fc.Arbitrary<infer T> ? T : never

function toOpenSlot({ slot, graceUntil, period }: Candidate, now: Date, history: History): OpenSlot {
  const { pausedFor, outcome, changedAgo, tries } = history
  return {
    ...slot,
    period,
    graceUntil,
    deadlineAt: new Date(slot.dueAt.getTime() + 6 * 60 * MINUTE),
    runId: undefined,
    tries,
    notBefore: pausedFor === undefined ? undefined : new Date(now.getTime() + pausedFor * MINUTE),
    outcome,
    reason: undefined,
    changedAt: new Date(now.getTime() - changedAgo * MINUTE),
  }
}

interface Case {
  readonly job: AnyJob
  readonly facts: WakeUpFacts
  readonly decision: Decision
  readonly judgement: Judgement
  readonly open: readonly OpenSlot[]
}

/** As reconcile reads the facts: nobody asked, nothing is forced. */
function forAll(check: (one: Case) => void): void {
  const histories = fc.array(anyHistory, { minLength: 6, maxLength: 6 })
  const property = fc.property(anyJob, anyFacts, histories, (job, any, all) => {
    const facts = { ...any, byPerson: false, namedPeriod: undefined, defaultParams: true, force: false }
    const decision = decideWakeUp(job, facts)
    const open = facts.candidates.map((one, i) => toOpenSlot(one, facts.now, all[i] as History))
    check({ job, facts, decision, open, judgement: judge(job, facts, { decision, open }) })
  })
  fc.assert(property, { numRuns: 2000 })
}

test('whatever it wants started, the door would run for that very slot', () => {
  forAll(({ job, facts, judgement }) => {
    for (const { dueAt } of judgement.wanted) {
      const { run, gate } = decideWakeUp(job, facts)

      assert.equal(gate, undefined)
      assert.deepEqual(run?.slot?.dueAt, dueAt)
    }
  })
})

test("it wants one slot of a job at most, and no earlier than that slot's pause allows", () => {
  forAll(({ facts, open, judgement: { wanted } }) => {
    assert.ok(wanted.length <= 1)
    for (const { dueAt, startAt } of wanted) {
      const slot = open.find((one) => one.dueAt === dueAt)

      assert.ok(startAt <= facts.now)
      assert.ok(slot?.notBefore === undefined || slot.notBefore <= facts.now)
    }
  })
})

test('it starts nothing while every wake-up may still come in time, unless a run was lost or paused, or late slots are dropped', () => {
  forAll(({ job, facts, open, judgement: { wanted } }) => {
    if (wanted.length === 0 || job.onMissed === 'skip') return
    const due = facts.candidates.filter(({ slot }) => slot.dueAt <= facts.now)
    const reasons = due.map((candidate) => {
      const slot = open.find((one) => one.dueAt === candidate.slot.dueAt)
      const over = graceOverAt(candidate)

      return (over && over <= facts.now) || slot?.notBefore || slot?.outcome === 'abandoned'
    })
    assert.ok(reasons.some(Boolean))
  })
})

test('once any slot that has come due is past its grace, a start is wanted, but for a gate or a pause', () => {
  forAll(({ facts, decision, open, judgement: { wanted, overdue } }) => {
    const taken = open.find(({ dueAt }) => dueAt.getTime() === decision.run?.slot?.dueAt.getTime())
    if (taken === undefined || (taken.notBefore && taken.notBefore > facts.now)) return
    const isPaused = (due: Date) => open.some(({ dueAt, notBefore }) => notBefore && dueAt.getTime() === due.getTime())
    if (overdue.some(({ dueAt }) => dueAt <= facts.now && !isPaused(dueAt))) assert.equal(wanted.length, 1)
  })
})

test('overdue is what is past its grace behind no parent, and nothing that a decision closes', () => {
  forAll(({ facts, decision, judgement: { overdue } }) => {
    for (const { dueAt, graceOverAt: since } of overdue) {
      const candidate = facts.candidates.find((one) => one.slot.dueAt.getTime() === dueAt.getTime())
      const over = candidate && graceOverAt(candidate)

      assert.ok(over && over <= since && since <= facts.now)
      assert.ok(![...decision.waive, ...decision.miss].some((slot) => slot.dueAt.getTime() === dueAt.getTime()))
    }
  })
})

test('while a job is paused, or its games are on, nothing of it is wanted or overdue', () => {
  forAll(({ facts, judgement }) => {
    if (facts.pause || facts.gamesUntil) assert.deepEqual([judgement.wanted, judgement.overdue], [[], []])
  })
})

test('the next moment lies ahead', () => {
  forAll(({ facts, judgement: { nextAt } }) => assert.ok(nextAt === undefined || nextAt > facts.now))
})

function judgeOne(job: AnyJob, now: Date, history: Partial<History> = {}): Judgement {
  const candidate = aCandidate({ dueAt: at('19 08:07'), graceUntil: at('19 09:07') })
  const facts = someFacts({ now, candidates: [candidate] })
  const open = [toOpenSlot(candidate, now, { pausedFor: undefined, outcome: undefined, changedAgo: 120, tries: 0, ...history })] // prettier-ignore
  return judge(job, facts, { decision: decideWakeUp(job, facts), open })
}

test('a slot that is dropped after its grace is wanted from half of it on', () => {
  const job = aJob({ onMissed: 'skip' })

  assert.deepEqual(judgeOne(job, at('19 08:36')).wanted, [])
  assert.deepEqual(judgeOne(job, at('19 08:36')).nextAt, at('19 08:37'))
  assert.equal(judgeOne(job, at('19 08:37')).wanted[0]?.kind, 'rescue')
  assert.deepEqual(judgeOne(job, at('19 09:08')), { wanted: [], overdue: [], nextAt: undefined })
})

test('a slot that was given back after its grace is overdue from then on', () => {
  const [overdue] = judgeOne(aJob(), at('19 10:00'), { outcome: 'abandoned', changedAgo: 10 }).overdue
  const [untouched] = judgeOne(aJob(), at('19 10:00'), { changedAgo: 10 }).overdue

  assert.deepEqual(overdue?.graceOverAt, at('19 09:50'))
  assert.deepEqual(untouched?.graceOverAt, at('19 09:07'))
})
