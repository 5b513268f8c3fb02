// Which chains may go: the rules one by one, on runs that no database has seen.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { capFromOf, chainsOf, isDeletable, slotKey, type Rules } from '../../../../src/leagues/ops/jobs/chains.ts'
import type { EndedRun } from '../../../../src/ledger/retention.ts'
import { at } from '../../../helpers/builders.ts'

const CUTOFF = at('15 04:07')

function anEndedRun(id: string, wish: Partial<EndedRun> = {}): EndedRun {
  const startedAt = wish.startedAt ?? at('01 08:00')
  const ended = { outcome: 'succeeded', retryOf: undefined, slotDueAt: undefined, finishedAt: startedAt } as const
  return { id, job: 'a/b', ...ended, ...wish, startedAt }
}

function someRules(wish: Partial<Rules> = {}): Rules {
  return { endedBefore: CUTOFF, capFrom: new Map(), needed: new Set(), openSlots: new Set(), ...wish }
}

const mayGo = (runs: readonly EndedRun[], rules = someRules()) =>
  chainsOf(runs).map((chain) => isDeletable(chain, rules))

test('runs are sorted into their chains, forks and lost predecessors among them', () => {
  const chains = chainsOf([
    anEndedRun('c', { retryOf: 'b' }),
    anEndedRun('a'),
    anEndedRun('b', { retryOf: 'a' }),
    anEndedRun('b2', { retryOf: 'a' }),
    anEndedRun('x', { retryOf: 'gone' }),
  ])

  assert.deepEqual(chains.map((chain) => chain.map((run) => run.id).sort()).sort(), [['a', 'b', 'b2', 'c'], ['x']])
})

test('a run given twice is in its chain once', () => {
  assert.equal(chainsOf([anEndedRun('a'), anEndedRun('a')])[0]?.length, 1)
})

test('a chain goes when its last run ended before the cutoff, not at it', () => {
  const late = (finishedAt: Date) => [anEndedRun('a'), anEndedRun('b', { retryOf: 'a', finishedAt })]

  assert.deepEqual(mayGo(late(new Date(CUTOFF.getTime() - 1))), [true])
  assert.deepEqual(mayGo(late(CUTOFF)), [false])
})

for (const outcome of ['succeeded', 'gated', 'not_ready'] as const) {
  test(`a run that ended ${outcome} may go`, () => {
    assert.deepEqual(mayGo([anEndedRun('a', { outcome })]), [true])
  })
}

for (const outcome of ['failed', 'partial', 'abandoned', 'cancelled'] as const) {
  test(`a run that ended ${outcome} stays, and the success that followed it`, () => {
    assert.deepEqual(mayGo([anEndedRun('a', { outcome }), anEndedRun('b', { retryOf: 'a' })]), [false])
  })
}

test('a running run keeps its chain, however long ago it began', () => {
  const running = anEndedRun('b', { retryOf: 'a', outcome: 'running', finishedAt: undefined })

  assert.deepEqual(mayGo([anEndedRun('a'), { ...running, finishedAt: undefined }]), [false])
})

test('a run that a gate needs keeps its chain', () => {
  const rules = someRules({ needed: new Set(['a']) })

  assert.deepEqual(mayGo([anEndedRun('a'), anEndedRun('b', { retryOf: 'a' }), anEndedRun('c')], rules), [false, true])
})

test('a run whose slot is still open stays, for the next try continues its chain', () => {
  const rules = someRules({ openSlots: new Set([slotKey('a/b', at('01 08:07'))]) })
  const of = (id: string, job: string, due: string) => anEndedRun(id, { job, slotDueAt: at(due), outcome: 'not_ready' })

  const runs = [of('a', 'a/b', '01 08:07'), of('b', 'a/b', '02 08:07'), of('c', 'c/d', '01 08:07')]

  assert.deepEqual(mayGo(runs, rules), [false, true, true])
})

test('over the cap a chain that did not go well goes, when its newest run is older than the cap’s last', () => {
  const rules = someRules({ capFrom: new Map([['a/b', at('05 08:00')]]) })
  const failed = (id: string, job: string, day: string) =>
    anEndedRun(id, { job, outcome: 'failed', startedAt: at(`${day} 08:00`) })
  const runs = [failed('old', 'a/b', '04'), failed('last', 'a/b', '05'), failed('other', 'c/d', '04')]
  const retried = [failed('a', 'a/b', '04'), anEndedRun('b', { retryOf: 'a', startedAt: at('06 08:00') })]

  assert.deepEqual(mayGo(runs, rules), [true, false, false])
  assert.deepEqual(mayGo(retried, rules), [false])
})

test('a chain over the cap stays while it is young', () => {
  const rules = someRules({ capFrom: new Map([['a/b', at('20 08:00')]]) })

  assert.deepEqual(mayGo([anEndedRun('a', { outcome: 'failed', startedAt: at('16 08:00') })], rules), [false])
})

test('the cap counts chains that did not go well, by their newest run', () => {
  const failed = (id: string, day: string) => anEndedRun(id, { outcome: 'failed', startedAt: at(`${day} 08:00`) })
  const chains = chainsOf([
    failed('a', '01'),
    anEndedRun('a2', { retryOf: 'a', startedAt: at('09 08:00') }),
    failed('b', '05'),
    failed('c', '03'),
    anEndedRun('well', { startedAt: at('10 08:00') }),
  ])

  assert.deepEqual(capFromOf(chains, 1), at('09 08:00'))
  assert.deepEqual(capFromOf(chains, 2), at('05 08:00'))
  assert.equal(capFromOf(chains, 3), undefined)
})
