// All rules together: what a pause hides, and by property that no subject has a cause twice.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { CAUSES, type Condition } from '../../src/core/incident.ts'
import type { SlotState } from '../../src/core/slot.ts'
import { conditionsOf } from '../../src/observe/conditions.ts'
import type { HealthFacts } from '../../src/observe/health-facts.ts'
import { at } from '../helpers/builders.ts'
import { DAY, facts, jobHealth, knownJob, lastRun, lostRequest, lostSlot, MINUTE, overdueFact, plus, runningRun } from './health-facts.ts' // prettier-ignore

const NOW = at('19 09:00')

/** Everything is wrong with a job, a source and the watch. */
function troubled(
  wish: { job?: string; paused?: string[]; off?: NonNullable<HealthFacts['leagues']>['off'] } = {},
): HealthFacts {
  const { job = 'test/one', paused = [], off = [{ league: 'other', jobs: ['other/one'], lines: 1 }] } = wish
  const health = {
    job,
    lastRun: lastRun({ outcome: 'failed', slot: undefined }),
    lastSuccessAt: undefined,
    lastSeenAt: undefined,
    lostSlot: lostSlot(),
    nextDueAt: undefined,
    lostRequest: lostRequest(),
  }
  const firstSlot = { dueAt: at('19 08:07'), graceUntil: at('19 08:37'), state: 'due' } as const
  return facts({
    jobs: [knownJob({ job })],
    overdue: [overdueFact({ job })],
    leagues: { said: 'LEAGUES is []', problem: undefined, off },
    mute: [{ name: 'slack', why: 'slack answered 410: expected 2xx.' }],
    failures: [
      { step: 'judging test/two', why: 'the database at db:5432/league did not answer in time.', ofGithub: false },
    ],
    publicRepository: true,
    ledger: {
      jobs: [jobHealth(health)],
      running: [runningRun({ job, idleMs: 60 * MINUTE })],
      unservedLines: [{ job, cron: '7 8 * * *', zone: 'UTC', firstSlot }],
      breakers: [{ source: 'nflverse', failures: 3, openedAt: NOW, tryAt: undefined, reason: undefined }],
      ghosts: [{ job, conclusion: 'failure', createdAt: at('19 08:20'), url: 'https://github.com' }],
      wakeUpGaps: [{ beganAt: at('19 04:00'), endedAt: at('19 08:00') }],
      outsideClock: {
        lastAt: at('19 03:50'),
        days: 14,
        latePasses: [{ wantedAt: at('19 05:00'), beganAt: at('19 08:00') }],
      },
      disabledWorkflows: [{ file: 'test-one.yml', sinceAt: at('18 08:00') }],
      lastCommitAt: plus(NOW, -61 * DAY),
      site: { builtAt: plus(NOW, -2 * DAY), wantedAt: plus(NOW, -DAY) },
      paused,
    },
  })
}

const namesOf = (conditions: readonly Condition[]) => conditions.map(({ subject, cause }) => `${subject} ${cause}`)

const OF_NO_JOB = [
  'source:nflverse breaker_open',
  'ops/watch wake_up_gap',
  'ops/watch clock_silent',
  'ops/watch disabled',
  'ops/dashboard site_stale',
  'ops/watch leagues_off',
  'ops/watch watch_failed',
  'ops/watch alerts_broken',
]

test('every cause has its rule, and the conditions come in the order of the causes', () => {
  const found = conditionsOf(troubled())

  assert.deepEqual(
    found.map(({ cause }) => cause),
    [...CAUSES],
  )
})

test('a ledger in which all is well has no conditions', () => {
  assert.deepEqual(conditionsOf(facts({ jobs: [knownJob()], ledger: { jobs: [jobHealth()] } })), [])
})

test('of a paused job only its failure is told', () => {
  assert.deepEqual(namesOf(conditionsOf(troubled({ paused: ['test/one'] }))), ['test/one failed', ...OF_NO_JOB])
})

test('of a job whose league is off only its failure is told: why it does not run is told of the watch', () => {
  const off = [{ league: 'test', jobs: ['test/one'], lines: 1 }]

  assert.deepEqual(namesOf(conditionsOf(troubled({ off }))), ['test/one failed', ...OF_NO_JOB])
})

test('a pause of all jobs hides no source, not the watch and not the site', () => {
  assert.deepEqual(namesOf(conditionsOf(troubled({ paused: ['*'] }))), ['test/one failed', ...OF_NO_JOB])
})

test('a pause of another job hides nothing', () => {
  assert.equal(conditionsOf(troubled({ paused: ['test/two'] })).length, CAUSES.length)
})

test('of two findings of one subject and cause the gravest is told: what GitHub has done, not what it will do', () => {
  const told = conditionsOf(troubled()).filter(({ cause }) => cause === 'disabled')

  assert.deepEqual(
    told.map(({ severity }) => severity),
    ['critical'],
  )
})

test('of two runs of one job that are stuck the one that has been for longer is told', () => {
  const running = [20, 40, 30].map((minutes) => runningRun({ id: String(minutes), idleMs: minutes * MINUTE }))
  const found = conditionsOf(facts({ ledger: { running } }))

  assert.deepEqual(
    found.map(({ cause, runId }) => `${cause} ${runId}`),
    ['stuck 40'],
  )
})

