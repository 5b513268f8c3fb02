// What a wake-up leads to: every gate, and the four ways to run.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AnyJob } from '../../src/core/job.ts'
import { decideWakeUp, isInSeason, type Decision, type WakeUpFacts } from '../../src/core/wake-up.ts'
import { aCandidate, aDay, aJob, aParent, aSlot, at, someFacts } from '../helpers/builders.ts'

const due = aCandidate({ dueAt: at('19 08:07') })
const older = aCandidate({ dueAt: at('18 08:07') })
const blocked = aCandidate({ parents: [aParent({ latestSlot: aSlot({ job: 'test/parent', state: 'failed' }) })] })
const pause = { reason: 'the source moves', actor: 'ann', until: at('21 00:00') }
const closed = [{ season: 2024, opensAt: at('01 00:00'), closesAt: at('10 00:00') }]
const seasonal = aJob({ seasonal: true })

function decide(wish: Partial<WakeUpFacts>, job: AnyJob = aJob()): Decision {
  return decideWakeUp(job, someFacts(wish))
}

test('a tick takes the due slot, with its stored period', () => {
  const { run, gate } = decide({ candidates: [{ ...due, period: aDay('stored') }] })

  assert.deepEqual(run, { period: aDay('stored'), slot: due.slot })
  assert.equal(gate, undefined)
})

test('a tick with nothing due is gated and says when the next slot is', () => {
  const { run, gate } = decide({ nextDueAt: at('20 08:07') })

  assert.equal(run, undefined)
  assert.deepEqual(gate, {
    code: 'nothing_due',
    reason:
      'nothing is due for test/one: every slot so far is accounted for. The next slot is due 2024-11-20T08:07:00.000Z',
  })
})

test('a slot behind a parent is gated with the parent’s name', () => {
  const { gate } = decide({ candidates: [blocked] })

  assert.equal(gate?.code, 'waiting_for_parents')
  assert.match(gate.reason, /^test\/one waits for test\/parent: test\/parent of \S+ is failed$/)
})

test('a pause gates ticks and people alike, and force passes it', () => {
  assert.equal(decide({ pause, candidates: [due] }).gate?.code, 'paused')
  assert.equal(decide({ pause, candidates: [due], byPerson: true }).gate?.code, 'paused')
  assert.equal(
    decide({ pause, candidates: [due], byPerson: true, namedPeriod: aDay('2024-11-19') }).gate?.code,
    'paused',
  )
  assert.equal(decide({ pause, candidates: [due], force: true }).run?.slot, due.slot)
})

test('a person takes the due slot, and without one runs for the present', () => {
  assert.equal(decide({ byPerson: true, candidates: [due] }).run?.slot, due.slot)
  assert.deepEqual(decide({ byPerson: true }).run, { period: aDay('2024-11-19'), slot: undefined })
})

test('a person waits for parents as everybody does', () => {
  assert.equal(decide({ byPerson: true, candidates: [blocked] }).gate?.code, 'waiting_for_parents')
})

test('other parameters touch no slot: a person runs for the present, anybody else is gated', () => {
  const candidates = [due, older]
  const person = decide({ byPerson: true, defaultParams: false, candidates })
  const request = decide({ defaultParams: false, candidates })

  assert.deepEqual(person.run, { period: aDay('2024-11-19'), slot: undefined })
  assert.deepEqual([person.coalesce, person.miss], [[], []])
  assert.equal(request.gate?.code, 'nothing_due')
})

test('a named period claims its own due slot and no other', () => {
  const named = { byPerson: true, namedPeriod: aDay('2024-11-18') }

  assert.deepEqual(decide({ ...named, candidates: [due, older] }).run, { period: named.namedPeriod, slot: older.slot })
  assert.deepEqual(decide({ ...named, candidates: [due] }).run, { period: named.namedPeriod, slot: undefined })
})

test('a named period with other parameters claims nothing', () => {
  const { run, coalesce } = decide({
    byPerson: true,
    namedPeriod: aDay('2024-11-19'),
    defaultParams: false,
    candidates: [due],
  })

  assert.equal(run?.slot, undefined)
  assert.deepEqual(coalesce, [])
})

