// Laws of the breaker, for any sequence of failed runs, trials and answers.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { afterFailure, closedBreaker, findBlocking, type Breaker, type SeenBreaker } from '../../src/core/breaker.ts'
import { at } from '../helpers/builders.ts'

const MINUTE = 60_000
const HALF_AN_HOUR = 30 * MINUTE
const SIX_HOURS = 360 * MINUTE
const BEGIN = at('18 00:00')

/** A run that the source failed, one that it answered, or one that waits until it may try and then fails. */
const anyEvent = fc.record({
  what: fc.constantFrom('fails' as const, 'fails' as const, 'tries and fails' as const, 'answers' as const),
  afterMinutes: fc.nat({ max: 90 }),
})

interface Step {
  readonly what: 'fails' | 'tries and fails' | 'answers'
  readonly before: Breaker
  readonly after: Breaker
  readonly at: Date
}

/** As the ledger does it: who tries makes it half open first. */
function live(events: readonly { what: Step['what']; afterMinutes: number }[]): Step[] {
  let breaker = closedBreaker('nflverse')
  let now = BEGIN.getTime()
  return events.map(({ what, afterMinutes }) => {
    now += afterMinutes * MINUTE
    if (what === 'tries and fails' && breaker.state === 'open') {
      now = Math.max(now, breaker.tryAt?.getTime() ?? now)
      breaker = { ...breaker, state: 'half_open' }
    }
    const before = breaker
    const moment = new Date(now)
    breaker = what === 'answers' ? closedBreaker('nflverse') : afterFailure(breaker, '503', moment)
    return { what, before, after: breaker, at: moment }
  })
}

function forAll(check: (steps: Step[]) => void): void {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => check(live(events))),
    { numRuns: 500 },
  )
}

const coolDown = ({ after, at: moment }: Step) => (after.tryAt?.getTime() ?? Number.NaN) - moment.getTime()
const seen = (breaker: Breaker, onTrial = false): SeenBreaker => ({ ...breaker, onTrial, trialRunId: undefined })

test('it is open after three failures in a row, and only then', () => {
  forAll((steps) => {
    let inARow = 0
    for (const { what, after } of steps) {
      inARow = what === 'answers' ? 0 : inARow + 1

      assert.equal(after.failures, inARow)
      assert.equal(after.state, inARow >= 3 ? 'open' : 'closed')
    }
  })
})

test('its first cool-down is half an hour, each failed trial doubles it, and none is longer than six hours', () => {
  forAll((steps) => {
    let expected = HALF_AN_HOUR
    for (const step of steps.filter(({ after }) => after.state === 'open')) {
      if (step.before.state === 'closed') expected = HALF_AN_HOUR
      if (step.before.state === 'half_open') expected = Math.min(expected * 2, SIX_HOURS)

      assert.equal(coolDown(step), expected)
    }
  })
})

test('an answer closes it for good: what follows is as if nothing had been', () => {
  forAll((steps) => {
    for (const { what, after } of steps) if (what === 'answers') assert.deepEqual(after, closedBreaker('nflverse'))
  })
})

test('it says since when it is open: since the failure that opened it', () => {
  forAll((steps) => {
    let since: Date | undefined
    for (const { before, after, at: moment } of steps) {
      since = after.state === 'closed' ? undefined : before.state === 'closed' ? moment : since

      assert.deepEqual(after.openedAt, since)
    }
  })
})

test('it is in the way until it may be tried and while another tries, and at no other time', () => {
  forAll((steps) => {
    for (const { after } of steps) {
      const { tryAt } = after
      if (tryAt === undefined) assert.equal(findBlocking([seen(after)], BEGIN), undefined)
      else {
        assert.ok(findBlocking([seen(after)], new Date(tryAt.getTime() - 1)))
        assert.equal(findBlocking([seen(after)], tryAt), undefined)
        assert.ok(findBlocking([seen({ ...after, state: 'half_open' }, true)], tryAt))
        assert.equal(findBlocking([seen({ ...after, state: 'half_open' })], tryAt), undefined)
      }
    }
  })
})
