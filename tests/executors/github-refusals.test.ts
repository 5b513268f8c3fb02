// GitHub's refusals: its limits, rights that are missing, and what it will not do. One SourceFailure each, that says what
// was asked, whether it passes and when. What goes wrong on the way is in github-faults.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { SourceFailure } from '../../src/core/errors.ts'
import type { GithubApi } from '../../src/executors/github-api.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { at } from '../helpers/builders.ts'
import { aGithub } from '../helpers/github-server.ts'
import { refusal, type Answer, type Github } from '../helpers/github-shapes.ts'
import { dispatch, failureOf, list } from './failure-of.ts'

const DATE = at('19 13:07').toUTCString()

const limits: [string, Answer, number, RegExp][] = [
  [
    'the hourly limit (403)',
    {
      ...refusal(403, 'API rate limit exceeded for installation ID 1.'),
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(at('19 13:40').getTime() / 1000),
        date: DATE,
      },
    },
    33 * 60,
    /rate limit is in the way: asked to list runs in acme\/league, it answered 403 \(API rate limit exceeded .* again in 33 m\.$/,
  ],
  [
    'the hourly limit (429)',
    {
      ...refusal(429, 'API rate limit exceeded.'),
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0', date: DATE },
    },
    1,
    /429/,
  ],
  ['429 with Retry-After', { ...refusal(429, 'Slow down.'), headers: { 'retry-after': '120' } }, 120, /again in 2 m/],
  [
    '429 with Retry-After as a date',
    { ...refusal(429, 'Slow down.'), headers: { 'retry-after': at('19 13:09').toUTCString(), date: DATE } },
    120,
    /again in 2 m/,
  ],
  ['429 without a word', { status: 429 }, 60, /answered 429\. Nothing was done/],
  ['a secondary limit with Retry-After', { ...refusal(403, 'Wait.'), headers: { 'retry-after': '7' } }, 7, /in 7.0 s/],
  [
    'a secondary limit that only its words tell',
    refusal(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
    60,
    /secondary rate limit.* again in 1 m\.$/,
  ],
]

for (const [name, answer, seconds, message] of limits) {
  test(`${name} passes, and says when`, async () => {
    await using github = await aGithub()
    github.refuseNext(answer)

    const failure = await failureOf(github)

    assert.deepEqual(
      [failure.code, failure.retryable, failure.retryAfterSeconds],
      ['github_rate_limited', true, seconds],
    )
    assert.match(failure.message, message)
  })
}

test('the limit of a virtual hour is over when that hour is', async () => {
  let now = at('19 13:07')
  await using github = await aGithub({ now: () => now })
  github.limitFor(600)

  const failure = await failureOf(github)
  now = at('19 13:17')

  assert.equal(failure.retryAfterSeconds, 600)
  assert.deepEqual(await list(createGithubApi({ apiUrl: github.url, ...github })), [])
})

const rights: [string, keyof Github['rights'], string, (api: GithubApi) => Promise<unknown>][] = [
  ['a dispatch', 'actions', 'actions: write', dispatch],
  ['switching a workflow on', 'actions', 'actions: write', (api) => api.enableWorkflow('nfl-bronze.yml')],
  ['a list of runs', 'actions', 'actions: read', list],
  ['a run', 'actions', 'actions: read', (api) => api.findRun('1')],
  ['a list of workflows', 'actions', 'actions: read', (api) => api.listWorkflows()],
  ['the newest commit', 'contents', 'contents: read', (api) => api.lastCommitAt()],
  ['an issue', 'issues', 'issues: write', (api) => api.createIssue({ title: 't', body: 'b', labels: [] })],
  ['a comment', 'issues', 'issues: write', (api) => api.commentOnIssue(1, 'b')],
  ['a closed issue', 'issues', 'issues: write', (api) => api.updateIssue(1, { state: 'closed' })],
  ['a look at an issue', 'issues', 'issues: read', (api) => api.findIssue(1)],
]

for (const [name, family, right, call] of rights) {
  test(`${name} without its right is refused for good, and the failure names the right`, async () => {
    await using github = await aGithub()
    github.rights[family] = 'none'

    const failure = await failureOf(github, call)

    assert.deepEqual([failure.code, failure.retryable, failure.context['status']], ['github_refused', false, 403])
    assert.match(failure.message, /403 \(Resource not accessible by integration\)/)
    assert.ok(failure.message.endsWith(`Give the job \`${right}\`.`), failure.message)
  })
}

test('a token that is not valid is refused for good', async () => {
  await using github = await aGithub()

  const failure = await failureOf({ ...github, url: github.url, token: 'an-old-word' }, dispatch)

  assert.deepEqual([failure.code, failure.retryable], ['github_refused', false])
  assert.match(failure.message, /401 \(Bad credentials\).* hand the step `GITHUB_TOKEN: \$\{\{ github\.token \}\}`/)
})

for (const [name, token] of [
  ['with a line break in it', 'half-a\nword-of-acme'],
  ['that is empty', ''],
] as const) {
  test(`a token ${name} is not sent, and not repeated`, async () => {
    await using github = await aGithub()
    const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token })

    await assert.rejects(list(api), (error: unknown) => {
      assert.ok(error instanceof SourceFailure)
      assert.deepEqual([error.code, error.retryable], ['github_refused', false])
      assert.match(error.message, /the token is empty, or has a space or a line break in it/)
      assert.ok(!error.message.includes('word-of-acme'))
      return true
    })

    assert.equal(github.calls, 0)
  })
}

