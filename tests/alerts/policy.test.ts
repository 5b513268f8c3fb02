import assert from 'node:assert/strict'
import { test } from 'node:test'

import { decideDeliveries, nextTryAt } from '../../src/alerts/policy.ts'
import { SourceFailure } from '../../src/core/errors.ts'
import type { DueDelivery } from '../../src/ledger/deliveries-due.ts'
import { at, say } from '../helpers/builders.ts'
import { aDelivery } from '../helpers/incidents.ts'

/** The decisions in words, with the flips that each covers. */
function decide(due: DueDelivery[], now = '19 08:40', channels = ['slack', 'email']): string[] {
  return decideDeliveries(due, { now: at(now), channels }).map(({ newest, covered, act }) => {
    const what = act.do === 'send' ? act.kind : act.do === 'wait' ? `until ${say(act.until)}` : act.why
    const covers = covered.length === 0 ? '' : ` over ${covered.map(({ flipId }) => flipId).join(' ')}`
    return `${newest.flipId}${covers}: ${act.do} ${what}`
  })
}

const opened = (wish: Partial<DueDelivery> = {}) => aDelivery({ flipId: '1', id: '1', ...wish })
const over = (wish: Partial<DueDelivery> = {}) =>
  aDelivery({ flipId: '2', id: '2', oldHealth: 'warning', newHealth: 'well', ...wish })
const told = (health: DueDelivery['newHealth'], when: string) => ({ health, at: at(when) })

test('what was never told is sent as opened', () => {
  assert.deepEqual(decide([opened()]), ['1: send opened'])
})

test('what follows is named after what was told before', () => {
  const kinds = (
    [
      ['warning', 'well'],
      ['well', 'warning'],
      ['warning', 'critical'],
      ['critical', 'info'],
    ] as const
  ).map(([before, newHealth]) => decide([opened({ newHealth, told: told(before, '19 07:00') })])[0])

  assert.deepEqual(kinds, ['1: send recovered', '1: send reopened', '1: send worse', '1: send better'])
})

test('after a message of the same incident and channel the next one waits an hour', () => {
  const due = over({ told: told('warning', '19 08:40') })

  assert.deepEqual(decide([due], '19 08:50'), ['2: wait until 19 09:40'])
  assert.deepEqual(decide([due], '19 09:39'), ['2: wait until 19 09:40'])
  assert.deepEqual(decide([due], '19 09:40'), ['2: send recovered'])
})

test('of several that wait only the newest is told, whatever order they come in', () => {
  const worse = opened({ flipId: '10', id: '10', newHealth: 'critical', oldHealth: 'warning' })

  assert.deepEqual(decide([opened(), worse]), ['10 over 1: send opened'])
  assert.deepEqual(decide([worse, opened()]), ['10 over 1: send opened'])
})

test('other incidents and other channels do not wait for each other', () => {
  const due = [
    over({ told: told('warning', '19 08:30') }),
    opened({ channel: 'email' }),
    aDelivery({ flipId: '3', incident: { id: '2' } }),
  ]

  assert.deepEqual(decide(due), ['2: wait until 19 09:30', '1: send opened', '3: send opened'])
})

test('what says the same as the last message is dropped', () => {
  const again = opened({ flipId: '3', told: told('warning', '19 08:30') })

  assert.deepEqual(decide([over({ told: told('warning', '19 08:30') }), again]), ['3 over 2: drop nothing new since the last message']) // prettier-ignore
})

test('what was over before it was told is told once, as over', () => {
  assert.deepEqual(decide([opened(), over()]), ['2 over 1: send passed'])
})

test('what was over before it was told and was never more than information is dropped', () => {
  const [info, infoOver] = [opened({ newHealth: 'info' }), over({ oldHealth: 'info' })]

  assert.deepEqual(decide([info, infoOver]), ['2 over 1: drop over before it was told, and of no weight'])
})

test('what waits for a channel that is not set up any more is dropped', () => {
  assert.deepEqual(decide([opened()], '19 08:40', ['email']), ['1: drop the channel is not set up any more'])
})

test('a delivery that is being sent holds up its incident until its next try, and nothing is decided about it', () => {
  const sending = opened({ tries: 1, nextTryAt: at('19 08:41') })

  assert.deepEqual(decide([sending, over()], '19 08:40'), [])
  assert.deepEqual(decide([sending], '19 08:41'), ['1: send opened'])
})

test('the newest inherits the pause of a channel that refused an older one', () => {
  const refused = opened({ tries: 3, nextTryAt: at('19 08:55'), error: 'slack answered 500' })

  assert.deepEqual(decide([refused, over()], '19 08:40'), ['2 over 1: wait until 19 08:55'])
  assert.deepEqual(decide([refused, over()], '19 08:55'), ['2 over 1: send passed'])
})

test('what ten passes died of is asked for daily', () => {
  const deadly = opened({ tries: 10, nextTryAt: at('19 08:00') })

  assert.deepEqual(decide([deadly]), ['1: send opened'])
  assert.deepEqual(nextTryAt(11, at('19 08:40')), at('20 08:40'))
})

test('a message that could not be sent is tried again after 1, 2, 5, 15, 30 and then 60 minutes, after ten tries daily', () => {
  const waits = Array.from({ length: 12 }, (_, i) => nextTryAt(i + 1, at('19 08:00'))).map(
    (next) => (next.getTime() - at('19 08:00').getTime()) / 60_000,
  )

  assert.deepEqual(waits, [1, 2, 5, 15, 30, 60, 60, 60, 60, 1440, 1440, 1440])
})

test('what was refused as the channel is set needs no message once it is over', () => {
  const refused = opened({ tries: 1, error: 'gone', refused: true, nextTryAt: at('20 08:40') })

  assert.deepEqual(decide([refused, over()]), ['2 over 1: drop over before its channel could be told'])
})

test('a flip after a refusal does not wait for the day of it', () => {
  const refused = opened({ tries: 1, error: 'gone', refused: true, nextTryAt: at('20 08:40') })
  const worse = aDelivery({ flipId: '2', id: '2', oldHealth: 'warning', newHealth: 'critical' })

  assert.deepEqual(decide([refused, worse]), ['2 over 1: send opened'])
  assert.deepEqual(decide([refused]), ['1: wait until 20 08:40'])
})

test('whoever was told of trouble is told for a week that it is over', () => {
  const refused = over({ told: told('warning', '19 07:00'), flippedAt: at('19 08:40'), refused: true, tries: 3, error: 'gone' }) // prettier-ignore

  assert.deepEqual(decide([refused], '26 08:40'), ['2: send recovered'])
  assert.deepEqual(decide([refused], '26 08:41'), ['2: drop over for 7 days, and its channel has not taken it'])
})

test('a channel that asks for more patience gets it, up to a day, and one that asks for less does not', () => {
  const next = (retryAfterSeconds: number) =>
    nextTryAt(2, at('19 08:00'), new SourceFailure('busy', { retryable: true, retryAfterSeconds }))

  assert.deepEqual([next(600), next(5), next(1e9)], [at('19 08:10'), at('19 08:02'), at('20 08:00')])
})

test('a refusal of today is tried again a day later', () => {
  const next = nextTryAt(1, at('19 08:00'), new SourceFailure('revoked', { retryable: false, retryAfterSeconds: 5 }))

  assert.deepEqual(next, at('20 08:00'))
})