test('a named period takes no slot that is still to come, chained or not', () => {
  const tomorrow = aCandidate({ dueAt: at('19 20:07'), chained: true })

  assert.equal(decide({ byPerson: true, namedPeriod: aDay('2024-11-19'), candidates: [tomorrow] }).run?.slot, undefined)
})

test('of several slots of a named period a job that serves each takes the oldest and closes none', () => {
  const candidates = [aCandidate({ dueAt: at('19 07:00') }), due]
  const named = { byPerson: true, namedPeriod: aDay('2024-11-19'), candidates }
  const [latest, each] = [decide(named), decide(named, aJob({ onMissed: 'each' }))]

  assert.deepEqual([latest.run?.slot, latest.coalesce], [due.slot, [candidates[0]?.slot]])
  assert.deepEqual([each.run?.slot, each.coalesce], [candidates[0]?.slot, []])
})

test('out of season a slot is waived and nobody is let in without force', () => {
  const facts = { seasons: closed, candidates: [due] }

  assert.deepEqual(decide(facts, seasonal).waive, [due.slot])
  assert.equal(decide(facts, seasonal).gate?.code, 'out_of_season')
  assert.equal(decide({ ...facts, byPerson: true }, seasonal).gate?.code, 'out_of_season')
  assert.equal(decide({ ...facts, byPerson: true, candidates: [] }, seasonal).gate?.code, 'out_of_season')
  assert.deepEqual(decide({ ...facts, byPerson: true, force: true }, seasonal).run, {
    period: aDay('2024-11-19'),
    slot: undefined,
  })
})

test('a job that is not seasonal takes its slots all year', () => {
  assert.equal(decide({ seasons: closed, candidates: [due] }).run?.slot, due.slot)
})

test('a season that nobody has recorded yet is open, and its last instant still belongs to it', () => {
  const lastInstant = [{ season: 2024, opensAt: at('01 00:00'), closesAt: due.slot.dueAt }]

  assert.equal(decide({ candidates: [due] }, seasonal).run?.slot, due.slot)
  assert.equal(decide({ candidates: [due], seasons: lastInstant }, seasonal).run?.slot, due.slot)
})

test('a slot from within the season is served though the season has closed since', () => {
  const since = [{ season: 2024, opensAt: at('01 00:00'), closesAt: at('19 08:10') }]

  assert.equal(decide({ candidates: [due], seasons: since }, seasonal).run?.slot, due.slot)
})

test('a paused league out of season still waives its slots', () => {
  const { gate, waive } = decide({ pause, seasons: closed, candidates: [due] }, seasonal)

  assert.equal(gate?.code, 'paused')
  assert.deepEqual(waive, [due.slot])
})

test('a gate still closes what skip has given up', () => {
  const late = aCandidate({ dueAt: at('18 08:07') })
  const { gate, miss } = decide({ candidates: [late] }, aJob({ onMissed: 'skip' }))

  assert.equal(gate?.code, 'nothing_due')
  assert.deepEqual(miss, [late.slot])
})

test('games of the league gate a job that waits for their end, and force passes them', () => {
  const gamesUntil = at('19 12:00')

  assert.deepEqual(decide({ gamesUntil, candidates: [due] }).gate, {
    code: 'games_on',
    reason: 'test/one does not run during games: they are on until 2024-11-19T12:00:00.000Z',
  })
  assert.equal(decide({ gamesUntil, candidates: [due], force: true }).run?.slot, due.slot)
})

