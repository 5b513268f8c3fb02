// ops-watch as a process: its test messages, and what it says when nobody listens.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { aWebhookServer, type AlertServer, type Received } from '../helpers/alert-servers.ts'
import { aDatabase, type TestDatabase } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { Github } from '../helpers/github-shapes.ts'
import { aFlip, anIncident } from '../helpers/incidents.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

let database: TestDatabase
let github: Github
let web: AlertServer<Received>
const folder = mkdtempSync(join(tmpdir(), 'watch-alerts-'))

before(async () => {
  database = await aDatabase({ empty: true })
  await migrate(database.sql, { environment: 'production' })
  github = await aGithub()
  web = await aWebhookServer()
})
after(async () => {
  rmSync(folder, { recursive: true })
  await web[Symbol.asyncDispose]()
  await github[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await database.sql`truncate ledger.deliveries, ledger.flips, ledger.incidents`
  await database.sql`update ledger.watch set unheard_at = null`
  github.facts.has_issues = true
  github.issues.length = 0
  web.mood = 'accept'
  web.received.length = 0
})

const slack = () => ({ SLACK_WEBHOOK_URL: `http://127.0.0.1:${web.port}/services/s3cr3t-word` })

/** One pass on Actions, with its summary. */
async function watch(inputs: Record<string, string>, env: Record<string, string> = {}, args: string[] = []) {
  const [event, summary] = [join(folder, 'event.json'), join(folder, 'summary.md')]
  writeFileSync(summary, '')
  writeFileSync(
    event,
    JSON.stringify({ inputs, repository: { default_branch: 'main', private: true }, sender: { login: 'ann' } }),
  )
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/ops/watch.ts', ...args], {
    cwd: PROJECT_ROOT,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'workflow_dispatch',
      GITHUB_EVENT_PATH: event,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_ACTOR: 'ann',
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_REPOSITORY: github.repository,
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: github.token,
      ...env,
    },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (log += part.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, log, summary: readFileSync(summary, 'utf8').replaceAll('&#95;', '_') }
}

async function anOldTrouble(): Promise<void> {
  const [row] = await database.sql<{ at: Date }[]>`select clock_timestamp() - interval '2 hours' as at`
  const incident = await anIncident(database.sql, { subject: 'source:old', cause: 'breaker_open', openedAt: row!.at })
  await aFlip(database.sql, incident, { at: row!.at })
  // So that the pass finds it again, and does not call it over.
  await database.sql`
    insert into ledger.breakers (source, state, failures, opened_at, try_at, reason)
    values ('old', 'open', 5, ${row!.at}, clock_timestamp() + interval '1 day', 'it answered 503') on conflict do nothing
  `
}

test('a person’s test messages say that they are tests, and each channel’s answer is in the summary', async () => {
  const { code, log, summary } = await watch({ test_alerts: 'true' }, slack())

  assert.equal(code, 0, log)
  const [message] = web.received.filter(({ body }) => body.includes('This is a test message'))
  assert.match(message?.body ?? '', /● test: Matchday reaches you here.*asked for by ann/s)
  const [issue] = github.issues
  assert.deepEqual([issue?.state, issue?.labels], ['closed', ['matchday', 'test']])
  assert.match(summary, /## Test messages\n\n- ● github-issue accepted its test message\n- ● slack accepted/)
  assert.match(summary, /## ops-watch/)
})

test('a channel that refuses its test message turns the run red, with why, and the pass is made all the same', async () => {
  web.mood = { status: 404, body: 'no_service' }

  const { code, log, summary } = await watch({ test_alerts: 'true' }, { ...slack(), DISCORD_WEBHOOK_URL: 'not-a-url' })

  assert.equal(code, 1, log)
  assert.match(summary, /✕ slack did not: slack answered 404 \(no_service\).*SLACK_WEBHOOK_URL/)
  assert.match(summary, /✕ discord did not: alerts: DISCORD/)
  assert.match(summary, /## ops-watch/)
  const seen = log.replaceAll(/^::add-mask::.*$/gm, '') + summary // as the runner shows it
  assert.ok(!seen.includes('s3cr3t-word'), seen)
})

test('without the input nothing is tested, and in a terminal --test-alerts asks for it', async () => {
  const { code, summary } = await watch({ test_alerts: 'false' }, slack())
  const untested = web.received.length
  const asked = await watch({}, slack(), ['--test-alerts'])

  assert.deepEqual([code, untested, asked.code], [0, 0, 0], summary)
  assert.equal(web.received.filter(({ body }) => body.includes('test message')).length, 1)
})

test('issues off and no secret: one pass a day is red and says so, and once they are on the trouble is told', async () => {
  github.facts.has_issues = false
  await anOldTrouble()

  const first = await watch({})
  const second = await watch({})
  github.facts.has_issues = true
  const third = await watch({})

  assert.equal(first.code, 1, first.log)
  assert.match(first.log, /::error title=Nobody is told::Nobody has been told for more than an hour of what is open: source:old/) // prettier-ignore
  assert.match(first.summary, /Issues are switched off/)
  assert.equal(second.code, 0, second.log)
  assert.match(second.summary, /Nobody has been told/)
  assert.equal(third.code, 0, third.log)
  assert.ok(github.issues.some(({ title }) => title.includes('old')), JSON.stringify(github.issues)) // prettier-ignore
})

test('nobody is told at a laptop, where somebody sits', async () => {
  github.facts.has_issues = false
  await anOldTrouble()

  const { code, log } = await watch({}, { GITHUB_ACTIONS: '', GITHUB_EVENT_NAME: '' }, ['--environment', 'production'])

  assert.equal(code, 0, log)
  assert.doesNotMatch(log, /Nobody has been told/)
})

test('routes that cannot be read: everybody is told as by default, and that they cannot be read', async () => {
  await anOldTrouble()

  const { code, log } = await watch({}, { ...slack(), ALERT_ROUTES: '{"channels": {"slak": {}}}' })

  assert.equal(code, 0, log)
  const told = web.received.map(({ body }) => body)
  assert.ok(told.some((body) => body.includes('old')), String(told)) // prettier-ignore
  assert.ok(told.some((body) => body.includes('ALERT_ROUTES')), String(told)) // prettier-ignore
})
