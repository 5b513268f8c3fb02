// What a job's workflow refuses under act: misuse ends with 2 and a sentence on the run's page, and leaves no run behind.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aCheckout, type ActCall } from './act.ts'
import { aDispatch, aSchedule, aWorkflowRun } from './events.ts'
import { skipWithoutTool } from './tools.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
await migrate(sql, { environment: 'production' })
const checkout = aCheckout()
after(() => checkout[Symbol.dispose]())

const TUESDAY = aSchedule('7 8 * * 2')
const SECRET = { DATABASE_URL: url }

const REFUSALS: readonly [fact: string, call: ActCall, sentence: RegExp][] = [
  [
    'a week that no season has',
    { event: aDispatch('nfl-bronze', { week: '99' }), secrets: SECRET },
    /week.*99.*expected current, previous or a number from 1 to 22/s,
  ],
  [
    'a season without a week',
    { event: aDispatch('nfl-bronze', { season: '2024' }), secrets: SECRET },
    /season 2024 was given without a week/,
  ],
  ['a missing DATABASE_URL', { event: TUESDAY }, /DATABASE_URL is empty: set the repository secret DATABASE_URL/],
  [
    'development without a database of its own, although production has one',
    { event: aDispatch('nfl-bronze', { environment: 'development' }), secrets: SECRET },
    /DATABASE_URL is empty/,
  ],
  [
    'the database of another environment',
    { event: aDispatch('nfl-bronze', { environment: 'development' }), secrets: { DATABASE_URL_DEVELOPMENT: url } },
    /belongs to the environment "production"/,
  ],
]

for (const [fact, call, sentence] of REFUSALS) {
  test(`${fact} is refused with 2 and a sentence, and no run is recorded`, skipWithoutTool('act'), async () => {
    const { exitCode, summary, log } = await checkout.run('nfl-bronze', call)

    assert.equal(exitCode, 2, log)
    assert.match(summary, /^## ✕ Nothing was run\n/)
    assert.match(asShown(summary), sentence)
    assert.deepEqual([...(await sql`select id from ledger.runs`)], [])
  })
}

/** Signs that Markdown would take for its own are written as numbers; a person sees the signs. */
function asShown(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
}

const SKIPPED: readonly [fact: string, workflow: string, call: ActCall][] = [
  ['a league that is switched off', 'nfl-bronze', { event: TUESDAY, vars: { LEAGUES: '["fantasy"]' } }],
  ['production on another branch', 'nfl-bronze', { event: aDispatch('nfl-bronze', {}, 'refs/heads/try-this') }],
  ['a tag that is called like the default branch', 'nfl-bronze', { event: aDispatch('nfl-bronze', {}, 'refs/tags/main') }], // prettier-ignore
  ["another branch's parent", 'nfl-silver', { event: aWorkflowRun('nfl-bronze', { head_branch: 'try-this' }) }],
  [
    "a fork's parent on a branch of that name",
    'nfl-silver',
    { event: aWorkflowRun('nfl-bronze', { head_repository: { full_name: 'somebody/matchday' } }) },
  ],
]

for (const [fact, workflow, call] of SKIPPED) {
  test(`${fact} runs nothing and is no failure`, skipWithoutTool('act'), async () => {
    const { exitCode, summary, log } = await checkout.run(workflow, { ...call, secrets: SECRET })

    assert.equal(exitCode, 0, log)
    assert.equal(summary, '')
    assert.doesNotMatch(log, /scripts\/nfl/)
    assert.deepEqual([...(await sql`select id from ledger.runs`)], [])
  })
}

test('a source that cannot be read fails the run with 1, and its row says why', skipWithoutTool('act'), async () => {
  const call = { event: aDispatch('nfl-bronze'), secrets: SECRET, env: { NFLVERSE_URL: '/nowhere/games.csv' } }

  const { exitCode, summary } = await checkout.run('nfl-bronze', call)

  assert.equal(exitCode, 1)
  assert.match(summary, /^## .* nfl\/bronze failed/)
  const [run] = await sql`select outcome, errors -> 0 ->> 'code' as code from ledger.runs`
  assert.deepEqual([run?.['outcome'], run?.['code']], ['failed', 'source_file'])
})