test('an open breaker gates ticks and people until it may be tried, and force passes it', () => {
  const open = { source: 'nflverse', state: 'open', failures: 3, trials: 0, openedAt: at('19 08:00'), reason: '503', onTrial: false, trialRunId: undefined } as const // prettier-ignore
  const waiting = [{ ...open, tryAt: at('19 09:00') }]

  assert.equal(decide({ breakers: waiting, candidates: [due] }).gate?.code, 'breaker_open')
  assert.match(decide({ breakers: waiting, candidates: [due], byPerson: true }).gate?.reason ?? '', /open after 3 failed runs \(503\); it is tried again from 2024-11-19T09:00/) // prettier-ignore
  assert.equal(decide({ breakers: waiting, candidates: [due], force: true }).run?.slot, due.slot)
  assert.equal(decide({ breakers: [{ ...open, tryAt: at('19 08:30') }], candidates: [due] }).run?.slot, due.slot)
})

test('while one run tries a half-open source the others wait', () => {
  const halfOpen = { source: 'nflverse', state: 'half_open', failures: 3, trials: 0, openedAt: at('19 08:00'), tryAt: at('19 08:20'), reason: '503', trialRunId: undefined } as const // prettier-ignore

  assert.equal(decide({ breakers: [{ ...halfOpen, onTrial: true }], candidates: [due] }).gate?.code, 'breaker_open')
  assert.equal(decide({ breakers: [{ ...halfOpen, onTrial: false }], candidates: [due] }).run?.slot, due.slot)
})

test('force takes a due slot whose parent was not served, and without any slot runs for the present', () => {
  assert.equal(decide({ candidates: [blocked], force: true }).run?.slot, blocked.slot)
  assert.deepEqual(decide({ force: true }).run, { period: aDay('2024-11-19'), slot: undefined })
})

test('the period that is run is that of the slot taken, wherever it stands among those that wait', () => {
  const candidates = [
    { ...older, period: aDay('the older') },
    { ...due, period: aDay('the newer') },
  ]

  assert.deepEqual(decide({ candidates }).run, { period: aDay('the newer'), slot: due.slot })
})

test('a slot is in season from the season’s opening on, to its end, and by its own season alone', () => {
  const [opensAt, closesAt] = [at('19 00:00'), at('20 00:00')]
  const itself = { season: 2024, opensAt, closesAt }
  const other = { season: 2023, opensAt: at('01 00:00'), closesAt: at('02 00:00') }
  const slotAt = (dueAt: Date) => ({ slot: { dueAt }, period: { ...aDay('any'), season: 2024 } })

  assert.deepEqual(
    [at('18 23:59'), opensAt, closesAt, at('20 00:01')].map((dueAt) => isInSeason(slotAt(dueAt), [other, itself])),
    [false, true, true, false],
  )
  assert.equal(isInSeason(slotAt(at('25 00:00')), [other]), true, 'a season that nobody recorded is taken to be open')
})

test('who forces takes a due slot without its parents, but none that is still to come', () => {
  const parents = blocked.parents
  const coming = aCandidate({ dueAt: at('19 20:07'), chained: true, parents })

  assert.notEqual(decide({ force: true, candidates: [blocked] }).run?.slot, undefined)
  assert.equal(decide({ force: true, candidates: [coming] }).run?.slot, undefined)
})

test('a gate says who paused until when and why, which breaker another run tries, and which season is over', () => {
  const breaker = { ...aBreaker, state: 'half_open' as const, onTrial: true }
  const why = (wish: Partial<WakeUpFacts>, job?: AnyJob) => decide({ candidates: [due], ...wish }, job).gate?.reason

  assert.equal(why({ pause }), 'test/one is paused by ann until 2024-11-21T00:00:00.000Z: the source moves')
  assert.equal(
    why({ breakers: [breaker] }),
    'test/one waits for books: its breaker is half open, and another run tries it',
  )
  assert.equal(
    why({ breakers: [{ ...aBreaker, state: 'open' }] }),
    'test/one waits for books: its breaker is open after 3 failed runs (no reason kept); it is tried again from 2024-11-21T00:00:00.000Z on',
  )
  assert.equal(why({ seasons: closed }, seasonal), 'test is out of season')
})

const aBreaker = {
  ...{ source: 'books', failures: 3, trials: 0, openedAt: at('19 00:00'), tryAt: at('21 00:00') },
  ...{ reason: undefined, onTrial: false, trialRunId: undefined },
}
