// What a pass starts is not second class: a run that a token has dispatched may wake nobody at its end, so a pass starts what it
// has made ready. The account is the same on a GitHub that fires below a token's dispatch and on one that does not.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { aJob, at, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns } from './stage.ts'

const bronze = aJob({ id: 'test/bronze' })
const silver = aJob({ id: 'test/silver', needs: { 'test/bronze': 'fresh' } })
const features = aJob({ id: 'test/features', needs: { 'test/silver': 'fresh' } })
const train = aJob({ id: 'test/train', needs: { 'test/features': 'fresh' } })
/** Each a day later than the one before: nobody is to wait for that. */
const WEEK = [
  { job: bronze, cron: ['7 8 * * 2'] },
  { job: silver, cron: ['7 8 * * 3'] },
  { job: features, cron: ['7 8 * * 4'] },
  { job: train, cron: ['7 8 * * 5'] },
]
const JOBS = WEEK.map(({ job }) => job)

const startsOf = ({ reports }: Repository) =>
  reports.flatMap(({ job, run, outcome }) => (outcome === 'gated' ? [] : [`${job.id} ${say(run.startedAt)}`]))

const finalSlots = (repository: Repository) => Promise.all(JOBS.map((job) => repository.world.slots(job, '22 23:00')))

const ALL_SERVED = [['19 08:07 served'], ['20 08:07 served'], ['21 08:07 served'], ['22 08:07 served']]

for (const firesBelowToken of [false, true]) {
  const kind = firesBelowToken ? 'fires' : 'does not fire'

  test(`a rescued parent takes its whole line along within minutes, on a GitHub that ${kind} below a token`, async () => {
    await using repository = await aRepository({ jobs: WEEK, firesBelowToken })
    repository.at('19 08:55', () => repository.pass()) // the only time that anybody looks from outside

    await repository.runUntil('19 09:10')
    const starts = startsOf(repository)
    await endStory(repository, '23 00:00')

    assert.deepEqual(starts.map((start) => start.split(' ')[0]), JOBS.map(({ id }) => id)) // prettier-ignore
    assert.ok((starts.at(-1) ?? '') < 'test/train 19 08:59', String(starts.at(-1)))
    assert.deepEqual(await finalSlots(repository), ALL_SERVED)
  })
}

test('a chain that fires is not billed twice', async () => {
  await using repository = await aRepository({ jobs: WEEK })
  repository.tick(bronze, '19 08:07')
  outsideClock(repository, '19 08:00', '19 10:00', 1)

  await endStory(repository, '23 00:00')

  assert.deepEqual(JOBS.map((job) => dispatchesOf(repository, job)), [0, 0, 0, 0]) // prettier-ignore
  assert.deepEqual(sayRuns(repository), ['schedule succeeded', ...Array<string>(3).fill('chain succeeded')])
})

test('a chain that did not fire, although a tick began it, is taken up after five minutes', async () => {
  await using repository = await aRepository({ jobs: WEEK, chains: () => false })
  repository.tick(bronze, '19 08:07')
  outsideClock(repository, '19 08:00', '19 10:00', 1)

  await repository.runUntil('19 08:30')
  const starts = startsOf(repository)
  await endStory(repository, '23 00:00')

  assert.deepEqual(starts, [
    'test/bronze 19 08:07',
    'test/silver 19 08:12',
    'test/features 19 08:13',
    'test/train 19 08:14',
  ])
})

test('with nobody to look from outside, the next run that ends finds the chain that did not fire', async () => {
  const other = aJob({ id: 'test/other' })
  await using repository = await aRepository({
    jobs: [...WEEK, { job: other, cron: ['37 8 * * *'] }],
    chains: () => false,
  })
  await repository.pass() // so that there is a next moment that somebody foresaw
  repository.tick(bronze, '19 08:07')
  repository.tick(other, '19 08:37')

  await repository.runUntil('19 09:00')

  assert.deepEqual(startsOf(repository).slice(2), [
    'test/silver 19 08:37',
    'test/features 19 08:38',
    'test/train 19 08:39',
  ])
})

test('a paused child, one whose games are on, and a second slot after the same parent are not started early', async () => {
  const often = aJob({ id: 'test/often', needs: { 'test/bronze': 'fresh' } })
  await using repository = await aRepository({
    jobs: [WEEK[0] ?? never(), { job: often, cron: ['7 9 * * *'] }],
    chains: () => false,
  })
  repository.tick(bronze, '19 08:07')
  outsideClock(repository, '19 08:00', '20 08:00', 15)

  await repository.runUntil('20 08:00')

  assert.equal(dispatchesOf(repository, often), 1)
  assert.deepEqual(await repository.world.slots(often, '20 10:00'), [
    '18 09:07 missed',
    '19 09:07 served',
    '20 09:07 due',
  ])
})

function never(): never {
  throw new RangeError('there is a first')
}

/** The same in one day, for many of them. */
const DAY = [
  { job: bronze, cron: ['7 8 * * 2'] },
  { job: silver, cron: ['7 12 * * 2'] },
  { job: features, cron: ['7 16 * * 2'] },
]

const anyDay = fc.record({
  ticks: fc.array(fc.option(fc.integer({ min: 0, max: 240 }), { nil: undefined }), { minLength: 3, maxLength: 3 }),
  broken: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  dispatchSeconds: fc.array(fc.integer({ min: 5, max: 600 }), { minLength: 6, maxLength: 6 }),
  clockMinutes: fc.integer({ min: 15, max: 90 }),
})
type AnyDay = typeof anyDay extends fc.Arbitrary<infer T> ? T : never

async function live(day: AnyDay, firesBelowToken: boolean): Promise<string[][]> {
  const [broken, seconds] = [[...day.broken], [...day.dispatchSeconds]]
  await using repository = await aRepository({
    jobs: DAY,
    firesBelowToken,
    chains: () => broken.shift() !== true,
    startSeconds: () => seconds.shift() ?? 20,
  })
  for (const [i, late] of day.ticks.entries()) {
    const due = at(`19 ${['08', '12', '16'][i]}:07`)
    if (late !== undefined) repository.tick(JOBS[i] ?? never(), new Date(due.getTime() + late * 60_000))
  }
  outsideClock(repository, '19 08:00', '19 20:00', day.clockMinutes)
  await endStory(repository, '19 22:00')
  return await Promise.all(DAY.map(({ job }) => repository.world.slots(job, '19 23:00')))
}

test('whatever comes late, or not at all, both kinds of GitHub end in the same account', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, async (day) => {
      const [quiet, firing] = [await live(day, false), await live(day, true)]

      assert.deepEqual(firing, quiet)
      assert.deepEqual(quiet, [['19 08:07 served'], ['19 12:07 served'], ['19 16:07 served']])
    }),
    { numRuns: 4 },
  )
})
