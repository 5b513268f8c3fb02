// Which requests are written, dropped and sent in one pass, for whatever is wanted and outstanding.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { ASKS_BEFORE_LOST } from '../../src/core/retry.ts'
import { isWish, type NewRequest, type OutstandingRequest } from '../../src/ledger/requests.ts'
import { chooseSends, MAX_REPEATS_PER_PASS, MAX_STARTS_PER_PASS } from '../../src/reconcile/choose.ts'
import type { WantedStart } from '../../src/reconcile/judge.ts'
import { asksOf, planRequests, type Plan, type PlanFacts } from '../../src/reconcile/plan.ts'
import { at } from '../helpers/builders.ts'

const MINUTE = 60_000
const NOW = at('19 12:00')
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * MINUTE)

const JOBS = Array.from({ length: 16 }, (_, i) => `test/job-${i}`)
const anyJob = fc.constantFrom(...JOBS)
const anySlot = fc.constantFrom(ago(60), ago(120))

const anyWanted: fc.Arbitrary<WantedStart> = fc
  .record({ job: anyJob, dueAt: anySlot, deadlineIn: fc.integer({ min: 1, max: 600 }), retry: fc.boolean() })
  .map(({ job, dueAt, deadlineIn, retry }) => {
    const kind = retry ? ('retry' as const) : ('rescue' as const)
    return { job, dueAt, deadlineAt: ago(-deadlineIn), kind, startAt: ago(1), reason: 'it is overdue' }
  })

const anyItems = fc.record({ job: anyJob, runId: fc.uuid(), items: fc.integer({ min: 1, max: 9 }) })

const anyOutstanding: fc.Arbitrary<OutstandingRequest> = fc
  .record({
    job: anyJob,
    kind: fc.constantFrom('rescue' as const, 'retry' as const, 'cascade' as const, 'manual' as const),
    slot: anySlot,
    tries: fc.nat({ max: ASKS_BEFORE_LOST }),
    askedBefore: fc.nat({ max: 4 }),
    nextTryAgo: fc.integer({ min: -15, max: 15 }),
    createdAgo: fc.integer({ min: 1, max: 90 }),
  })
  .map(({ job, kind, slot, tries, askedBefore, nextTryAgo, createdAgo }) => ({
    ...aRequest({ job, kind, slotDueAt: kind === 'rescue' ? slot : undefined, at: ago(createdAgo) }),
    state: tries > 0 ? ('sent' as const) : ('open' as const),
    tries,
    askedBefore,
    nextTryAt: ago(nextTryAgo),
  }))

const anyAsked = fc.record({
  job: anyJob,
  slotDueAt: fc.option(anySlot, { nil: undefined }),
  asks: fc.integer({ min: 1, max: 9 }),
  againAt: fc.integer({ min: -240, max: 30 }).map(ago),
})

const byJob = { selector: ({ job }: { job: string }) => job }
const anyPlanFacts: fc.Arbitrary<PlanFacts> = fc.record({
  now: fc.constant(NOW),
  wanted: fc.uniqueArray(anyWanted, byJob),
  retryable: fc.uniqueArray(anyItems, byJob),
  outstanding: fc.uniqueArray(anyOutstanding, { ...byJob, minLength: 0, maxLength: 16 }),
  asked: fc.uniqueArray(anyAsked, {
    selector: ({ job, slotDueAt }) => `${job} ${slotDueAt?.getTime() ?? ''}`,
    maxLength: 6,
  }),
})

function aRequest(wish: Partial<OutstandingRequest>): OutstandingRequest {
  return {
    id: `of ${wish.job ?? 'test/job-0'}`,
    job: 'test/job-0',
    kind: 'rescue',
    slotDueAt: ago(60),
    reason: 'it is overdue',
    parameters: {},
    at: NOW,
    state: 'open',
    tries: 0,
    nextTryAt: NOW,
    askedBefore: 0,
    sentAt: undefined,
    acceptedAt: undefined,
    reference: undefined,
    ...wish,
  }
}

/** As the ledger keeps a new request: open, and to be sent at once. */
function asWritten(request: NewRequest): OutstandingRequest {
  const { askedBefore = 0, nextTryAt = request.at } = request
  return aRequest({ slotDueAt: undefined, ...request, askedBefore, nextTryAt })
}

/** What is outstanding once the plan has been acted on. */
function act({ outstanding }: PlanFacts, { drop, write }: Plan): OutstandingRequest[] {
  return [...outstanding.filter((one) => !drop.some(({ request }) => request === one)), ...write.map(asWritten)]
}

const isHeld = ({ kind, state, nextTryAt }: OutstandingRequest) => isWish(kind) && state === 'open' && nextTryAt > NOW

function forAll(check: (facts: PlanFacts, plan: Plan) => void): void {
  fc.assert(
    fc.property(anyPlanFacts, (facts) => check(facts, planRequests(facts))),
    { numRuns: 1000 },
  )
}

