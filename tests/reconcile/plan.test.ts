// Which requests are written, dropped and sent, for whatever is wanted and outstanding.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { NewRequest, OutstandingRequest } from '../../src/ledger/requests.ts'
import type { WantedStart } from '../../src/reconcile/judge.ts'
import {
  chooseSends,
  MAX_SENDS,
  MAX_STARTS_PER_DAY,
  MAX_STARTS_PER_PASS,
  MAX_STARTS_PER_SLOT,
  planRequests,
  type Plan,
  type PlanFacts,
} from '../../src/reconcile/plan.ts'
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
    tries: fc.nat({ max: MAX_SENDS }),
    nextTryAgo: fc.integer({ min: -15, max: 15 }),
    createdAgo: fc.integer({ min: 1, max: 90 }),
  })
  .map(({ job, kind, slot, tries, nextTryAgo, createdAgo }) => ({
    ...aRequest({ job, kind, slotDueAt: kind === 'rescue' ? slot : undefined, at: ago(createdAgo) }),
    state: tries > 0 ? ('sent' as const) : ('open' as const),
    tries,
    nextTryAt: ago(nextTryAgo),
  }))

const anyStarts = fc.record({
  job: anyJob,
  slotDueAt: fc.option(anySlot, { nil: undefined }),
  starts: fc.integer({ min: 1, max: MAX_STARTS_PER_DAY + 1 }),
})

const byJob = { selector: ({ job }: { job: string }) => job }
const anyPlanFacts: fc.Arbitrary<PlanFacts> = fc.record({
  now: fc.constant(NOW),
  wanted: fc.uniqueArray(anyWanted, byJob),
  retryable: fc.uniqueArray(anyItems, byJob),
  outstanding: fc.uniqueArray(anyOutstanding, { ...byJob, minLength: 0, maxLength: 16 }),
  started: fc.uniqueArray(anyStarts, {
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
    sentAt: undefined,
    reference: undefined,
    ...wish,
  }
}

/** As the ledger keeps a new request: open, and to be sent at once. */
function asWritten(request: NewRequest): OutstandingRequest {
  return aRequest({ slotDueAt: undefined, ...request, nextTryAt: request.at })
}

/** What is outstanding once the plan has been acted on. */
function act({ outstanding }: PlanFacts, { drop, write }: Plan): OutstandingRequest[] {
  return [...outstanding.filter((one) => !drop.some(({ request }) => request === one)), ...write.map(asWritten)]
}

function forAll(check: (facts: PlanFacts, plan: Plan) => void): void {
  fc.assert(
    fc.property(anyPlanFacts, (facts) => check(facts, planRequests(facts))),
    { numRuns: 1000 },
  )
}

test('no job is ever asked for twice at once', () => {
  forAll((facts, plan) => {
    const jobs = act(facts, plan).map(({ job }) => job)

    assert.equal(new Set(jobs).size, jobs.length)
  })
})

test('whatever is wanted is asked for, or it is said why not', () => {
  forAll((facts, plan) => {
    const asked = [...act(facts, plan), ...plan.refused].map(({ job }) => job)

    for (const { job } of [...facts.wanted, ...facts.retryable]) assert.ok(asked.includes(job))
  })
})

test('no job is asked for beyond its day, nor a slot beyond its tries', () => {
  forAll(({ started }, { write }) => {
    for (const { job, slotDueAt } of write) {
      const ofJob = started.filter((one) => one.job === job)
      const ofSlot = ofJob.filter((one) => slotDueAt && one.slotDueAt?.getTime() === slotDueAt.getTime())

      assert.ok(ofJob.reduce((sum, { starts }) => sum + starts, 0) < MAX_STARTS_PER_DAY)
      for (const { starts } of ofSlot) assert.ok(starts < MAX_STARTS_PER_SLOT)
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
    for (const { request } of drop) assert.ok(request.nextTryAt <= NOW)
  })
})

test('a slot’s request is dropped when nobody wants that slot any more, others only when they were sent in vain', () => {
  forAll(({ wanted, outstanding }, { drop }) => {
    for (const request of outstanding.filter(({ nextTryAt }) => nextTryAt <= NOW)) {
      const { job, slotDueAt, tries } = request
      const isWanted = wanted.some((one) => one.job === job && one.dueAt.getTime() === slotDueAt?.getTime())
      const expected = (slotDueAt !== undefined && !isWanted) || tries >= MAX_SENDS

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
      assert.ok(left.includes(request) && request.nextTryAt <= NOW && request.tries < MAX_SENDS)
      assert.ok(!plan.drop.some((one) => one.request === request))
    }
    const ready = left.filter(({ nextTryAt }) => nextTryAt <= NOW)
    assert.equal(sends.length, Math.min(ready.length, MAX_STARTS_PER_PASS))
  })
})

test('the nearest deadline is sent first, and failed items leave the way to slots', () => {
  forAll((facts, plan) => {
    const left = act(facts, plan)
    const sends = chooseSends(left, facts.wanted, NOW)
    const deadlineOf = ({ job }: OutstandingRequest) => facts.wanted.find((one) => one.job === job)?.deadlineAt.getTime() // prettier-ignore
    const kept = left.filter((one) => one.nextTryAt <= NOW && !sends.includes(one))

    for (const waiting of kept.flatMap((one) => deadlineOf(one) ?? [])) {
      for (const sent of sends.filter(({ kind }) => kind !== 'manual' && kind !== 'cascade'))
        assert.ok((deadlineOf(sent) ?? Infinity) <= waiting)
    }
  })
})
