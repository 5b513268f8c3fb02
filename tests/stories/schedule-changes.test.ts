// The schedule changes while things run: lines edited, removed and added again, older checkouts that know other lines,
// workflows switched off by people, by a fork and by GitHub; and a first deployment in mid-week.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob, at } from '../helpers/builders.ts'
import type { FakeWorkflow } from '../helpers/github-shapes.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { beginAt, dispatchesOf, fileOf, in_, merge, outsideClock, sayRuns, sayTold, wakeAt } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }
const added = aJob({ id: 'test/added' })

const reasonOf = async ({ world }: Repository, state: string) =>
  (await world.sql`select reason from ledger.slots where state = ${state} order by due_at`).map((row) => String(row['reason'])) // prettier-ignore

test('a line edited between two slots: what waits of the old line is waived with the commit, and the new line begins', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  outsideClock(repository, '18 08:00', '18 08:30')
  repository.at('18 08:30', () => merge(repository, in_('UTC', daily, '7 12 * * *'), { when: '18 08:30', commit: 'abcdef0123456789' })) // prettier-ignore
  outsideClock(repository, '18 08:30', '18 14:00')

  await endStory(repository, '18 16:00')

  assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 waived', '18 12:07 served'])
  assert.match((await reasonOf(repository, 'waived'))[0] ?? '', /^the schedule "7 8 \* \* \*" \(UTC\) ended with commit abcdef012345$/) // prettier-ignore
  assert.equal(dispatchesOf(repository, daily), 1)
})

test('a run of an older checkout brings no ended line back, and waives nothing of a new one', async () => {
  await using repository = await aRepository({ jobs: [DAILY, { job: added, cron: [] }] })
  const lines = [...in_('UTC', daily, '7 12 * * *'), ...in_('UTC', added, '7 11 * * *')]
  await repository.runUntil('18 07:00')
  await repository.pass()
  await merge(repository, lines, { when: '18 07:30', commit: 'abcdef0123456789' })
  // It began before the merge, knows one job, and is woken at the old line's time.
  const older = { jobs: [daily] }
  for (const when of ['18 08:07', '18 10:00', '18 12:10'])
    wakeAt(repository, daily, when, { trigger: 'schedule', parts: older })
  outsideClock(repository, '18 10:05', '18 14:00')

  await endStory(repository, '18 16:00')

  assert.deepEqual(sayRuns(repository, daily), ['schedule nothing_due', 'schedule nothing_due', 'schedule succeeded'])
  assert.deepEqual(await repository.world.slots(daily, '19 23:00'), [
    '18 08:07 waived',
    '18 12:07 served',
    '19 12:07 due',
  ])
  assert.deepEqual(await repository.world.slots(added, '18 23:00'), ['18 11:07 served'])
  const inForce = await repository.world.sql`select job, cron from ledger.schedules where valid_to is null order by job`
  assert.deepEqual(inForce.map((row) => `${row['job']} ${row['cron']}`), ['test/added 7 11 * * *', 'test/daily 7 12 * * *']) // prettier-ignore
})

test('a line removed and added again leaves no slot of the time between, and serves the next one', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  outsideClock(repository, '18 08:00', '19 10:00', 30)
  repository.tick(daily, '18 08:07')
  repository.at('18 09:00', () => merge(repository, [], { when: '18 09:00', commit: 'gone' }))
  repository.at('19 07:00', () => merge(repository, in_('UTC', daily, '7 8 * * *'), { when: '19 07:00', commit: 'back' })) // prettier-ignore

  await repository.runUntil('19 06:59')
  const without = await repository.world.slots(daily)
  await endStory(repository, '19 12:00')

  assert.deepEqual(without, ['18 08:07 served', '19 08:07 waived'])
  assert.deepEqual(await repository.world.slots(daily, '19 23:00'), ['18 08:07 served', '19 08:07 served'])
})

