// Before it is set up a repository is quiet: without a database each script asks GitHub whether ops-setup ever succeeded. Never: a
// notice and 0. Ever, or no answer: red, because then somebody has taken the database away.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { Github } from '../helpers/github-shapes.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
const folder = mkdtempSync(join(tmpdir(), 'matchday-not-set-up-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly summary: string
}

interface Call {
  readonly event?: string
  readonly payload?: Record<string, unknown>
  readonly variables?: Record<string, string>
}

const REPOSITORY = { full_name: 'acme/league', default_branch: 'main' }

/** Runs a script as a step of GitHub's does, without the secret. */
async function run(
  script: string,
  github: Github,
  { event = 'schedule', payload = {}, variables = {} }: Call = {},
): Promise<Ended> {
  const [eventPath, summary] = [join(folder, 'event.json'), join(folder, 'summary.md')]
  writeFileSync(eventPath, JSON.stringify({ repository: REPOSITORY, ...payload }))
  writeFileSync(summary, '')
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: '',
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: github.repository,
      GITHUB_TOKEN: github.token,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: eventPath,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_ACTOR: 'ann',
      ...variables,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output, summary: readFileSync(summary, 'utf8') }
}

const setUp = (github: Github, wish: Record<string, string> = {}) =>
  github.addRun({ workflow: 'ops-setup.yml', event: 'workflow_dispatch', conclusion: 'success', ...wish })

const SCRIPTS = [...jobs.map(({ id }) => id), 'ops/watch', 'ops/dashboard']

for (const script of SCRIPTS)
  test(`${script} is quiet before the repository was ever set up, and red once its secret is gone`, async () => {
    await using github = await aGithub()
    // What is no set-up: one that failed, one by a push, which needs no secret to end well, and another workflow's.
    setUp(github, { conclusion: 'failure' })
    setUp(github, { event: 'push' })
    github.addRun({ workflow: 'ops-watch.yml', event: 'workflow_dispatch' })

    const before = await run(script, github)
    setUp(github)
    const later = await run(script, github)

    assert.equal(before.code, 0, before.output)
    assert.match(before.output, /::notice::This repository is not set up yet.*Actions → ops-setup → Run workflow/)
    assert.doesNotMatch(before.output, /::error/)
    assert.match(before.summary, /not set up yet/)
    assert.equal(later.code, 2, later.output)
    assert.match(later.output, /::error::DATABASE_URL is empty/)
  })

const NO_ANSWERS: readonly [what: string, spoil: (github: Github) => void, variables?: Record<string, string>][] = [
  ['forbids the question', (github) => (github.rights.actions = 'none')],
  ['answers 500', (github) => github.refuseNext({ status: 500 }, { times: Infinity })],
  ['limits the rate', (github) => github.limitFor(3600)],
  ['is not asked, for want of a token', () => undefined, { GITHUB_TOKEN: '' }],
]

for (const [what, spoil, variables = {}] of NO_ANSWERS)
  test(`where GitHub ${what}, a database that is missing is a failure`, async () => {
    await using github = await aGithub()
    spoil(github)

    const { code, output } = await run('nfl/bronze', github, { variables })

    assert.equal(code, 2, output)
    assert.match(output, /::error::DATABASE_URL is empty/)
  })

const DISPATCH = { event: 'workflow_dispatch', payload: { inputs: { environment: 'production' } } }

test('an override before set-up is quiet too', async () => {
  await using github = await aGithub()
  const payload = { inputs: { action: 'list', job: 'nfl/bronze', why: 'a look', environment: 'production' } }

  assert.equal((await run('ops/override', github, { event: 'workflow_dispatch', payload })).code, 0)
})

test('ops-setup by a push is quiet, and by hand it says what is missing, and is red', async () => {
  await using github = await aGithub()

  const pushed = await run('ops/setup', github, { event: 'push' })
  const byHand = await run('ops/setup', github, DISPATCH)

  assert.deepEqual([pushed.code, byHand.code], [0, 2], pushed.output + byHand.output)
  assert.match(pushed.output, /::notice::This repository is not set up yet/)
  assert.match(byHand.output, /::error::DATABASE_URL is empty: set the repository secret DATABASE_URL/)
  assert.deepEqual(github.dispatches, [])
})

test('a set-up by a push begins the first runs, wakes ops-watch, and leaves by one dispatch the mark that others look for', async () => {
  await using github = await aGithub()
  const pushed = () =>
    run('ops/setup', github, { event: 'push', variables: { DATABASE_URL: url, GITHUB_RUN_NUMBER: '1' } })

  const { code, output } = await pushed()
  const dispatched = github.dispatches.map(({ workflow, inputs }) => `${workflow} ${inputs['environment'] ?? ''}`)
  setUp(github)
  await pushed()

  assert.equal(code, 0, output)
  assert.match(output, /are asked for in the name of ann, with all that depends on them: ops-watch was woken/)
  assert.match(output, /The day of the first prediction is known once nfl\/silver has read the schedule/)
  assert.deepEqual(dispatched, ['ops-watch.yml production', 'ops-setup.yml production'])
  assert.deepEqual(github.dispatches.slice(2).map(({ workflow }) => workflow), ['ops-watch.yml']) // prettier-ignore
  const rows = await sql`select job, kind, actor, parameters from ledger.requests order by id`
  assert.deepEqual([...rows], [
    { job: 'nfl/bronze', kind: 'manual', actor: 'ann', parameters: { cascade: true } },
    { job: 'ops/cleanup', kind: 'manual', actor: 'ann', parameters: {} },
    { job: 'fantasy/import', kind: 'manual', actor: 'ann', parameters: { cascade: true } },
  ]) // prettier-ignore
})

test('a bot that merges asks for nothing in its own name, and says who may', async () => {
  await sql`truncate ledger.requests`
  await using github = await aGithub()
  const variables = { DATABASE_URL: url, GITHUB_ACTOR: 'dependabot[bot]', GITHUB_RUN_NUMBER: '3' }

  const { code, output } = await run('ops/setup', github, { event: 'push', variables })

  assert.equal(code, 0, output)
  assert.match(output, /never ran: to begin, a person starts Actions → ops-setup → Run workflow/)
  assert.deepEqual([...(await sql`select id from ledger.requests`)], [])
})

test("a door that a fork's run woke runs nothing, is no failure, and opens no database", async () => {
  await using github = await aGithub()
  const head = { head_branch: 'main', head_repository: { full_name: 'somebody/league' } }
  const variables = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }

  const { code, output } = await run('nfl/silver', github, {
    event: 'workflow_run',
    payload: { workflow_run: head },
    variables,
  })

  assert.equal(code, 0, output)
  assert.match(output, /::notice::The run that ended was of somebody\/league at main: only the default branch/)
})
