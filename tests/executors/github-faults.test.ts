// What goes wrong on the way to GitHub and back: its own faults, hangs, lost connections, answers that cannot be read. All
// pass, and after a write none says that nothing was done.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { aFreePort } from '../helpers/broken-servers.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { Answer } from '../helpers/github-shapes.ts'
import { dispatch, failureOf, list } from './failure-of.ts'

for (const status of [500, 502, 503]) {
  test(`${status} is GitHub's own fault and passes`, async () => {
    await using github = await aGithub()
    github.refuseNext(
      { status, headers: { 'content-type': 'text/html', 'retry-after': '30' }, body: '<html>Unicorn</html>' },
      { only: /dispatches/ },
    )

    const failure = await failureOf(github, dispatch)

    assert.deepEqual(
      [failure.code, failure.retryable, failure.context['status'], failure.retryAfterSeconds],
      ['github_unavailable', true, status, 30],
    )
    assert.match(failure.message, new RegExp(`answered ${status}\\. Whether it was done is not known\\.`))
    assert.equal(github.calls, 2, 'asked once for the branch, once for the dispatch, and not again')
  })
}

test('a call that hangs is given up at its deadline', async () => {
  await using github = await aGithub()
  github.hang()

  const failure = await failureOf(github, list, 60)

  assert.deepEqual([failure.code, failure.retryable], ['github_timeout', true])
  assert.match(failure.message, /^GitHub did not answer within 60 ms when asked to list runs in acme\/league\. It can/)
})

test('an answer that begins and never ends is given up at its deadline', async () => {
  await using github = await aGithub()
  github.refuseNext({ status: 200, headers: { 'content-length': '1000' }, body: '{"total_count": 1' })

  const failure = await failureOf(github, list, 100)

  assert.equal(failure.code, 'github_timeout')
})

test('a connection that is reset is a failure that passes, and nothing was done', async () => {
  await using github = await aGithub()
  github.reset({ only: /dispatches/ })

  const failure = await failureOf(github, dispatch)

  assert.deepEqual([failure.code, failure.retryable], ['github_unreachable', true])
  assert.match(failure.message, /hung up, when asked to start nfl-bronze\.yml .*Whether it was done is not known/)
  assert.deepEqual(github.dispatches, [])
})

test('a dispatch whose answer is lost was done: the failure does not say that it was not', async () => {
  await using github = await aGithub()
  github.loseAnswer({ only: /dispatches/ })

  const failure = await failureOf(github, dispatch)

  assert.equal(github.dispatches.length, 1)
  assert.match(failure.message, /Whether it was done is not known/)
})

test('a server that is not there is a failure that passes and names its host', async () => {
  const host = `127.0.0.1:${await aFreePort()}`

  const failure = await failureOf({ url: `http://${host}`, repository: 'acme/league', token: 'the-word-of-acme' })

  assert.deepEqual([failure.code, failure.retryable], ['github_unreachable', true])
  assert.ok(failure.message.includes(`GitHub at ${host} was not reached`), failure.message)
  assert.match(failure.message, /ECONNREFUSED/)
})

const unreadable: [string, Answer, RegExp][] = [
  ['half a JSON', { status: 200, body: '{"total_count": 1, "workflow_r' }, /it is not JSON/],
  ['a JSON of another shape', { status: 200, body: { runs: [] } }, /workflow_runs: /],
  ['nothing', { status: 200, body: '' }, /it is empty or broke off/],
  [
    "a proxy's page",
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Please sign in</p>' },
    /it is text\/html, not JSON/,
  ],
]

for (const [name, answer, message] of unreadable) {
  test(`${name} in place of an answer cannot be read`, async () => {
    await using github = await aGithub()
    github.refuseNext(answer)

    const failure = await failureOf(github)

    assert.deepEqual([failure.code, failure.retryable], ['github_garbled', true])
    assert.match(failure.message, message)
  })
}

test("a proxy's page is not taken for a dispatch that was done", async () => {
  await using github = await aGithub()
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Please sign in</p>' }
  github.refuseNext(page, { only: /dispatches/ })

  assert.equal((await failureOf(github, dispatch)).code, 'github_garbled')
})

test('a dispatch that GitHub took counts, although its answer cannot be read', async () => {
  await using github = await aGithub()
  github.garble({ only: /dispatches/ })
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })

  assert.equal(await dispatch(api), undefined)
  assert.equal(github.dispatches.length, 1)
})
