// ops-override under act: a person's act from the Actions tab is in the ledger, in that person's name.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aCheckout } from './act.ts'
import { aDispatch } from './events.ts'
import { skipWithoutTool } from './tools.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
await migrate(sql, { environment: 'production' })
const checkout = aCheckout()
after(() => checkout[Symbol.dispose]())

const WHY = '$(touch owned) "; the provider moves'

test(
  'a pause is written down with its reason as it was typed, whatever a shell would make of it',
  skipWithoutTool('act'),
  async () => {
    const inputs = { action: 'pause', job: 'nfl/silver', for: '6h', why: WHY }
    const event = aDispatch('ops-override', inputs)

    const { exitCode, summary, log } = await checkout.run('ops-override', { event, secrets: { DATABASE_URL: url } })

    assert.equal(exitCode, 0, log)
    const rows = await sql`select job, kind, actor, reason from ledger.overrides`
    assert.deepEqual([...rows], [{ job: 'nfl/silver', kind: 'pause', actor: 'ann', reason: WHY }])
    assert.match(summary, /nfl\/silver is paused until .* by ann/)
    assert.ok(!log.includes(url), 'the address of the database stands in the log')
  },
)

test('an act without what it needs ends with 2 and a sentence on the run’s page', skipWithoutTool('act'), async () => {
  const event = aDispatch('ops-override', { action: 'waive', why: 'w' })

  const { exitCode, summary } = await checkout.run('ops-override', { event, secrets: { DATABASE_URL: url } })

  assert.equal(exitCode, 2)
  assert.match(summary, /a waive needs to know of which slots/)
})