const refusals: [string, (github: Github) => void, Record<string, string>, RegExp][] = [
  [
    'without workflow_dispatch',
    (github) => github.workflows.forEach((workflow) => (workflow.dispatchable = false)),
    {},
    /422 \(Workflow does not have 'workflow_dispatch' trigger\)/,
  ],
  [
    'that is switched off',
    (github) => github.workflows.forEach((workflow) => (workflow.state = 'disabled_manually')),
    {},
    /422 \(Cannot trigger a 'workflow_dispatch' on a disabled workflow\)/,
  ],
  [
    'with an input that it has not',
    () => undefined,
    { colour: 'red' },
    /422 \(Unexpected inputs provided: \["colour"\]/,
  ],
  [
    'with a choice that it has not',
    () => undefined,
    { environment: 'moon' },
    /422 \(Provided value 'moon' for input 'environment' not in the list of allowed values\)/,
  ],
]

for (const [name, spoil, inputs, message] of refusals) {
  test(`a workflow ${name} is not started, and GitHub's words say why`, async () => {
    await using github = await aGithub()
    spoil(github)

    const failure = await failureOf(github, (api) => api.dispatchWorkflow('nfl-bronze.yml', inputs))

    assert.deepEqual([failure.code, failure.retryable], ['github_refused', false])
    assert.match(failure.message, message)
    assert.match(failure.message, /^GitHub refused when asked to start nfl-bronze\.yml in acme\/league/)
    assert.deepEqual(github.dispatches, [])
  })
}

test('a workflow that is not there is missing', async () => {
  await using github = await aGithub()

  const failure = await failureOf(github, (api) => api.dispatchWorkflow('nfl-gold.yml', {}))

  assert.deepEqual([failure.code, failure.retryable], ['github_missing', false])
  assert.match(failure.message, /found nothing when asked to start nfl-gold\.yml .* 404 \(Not Found\).*default branch/)
})

test('beside a repository that the token may not see, no run is said to be missing', async () => {
  await using github = await aGithub()

  const failure = await failureOf({ ...github, url: github.url, repository: 'acme/other' }, (api) => api.findRun('7'))

  assert.equal(failure.code, 'github_missing')
  assert.match(failure.message, /read the repository in acme\/other/)
})

test('where issues are switched off, none is opened', async () => {
  await using github = await aGithub()
  github.facts.has_issues = false

  const failure = await failureOf(github, (api) => api.createIssue({ title: 't', body: 'b', labels: [] }))

  assert.equal(failure.retryable, false)
  assert.match(failure.message, /410 \(Issues has been disabled in this repository\)/)
})

test('what GitHub says of a field is in the failure, on one line and not too long', async () => {
  await using github = await aGithub()
  github.refuseNext({
    status: 422,
    body: { message: 'Validation\nFailed', errors: [{ field: 'title', code: 'missing_field' }, 'x'.repeat(9999)] },
  })

  const failure = await failureOf(github)

  assert.match(failure.message, /422 \(Validation Failed; \{"field":"title","code":"missing_field"\}; "xxx/)
  assert.ok(failure.message.length < 600)
})
