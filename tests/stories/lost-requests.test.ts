// Rescues that are lost themselves: cancelled while pending, accepted and forgotten, refused by GitHub.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createActionsExecutor } from '../../src/executors/actions.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { aJob, at, say } from '../helpers/builders.ts'
import type { Github } from '../helpers/github-shapes.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { after, outsideClock, sayRuns, sayTold } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const other = aJob({ id: 'test/other' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }
const DISPATCH_OF_DAILY = /POST .*test-daily\.yml\/dispatches/

/** For GitHub to answer in; only what it never answers takes it, and a busy machine answers within it. */
const A_SECOND = 1000

const triedAt = ({ github }: Repository) =>
  github.requests.filter(({ method, path }) => DISPATCH_OF_DAILY.test(`${method} ${path}`)).map((call) => say(call.at))

test('a rescue cancelled while it was pending is asked about, and sent again at once', async () => {
  const starts = [undefined, 25]
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => starts.shift() })
  outsideClock(repository, '18 08:00', '18 10:00')
  repository.at('18 08:41', () => {
    Object.assign(repository.github.runs.at(-1) ?? {}, { status: 'completed', conclusion: 'cancelled' })
  })

  await endStory(repository, '18 12:00')

  assert.deepEqual(triedAt(repository), ['18 08:40', '18 08:45'])
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  const [request] = await repository.world.sql`select state, tries from ledger.requests`
  assert.deepEqual({ ...request }, { state: 'done', tries: 2 })
})

test('a dispatch that GitHub forgot, run and all, is sent again at once', async () => {
  const starts = [undefined, 25]
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => starts.shift() })
  outsideClock(repository, '18 08:00', '18 10:00')
  repository.at('18 08:41', () => void repository.github.runs.pop())

  await endStory(repository, '18 12:00')

  assert.deepEqual(triedAt(repository), ['18 08:40', '18 08:45'])
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
})

test('three runs that GitHub ends before they begin are given up as lost and told as critical, and another is asked for', async () => {
  const starts = [undefined, undefined, undefined, 25]
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => starts.shift() })
  failPending(repository, { until: '18 08:55' })
  outsideClock(repository, '18 08:00', '18 12:00')

  await endStory(repository, '18 14:00')

  assert.deepEqual(triedAt(repository), ['18 08:40', '18 08:45', '18 08:50', '18 09:00'])
  const requests = await repository.world.sql`select state, tries, note from ledger.requests order by id`
  assert.deepEqual(requests.map((row) => [row['state'], row['tries'], row['note']]), [
    ['dropped', 3, 'lost: sent 3 times, and no run came: GitHub ended its run as startup_failure'],
    ['done', 1, null],
  ]) // prettier-ignore
  // One trouble: grave from the first, for the line is new, and over once.
  assert.deepEqual(sayTold(repository, daily.id), ['never_seen critical', 'rescue_lost well'])
})

test('a slot whose rescues never come is asked for ever more rarely until its deadline, and then missed', async () => {
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => undefined })
  failPending(repository, { until: '18 20:00' })
  outsideClock(repository, '18 08:00', '18 15:00')

  await endStory(repository, '18 20:00')

  const [first, ...rest] = repository.github.dispatches.filter(({ workflow }) => workflow === 'test-daily.yml').map((one) => one.at.getTime()) // prettier-ignore
  const pauses = rest.map((moment, i) => Math.round((moment - (rest[i - 1] ?? first ?? 0)) / 60_000))
  assert.deepEqual(
    pauses,
    [5, 5, 10, 20, 40, 80, 85, 45, 30],
    'half of what is left until 14:07 is never waited through',
  )
  assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 missed'])
  // One trouble, grave from the first, for its line is new.
  assert.deepEqual(sayTold(repository, daily.id), ['never_seen critical'])
  const incidents = await repository.world.sql`select subject from ledger.incidents where subject = ${daily.id}`
  assert.equal(incidents.length, 1)
})

test('a run that GitHub has queued for hours is waited for, not asked for again', async () => {
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => 3 * 3600 })
  outsideClock(repository, '18 08:00', '18 13:00')

  await repository.runUntil('18 10:00')
  const [request] = await repository.world.sql`select state, tries, note from ledger.requests`
  await endStory(repository, '18 14:00')

  assert.deepEqual({ ...request }, { state: 'sent', tries: 1, note: 'GitHub has its run as queued' })
  assert.deepEqual(triedAt(repository), ['18 08:40'])
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
})

test('a run that queued for hours and was cancelled then is asked for again at once', async () => {
  const starts = [undefined, 25]
  await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => starts.shift() })
  outsideClock(repository, '18 08:00', '18 13:00')
  repository.at('18 10:31', () => {
    Object.assign(repository.github.runs.at(-1) ?? {}, { status: 'completed', conclusion: 'cancelled' })
  })

  await endStory(repository, '18 14:00')

  assert.deepEqual(triedAt(repository), ['18 08:40', '18 10:35'])
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
})

