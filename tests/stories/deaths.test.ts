// Runners that die, at every step of a run's life, and those that only seemed to; runs that never came as far as the ledger.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { AnyJob } from '../../src/core/job.ts'
import { openDatabase } from '../../src/lib/db.ts'
import { aJob, anOrigin, at, foreignProcess, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, fileOf, outsideClock, sayRuns, sayTold } from './stage.ts'

/** Where a runner dies: between the two writes of its work, or with all of it done. */
type Step = 'at work' | 'at its end'

let die: (step: Step) => Promise<void> = () => Promise.resolve()
const daily = aJob({
  id: 'test/daily',
  async run(period, { lake }) {
    const write = (part: string) =>
      lake.write((tx) => tx`insert into lake_of_test values (${period.key}, ${part}) on conflict do nothing`)
    await write('first')
    await die('at work')
    await write('second')
    await die('at its end')
  },
})
const DAILY = { job: daily, cron: ['7 8 * * *'] }

async function aDeadlyRepository(): Promise<Repository> {
  die = () => Promise.resolve()
  const repository = await aRepository({ jobs: [DAILY] })
  await repository.world.sql`create table lake_of_test (day text, part text, primary key (day, part))`
  return repository
}

/** As far as the ledger can see, a process is dead when its connections are gone and nothing more comes. */
function killAt(repository: Repository, when: string, step: Step): void {
  repository.at(when, async () => {
    const own = openDatabase(repository.world.url, { max: 2 })
    const run = repository.github.addRun({ workflow: fileOf(daily), status: 'in_progress', conclusion: null })
    die = async (now) => {
      if (now === step) await own.sql.end({ timeout: 0 })
    }
    const origin = anOrigin({ identity: foreignProcess, githubRunId: run.id, githubAttempt: 1 })
    const parts = { ledger: own.sql, lake: own.sql, closeLake: () => Promise.resolve(), origin }
    await assert.rejects(repository.world.wake(daily, repository.now(), { parts }))
    die = () => Promise.resolve()
    Object.assign(run, { status: 'completed', conclusion: 'failure' })
  })
}

const deaths: readonly { at: string; kill: (repository: Repository) => void; lake: number }[] = [
  { at: 'once its row is written', kill: (repository) => repository.dies(daily, '18 08:07'), lake: 0 },
  { at: 'at work', kill: (repository) => killAt(repository, '18 08:07', 'at work'), lake: 1 },
  { at: 'at its end', kill: (repository) => killAt(repository, '18 08:07', 'at its end'), lake: 2 },
]

for (const death of deaths) {
  test(`a runner killed ${death.at} is asked about after 90 s of silence, and its slot is rescued at once`, async () => {
    await using repository = await aDeadlyRepository()
    death.kill(repository)
    outsideClock(repository, '18 08:07', '18 08:20', 1)

    await repository.runUntil('18 08:08:30')
    const [early] = await repository.world.sql`select outcome from ledger.runs`
    const lake = await repository.world.sql`select 1 from lake_of_test`
    await repository.runUntil('18 08:15')

    assert.equal(early?.['outcome'], 'running')
    assert.equal(lake.length, death.lake)
    const [lost] = await repository.world.sql`select id, outcome, reason from ledger.runs order by started_at limit 1`
    assert.equal(lost?.['outcome'], 'abandoned')
    assert.match(String(lost['reason']), /^silent for 1[23]\d s, and GitHub says that its run ended as failure$/)
    const [rescue] = repository.reports
    assert.equal(rescue?.run.startedAt.toISOString(), '2024-11-18T08:09:35.000Z')
    assert.equal(rescue.run.retryOf, lost['id'])
    assert.equal((await repository.world.sql`select 1 from lake_of_test`).length, 2)
    await endStory(repository, '18 10:00')
    assert.equal(dispatchesOf(repository, daily), 1)
  })

  test(`a runner killed ${death.at} while GitHub does not answer is left its lease of five minutes`, async () => {
    await using repository = await aDeadlyRepository()
    death.kill(repository)
    repository.github.refuseNext({ status: 502 }, { times: Infinity, only: /GET .*actions/ })
    outsideClock(repository, '18 08:07', '18 08:20', 1)

    await repository.runUntil('18 08:12')
    const before = dispatchesOf(repository, daily)
    await repository.runUntil('18 08:15')

    assert.equal(before, 0)
    const [lost] = await repository.world.sql`select outcome, reason from ledger.runs order by started_at limit 1`
    assert.match(String(lost?.['reason']), /^silent for 3\d\d s$/)
    assert.equal(repository.reports[0]?.run.startedAt.toISOString(), '2024-11-18T08:12:35.000Z')
    repository.github.forgive()
    await endStory(repository, '18 10:00')
  })
}

