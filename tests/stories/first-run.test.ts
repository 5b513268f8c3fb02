// From set-up's button to the first prediction: the wish is the person's, every hop begins although no slot is due, and none waits
// for a cron line or a grace.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import type { AnyJob, JobReturn } from '../../src/core/job.ts'
import { insertPause } from '../../src/ledger/overrides.ts'
import { askForFirstRuns } from '../../src/setup/first-run.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import { toCatalogJob } from '../helpers/catalog.ts'
import { aRepository, type Repository, type RepositoryOptions } from '../helpers/repository.ts'
import { checkAccount, endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns } from './stage.ts'

/** A league as the real one is: a line of fresh stages, two that only want some success, and another league that reads it. */
function aLeague(wish: Partial<Record<string, () => Promise<JobReturn>>> = {}) {
  const landed = new Set<string>()
  const job = (id: AnyJob['id'], parts: Partial<AnyJob> = {}) =>
    aJob({
      id,
      ...parts,
      run: async () => {
        const end = await wish[id]?.()
        if (end === undefined) landed.add(id)
        return end
      },
    })
  const bronze = job('nfl/bronze')
  const silver = job('nfl/silver', { needs: { 'nfl/bronze': 'fresh' } })
  const features = job('nfl/features', { needs: { 'nfl/silver': 'fresh' } })
  const train = job('nfl/train', { needs: { 'nfl/features': 'fresh' }, notDuringGames: true, league: 'nfl' })
  const predict = job('nfl/predict', { needs: { 'nfl/train': 'any' }, sources: ['nflverse'] })
  const results = job('nfl/results', { needs: { 'nfl/predict': 'any' } })
  const readSchedule = (): Promise<JobReturn> =>
    Promise.resolve(landed.has('nfl/silver') ? undefined : { notReady: 'the lake has no schedule' })
  const fantasy = aJob({ id: 'fantasy/import', reads: ['nfl/silver'], run: readSchedule })
  const cleanup = job('ops/cleanup')
  const jobs = [bronze, silver, features, train, predict, results, fantasy, cleanup]
  const cron = [
    '7 8 * * 2',
    '7 14 * * 2',
    '7 9 * * 3',
    '7 10 * * 4',
    '7 11 * * 3-6',
    '7 23 * * 1',
    '7 8 * * 2',
    '7 4 * * *',
  ]
  return { jobs, lines: jobs.map((one, i) => ({ job: one, cron: [cron[i] ?? ''] })) }
}

type League = ReturnType<typeof aLeague>

async function open(league: League, options: Partial<RepositoryOptions> = {}): Promise<Repository> {
  return await aRepository({ jobs: league.lines, ...options })
}

/** Ann presses the button: what is asked for is written down, and ops-watch is woken by a token. Nobody else looks. */
function setUp(repository: Repository, { jobs, lines }: League, when: string): void {
  repository.at(when, async () => {
    await askForFirstRuns(repository.world.sql, {
      jobs,
      on: lines.map(toCatalogJob),
      actor: 'ann',
      at: repository.now(),
    })
    await repository.api.dispatchWorkflow('ops-watch.yml', {})
  })
}

const ranOf = ({ reports }: Repository) => reports.map(({ job, outcome }) => `${job.id} ${outcome}`)
const NFL = ['nfl/bronze', 'nfl/silver', 'nfl/features', 'nfl/train', 'nfl/predict', 'nfl/results'].map((id) => `${id} succeeded`) // prettier-ignore
const ofNfl = (repository: Repository) => ranOf(repository).filter((run) => run.startsWith('nfl/'))

for (const firesBelowToken of [false, true])
  test(`one button: every hop runs once, within minutes, in the person's name (chains below a token: ${String(firesBelowToken)})`, async () => {
    const league = aLeague()
    await using repository = await open(league, { firesBelowToken })
    setUp(repository, league, '18 10:00')

    await repository.runUntil('18 10:15')
    const [nfl, all] = [ofNfl(repository).filter((run) => !run.endsWith(' gated')), ranOf(repository)]
    const rows = await repository.world.sql`select distinct actor from ledger.runs where outcome <> 'gated'`
    await checkAccount(repository.world.sql, repository.now())

    assert.deepEqual(nfl, NFL)
    assert.deepEqual(all.filter((run) => run.startsWith('fantasy')), ['fantasy/import not_ready', 'fantasy/import succeeded']) // prettier-ignore
    assert.ok(
      all.indexOf('fantasy/import succeeded') < all.indexOf('nfl/train succeeded'),
      'as soon as silver is there',
    )
    assert.deepEqual(rows.map(({ actor }) => actor), ['ann']) // prettier-ignore
    // No slot of next days is touched, and the week goes on as if nothing had been.
    assert.deepEqual(await repository.world.slots(league.jobs[0] ?? never()), ['19 08:07 due'])
  })

test('pressed once more, on a ledger that has run, it asks for nothing', async () => {
  const league = aLeague()
  await using repository = await open(league)
  setUp(repository, league, '18 10:00')
  setUp(repository, league, '18 12:00')

  await repository.runUntil('18 13:00')

  assert.deepEqual(ofNfl(repository), NFL)
})