const anyJob = fc.constantFrom('test/one', 'test/two', 'test/three')
const anyInstant = fc.integer({ min: -14 * 24 * 60, max: 24 * 60 }).map((minutes) => plus(NOW, minutes * MINUTE))
const anyPast = fc.integer({ min: -14 * 24 * 60, max: 0 }).map((minutes) => plus(NOW, minutes * MINUTE))
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const anyMessage = fc.string({ maxLength: 300, unit: 'binary' })
const anyState = fc.constantFrom<SlotState>('due', 'running', 'served', 'failed', 'missed', 'coalesced', 'waived')

const anyLastRun = fc
  .record({
    outcome: fc.constantFrom('succeeded' as const, 'partial' as const, 'failed' as const, 'abandoned' as const),
    reason: maybe(anyMessage),
    error: maybe(fc.record({ message: anyMessage, retryable: fc.boolean() })),
    slot: maybe(fc.record({ dueAt: anyInstant, state: anyState, tries: fc.nat(4), notBefore: maybe(anyInstant) })),
    finishedAt: anyPast,
  })
  .map(lastRun)

const anyHealth = fc
  .record({
    job: anyJob,
    scheduledFrom: maybe(anyPast),
    lastSeenAt: maybe(anyPast),
    lastRun: maybe(anyLastRun),
    lastSuccessAt: maybe(anyPast),
    lostSlot: maybe(fc.record({ state: fc.constantFrom('failed' as const, 'missed' as const), reason: maybe(anyMessage) }).map(lostSlot)), // prettier-ignore
    lastDueAt: maybe(anyPast),
    nextDueAt: maybe(anyInstant),
    lostRequest: maybe(fc.record({ note: anyMessage.map((text) => `lost: ${text}`), createdAt: anyPast }).map(lostRequest)), // prettier-ignore
  })
  .map(jobHealth)

const anyOverdue = fc
  .record({ job: anyJob, dueAt: anyPast, reason: maybe(anyMessage), tries: fc.nat(3) })
  .map(overdueFact)
const anyRunning = fc
  .record({ job: anyJob, silentMs: fc.nat(200_000), idleMs: fc.nat(DAY), usualMs: maybe(fc.nat(DAY)) })
  .map(runningRun)
const anyGhost = fc.record({ job: anyJob, conclusion: fc.constantFrom('failure', 'timed_out', 'odd'), createdAt: anyPast, url: fc.webUrl() }) // prettier-ignore
const anyGap = fc.tuple(anyPast, anyPast).map(([a, b]) => (a < b ? { beganAt: a, endedAt: b } : { beganAt: b, endedAt: a })) // prettier-ignore
const anyLine = fc.record({
  job: anyJob,
  cron: fc.constantFrom('7 8 * * *', '7 9 * * *'),
  zone: fc.constant('UTC'),
  firstSlot: fc.record({ dueAt: anyPast, graceUntil: anyInstant, state: anyState }),
})

const anyFacts: fc.Arbitrary<HealthFacts> = fc
  .record({
    jobs: fc.uniqueArray(anyJob).map((names) => names.map((job) => knownJob({ job }))),
    overdue: fc.array(anyOverdue),
    publicRepository: maybe(fc.boolean()),
    ledger: fc.record({
      jobs: fc.uniqueArray(anyHealth, { selector: ({ job }) => job }),
      running: fc.array(anyRunning),
      unservedLines: fc.array(anyLine),
      ghosts: fc.array(anyGhost),
      wakeUpGaps: fc.array(anyGap),
      outsideClock: fc.record({
        lastAt: maybe(anyPast),
        days: fc.nat(14),
        latePasses: fc.array(anyGap.map(({ beganAt, endedAt }) => ({ wantedAt: beganAt, beganAt: endedAt }))),
      }),
      disabledWorkflows: fc.array(fc.record({ file: fc.constantFrom('a.yml', 'b.yml'), sinceAt: anyPast })),
      lastCommitAt: maybe(fc.constant(plus(NOW, -50 * DAY))),
      site: fc.record({ builtAt: maybe(anyPast), wantedAt: maybe(anyPast) }),
      paused: fc.subarray(['test/one', 'test/two', '*']),
    }),
  })
  .map(facts)

test('whatever the facts, a subject has each cause at most once, knowable by now and said in one short line', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const found = conditionsOf(given)
      const names = namesOf(found)
      assert.equal(new Set(names).size, names.length, names.join())
      for (const { title, detail, knowableAt } of found) {
        assert.match(title, /^\P{Cc}+$/u)
        assert.ok(title.length <= 400 && detail.length > 0, title)
        assert.ok(knowableAt.getTime() <= NOW.getTime(), `${title}: ${knowableAt.toISOString()}`)
      }
    }),
    { numRuns: 500 },
  )
})

test('a job that is not paused and its facts alone decide what is told of it', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const alone = <T extends { readonly job: string }>(things: readonly T[]) => things.filter(({ job }) => job === 'test/three') // prettier-ignore
      const { ledger } = given
      const only = {
        ...given,
        jobs: alone(given.jobs),
        overdue: alone(given.overdue),
        ledger: { ...ledger, jobs: alone(ledger.jobs), running: alone(ledger.running), ghosts: alone(ledger.ghosts), unservedLines: alone(ledger.unservedLines) }, // prettier-ignore
      }
      const ofJob = (conditions: readonly Condition[]) => conditions.filter(({ subject }) => subject === 'test/three')
      assert.deepEqual(ofJob(conditionsOf(only)), ofJob(conditionsOf(given)))
    }),
  )
})
