// ops-dashboard under act: the site is built, checked, and deployed to Pages or kept, and only then
// remembered; what must not be seen keeps it back.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { aGithub } from '../helpers/github-server.ts'
import { aCheckout } from './act.ts'
import { aDispatch, aSchedule } from './events.ts'
import { skipWithoutTool } from './tools.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
await migrate(sql, { environment: 'production' })
const checkout = aCheckout()
after(() => checkout[Symbol.dispose]())
const github = await aGithub({ repository: 'league/matchday' })
after(() => github[Symbol.asyncDispose]())
const call = { secrets: { DATABASE_URL: url, GITHUB_TOKEN: github.token }, env: { GITHUB_API_URL: github.url } }

/** The site that the last run built counts as built, or no site does. */
async function isRemembered(): Promise<boolean> {
  const [row] = await sql<{ built: boolean }[]>`
    with old as (select site_built_at is not null as built from ledger.watch), _ as (update ledger.watch set site_built_at = null)
    select built from old
  `
  return row?.built ?? false
}

test('where Pages is on, the site is deployed and then remembered', skipWithoutTool('act'), async () => {
  await anEndedRun(sql, { job: 'nfl/bronze', startedAt: new Date(Date.now() - 3_600_000) })

  const { exitCode, summary, log } = await checkout.run('ops-dashboard', { event: aSchedule('7 5 * * *'), ...call })

  assert.equal(exitCode, 0, log)
  assert.match(summary, /GitHub Pages is on: the site is deployed next/)
  assert.match(log, /would keep site with 1 index\.html/)
  assert.match(log, /would deploy to Pages[^]*the site is remembered as built/)
  assert.equal(await isRemembered(), true)
  assert.ok(!log.includes(url), 'the address of the database stands in the log')
})

test(
  'where Pages is off, the site is kept as an artifact and then remembered, and nothing is deployed',
  skipWithoutTool('act'),
  async () => {
    github.facts.has_pages = false

    const { exitCode, summary, log } = await checkout.run('ops-dashboard', {
      event: aDispatch('ops-dashboard'),
      ...call,
    })

    assert.equal(exitCode, 0, log)
    assert.match(summary, /GitHub Pages is off .*: the site is kept as the artifact/)
    assert.match(log, /would keep site with 1 index\.html[^]*the site is remembered as built/)
    assert.doesNotMatch(log, /would deploy/)
    assert.equal(await isRemembered(), true)
    github.facts.has_pages = true
  },
)

test(
  'where GitHub does not say whether Pages is on, the site is kept, and the run fails and remembers nothing',
  skipWithoutTool('act'),
  async () => {
    github.refuseNext({ status: 403 }, { times: 9 })

    const { exitCode, summary, log } = await checkout.run('ops-dashboard', {
      event: aDispatch('ops-dashboard'),
      ...call,
    })
    github.forgive()

    assert.equal(exitCode, 1, log)
    assert.match(
      summary,
      /GitHub did not say whether Pages is on .*: the site is kept as the artifact .* and not deployed/,
    )
    assert.doesNotMatch(summary, /Nothing was run/)
    assert.match(log, /would keep site with 1 index\.html/)
    assert.doesNotMatch(log, /would deploy/)
    assert.equal(await isRemembered(), false)
  },
)

test('a site whose deployment fails is not remembered as built', skipWithoutTool('act'), async () => {
  const { exitCode, log } = await checkout.run('ops-dashboard', {
    event: aDispatch('ops-dashboard'),
    ...call,
    env: { ...call.env, MATCHDAY_E2E_DEPLOY: 'fails' },
  })

  assert.equal(exitCode, 1, log)
  assert.match(log, /would deploy to Pages/)
  assert.equal(await isRemembered(), false)
})

test('an error that quotes the address of the database keeps the site back', skipWithoutTool('act'), async () => {
  await anEndedRun(sql, {
    job: 'nfl/bronze',
    outcome: 'failed',
    startedAt: new Date(Date.now() - 1_800_000),
    error: ['crash', `could not reach ${url}`],
  })

  const { exitCode, log } = await checkout.run('ops-dashboard', { event: aDispatch('ops-dashboard'), ...call })

  assert.equal(exitCode, 1, log)
  assert.match(log, /the site may not be published as it is/)
  assert.doesNotMatch(log, /would keep|would deploy/)
  assert.equal(await isRemembered(), false)
  assert.ok(!log.includes(url), 'the address of the database stands in the log')
})