for (const { state, who } of [
  { state: 'disabled_manually', who: 'by hand' },
  { state: 'disabled_fork', who: 'because the repository is a fork' },
] as const) {
  test(`a workflow disabled ${who}: its slots are waived with the reason, and nobody enables it`, async () => {
    await using repository = await aRepository({ jobs: [DAILY] })
    workflowOf(repository).state = state
    outsideClock(repository, '18 08:00', '18 14:00', 20)

    await endStory(repository, '18 16:00')

    assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 waived'])
    assert.match((await reasonOf(repository, 'waived'))[0] ?? '', new RegExp(`test-daily.yml is ${state}`))
    assert.equal(workflowOf(repository).state, state)
    assert.equal(dispatchesOf(repository, daily), 0)
    assert.ok(!sayTold(repository, daily.id).some((text) => /^(overdue|missed|failed)/.test(text)))
  })
}

test('a workflow that a person enables again is expected again', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  workflowOf(repository).state = 'disabled_manually'
  repository.at('18 20:00', () => void (workflowOf(repository).state = 'active'))
  outsideClock(repository, '18 08:00', '19 12:00', 20)

  await endStory(repository, '19 14:00')

  assert.deepEqual(await repository.world.slots(daily, '19 23:00'), ['18 08:07 waived', '19 08:07 served'])
})

test('a workflow that GitHub disabled for inactivity is enabled again, and what it missed is served', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  repository.at('18 06:00', () => void (workflowOf(repository).state = 'disabled_inactivity'))
  repository.tick(daily, '18 08:07')
  outsideClock(repository, '18 09:00', '18 14:00', 10)

  await endStory(repository, '18 16:00')

  assert.equal(workflowOf(repository).state, 'active')
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  const [pass] = repository.passes
  assert.deepEqual(pass?.rounds[0]?.enabled, ['.github/workflows/test-daily.yml'])
  const told = repository.told.find(({ message }) => message.incident.cause === 'disabled')
  assert.match(told?.message.incident.title ?? '', /disabled for inactivity: .*test-daily.yml/)
})

test('a slot that is missed while GitHub will not enable its workflow says that it was disabled', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  workflowOf(repository).state = 'disabled_inactivity'
  repository.github.refuseNext({ status: 403 }, { times: Infinity, only: /enable/ })
  outsideClock(repository, '18 09:00', '18 15:00', 20)

  await endStory(repository, '18 16:00')

  assert.deepEqual(await reasonOf(repository, 'missed'), ['GitHub had disabled the workflow for inactivity; the deadline passed']) // prettier-ignore
})

test('a first deployment in mid-week has no slot before it, no alarm on its first day, and serves its first slot', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  // Before DATABASE_URL was set every tick ended in a sentence and an exit code.
  for (const when of ['19 08:07', '20 08:07'])
    repository.github.addRun({ workflow: fileOf(daily), conclusion: 'failure', at: at(when) })
  await beginAt(repository, '20 12:00', in_('UTC', daily, '7 8 * * *'))
  outsideClock(repository, '20 12:00', '21 12:00', 20)
  repository.tick(daily, '21 08:09')

  await repository.runUntil('21 12:00')
  const alarms = sayTold(repository)
  await endStory(repository, '21 14:00')

  assert.deepEqual(await repository.world.slots(daily, '21 23:00'), ['21 08:07 served'])
  assert.deepEqual(sayRuns(repository), ['schedule succeeded'])
  assert.deepEqual(alarms, [])
})

test('a first deployment whose runs never start is told as a line that was never seen, a grace after its first slot', async () => {
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => undefined })
  await beginAt(repository, '20 12:00', in_('UTC', daily, '7 8 * * *'))
  outsideClock(repository, '20 12:00', '21 12:00', 20)

  await endStory(repository, '21 17:00')

  const seen = repository.told.find(({ message }) => message.incident.cause === 'never_seen')
  assert.equal(seen?.at.toISOString(), '2024-11-21T08:40:10.000Z')
  assert.match(seen.message.incident.title, /was never served on its line "7 8 \* \* \*" \(UTC\)/)
})

function workflowOf({ github }: Repository): FakeWorkflow {
  const found = github.workflows.find(({ file }) => file.endsWith(fileOf(daily)))
  if (found === undefined) throw new RangeError('the repository has no workflow of test/daily')
  return found
}