test('set up during games: what waits for their end goes on then, and so does what follows', async () => {
  const league = aLeague()
  await using repository = await open(league)
  const { sql } = repository.world
  await sql`insert into ledger.live_windows values ('nfl', ${at('18 09:00')}, ${at('18 12:30')}, gen_random_uuid())`
  setUp(repository, league, '18 10:00')
  outsideClock(repository, '18 10:30', '18 14:00', 5)

  await repository.runUntil('18 12:29')
  const before = ofNfl(repository)
  await repository.runUntil('18 12:45')

  assert.deepEqual(before, NFL.slice(0, 3))
  assert.equal(dispatchesOf(repository, league.jobs[3] ?? never()), 1, 'nothing was started that would be gated')
  assert.deepEqual(ofNfl(repository), NFL)
})

test('a source that is away when the button is pressed: the first run is asked for again, and all that follows comes', async () => {
  const ends = [1, 2].map(() => () => Promise.reject(new SourceFailure('nflverse answered 503', { retryable: true })))
  const league = aLeague({ 'nfl/bronze': () => (ends.shift() ?? (() => Promise.resolve(undefined)))() })
  await using repository = await open(league)
  setUp(repository, league, '18 10:00')
  outsideClock(repository, '18 10:05', '18 13:00', 5)

  await repository.runUntil('18 11:30')

  assert.deepEqual(ofNfl(repository), ['nfl/bronze failed', 'nfl/bronze failed', ...NFL])
})

test('an error of its own is not tried again by itself', async () => {
  const league = aLeague({ 'nfl/bronze': () => Promise.reject(new TypeError('rows is not iterable')) })
  await using repository = await open(league)
  setUp(repository, league, '18 10:00')
  outsideClock(repository, '18 10:05', '18 20:00', 15)

  await repository.runUntil('18 20:00')

  assert.deepEqual(ofNfl(repository), ['nfl/bronze failed'])
})

test('what finds nothing ready is asked for ever more rarely, for a day, and then no more', async () => {
  const league = aLeague({ 'nfl/bronze': () => Promise.resolve({ notReady: 'the file is not out' }) })
  await using repository = await open(league)
  setUp(repository, league, '20 10:00')
  outsideClock(repository, '20 10:05', '22 10:00', 15)

  await repository.runUntil('21 10:00')
  const starts = repository.reports.filter(({ job }) => job.id === 'nfl/bronze').map(({ run }) => say(run.startedAt))
  await repository.runUntil('22 10:00')
  const rows = await repository.world
    .sql`select state, note from ledger.requests where job = 'nfl/bronze' and kind = 'manual'`

  assert.ok((starts[1] ?? '') <= '20 10:50', 'half an hour, and the next look')
  assert.ok(starts.length >= 6 && starts.length <= 12, String(starts.length))
  assert.equal(rows[0]?.['state'], 'dropped')
  assert.match(String(rows[0]?.['note']), /^lost: asked for \d+ times within a day(?:, and|:) its run was not_ready/)
})

test('a paused job is wished for until its pause is over', async () => {
  const league = aLeague()
  await using repository = await open(league)
  const pause = { job: 'nfl/features', actor: 'bob', reason: 'we move the lake', at: at('18 00:00'), expiresAt: at('18 14:00') } // prettier-ignore
  await insertPause(repository.world.sql, pause)
  setUp(repository, league, '18 10:00')
  outsideClock(repository, '18 10:30', '18 15:00', 10)

  await repository.runUntil('18 15:00')

  assert.deepEqual(ofNfl(repository), NFL)
  assert.equal(dispatchesOf(repository, league.jobs[2] ?? never()), 1)
})

test('a held wish keeps no slot of its job from being rescued', async () => {
  const league = aLeague({ 'nfl/bronze': () => Promise.resolve({ notReady: 'the file is not out' }) })
  await using repository = await open(league)
  setUp(repository, league, '19 06:00')
  outsideClock(repository, '19 06:10', '19 12:00', 10)

  await repository.runUntil('19 09:10')

  const slots = repository.reports.filter(({ job, run }) => job.id === 'nfl/bronze' && run.slotDueAt)
  assert.ok(slots.length > 0, sayRuns(repository).join(', '))
})

test('a wish that a slot stands for serves it, and what follows takes its own, once each', async () => {
  const league = aLeague()
  await using repository = await open(league, { firesBelowToken: true })
  setUp(repository, league, '19 08:20')

  await endStory(repository, '19 13:00')

  for (const i of [0, 1]) assert.match((await repository.world.slots(league.jobs[i] ?? never()))[0] ?? '', /served$/)
  const ran = repository.reports.filter(({ outcome }) => outcome === 'succeeded').map(({ job }) => job.id)
  for (const id of ['nfl/bronze', 'nfl/silver', 'nfl/features', 'nfl/train', 'nfl/predict', 'nfl/results'])
    assert.equal(ran.filter((one) => one === id).length, 1, `${id} ran once`)
})

function never(): never {
  throw new RangeError('there is one')
}
