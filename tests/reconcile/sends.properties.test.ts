// Sends over many passes: the plan, the choice and what GitHub makes of them, on a clock of their own. Nothing is left unasked,
// nothing crowds out what was never asked for, and what is asked for in vain is asked for ever more rarely.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { Asked, OutstandingRequest } from '../../src/ledger/requests.ts'
import { chooseSends, MAX_REPEATS_PER_PASS, MAX_STARTS_PER_PASS } from '../../src/reconcile/choose.ts'
import type { WantedStart } from '../../src/reconcile/judge.ts'
import { afterLoss, afterRefusal, afterSending, asksOf, planRequests } from '../../src/reconcile/plan.ts'
import { at } from '../helpers/builders.ts'

const MINUTE = 60_000
const START = at('19 12:00')

/** What becomes of a dispatch: its run never comes, is lost at once, or it is refused for good or in passing. */
type Fate = 'never comes' | 'ends at once' | 'refused' | 'refused in passing'

interface Slot {
  readonly job: string
  readonly deadlineIn: number
  readonly appearsIn: number
  readonly fates: readonly Fate[]
}

interface Sent {
  readonly job: string
  readonly minute: number
  readonly isRepeat: boolean
}

interface Pass {
  readonly minute: number
  readonly sent: readonly Sent[]
  /** Waiting, ready and never asked for when the pass began. */
  readonly firsts: number
}

/** Makes passes over slots that are never served. */
function simulate(
  slots: readonly Slot[],
  { everyMinutes, minutes }: { everyMinutes: number; minutes: number },
): Pass[] {
  const passes: Pass[] = []
  const ended: OutstandingRequest[] = []
  let outstanding: OutstandingRequest[] = []
  let nextId = 1
  for (let minute = 0; minute <= minutes; minute += everyMinutes) {
    const now = new Date(START.getTime() + minute * MINUTE)
    const wanted = slots.filter((slot) => slot.appearsIn <= minute && slot.deadlineIn > minute).map(toWanted)
    outstanding = outstanding.map((one) => (endsAtOnce(one, slots) ? { ...one, nextTryAt: afterLoss(one, now) } : one))
    const plan = planRequests({ now, wanted, retryable: [], outstanding, asked: countAsked(ended) })
    for (const { request, note } of plan.drop) ended.push({ ...request, note })
    outstanding = outstanding.filter((one) => !plan.drop.some(({ request }) => request === one))
    for (const wish of plan.write)
      outstanding.push({ ...NEW, ...wish, id: String(nextId++), nextTryAt: wish.nextTryAt ?? now, askedBefore: wish.askedBefore ?? 0 }) // prettier-ignore
    const firsts = outstanding.filter((one) => one.nextTryAt <= now && asksOf(one) === 0).length
    const chosen = chooseSends(outstanding, wanted, now)
    outstanding = outstanding.map((one) => (chosen.includes(one) ? afterSend(one, { slots, now }) : one))
    passes.push({ minute, firsts, sent: chosen.map((one) => ({ job: one.job, minute, isRepeat: asksOf(one) > 0 })) })
  }
  return passes
}

const NEW = { state: 'open', tries: 0, sentAt: undefined, acceptedAt: undefined, reference: undefined } as const

function toWanted({ job, deadlineIn, appearsIn }: Slot): WantedStart {
  const startAt = new Date(START.getTime() + appearsIn * MINUTE)
  const deadlineAt = new Date(START.getTime() + deadlineIn * MINUTE)
  return { job, dueAt: START, deadlineAt, startAt, kind: 'rescue', reason: 'it is overdue' }
}

function fateOf(request: OutstandingRequest, slots: readonly Slot[]): Fate {
  const fates = slots.find(({ job }) => job === request.job)?.fates ?? []
  return fates[request.tries % fates.length] ?? 'never comes'
}

const endsAtOnce = (one: OutstandingRequest, slots: readonly Slot[]) =>
  one.state === 'sent' && fateOf({ ...one, tries: one.tries - 1 }, slots) === 'ends at once'

function afterSend(
  request: OutstandingRequest,
  { slots, now }: { slots: readonly Slot[]; now: Date },
): OutstandingRequest {
  const slot = slots.find(({ job }) => job === request.job)
  const deadlineAt = slot && toWanted(slot).deadlineAt
  const fate = fateOf(request, slots)
  const tries = request.tries + 1
  if (fate === 'never comes' || fate === 'ends at once')
    return { ...request, tries, state: 'sent', nextTryAt: afterSending(request, { now, deadlineAt }) }
  const passes = fate === 'refused in passing'
  return { ...request, tries, state: 'open', note: fate, nextTryAt: afterRefusal(request, { now, deadlineAt, passes, retryAfterSeconds: 0 }) } // prettier-ignore
}

