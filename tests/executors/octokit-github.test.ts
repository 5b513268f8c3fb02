// GitHub's calls as they go well; how they do not is in github-refusals.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure } from '../../src/core/errors.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { at, say } from '../helpers/builders.ts'
import { aGithub } from '../helpers/github-server.ts'
import { aWorkflow, type Github } from '../helpers/github-shapes.ts'

const apiOf = ({ url: apiUrl, repository, token }: Github): GithubApi => createGithubApi({ apiUrl, repository, token })

test('a dispatch starts the workflow on the default branch and tells the id of its run', async () => {
  await using github = await aGithub({ now: () => at('19 13:07') })
  github.facts.default_branch = 'trunk'

  const id = await apiOf(github).dispatchWorkflow('nfl-bronze.yml', { season: '2024', week: '11' })

  assert.deepEqual(github.dispatches, [
    {
      workflow: 'nfl-bronze.yml',
      ref: 'trunk',
      inputs: { season: '2024', week: '11' },
      at: at('19 13:07'),
      runId: '12000000001',
      actor: 'github-actions[bot]',
    },
  ])
  assert.equal(id, '12000000001')
})

test('a workflow may be named by its path', async () => {
  await using github = await aGithub()
  const api = apiOf(github)
  const [bronze] = github.workflows.filter(({ name }) => name === 'nfl-bronze')
  assert.ok(bronze)
  bronze.state = 'disabled_inactivity'

  await api.enableWorkflow(bronze.file)
  await api.dispatchWorkflow(bronze.file, {})

  assert.equal(github.dispatches[0]?.workflow, 'nfl-bronze.yml')
})

test('the default branch is asked once and kept, and every call is counted', async () => {
  await using github = await aGithub()
  const api = apiOf(github)

  await api.dispatchWorkflow('nfl-bronze.yml', {})
  await api.dispatchWorkflow('nfl-silver.yml', {})

  assert.deepEqual(
    github.requests.map(({ method }) => method),
    ['GET', 'POST', 'POST'],
  )
  assert.deepEqual([api.calls, github.calls], [3, 3])
})

test('the default branch is asked again when the first answer failed', async () => {
  await using github = await aGithub()
  const api = apiOf(github)
  github.refuseNext({ status: 502 })

  await assert.rejects(api.dispatchWorkflow('nfl-bronze.yml', {}), /502/)
  await api.dispatchWorkflow('nfl-bronze.yml', {})

  assert.equal(github.dispatches.length, 1)
})

for (const status of [400, 422] as const) {
  test(`a server too old to tell the run's id (${status}) is asked again without it`, async () => {
    await using github = await aGithub()
    github.tooOldForRunDetails = status

    const id = await apiOf(github).dispatchWorkflow('nfl-bronze.yml', { season: '2024' })

    assert.equal(id, undefined)
    assert.deepEqual(
      github.dispatches.map(({ inputs }) => inputs),
      [{ season: '2024' }],
    )
  })
}

test('a run is found with what reconcile asks of it', async () => {
  await using github = await aGithub()
  const { id } = github.addRun({ workflow: 'nfl-silver.yml', conclusion: 'startup_failure', at: at('19 19:07') })

  const run = await apiOf(github).findRun(id)

  assert.deepEqual(run, {
    id: '12000000001',
    attempt: 1,
    file: '.github/workflows/nfl-silver.yml',
    event: 'schedule',
    status: 'completed',
    conclusion: 'startup_failure',
    createdAt: at('19 19:07'),
    url: 'https://github.test/acme/league/actions/runs/12000000001',
  })
})

test('a run that has not ended has no conclusion', async () => {
  await using github = await aGithub()
  const { id } = github.addRun({ status: 'in_progress', conclusion: null })

  const run = await apiOf(github).findRun(id)

  assert.deepEqual([run?.status, run?.conclusion], ['in_progress', undefined])
})

test('a run that GitHub does not know is undefined', async () => {
  await using github = await aGithub()

  assert.equal(await apiOf(github).findRun('7'), undefined)
})

test('an id beyond 2^53 keeps its last digit, and a path loses its ref', async () => {
  await using github = await aGithub()
  github.refuseNext({
    status: 200,
    body: `{"id": 9007199254740993, "event": "schedule", "status": null, "created_at": "2024-11-19T13:07:00Z",
            "html_url": "https://github.test/r", "path": ".github/workflows/nfl-bronze.yml@main"}`,
  })

  const run = await apiOf(github).findRun('9007199254740993')

  assert.deepEqual(
    [run?.id, run?.file, run?.status],
    ['9007199254740993', '.github/workflows/nfl-bronze.yml', 'unknown'],
  )
})

