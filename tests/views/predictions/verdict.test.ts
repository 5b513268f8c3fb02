// When the page says that something beats the close, and when it does not.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Interval } from '../../../src/core/interval.ts'
import type { Account, AccountLine } from '../../../src/views/predictions/account.ts'
import { judgeAccount } from '../../../src/views/predictions/verdict.ts'

const WINNER = { id: 'moneyline', kind: 'winner', name: 'Winner', of: 'the home side wins' } as const

function anInterval(value: number, error: number, n = 500): Interval {
  return { value, low: value - 1.96 * error, high: value + 1.96 * error, error, n }
}

function aLine(wish: Partial<AccountLine> = {}): AccountLine {
  const nothing = {
    right: undefined, closeRight: undefined, brier: undefined, finalBrier: undefined, closeBrier: undefined,
    finalLead: undefined, logLoss: undefined, closeLogLoss: undefined, modelError: undefined, closeError: undefined,
    profit: undefined, betProfit: undefined, clvPoints: undefined, movedOurWay: undefined, clvPrice: undefined,
  } // prettier-ignore
  const some = {
    market: { id: 'moneyline', kind: 'winner', name: 'Winner', of: 'the home side wins' },
    games: 500,
    prospective: 0,
    pushes: 0,
  } as const
  return { ...nothing, ...some, brierLead: anInterval(0.008, 0.001), ...wish }
}

function anAccount(all: AccountLine, prospective: AccountLine[] = []): Account {
  return { all: [all], seasons: [], prospective, retrospective: [], leads: [] }
}

test('without any grade there is nothing to say', () => {
  const empty = { all: [], seasons: [], prospective: [], retrospective: [], leads: [] }

  assert.deepEqual(judgeAccount(empty), { kind: 'nothing graded' })
})

test('a week of games is too few, however well it went', () => {
  const lucky = aLine({ brierLead: anInterval(-0.1, 0.01, 13) })

  assert.deepEqual(judgeAccount(anAccount(lucky, [lucky])), { kind: 'too few', games: 13 })
})

test('being worse than the close beats nothing', () => {
  assert.deepEqual(judgeAccount(anAccount(aLine())), { kind: 'nothing beats the close' })
})

test('one interval of nine that just clears nought is no proof', () => {
  const lucky = aLine({ brierLead: anInterval(-0.0023, 0.001), profit: anInterval(0.05, 0.02) })

  assert.deepEqual(judgeAccount(anAccount(lucky, [lucky])), { kind: 'nothing beats the close' })
})

test('what beats the close only where it was worked out afterwards is called a leak', () => {
  const leaking = aLine({ brierLead: anInterval(-0.01, 0.001) })

  assert.equal(judgeAccount(anAccount(leaking, [aLine()])).kind, 'only in hindsight')
})

test('what beats it before kick-off is said, with its figures', () => {
  const good = aLine({ profit: anInterval(0.05, 0.01) })
  const verdict = judgeAccount(anAccount(good, [good]))

  assert.deepEqual(verdict, {
    kind: 'beats the close',
    claims: [{ market: WINNER, figure: 'profit', interval: anInterval(0.05, 0.01) }],
  })
})