/** As the ledger counts them. */
function countAsked(ended: readonly OutstandingRequest[]): Asked[] {
  const asked: Asked[] = []
  for (const slotDueAt of [START, undefined]) {
    for (const job of new Set(ended.map((one) => one.job))) {
      const of = ended.filter((one) => one.job === job && (slotDueAt !== undefined || one.note?.startsWith('lost:')))
      if (of.length === 0) continue
      const asks = of.reduce((sum, { tries }) => sum + tries, 0)
      asked.push({ job, slotDueAt, asks, againAt: new Date(Math.max(...of.map(({ nextTryAt }) => nextTryAt.getTime()))) }) // prettier-ignore
    }
  }
  return asked
}

const anyFate = fc.constantFrom<Fate>('never comes', 'ends at once', 'refused', 'refused in passing')

const anySlots = fc.integer({ min: 1, max: 60 }).chain((count) =>
  fc.tuple(
    ...Array.from(
      { length: count },
      (_, i) =>
      fc
        .record({
          appearsIn: fc.nat({ max: 120 }),
          lasts: fc.integer({ min: 200, max: 1440 }),
          fates: fc.array(anyFate, { minLength: 1, maxLength: 4 }),
        })
        .map(({ appearsIn, lasts, fates }): Slot => ({ job: `test/job-${i}`, appearsIn, deadlineIn: appearsIn + lasts, fates })), // prettier-ignore
    ),
  ),
)

function forAllPasses(check: (slots: readonly Slot[], passes: readonly Pass[], everyMinutes: number) => void): void {
  fc.assert(
    fc.property(anySlots, fc.constantFrom(2, 5, 11), (slots, everyMinutes) =>
      check(slots, simulate(slots, { everyMinutes, minutes: 1600 }), everyMinutes),
    ),
    { numRuns: 60 },
  )
}

test('every overdue slot is asked for within a bounded number of passes', () => {
  forAllPasses((slots, passes, everyMinutes) => {
    // Half of each pass is theirs, whatever is repeated meanwhile.
    const most = Math.ceil(slots.length / MAX_REPEATS_PER_PASS) + 1
    for (const { job, appearsIn } of slots) {
      const first = passes.flatMap(({ sent }) => sent).find((one) => one.job === job)

      assert.ok(first, `${job} was never asked for`)
      assert.ok(first.minute - appearsIn <= most * everyMinutes, `${job} waited ${first.minute - appearsIn} minutes`)
    }
  })
})

test('no pass sends more than it may, nor more than half of that in repeats while anything was never asked for', () => {
  forAllPasses((_, passes) => {
    for (const { sent, firsts } of passes) {
      assert.ok(sent.length <= MAX_STARTS_PER_PASS)
      if (firsts > 0) assert.ok(sent.filter(({ isRepeat }) => isRepeat).length <= MAX_REPEATS_PER_PASS)
    }
  })
})

test('no slot is forgotten before its deadline, and none is asked for more often than a little', () => {
  forAllPasses((slots, passes, everyMinutes) => {
    for (const { job, appearsIn, deadlineIn } of slots) {
      const minutes = passes.flatMap(({ sent }) => sent).filter((one) => one.job === job).map(({ minute }) => minute) // prettier-ignore
      const last = minutes.at(-1) ?? appearsIn
      const pauses = minutes.slice(1).map((minute, i) => minute - (minutes[i] ?? 0))
      const crowd = (Math.ceil(slots.length / MAX_REPEATS_PER_PASS) + 1) * everyMinutes

      // Of what is left half at most passes unasked, until half an hour is left.
      assert.ok(deadlineIn - last <= 30 + crowd, `${job} was left alone ${deadlineIn - last} minutes before its deadline`) // prettier-ignore
      assert.ok(Math.max(0, ...pauses) <= 240 + crowd, `${job} waited ${Math.max(0, ...pauses)} minutes`)
      assert.ok(minutes.length <= 3 + (deadlineIn - appearsIn) / 20, `${job} was asked for ${minutes.length} times in ${deadlineIn - appearsIn} minutes`) // prettier-ignore
    }
  })
})

test('a thousand slots overdue at one deadline are all asked for before any is asked for again', () => {
  const slots = Array.from({ length: 1000 }, (_, i): Slot => ({ job: `test/job-${i}`, appearsIn: 0, deadlineIn: 600, fates: ['never comes'] })) // prettier-ignore

  const passes = simulate(slots, { everyMinutes: 5, minutes: 600 })

  const asked = new Set<string>()
  for (const { job, isRepeat } of passes.flatMap(({ sent }) => sent)) {
    if (asked.size < 1000) assert.equal(isRepeat, false)
    asked.add(job)
  }
  assert.equal(asked.size, 1000)
})
