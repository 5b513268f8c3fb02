// What GitHub's cron does to a schedule, and what becomes of the slots.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob, foreignProcess } from '../helpers/builders.ts'
import { aRepository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns, sayTold, wakeAt } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }

test('cron three hours late and twice: the slot was rescued after its grace, and the late ticks are gated', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  outsideClock(repository, '18 08:00', '18 12:00')
  repository.tick(daily, '18 11:07')
  repository.tick(daily, '18 11:07:30')

  await repository.runUntil('18 16:00')

  assert.deepEqual(sayRuns(repository), ['request succeeded', 'schedule nothing_due', 'schedule nothing_due'])
  const [slot] = await repository.world
    .sql`select state, started_at from ledger.slots where due_at < '2024-11-18 12:00Z'`
  assert.equal(slot?.['state'], 'served')
  assert.equal((slot?.['started_at'] as Date).toISOString(), '2024-11-18T08:40:35.000Z')
  await endStory(repository, '18 23:00')
})

test('a tick that comes late, after a rescue, leaves a run in the ledger that says why it did nothing', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  outsideClock(repository, '18 08:00', '18 09:00')
  repository.tick(daily, '18 13:51')

  await repository.runUntil('18 14:00')

  const [gated] = await repository.world.sql`
    select trigger, outcome, gate, reason, slot_due_at, github_run_id from ledger.runs order by started_at desc limit 1
  `
  const { reason, github_run_id: githubRunId, ...rest } = { ...gated } as Record<string, unknown>
  assert.deepEqual(rest, { trigger: 'schedule', outcome: 'gated', gate: 'nothing_due', slot_due_at: null })
  assert.match(String(reason), /every slot so far is accounted for\. The next slot is due 2024-11-19T08:07/)
  assert.equal(githubRunId, repository.github.runs.findLast(({ event }) => event === 'schedule')?.id)
  await endStory(repository, '18 23:00')
})

test('cron that never comes: every day is rescued once, and people are told each time and told that it is over', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  for (const day of ['18', '19', '20']) outsideClock(repository, `${day} 08:00`, `${day} 10:00`)

  await repository.runUntil('20 16:00')

  assert.deepEqual(await repository.world.slots(daily, '20 23:59'), ['18 08:07 served', '19 08:07 served', '20 08:07 served']) // prettier-ignore
  assert.equal(dispatchesOf(repository, daily), 3)
  const aDay = ['overdue warning', 'overdue well']
  // On its first day the line is new, which is graver.
  assert.deepEqual(sayTold(repository, daily.id), ['never_seen critical', 'never_seen well', ...aDay, ...aDay])
  await endStory(repository, '20 23:00')
})

test('two ticks at the same instant: one serves the slot, the other is gated', async () => {
  let runs = 0
  const job = aJob({ id: 'test/daily', run: () => Promise.resolve(void runs++) })
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }] })
  outsideClock(repository, '18 08:00', '18 12:00')

  await repository.runUntil('18 08:07')
  const both = await Promise.all([1, 2].map(() => repository.world.wake(job, '18 08:07')))

  assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ['gated', 'succeeded'])
  await endStory(repository, '18 23:00')
  assert.equal(runs, 1)
  assert.equal(dispatchesOf(repository, job), 0)
})

test('a rescue and the tick at the same instant: one serves the slot, and the request is answered all the same', async () => {
  let runs = 0
  const job = aJob({ id: 'test/daily', run: () => Promise.resolve(void runs++) })
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }], startSeconds: () => undefined })
  repository.at('18 08:40', () => repository.pass())
  await repository.runUntil('18 08:40:30')
  const [dispatch] = repository.github.dispatches
  const rescue = { trigger: 'request', parts: { origin: originOf(dispatch?.runId) } } as const

  const both = await Promise.all([
    repository.world.wake(job, '18 08:40:30', rescue),
    repository.world.wake(job, '18 08:40:30'),
  ])

  assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ['gated', 'succeeded'])
  await endStory(repository, '18 23:00')
  const [request] = await repository.world.sql`select state, run_id from ledger.requests`
  assert.deepEqual({ ...request }, { state: 'done', run_id: both[0]?.run.id })
  assert.equal(runs, 1)
})

test('an old attempt started again from the Actions tab never serves its slot again', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  repository.tick(daily, '18 08:07')
  wakeAt(repository, daily, '18 15:00', { trigger: 'rerun' })
  outsideClock(repository, '18 08:00', '18 16:00', 20)

  await repository.runUntil('18 16:00')

  assert.deepEqual(sayRuns(repository), ['schedule succeeded', 'rerun nothing_due'])
  assert.deepEqual(repository.reports.map(({ run }) => run.origin.githubAttempt), [1, 2]) // prettier-ignore
  await endStory(repository, '18 23:00')
})

test('an old attempt started again takes what is due now, not what it once was for', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  repository.tick(daily, '18 08:07')
  wakeAt(repository, daily, '19 08:20', { trigger: 'rerun' })
  outsideClock(repository, '18 08:00', '19 10:00', 30)

  await repository.runUntil('19 10:00')

  assert.deepEqual(sayRuns(repository), ['schedule succeeded', 'rerun succeeded'])
  assert.equal(repository.reports[1]?.run.slotDueAt?.toISOString(), '2024-11-19T08:07:00.000Z')
  assert.equal(repository.reports[1]?.run.attempt, 1)
  await endStory(repository, '19 23:00')
})

function originOf(githubRunId: string | undefined) {
  return { identity: foreignProcess, githubRunId, githubAttempt: 1, commit: undefined, actor: undefined }
}