test('no job is ever asked for twice at once, but for a wish that waits: it keeps nothing from being asked for', () => {
  forAll((facts, plan) => {
    const jobs = act(facts, plan).flatMap((one) => (isHeld(one) ? [] : [one.job]))

    assert.equal(new Set(jobs).size, jobs.length)
  })
})

test('whatever is wanted is asked for, at the latest halfway to its deadline if never before', () => {
  forAll((facts, plan) => {
    const asked = act(facts, plan).filter((one) => !isHeld(one))

    for (const { job } of [...facts.wanted, ...facts.retryable]) assert.ok(asked.some((one) => one.job === job))
    for (const { job, slotDueAt, nextTryAt = NOW } of plan.write.filter(({ slotDueAt: slot }) => slot !== undefined)) {
      const wanted = facts.wanted.find((one) => one.job === job)
      const before = [...facts.asked, ...facts.outstanding].some((one) => one.job === job && one.slotDueAt?.getTime() === slotDueAt?.getTime()) // prettier-ignore
      const halfway = ((wanted?.startAt.getTime() ?? 0) + (wanted?.deadlineAt.getTime() ?? 0)) / 2

      if (!before) assert.ok(nextTryAt.getTime() <= Math.max(NOW.getTime(), halfway))
    }
  })
})

test('what was asked for three times waits until it may be asked for again', () => {
  forAll(({ asked }, { write }) => {
    for (const { job, slotDueAt, nextTryAt = NOW } of write) {
      const ofSlot = asked.find((one) => one.job === job && slotDueAt && one.slotDueAt?.getTime() === slotDueAt.getTime()) // prettier-ignore
      if (ofSlot && ofSlot.asks >= ASKS_BEFORE_LOST) assert.ok(nextTryAt >= ofSlot.againAt)
    }
  })
})

test('planning again after acting changes nothing', () => {
  forAll((facts, plan) => {
    const again = planRequests({ ...facts, outstanding: act(facts, plan) })

    assert.deepEqual([again.drop, again.write], [[], []])
  })
})

test('a request whose run may still come is left alone', () => {
  forAll((_, { drop }) => {
    for (const { request } of drop) assert.ok(request.state === 'open' || request.nextTryAt <= NOW)
  })
})

test('a slot’s request is dropped when nobody wants that slot any more, others only when they were sent in vain', () => {
  forAll(({ wanted, outstanding }, { drop }) => {
    for (const request of outstanding.filter(({ state, nextTryAt }) => state === 'open' || nextTryAt <= NOW)) {
      const { job, slotDueAt, tries } = request
      const isWanted = wanted.some((one) => one.job === job && one.dueAt.getTime() === slotDueAt?.getTime())
      const expected = (slotDueAt !== undefined && !isWanted) || tries >= ASKS_BEFORE_LOST

      assert.equal(
        drop.some((one) => one.request === request),
        expected,
      )
    }
  })
})

test('what is left after acting is sent or waits for its time, and nothing that was dropped is sent', () => {
  forAll((facts, plan) => {
    const left = act(facts, plan)
    const sends = chooseSends(left, facts.wanted, NOW)

    assert.ok(sends.length <= MAX_STARTS_PER_PASS)
    for (const request of sends) {
      assert.ok(left.includes(request) && request.nextTryAt <= NOW)
      assert.ok(!plan.drop.some((one) => one.request === request))
    }
    const ready = left.filter(({ nextTryAt }) => nextTryAt <= NOW)
    const firsts = ready.filter((one) => asksOf(one) === 0).length
    const repeats = ready.length - firsts
    const most = firsts === 0 ? repeats : firsts + Math.min(repeats, MAX_REPEATS_PER_PASS)
    assert.equal(sends.length, Math.min(most, MAX_STARTS_PER_PASS))
  })
})

test('the nearest deadline is sent first among what was never asked for, and failed items leave the way to slots', () => {
  forAll((facts, plan) => {
    const left = act(facts, plan)
    const sends = chooseSends(left, facts.wanted, NOW)
    const isFirst = (one: OutstandingRequest) => asksOf(one) === 0 && one.kind !== 'manual' && one.kind !== 'cascade'
    const deadlineOf = ({ job, slotDueAt }: OutstandingRequest) =>
      slotDueAt === undefined ? Infinity : (facts.wanted.find((one) => one.job === job)?.deadlineAt.getTime() ?? 0)
    const kept = left.filter((one) => one.nextTryAt <= NOW && isFirst(one) && !sends.includes(one))

    for (const waiting of kept.map(deadlineOf))
      for (const sent of sends.filter(isFirst)) assert.ok(deadlineOf(sent) <= waiting)
  })
})

test('at most half of what a pass may send are repeats, while anything was never asked for', () => {
  forAll((facts, plan) => {
    const left = act(facts, plan)
    const repeats = chooseSends(left, facts.wanted, NOW).filter((one) => asksOf(one) > 0)

    if (left.some((one) => one.nextTryAt <= NOW && asksOf(one) === 0)) assert.ok(repeats.length <= MAX_REPEATS_PER_PASS)
  })
})
