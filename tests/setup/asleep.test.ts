// What set-up does about workflows that GitHub has put to sleep.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { wakeWorkflows } from '../../src/setup/asleep.ts'
import { readGithubFacts } from '../../src/setup/github-facts.ts'
import { aGithub } from '../helpers/github-server.ts'

async function wake(prepare: (github: Awaited<ReturnType<typeof aGithub>>) => void) {
  await using github = await aGithub()
  prepare(github)
  const { url: apiUrl, repository, token } = github
  const api = createGithubApi({ apiUrl, repository, token })
  const { facts, findings } = await wakeWorkflows(api, await readGithubFacts(api))
  const asleep = github.workflows.filter(({ state }) => state !== 'active').map(({ name }) => name)
  return { facts, asleep, said: findings.map(({ ok, sentence }) => `${ok ? '●' : '○'} ${sentence}`) }
}

const stateOf = (github: Awaited<ReturnType<typeof aGithub>>, name: string) =>
  github.workflows.find((workflow) => workflow.name === name)!

test('every workflow that fell asleep is enabled and named, and what a person has disabled is not', async () => {
  const { facts, asleep, said } = await wake((github) => {
    for (const name of ['nfl-bronze', 'ops-watch']) stateOf(github, name).state = 'disabled_inactivity'
    stateOf(github, 'nfl-train').state = 'disabled_manually'
  })

  assert.deepEqual(asleep, ['nfl-train'])
  assert.equal(said.length, 1)
  assert.match(said[0]!, /^● Enabled again.*nfl-bronze\.yml, .*ops-watch\.yml\. Make a commit/)
  assert.deepEqual('disabled' in facts && facts.disabled.map(({ state }) => state), ['disabled_manually'])
})

test('one that GitHub will not enable is named with why, and the others are enabled', async () => {
  const { facts, asleep, said } = await wake((github) => {
    for (const name of ['nfl-bronze', 'nfl-silver']) stateOf(github, name).state = 'disabled_inactivity'
    github.refuseNext({ status: 403, body: { message: 'no' } }, { only: /nfl-bronze.yml\/enable/ })
  })

  assert.deepEqual(asleep, ['nfl-bronze'])
  assert.match(said[1]!, /^○ .*nfl-bronze\.yml could not be enabled: GitHub refused/)
  assert.equal('disabled' in facts && facts.disabled.length, 1)
})

test('where all are awake nothing is said', async () => {
  assert.deepEqual((await wake(() => undefined)).said, [])
})
