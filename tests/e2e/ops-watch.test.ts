// ops-watch under act: a pass over a real ledger, with GitHub and Slack on loopback.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import { aCheckout } from './act.ts'
import { aDispatch, aSchedule } from './events.ts'
import { skipWithoutTool } from './tools.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
const checkout = aCheckout()
after(() => checkout[Symbol.dispose]())
const github = await aGithub({ repository: 'league/matchday' })
github.lastCommitAt = new Date()
after(() => github[Symbol.asyncDispose]())

const messages: string[] = []
const slack = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    messages.push(Buffer.concat(parts).toString())
    response.end('ok')
  })
})
slack.listen(0, '127.0.0.1')
await once(slack, 'listening')
after(() => slack.close())
const webhook = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T0/B0/a-secret-path`

const call = {
  secrets: {
    DATABASE_URL: url,
    GITHUB_TOKEN: github.token,
    SLACK_WEBHOOK_URL: webhook,
    HEARTBEAT_URL: `${webhook}/beat`,
  },
  env: { GITHUB_API_URL: github.url, MATCHDAY_GITHUB_API_URL: github.url },
}

test('a pass starts what is overdue by dispatch, opens an issue and tells Slack', skipWithoutTool('act'), async () => {
  await migrate(sql, { environment: 'production' })
  await registerSchedules(sql, {
    lines: [{ job: 'nfl/bronze', cron: '7 8 * * *', zone: 'UTC' }],
    commit: 'c0ffee',
    at: new Date(Date.now() - 5 * 3_600_000),
  })
  await sql`update ledger.schedules set cron = to_char(clock_timestamp() at time zone 'UTC' - interval '2 hours', 'FMMI FMHH24') || ' * * *'`

  const { exitCode, summary, log } = await checkout.run('ops-watch', { event: aSchedule('37 */6 * * *'), ...call })

  assert.equal(exitCode, 0, log)
  assert.deepEqual(
    github.dispatches.map(({ workflow, inputs }) => [workflow, inputs['environment']]),
    [
      ['nfl-bronze.yml', 'production'],
      ['ops-dashboard.yml', undefined], // an incident opened
    ],
  )
  assert.match(summary, /nfl\/bronze is .* late/)
  // One trouble of one job is one issue, whatever can be said of it.
  const [issue] = github.issues
  assert.deepEqual(github.issues.map(({ title }) => title).slice(1), [])
  assert.match(issue?.title ?? '', /nfl\/bronze was never served on its line/)
  assert.match(issue?.body ?? '', /nfl\/bronze is 2 h.* late/)
  assert.ok(messages.some((text) => text.includes('nfl/bronze')))
  assert.ok(!log.includes(webhook), 'the address of a webhook stands in the log')
  const [pass] = await sql`select trigger, rounds, error from ledger.passes`
  assert.deepEqual({ ...pass }, { trigger: 'schedule', rounds: 1, error: null })
})

test('without a token it decides nothing and says what to give it', skipWithoutTool('act'), async () => {
  const { GITHUB_TOKEN: _none, ...secrets } = call.secrets

  const { exitCode, log } = await checkout.run('ops-watch', { event: aDispatch('ops-watch'), env: call.env, secrets })

  assert.equal(exitCode, 2, log)
  assert.match(log, /ops-watch has no GITHUB_TOKEN/)
  const passes = await sql`select 1 from ledger.passes`
  assert.equal(passes.length, 1)
})