test('a runner killed before it opened leaves no row: GitHub is told of it, people are, and the slot is rescued after its grace', async () => {
  await using repository = await aDeadlyRepository()
  ghost(repository, '18 08:07', 'failure')
  outsideClock(repository, '18 08:00', '18 10:00')

  await endStory(repository, '18 12:00')

  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  assert.equal(say(repository.reports[0]?.run.startedAt ?? at('18 00:00')), '18 08:40')
  assert.deepEqual(sayTold(repository, daily.id).filter((text) => text.startsWith('not_started')), ['not_started critical', 'not_started well']) // prettier-ignore
})

test("a startup failure is told with GitHub's own word for it, and its slot rescued", async () => {
  await using repository = await aDeadlyRepository()
  ghost(repository, '18 08:07', 'startup_failure')
  outsideClock(repository, '18 08:00', '18 10:00')

  await repository.runUntil('18 08:16')
  const [told] = repository.told
  await endStory(repository, '18 12:00')

  assert.match(told?.message.incident.title ?? '', /test\/daily did not start: GitHub says startup_failure/)
  assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 served'])
})

test('a tick that was cancelled while pending is no alarm of its own: its slot is rescued like any other', async () => {
  await using repository = await aDeadlyRepository()
  ghost(repository, '18 08:07', 'cancelled')
  outsideClock(repository, '18 08:00', '18 10:00')

  await endStory(repository, '18 12:00')

  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  assert.ok(!sayTold(repository).some((text) => text.startsWith('not_started')), String(sayTold(repository)))
})

test('a zombie that wakes after its slot was served by another writes nothing, and says so', async () => {
  await using repository = await aDeadlyRepository()
  const night = withResolvers()
  const asleep = withResolvers()
  const sleepy: AnyJob = {
    ...daily,
    async run(period, { lake }) {
      asleep.resolve()
      await night.promise
      await lake.write((tx) => tx`insert into lake_of_test values (${period.key}, 'by the zombie')`)
    },
  }
  const run = repository.github.addRun({ workflow: fileOf(daily), status: 'in_progress', conclusion: null, at: at('18 08:07') }) // prettier-ignore
  const origin = anOrigin({ identity: foreignProcess, githubRunId: run.id, githubAttempt: 1 })
  const zombie = repository.world.wake(sleepy, '18 08:07', { parts: { origin } })
  await asleep.promise
  Object.assign(run, { status: 'completed', conclusion: 'cancelled' })
  outsideClock(repository, '18 08:07', '18 08:30', 1)
  await repository.runUntil('18 08:20')

  night.resolve()
  const report = await zombie

  assert.equal(report.outcome, 'abandoned')
  assert.equal(report.errors[0]?.code, 'fenced')
  const parts = await repository.world.sql`select part from lake_of_test order by part`
  assert.deepEqual(parts.map((row) => row['part'] as string), ['first', 'second']) // prettier-ignore
  assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 served'])
  await endStory(repository, '18 10:00')
})

/** A run of GitHub's that ended before it wrote itself down. */
function ghost(repository: Repository, when: string, conclusion: string): void {
  repository.at(when, () => repository.github.addRun({ workflow: fileOf(daily), conclusion }))
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}
