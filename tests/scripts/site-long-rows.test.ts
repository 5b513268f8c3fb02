// One row as long as can be, in any table that pages tell of, keeps no site from being published.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { checkSite } from '../../dashboards/site/check.ts'
import { buildSite } from '../../scripts/dashboard/build-site.ts'
import type { Sql } from '../../src/lib/db.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot, aSite } from '../helpers/site.ts'

const LONG = 'word of a message, '.repeat(120_000)
/** In a page six bytes each. */
const QUOTES = '"'.repeat(400_000)
const UMLAUTS = '漢字'.repeat(200_000)
const MANY = Array.from({ length: 60 }, (_, i) => i)

test('texts of two megabytes in every table leave every file within its size', async () => {
  await using db = await aDatabase({ patient: true })
  const { sql } = db
  const job = 'test/one'
  const scheduleId = await aScheduleLine(sql, { job })
  for (const [i, state] of (['missed', 'failed', 'waived', 'due', 'coalesced'] as const).entries()) {
    await aPastSlot(sql, { job, scheduleId, dueAt: at(`19 0${i + 1}:07`), state, reason: LONG })
  }
  for (const outcome of ['failed', 'abandoned', 'cancelled', 'partial', 'not_ready', 'gated'] as const) {
    const id = await anEndedRun(sql, { job, outcome, reason: LONG, error: ['source_status', LONG] })
    await sql`update ledger.runs set gate = 'pause', actor = ${LONG} where id = ${id}`
  }
  await sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (${randomUUID()}, ${job}, 'game', 'g', 'bad', ${LONG}, false, ${at('19 08:07')})
  `
  for (const closedAt of [null, at('19 09:00')]) {
    await sql`
      insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at, closed_at, acknowledged_by, acknowledged_at)
      values (${job}, 'failed', 'critical', ${LONG}, ${LONG}, ${at('19 08:40')}, ${at('19 08:40')}, ${closedAt}, ${LONG}, ${at('19 08:41')})
    `
  }
  await sql`
    insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at)
    values (${job}, 'pause', ${LONG}, 'ann', ${at('19 08:00')}, ${at('20 08:00')})
  `
  await sql`
    insert into ledger.requests (job, kind, reason, note, actor, state, next_try_at, created_at)
    values (${job}, 'manual', ${LONG}, ${LONG}, 'ann', 'open', ${at('19 08:00')}, ${at('19 08:00')})
  `
  await sql`insert into ledger.breakers (source, state, failures, reason) values ('nflverse', 'open', 3, ${LONG})`
  await sql`insert into ledger.watermarks (stage, key, value) values ('bronze', 'games', ${LONG})`

  for (const text of [LONG, QUOTES, UMLAUTS]) await leaveEverything(sql, { job, text })

  const files = await buildSite(sql, aSite())
  const problems = checkSite(files, { repositoryUrl: undefined, sources: [], findSecrets: () => [] })

  assert.deepEqual(problems.filter((problem) => problem.includes('bytes')), []) // prettier-ignore
})

/** A run with as much of everything as a row can hold, each of it long. */
async function leaveEverything(sql: Sql, { job, text }: { job: string; text: string }): Promise<void> {
  const id = await anEndedRun(sql, { job, outcome: 'failed' })
  const fields = Object.fromEntries(MANY.map((i) => [`field ${i} ${text.slice(0, 5_000)}`, text.slice(0, 5_000)]))
  const error = { kind: 'Crash', code: 'crash', retryable: false, message: text.slice(0, 20_000), stack: text.slice(0, 20_000), context: fields } // prettier-ignore
  const rows = MANY.slice(0, 50).map((i) => ({ ...fields, [`only ${i}`]: i }))
  const table = { title: text.slice(0, 5_000), rows, total: 50 }
  await sql`
    update ledger.runs
    set errors = ${sql.json(MANY.map(() => error))}, notes = ${sql.json(fields)}, parameters = ${sql.json(fields)},
      result = ${sql.json(fields)}, tables = ${sql.json([table, table])}, log_tail = ${MANY.map(() => text.slice(0, 5_000))}
    where id = ${id}
  `
  for (const i of MANY) {
    const long = `${i} ${text.slice(0, 5_000)}`
    await sql`
      insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
      values (${id}, ${job}, ${`${i}`}, ${id}, ${long}, ${long}, false, ${at('19 08:07')})
    `
    await sql`insert into ledger.items (run_id, kind, read, written, skipped, failed) values (${id}, ${`${i} ${text.slice(0, 600)}`}, 1, 1, 1, 1)`
    await sql`insert into ledger.spans (run_id, place, name, offset_ms, duration_ms, error) values (${id}, ${i}, ${long}, 0, 10, ${long})`
  }
}

test('a run whose row is too large for a page says what the ledger has beside it', async () => {
  await using db = await aDatabase({ patient: true })
  await leaveEverything(db.sql, { job: 'test/one', text: LONG })

  const files = await buildSite(db.sql, aSite())
  const page = files.find(({ path }) => /^runs\/[0-9a-f-]{36}\.html$/.test(path))?.text ?? ''

  assert.match(page, /and 40 more, in the ledger/)
  assert.match(page, /<p class="faint small">5\d more are in the ledger/)
  assert.match(page, /… and [\d,]+ more signs, in the ledger/)
  for (const what of ['more table', 'more note'])
    assert.match(page, new RegExp(`Beside these the ledger has [\\d,]+ ${what}`))
  assert.match(page, /The first \d+ of 50 rows/)
})
