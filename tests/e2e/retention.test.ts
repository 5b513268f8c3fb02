// Retention at 1,000,000 runs: the first cleanup, which has 27 years to catch up with, and the one of the next day.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'

import { opsCleanup } from '../../src/leagues/ops/jobs.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aJobContext } from '../helpers/job-context.ts'
import { fillLedger, NOW, RUNS } from './full-ledger.ts'

const { sql } = await aDatabaseForThisFile()
before(() => fillLedger(sql))

/** Cleans up and returns how long it took, and how many runs went. */
async function clean(now: Date): Promise<{ ms: number; deleted: number; kept: number }> {
  const { ctx, said } = aJobContext({ sql, now, params: { keepDays: 14 } })
  const began = performance.now()
  await opsCleanup.run(opsCleanup.period(now), ctx)
  const counts = said.counts['run']
  return { ms: performance.now() - began, deleted: counts?.written ?? 0, kept: counts?.skipped ?? 0 }
}

const slots = () =>
  sql`select count(*) as count, md5(string_agg(state, '' order by job, due_at)) as states from ledger.slots`

test('the first cleanup removes 27 years of runs within its time, in batches, and no slot', async (context) => {
  const before = await slots()

  const { ms, deleted, kept } = await clean(NOW)

  context.diagnostic(`${deleted} of ${RUNS} runs in ${Math.round(ms)} ms`)
  assert.equal(deleted + kept, RUNS)
  assert.ok(deleted > 0.9 * RUNS, `${deleted}`)
  assert.ok(ms < 15 * 60_000, `${ms} ms`) // half of what its workflow has
  assert.deepEqual(await slots(), before)
})

test('the next day’s cleanup reads what is left in seconds', async (context) => {
  const { ms, deleted, kept } = await clean(new Date(NOW.getTime() + 86_400_000))

  context.diagnostic(`${deleted} deleted, ${kept} kept in ${Math.round(ms)} ms`)
  assert.ok(deleted > 0 && deleted < 1_000, `${deleted}`)
  assert.ok(ms < 30_000, `${ms} ms`)
})
