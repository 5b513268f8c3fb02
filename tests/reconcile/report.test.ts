// The lines in which a pass tells a person what it did.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { emptyRound, sayPass } from '../../src/reconcile/report.ts'
import { at } from '../helpers/builders.ts'

const quiet = emptyRound(at('19 08:40'))

test('a pass that found nothing wrong and did nothing says so in one line', () => {
  assert.deepEqual(sayPass([quiet], undefined), ['● Nothing is wrong.'])
})

test('a pass that found another at work says who does it', () => {
  assert.deepEqual(sayPass([], undefined), ['Another pass is at work; it will go round once more.'])
})

test('what is wrong comes first, as the last round left it, and then what every round did', () => {
  const first = { ...quiet, sent: [{ job: 'nfl/bronze', reason: 'its slot is overdue' }], troubles: ['bronze is late'] }
  const second = { ...quiet, abandoned: 1, troubles: ['silver failed'] }

  assert.deepEqual(sayPass([first, second], undefined), [
    '✕ silver failed',
    '↻ asked for nfl/bronze: its slot is overdue',
    '○ 1 silent runs were given up',
  ])
})

test('what could not be done is said with its reason', () => {
  const round = {
    ...quiet,
    failed: [{ job: 'nfl/bronze', why: 'GitHub answered 502' }],
    later: [{ job: 'nfl/train', why: 'asked for 4 times so far, and again from 10:00 on' }],
    deaf: ['slack: it answered 500'],
    githubError: 'it did not answer within 10 s',
  }

  assert.deepEqual(sayPass([round], undefined), [
    '● Nothing is wrong.',
    '✕ could not ask for nfl/bronze: GitHub answered 502',
    '– nfl/train is not asked for yet: asked for 4 times so far, and again from 10:00 on',
    '✕ not told: slack: it answered 500',
    '○ GitHub did not answer: it did not answer within 10 s',
  ])
})

test('a pass before which nobody had looked for long says for how long', () => {
  const gap = { beganAt: at('19 06:10'), endedAt: at('19 08:40') }

  assert.deepEqual(sayPass([quiet], gap), ['● Nothing is wrong.', '○ nobody had looked for 2 h 30 m'])
})
