// A run that is started again has an old checkout: what may go on, and what is told to begin anew.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createGithubApi } from '../../src/executors/octokit-github.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { parseEnv } from '../../src/lib/env.ts'
import { readVersion, refuseOldCheckout } from '../../src/setup/old-checkout.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'

const [OLD, REGISTERED, HEAD] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)] as const
const { sql } = await aDatabaseForThisFile()
const version = { number: 7, commit: REGISTERED, isHead: true }
await registerSchedules(sql, { lines: [], commit: REGISTERED, at: at('18 00:00'), version })

const envOf = (commit: string, attempt: number) =>
  parseEnv({ GITHUB_SHA: commit, GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_RUN_NUMBER: '3' })

async function said(commit: string, attempt: number, refuses = false): Promise<string> {
  await using github = await aGithub()
  github.headCommit = HEAD
  if (refuses)
    github.refuseNext({ status: 403, body: { message: 'Resource not accessible by integration' } }, { times: 5 })
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })
  try {
    await refuseOldCheckout(envOf(commit, attempt), { sql, github: api, workflow: 'ops-watch' })
    return 'goes on'
  } catch (error) {
    return (error as Error).message
  }
}

test('a first attempt goes on with whatever it has', async () => {
  assert.equal(await said(OLD, 1), 'goes on')
})

test('a later attempt goes on with the commit whose schedule is in force, or with the newest', async () => {
  assert.equal(await said(REGISTERED, 2), 'goes on')
  assert.equal(await said(HEAD, 2), 'goes on')
})

test('a later attempt with an older commit is refused, also where GitHub does not say which is the newest', async () => {
  assert.match(await said(OLD, 2), /^ops-watch was started again \(attempt 2\) with commit aaaaaaaaaaaa, and the newest is cccccccccccc: .*Nothing was done\..*Run workflow\.$/) // prettier-ignore
  assert.match(await said(HEAD, 2, true), /GitHub did not say which is the newest/)
})

test('set-up knows whether its commit is the newest, and without GitHub that it does not know', async () => {
  await using github = await aGithub()
  github.headCommit = HEAD
  const api = createGithubApi({ apiUrl: github.url, repository: github.repository, token: github.token })

  assert.deepEqual(await readVersion(envOf(HEAD, 1), api), { number: 3, commit: HEAD, isHead: true })
  assert.deepEqual(await readVersion(envOf(OLD, 2), api), { number: 3, commit: OLD, isHead: false })
  assert.deepEqual(await readVersion(envOf(OLD, 2), undefined), { number: 3, commit: OLD, isHead: undefined })
  assert.equal(await readVersion(parseEnv({}), api), undefined)
})
