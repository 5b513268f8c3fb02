// What a job's provider may have said, in any table that pages tell of: where its terms forbid rows no file of the site says
// it, and where they do not every page does.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { buildSite } from '../../scripts/dashboard/build-site.ts'
import type { Sql } from '../../src/lib/db.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../helpers/site.ts'

const ROW = 'KC pays 9.99 to win'

async function fill(sql: Sql, job: string): Promise<void> {
  const scheduleId = await aScheduleLine(sql, { job })
  const states = ['missed', 'failed', 'due'] as const
  for (const [i, state] of states.entries()) {
    await aPastSlot(sql, { job, scheduleId, dueAt: at(`19 0${i + 1}:07`), state, reason: ROW })
  }
  await sql`update ledger.slots set outcome = 'failed' where job = ${job}`
  const first = await anEndedRun(sql, { job, outcome: 'failed', reason: ROW, error: ['bad_price', ROW] })
  for (const outcome of ['failed', 'partial'] as const) {
    const id = await anEndedRun(sql, { job, outcome, reason: ROW, error: ['bad_price', ROW], retryOf: first })
    await sql`
      update ledger.runs set log_tail = ${[ROW]}, notes = ${sql.json({ ROW })}, result = ${sql.json({ ROW })},
        errors = ${sql.json([{ kind: 'DataFailure', code: 'bad_price', retryable: false, message: ROW, stack: `${ROW}\n    at read (a.ts:1)`, context: { row: ROW } }])},
        tables = ${sql.json([{ title: 'Prices', rows: [{ row: ROW }], total: 1 }])}
      where id = ${id}
    `
    await sql`insert into ledger.spans (run_id, place, name, offset_ms, duration_ms, error) values (${id}, 0, 'fetch', 0, 10, ${ROW})`
    await sql`
      insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
      values (${id}, ${job}, 'price', ${`${outcome} ${ROW}`}, 'bad_price', ${ROW}, false, ${at('19 08:07')})
    `
  }
  for (const [cause, title] of [['failed', `${job} failed: ${ROW}`], ['overdue', `${job} is 2 h late: due now, ${ROW}`]] as const) {
    await sql`
      insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at)
      values (${job}, ${cause}, 'critical', ${title}, 'It is tried again.', ${at('19 08:40')}, ${at('19 08:40')})
    `
  }
} // prettier-ignore

async function filesOf(source: string, job = 'test/one') {
  await using db = await aDatabase()
  await fill(db.sql, job)
  await db.sql`insert into ledger.breakers (source, state, failures, reason) values (${source}, 'open', 3, ${ROW})`
  await db.sql`
    insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at)
    values (${`source:${source}`}, 'breaker_open', 'warning', ${`${source} is not called: ${ROW}`}, 'Soon.', ${at('19 08:40')}, ${at('19 08:40')})
  `
  return await buildSite(db.sql, aSite({ jobs: [aViewJob('test/one', { sources: [source] }), aViewJob('test/two')] }))
}

const holding = (files: Awaited<ReturnType<typeof filesOf>>) =>
  files.filter(({ text }) => text.includes(ROW)).map(({ path }) => path.replace(/runs\/[0-9a-f-]{36}/, 'runs/1'))

test('what a provider said stands in no file where its terms forbid rows, and its code does', async () => {
  const files = await filesOf('tab-nz')
  const run = files.find(({ path }) => /^runs\/[0-9a-f-]{36}/.test(path))?.text ?? ''
  const history = files.find(({ path }) => path === 'jobs/test/one.json')?.text ?? ''

  assert.deepEqual(holding(files), [])
  assert.match(run, /bad price/)
  assert.match(history, /"code":"bad_price","message":"its words are in the ledger alone/)
})

test('a run whose words are kept back says what to do about its error, and where in our code it arose', async () => {
  const files = await filesOf('tab-nz')
  const runs = files.filter(({ path }) => /^runs\/[0-9a-f-]{36}/.test(path)).map(({ text }) => text)

  assert.ok(runs.some((text) => /bad price<\/strong>[\s\S]*look at the rows[\s\S]*at read \(a\.ts:1\)/.test(text)))
})

test('what the jobs of a registry that has lost one said stands in no file', async () => {
  assert.deepEqual(holding(await filesOf('tab-nz', 'test/gone')), [])
})

test('what a provider said stands on the pages where its terms let rows be shown', async () => {
  const places = new Set(holding(await filesOf('nflverse')))

  for (const path of ['runs/1.html', 'jobs/test/one.html', 'jobs/test/one.json', 'failures.html', 'freshness.html', 'index.html', 'slots.html', 'incidents.atom', 'status.json']) {
    assert.ok(places.has(path), `${path} of ${[...places].join(', ')}`)
  }
}) // prettier-ignore