test('a workflow that GitHub refuses to start for days is one incident, and is asked for ever more rarely', async () => {
  const hourly = aJob({ id: 'test/hourly', deadlineMinutes: 55, graceMinutes: 10 })
  await using repository = await aRepository({ jobs: [{ job: hourly, cron: ['7 * * * *'] }] })
  const workflow = repository.github.workflows.find(({ name }) => name === 'test-hourly')
  assert.ok(workflow)
  workflow.dispatchable = false
  outsideClock(repository, '18 00:02', '20 00:02')

  await repository.runUntil('20 00:02')

  const asked = repository.github.requests.filter(({ path }) => path.includes('test-hourly.yml/dispatches'))
  const hours = 48
  // Each refusal is two calls: an older GitHub says so of a dispatch that asks for its run, and is asked again without.
  assert.ok(asked.length / 2 <= 2.25 * hours, `${asked.length / 2} dispatches in ${hours} hours`)
  const incidents = await repository.world.sql`
    select title, closed_at from ledger.incidents where subject = 'test/hourly' and cause = 'rescue_lost'
  `
  assert.equal(incidents.length, 1)
  assert.equal(incidents[0]?.['closed_at'], null)
  assert.match(
    String(incidents[0]?.['title']),
    /asked for in vain: GitHub refused when asked to start test-hourly\.yml/,
  )
  const unasked = await repository.world.sql`
    select due_at from ledger.slots s where state = 'missed' and not exists (
      select 1 from ledger.requests q where q.job = s.job and q.slot_due_at = s.due_at and q.tries > 0
    )
  `
  assert.deepEqual([...unasked], [], 'every slot was asked for once at least')
  assert.deepEqual(sayTold(repository, 'test/hourly'), ['never_seen critical'])
})

/** GitHub ends every run that waits, each minute, before it has begun. */
function failPending(repository: Repository, { until }: { until: string }): void {
  for (let moment = at('18 08:00'); moment < at(until); moment = after(moment, 1)) {
    repository.at(moment, () => {
      for (const run of repository.github.runs.filter(({ status }) => status === 'queued'))
        Object.assign(run, { status: 'completed', conclusion: 'startup_failure' })
    })
  }
}

const refusals: readonly { what: string; refuse: (github: Github) => void; tries: readonly string[] }[] = [
  {
    what: 'a secondary limit that says for how long',
    refuse: (github) => github.limitSecondary(600, { only: DISPATCH_OF_DAILY }),
    tries: ['18 08:40', '18 08:50'],
  },
  {
    what: 'an answer of 502',
    refuse: (github) => github.refuseNext({ status: 502 }, { only: DISPATCH_OF_DAILY, times: 2 }),
    tries: ['18 08:40', '18 08:45', '18 08:50'],
  },
  {
    what: 'an answer of 422',
    // Twice: an older GitHub says so of a dispatch that asks for its run, and is asked again without.
    refuse: (github) =>
      github.refuseNext({ status: 422, body: { message: 'no such input' } }, { only: DISPATCH_OF_DAILY, times: 2 }),
    tries: ['18 08:40', '18 08:45'],
  },
  {
    what: 'no answer at all',
    refuse: (github) => github.hang({ only: DISPATCH_OF_DAILY }),
    tries: ['18 08:40', '18 08:45'],
  },
]

for (const { what, refuse, tries } of refusals) {
  test(`${what} to a dispatch puts it off, and the pass goes on with the others`, async () => {
    await using repository = await aRepository({ jobs: [DAILY, { job: other, cron: ['7 8 * * *'] }] })
    const { github } = repository
    const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token, timeoutMs: A_SECOND }) // prettier-ignore
    refuse(github)
    for (const minute of ['40', '45', '50', '55'])
      repository.at(`18 08:${minute}`, () => repository.pass({ executor: createActionsExecutor(api) }))

    await repository.runUntil('18 08:41')
    const [first] = repository.passes[0]?.rounds ?? []
    await endStory(repository, '18 12:00')

    assert.deepEqual(first?.failed.map(({ job }) => job), ['test/daily']) // prettier-ignore
    assert.deepEqual(first?.sent.map(({ job }) => job), ['test/other']) // prettier-ignore
    assert.deepEqual([...new Set(triedAt(repository))], tries)
    assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 served'])
    assert.deepEqual(await repository.world.slots(other, '18 23:00'), ['18 08:07 served'])
  })
}

test('GitHub refuses every dispatch for two hours: people are told why, and the slot is served when it is back', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  repository.github.refuseNext({ status: 503 }, { only: DISPATCH_OF_DAILY, times: Infinity })
  outsideClock(repository, '18 08:30', '18 12:00')
  repository.at('18 10:40', () => repository.github.forgive())

  await endStory(repository, '18 14:00')

  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  assert.equal(say(repository.reports[0]?.run.startedAt ?? repository.now()).slice(0, 4), '18 1')
  const lost = repository.told.find(({ message }) => message.incident.cause === 'rescue_lost')
  assert.match(lost?.message.incident.title ?? '', /test\/daily was asked for in vain: sent 3 times, and no run came: GitHub/) // prettier-ignore
})

test("GitHub's limit for everything keeps a pass from asking, not from judging, abandoning and telling", async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  repository.github.limitFor(3600)
  outsideClock(repository, '18 00:30', '18 03:00', 10)

  await repository.runUntil('18 00:31')

  const [round] = repository.passes[0]?.rounds ?? []
  assert.match(round?.githubError ?? '', /rate limit is in the way/)
  assert.equal(round?.lostLease, false)
  const [pass] = await repository.world.sql`select ended_at, error from ledger.passes`
  assert.match(String(pass?.['error']), /^asking GitHub for its runs failed: GitHub's rate limit is in the way/)
  await endStory(repository, '18 04:00')
})