test('runs are listed from an instant on, its whole second included, newest first', async () => {
  await using github = await aGithub()
  for (const time of ['19 13:06:59', '19 13:07', '19 15:07']) github.addRun({ at: at(time) })

  const runs = await apiOf(github).listRunsSince(new Date('2024-11-19T13:07:00.900Z'), 100)

  assert.deepEqual(
    runs.map(({ createdAt }) => say(createdAt)),
    ['19 15:07', '19 13:07'],
  )
})

test('a long list is read page by page, up to the limit', async () => {
  await using github = await aGithub()
  for (let i = 0; i < 250; i += 1) github.addRun({ at: new Date(at('19 13:07').getTime() + i * 1000) })
  const api = apiOf(github)

  assert.equal((await api.listRunsSince(at('19 00:00'), 1000)).length, 250)
  assert.equal(api.calls, 3)
  assert.equal((await api.listRunsSince(at('19 00:00'), 120)).length, 120)
  assert.equal(api.calls, 5)
  assert.equal((await api.listRunsSince(at('20 00:00'), 120)).length, 0)
})

test('a run that moves to the next page while we turn it is listed once', async () => {
  let github: Github | undefined
  let asked = 0
  await using server = await aGithub({
    // Each call finds one new run.
    now: () => {
      asked += 1
      github?.addRun({ at: new Date(at('20 00:00').getTime() + asked * 1000) })
      return at('20 00:00')
    },
  })
  for (let i = 0; i < 150; i += 1) server.addRun({ at: at('19 13:07') })
  github = server

  const runs = await apiOf(server).listRunsSince(at('19 00:00'), 1000)

  assert.equal(new Set(runs.map(({ id }) => id)).size, runs.length)
  assert.equal(runs.length, 151)
})

test('GitHub lists no more than a thousand runs, and we ask for no more', async () => {
  await using github = await aGithub()
  for (let i = 0; i < 1100; i += 1) github.addRun({ at: at('19 13:07') })
  const api = apiOf(github)

  assert.equal((await api.listRunsSince(at('19 00:00'), 5000)).length, 1000)
  assert.equal(api.calls, 10)
})

test('all workflows are listed with their state, however many', async () => {
  const workflows = Array.from({ length: 130 }, (_, i) => aWorkflow({ id: i, file: `.github/workflows/w${i}.yml` }))
  await using github = await aGithub({ workflows })
  workflows[129]!.state = 'disabled_inactivity'

  const listed = await apiOf(github).listWorkflows()

  assert.equal(listed.length, 130)
  assert.deepEqual(listed[129], { file: '.github/workflows/w129.yml', state: 'disabled_inactivity' })
})

test('a workflow that GitHub switched off is switched on again', async () => {
  await using github = await aGithub()
  github.workflows[0]!.state = 'disabled_inactivity'

  await apiOf(github).enableWorkflow(github.workflows[0]!.file)

  assert.equal(github.workflows[0]!.state, 'active')
})

test('the newest commit of the default branch has its time; a repository without one has none', async () => {
  await using github = await aGithub()
  const api = apiOf(github)
  github.lastCommitAt = at('18 12:00')

  assert.deepEqual(await api.lastCommitAt(), at('18 12:00'))
  github.lastCommitAt = undefined
  assert.equal(await api.lastCommitAt(), undefined)
})

test('an issue is opened, commented on, changed, closed and found', async () => {
  await using github = await aGithub({ now: () => at('19 14:00') })
  const api = apiOf(github)

  const opened = await api.createIssue({ title: 'nfl/bronze failed', body: 'Since 08:07.', labels: ['matchday'] })
  await api.commentOnIssue(opened.number, 'Still so.')
  await api.updateIssue(opened.number, { state: 'closed', title: 'nfl/bronze runs again' })

  const page = 'https://github.test/acme/league/issues/1'
  assert.deepEqual(opened, { number: 1, open: true, labels: ['matchday'], url: page })
  assert.deepEqual(await api.findIssue(1), { ...opened, open: false })
  assert.equal(await api.findIssue(2), undefined)
  assert.deepEqual(github.comments, [{ issue: 1, body: 'Still so.', at: at('19 14:00') }])
  assert.deepEqual([github.issues[0]?.title, github.issues[0]?.body], ['nfl/bronze runs again', 'Since 08:07.'])
})

test('nothing is asked before the first call', async () => {
  await using github = await aGithub()

  assert.equal(apiOf(github).calls, 0)
  assert.equal(github.calls, 0)
})

test('what is no repository or no address is misuse', () => {
  const access = { apiUrl: 'https://github.test', repository: 'acme/league', token: 't' }

  for (const repository of ['league', 'acme/', 'acme/league/x', '/league'])
    assert.throws(() => createGithubApi({ ...access, repository }), { name: 'ConfigFailure', message: /owner\/name/ })
  assert.throws(() => createGithubApi({ ...access, apiUrl: 'github' }), ConfigFailure)
})
