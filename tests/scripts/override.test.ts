// `npm run override` and `npm run letters` as people and the workflow meet them: real processes, exit codes, one sentence.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { parse } from 'yaml'

import { LETTER_ACTS } from '../../scripts/ops/letter-acts.ts'
import { OVERRIDE_ACTS } from '../../scripts/ops/override-acts.ts'
import { jobs } from '../../src/leagues/index.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { aFreePort } from '../helpers/broken-servers.ts'
import { aDatabase, type TestDatabase } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { Github } from '../helpers/github-shapes.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

let database: TestDatabase
/** A command that is patient with a database that is away; begun first, so that the others run meanwhile. */
let unreachable: Promise<Ended>
const folder = mkdtempSync(join(tmpdir(), 'matchday-override-'))
before(async () => {
  database = await aDatabase({ empty: true })
  await migrate(database.sql, { environment: 'development' })
  const away = `postgres://someone:hidden-word@127.0.0.1:${await aFreePort()}/lake`
  unreachable = call('override', ['list'], { DATABASE_URL: away })
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await database[Symbol.asyncDispose]()
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in a clean environment. */
async function call(
  script: 'override' | 'letters',
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/ops/${script}.ts`, ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: database.url, ...variables },
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

/** What GitHub sets for a run that a person started with these inputs. */
function dispatched(inputs: Record<string, string>): Record<string, string> {
  const event = join(folder, 'event.json')
  writeFileSync(event, JSON.stringify({ inputs, repository: { default_branch: 'main' } }))
  const summary = join(folder, 'summary.md')
  writeFileSync(summary, '')
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: event,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_ACTOR: 'ann',
  }
}

const forms = { job: 'nfl/bronze', why: 'the provider is *migrating*', for: '', slot: '', letters: '', environment: 'development' } // prettier-ignore

test('a pause from a terminal bears its user’s name, and a list shows it as JSON', async () => {
  const paused = await call('override', ['pause', 'nfl/silver', '--for', '6h', '--why', 'it is sick'])
  const listed = await call('override', ['list', '--json'])

  assert.equal(paused.code, 0, paused.stderr)
  assert.match(paused.stdout, /nfl\/silver is paused until/)
  const found = JSON.parse(listed.stdout) as { job: string; actor: string; reason: string }[]
  const { username } = userInfo()
  assert.deepEqual(found.map(({ job, actor, reason }) => [job, actor, reason]), [['nfl/silver', username, 'it is sick']]) // prettier-ignore
})

test('a dispatch acts in its actor’s name, and says so in the summary as plain text', async () => {
  const variables = dispatched({ ...forms, action: 'pause', for: '90m' })

  const { code, stderr } = await call('override', [], variables)

  assert.equal(code, 0, stderr)
  const [row] = await database.sql`select kind, actor, reason from ledger.overrides where job = 'nfl/bronze'`
  assert.deepEqual({ ...row }, { kind: 'pause', actor: 'ann', reason: 'the provider is *migrating*' })
  const summary = readFileSync(variables['GITHUB_STEP_SUMMARY']!, 'utf8')
  assert.match(summary, /^- ● nfl\/bronze is paused until .* by ann: the provider is &#42;migrating&#42;\n/)
})

test('a dispatch may dismiss letters too', async () => {
  const [letter] = await database.sql<{ id: string }[]>`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (gen_random_uuid(), 'nfl/silver', 'game', 'g1', 'c', 'm', false, now()) returning id
  `

  const { code, stderr } = await call('override', [], dispatched({ ...forms, action: 'letters: dismiss', letters: letter!.id })) // prettier-ignore

  assert.equal(code, 0, stderr)
  const [row] = await database.sql`select closed_by from ledger.dead_letters where id = ${letter!.id}`
  assert.equal(row?.['closed_by'], 'ann')
})

/** From the Actions tab, with the step's own token. */
const withToken = (github: Github, inputs: Record<string, string>): Record<string, string> => ({
  ...dispatched({ ...forms, ...inputs }),
  GITHUB_API_URL: github.url,
  GITHUB_REPOSITORY: github.repository,
  GITHUB_TOKEN: github.token,
})

test('what only ops-watch can do wakes it, for the same database, and the summary says so', async () => {
  await using github = await aGithub()
  const dispatches = () => github.dispatches.map(({ workflow, inputs }) => [workflow, inputs['environment']])
  await call('override', [], withToken(github, { action: 'pause', job: 'nfl/features', for: '6h' }))
  const [letter] = await database.sql<{ id: string }[]>`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (gen_random_uuid(), 'nfl/results', 'game', 'g1', 'c', 'm', false, now()) returning id
  `
  assert.deepEqual(dispatches(), [], 'a pause leaves nothing to do')

  for (const inputs of [
    { action: 'run', job: 'fantasy/import' },
    { action: 'resume', job: 'nfl/features' },
    { action: 'letters: retry', letters: letter?.id ?? '' },
  ]) {
    const variables = withToken(github, inputs)
    const { code, stdout, stderr } = await call('override', [], variables)

    assert.equal(code, 0, stderr)
    assert.match(stdout, /ops-watch was woken and starts (?:it|what is overdue) now\./)
    assert.match(readFileSync(variables['GITHUB_STEP_SUMMARY'] ?? '', 'utf8'), /ops-watch was woken/)
  }
  assert.deepEqual(dispatches(), Array(3).fill(['ops-watch.yml', 'development']))
})

test('a resume that ended nothing wakes nobody', async () => {
  await using github = await aGithub()

  const { stdout } = await call('override', [], withToken(github, { action: 'resume', job: 'ops/cleanup' }))

  assert.match(stdout, /nothing was in force/)
  assert.deepEqual(github.dispatches, [])
})

test('where ops-watch cannot be woken, the act is done and says by whom and when the rest is', async () => {
  await using github = await aGithub()
  github.rights.actions = 'read'

  const refused = await call('override', [], withToken(github, { action: 'run', job: 'nfl/predict' }))
  const nobody = await call('override', ['run', 'ops/cleanup', '--why', 'a look'])

  assert.deepEqual([refused.code, nobody.code], [0, 0])
  assert.match(refused.stdout, /ops-watch could not be woken: .*403.* Start Actions → ops-watch → Run workflow; otherwise its next pass starts it/) // prettier-ignore
  assert.match(nobody.stdout, /Nobody woke ops-watch, because this machine has no token for GitHub: its next pass starts it: its own cron line names \w+ \d+ \w+ \d+ \d\d:37 UTC, and GitHub may be late; npm run watch looks at once\./) // prettier-ignore
})

test('letters are listed as JSON without any act', async () => {
  const { code, stdout } = await call('letters', ['--json'])

  assert.equal(code, 0)
  assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['total', 'letters'])
})

test('a job that is asked for already ends with 1', async () => {
  const run = ['run', 'nfl/train', '--why', 'a look']
  const first = await call('override', run)

  const second = await call('override', run)

  assert.deepEqual([first.code, second.code], [0, 1])
  assert.match(second.stderr, /✕ nfl\/train is asked for already/)
})

const MISUSES: readonly [what: string, script: 'override' | 'letters', args: string[], sentence: RegExp][] = [
  ['an unknown job', 'override', ['pause', 'nfl/bronz', '--for', '6h', '--why', 'w'], /there is no job "nfl\/bronz"/],
  [
    'a bad duration',
    'override',
    ['pause', 'nfl/bronze', '--for', 'long', '--why', 'w'],
    /--for "long": expected a dur/,
  ],
  ['no reason', 'override', ['run', 'nfl/bronze'], /a run past the gates needs a reason/],
  ['an unknown act', 'override', ['stop', 'nfl/bronze'], /"stop" is no act: expected pause, resume, waive, run, list/],
  ['no act', 'override', [], /nothing was asked for: expected pause/],
  ['a word too many', 'override', ['pause', 'nfl/bronze', '6h'], /"6h" is one word too many/],
  ['an unknown flag', 'override', ['list', '--now'], /Unknown option '--now'.*See npm run override -- --help/s],
  ['letters without numbers', 'letters', ['retry', '--why', 'w'], /a retry needs letters/],
  ['an unknown act on letters', 'letters', ['burn', '12'], /"burn 12" is not understood/],
]

for (const [what, script, args, sentence] of MISUSES) {
  test(`${what} ends ${script} with 2 and one sentence, without a database`, async () => {
    const { code, stderr } = await call(script, args, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })

    assert.equal(code, 2, stderr)
    assert.match(stderr, sentence)
    assert.doesNotMatch(stderr, /\n {4}at /)
  })
}

test('the database of another environment is refused with 2', async () => {
  const { code, stderr } = await call('letters', ['--environment', 'staging'])

  assert.equal(code, 2)
  assert.match(stderr, /belongs to the environment "development" and this run is for "staging"/)
})

test('production is for the default branch only', async () => {
  const variables = {
    ...dispatched({ ...forms, action: 'list', environment: 'production' }),
    GITHUB_REF: 'refs/heads/try',
  }

  const { code, stderr } = await call('override', [], variables)

  assert.equal(code, 2)
  assert.match(stderr, /production runs only on the default branch/)
})

for (const script of ['override', 'letters'] as const) {
  test(`--help of ${script} says what it does, and needs nothing`, async () => {
    const { code, stdout } = await call(script, ['--help'], { DATABASE_URL: '' })

    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`Usage: npm run ${script} --`))
  })
}

test('the workflow offers every act and every job', () => {
  const file = readFileSync(join(PROJECT_ROOT, '.github/workflows/ops-override.yml'), 'utf8')
  const { on } = parse(file) as { on: { workflow_dispatch: { inputs: Record<string, { options?: string[] }> } } }
  const { action, job } = on.workflow_dispatch.inputs

  const letters = Object.keys(LETTER_ACTS).map((act) => `letters: ${act}`)
  assert.deepEqual([...(action?.options ?? [])].sort(), [...Object.keys(OVERRIDE_ACTS), ...letters].sort())
  assert.deepEqual(job?.options, [...jobs.map(({ id }) => id), 'all'])
})

test('a run of the workflow that is started again puts no old pause back, and a list may be asked for as often as one likes', async () => {
  const ask = (runId: string, attempt: string, inputs: Record<string, string>) =>
    call('override', [], { ...dispatched({ ...forms, ...inputs }), GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: attempt })
  const pause = { action: 'pause', job: 'nfl/train', for: '6h' }

  const first = await ask('9001', '1', pause)
  const resumed = await ask('9002', '1', { action: 'resume', job: 'nfl/train' })
  const again = await ask('9001', '2', pause)
  const forced = await ask('9003', '1', { action: 'run', job: 'nfl/silver' })
  const forcedAgain = await ask('9003', '2', { action: 'run', job: 'nfl/silver' })
  const listed = [await ask('9004', '1', { action: 'list' }), await ask('9004', '2', { action: 'list' })]

  assert.deepEqual([first, resumed, again, forced, forcedAgain, ...listed].map(({ code }) => code), [0, 0, 2, 0, 2, 0, 0]) // prettier-ignore
  assert.match(
    again.stderr,
    /"pause" is not done again because its run was started again \(attempt 2\).*Nothing was changed.*Run workflow/,
  )
  const open = await database.sql`select 1 from ledger.overrides where job = 'nfl/train' and ended_at is null`
  assert.equal(open.length, 0)
  const asked = await database.sql`select 1 from ledger.requests where job = 'nfl/silver'`
  assert.equal(asked.length, 1)
})

test('an unreachable database ends with 1 and one sentence, without the password', async () => {
  const { code, stderr } = await unreachable

  assert.equal(code, 1, stderr)
  assert.match(stderr, /refused the connection/)
  assert.doesNotMatch(stderr, /hidden-word|\n {4}at /)
})
