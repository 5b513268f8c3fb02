// A job whose wake-ups never come: every slot of it is served, or covered by one that is, before its grace and one pass are
// over, whatever its interval, grace and policy.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { AnyJob } from '../../src/core/job.ts'
import type { MissedPolicy } from '../../src/core/slot.ts'
import { decideWakeUp, type WakeUpFacts } from '../../src/core/wake-up.ts'
import type { OpenSlot } from '../../src/ledger/slots.ts'
import { judge } from '../../src/reconcile/judge.ts'
import { aCandidate, aJob, at, dayOf, someFacts } from '../helpers/builders.ts'

const MINUTE = 60_000
const START = at('18 00:00').getTime()

interface Timetable {
  readonly onMissed: MissedPolicy
  readonly interval: number
  readonly grace: number
  readonly passEvery: number
}

const anyTimetable: fc.Arbitrary<Timetable> = fc
  .record({
    onMissed: fc.constantFrom<MissedPolicy>('latest', 'each', 'skip'),
    interval: fc.integer({ min: 1, max: 120 }),
    grace: fc.integer({ min: 2, max: 240 }),
    passEvery: fc.integer({ min: 1, max: 60 }),
  })
  // Who drops late slots is started at half its grace: a pass has to come before the other half is over.
  .map((one) => ({ ...one, passEvery: one.onMissed === 'skip' ? Math.min(one.passEvery, Math.floor(one.grace / 2)) : one.passEvery })) // prettier-ignore

const minute = (count: number) => new Date(START + count * MINUTE)

/** Lets passes alone look after a job for so many slots. Returns by minute of the slot when it was over, and how. */
function live({ onMissed, interval, grace, passEvery }: Timetable, slots: number) {
  const job = aJob({ onMissed, graceMinutes: grace, deadlineMinutes: 100_000 })
  const waiting = new Set(Array.from({ length: slots }, (_, i) => i * interval))
  const over = new Map<number, { at: number; how: 'served' | 'covered' | 'missed' }>()
  for (let now = 0; now <= slots * (interval + passEvery) + grace; now += passEvery) {
    const facts = factsAt(now, [...waiting], grace)
    const decision = decideWakeUp(job, facts)
    const { wanted } = judgeAt(job, facts, decision)
    const end = (dueAt: Date, how: 'served' | 'covered' | 'missed') => {
      const due = (dueAt.getTime() - START) / MINUTE
      waiting.delete(due)
      over.set(due, { at: now, how })
    }
    for (const { dueAt } of decision.miss) end(dueAt, 'missed')
    if (wanted.length === 0) continue
    if (decision.run?.slot) end(decision.run.slot.dueAt, 'served')
    for (const { dueAt } of decision.coalesce) end(dueAt, 'covered')
  }
  return over
}

/** As the ledger shows them: the slots that have come due and wait, and the next one. */
function factsAt(now: number, waiting: readonly number[], grace: number): WakeUpFacts {
  const next = waiting.filter((due) => due > now).slice(0, 1)
  const candidates = [...waiting.filter((due) => due <= now), ...next].map((due) => ({
    ...aCandidate({ dueAt: minute(due), graceUntil: minute(due + grace) }),
    period: dayOf(minute(due)),
  }))
  return someFacts({ now: minute(now), candidates })
}

function judgeAt(job: AnyJob, facts: WakeUpFacts, decision: ReturnType<typeof decideWakeUp>) {
  const open = facts.candidates.map(({ slot, graceUntil, period }): OpenSlot => {
    const deadlineAt = new Date(slot.dueAt.getTime() + 100_000 * MINUTE)
    return { ...slot, graceUntil, period, deadlineAt, runId: undefined, tries: 0, notBefore: undefined, outcome: undefined, reason: undefined, changedAt: slot.dueAt } // prettier-ignore
  })
  return judge(job, facts, { decision, open })
}

test('every slot is over before its grace and one pass are', () => {
  const property = fc.property(anyTimetable, (timetable) => {
    const over = live(timetable, 8)

    for (let i = 0; i < 8; i += 1) {
      const due = i * timetable.interval
      const end = over.get(due)
      assert.ok(end && end.how !== 'missed', `${due} was ${end?.how ?? 'never looked after'}`)
      // 'each' serves one slot a pass, so those before it in the queue have to go first.
      const queue = timetable.onMissed === 'each' ? i : 0
      assert.ok(end.at - due <= timetable.grace + timetable.passEvery * (queue + 1), `${due} waited until ${end.at}`)
    }
  })
  fc.assert(property, { numRuns: 1000 })
})
