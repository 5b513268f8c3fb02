// ops-setup under act: at merge and by hand it migrates an empty database, stamps it and registers the schedule.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { ROOT } from '../checks/files.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aCheckout } from './act.ts'
import { aDispatch, aPush } from './events.ts'
import { skipWithoutTool } from './tools.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
const checkout = aCheckout()
after(() => checkout[Symbol.dispose]())

async function linesInForce(): Promise<string[]> {
  const rows = await sql<{ line: string; commit: string }[]>`
    select concat_ws(' | ', job, cron, zone) as line, commit from ledger.schedules where valid_to is null order by 1
  `
  return rows.map((row) => row.line)
}

test(
  'a merge migrates the empty database, stamps it as production and registers every line',
  skipWithoutTool('act'),
  async () => {
    const event = aPush(checkout.commit)

    const { exitCode, summary, log } = await checkout.run('ops-setup', { event, secrets: { DATABASE_URL: url } })

    assert.equal(exitCode, 0, log)
    const catalog = await readCatalog(ROOT, jobs)
    const expected = catalog.jobs.flatMap((job) =>
      job.schedules.map(({ cron, zone }) => `${job.id} | ${cron} | ${zone}`),
    )
    assert.deepEqual(await linesInForce(), expected.sort())
    const [stamp] = await sql`select environment from ledger.stamp`
    assert.equal(stamp?.['environment'], 'production')
    assert.match(summary, /^## ops-setup\n/)
    assert.ok(!log.includes(url), 'the address of the database stands in the log')
  },
)

test('by hand it finds nothing to change the second time', skipWithoutTool('act'), async () => {
  const before = await linesInForce()
  const event = aDispatch('ops-setup')

  const { exitCode, summary, log } = await checkout.run('ops-setup', { event, secrets: { DATABASE_URL: url } })

  assert.equal(exitCode, 0, log)
  assert.deepEqual(await linesInForce(), before)
  assert.match(summary, /^## ops-setup\n/)
})

test('a league that is switched off has no lines', skipWithoutTool('act'), async () => {
  const call = { event: aPush(checkout.commit), secrets: { DATABASE_URL: url }, vars: { LEAGUES: '["fantasy"]' } }

  const { exitCode, log } = await checkout.run('ops-setup', call)

  assert.equal(exitCode, 0, log)
  const nfl = (await linesInForce()).filter((line) => line.startsWith('nfl/'))
  assert.deepEqual(nfl, [])
})

test('the database of another environment is refused and left alone', skipWithoutTool('act'), async () => {
  const before = await linesInForce()
  const event = aDispatch('ops-setup', { environment: 'development' })

  const call = { event, secrets: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_URL_DEVELOPMENT: url } }
  const { exitCode, summary } = await checkout.run('ops-setup', call)

  assert.equal(exitCode, 2)
  assert.match(summary, /belongs to the environment "production" and this run is for "development"/)
  assert.deepEqual(await linesInForce(), before)
})
