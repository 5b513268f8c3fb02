// One row as long as can be, in any table that pages tell of, keeps no site from being published.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { checkSite } from '../../dashboards/site/check.ts'
import { buildSite } from '../../scripts/dashboard/site.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot, aSite } from '../helpers/site.ts'

const LONG = 'word of a message, '.repeat(120_000)

test('texts of two megabytes in every table leave every file within its size', async () => {
  await using db = await aDatabase()
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

  const files = await buildSite(sql, aSite())
  const problems = checkSite(files, { repositoryUrl: undefined, findSecrets: () => [] })

  assert.deepEqual(problems.filter((problem) => problem.includes('bytes')), []) // prettier-ignore
})
