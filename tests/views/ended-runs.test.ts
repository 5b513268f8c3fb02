// Runs that ended, those included that retention has removed.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { endedRuns } from '../../src/views/ended-runs.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot } from '../helpers/site.ts'

test('a good run that retention removed is told by its slot, and one that is kept is told once', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job: 'test/one' })
  const slot = { job: 'test/one', scheduleId, state: 'served' } as const
  const gone = await aPastSlot(db.sql, { ...slot, dueAt: at('04 08:07'), startedAt: at('04 08:09'), items: 7 })
  const kept = await aPastSlot(db.sql, { ...slot, dueAt: at('05 08:07'), startedAt: at('05 08:09') })
  const failed = await anEndedRun(db.sql, { outcome: 'failed', startedAt: at('06 08:09') })
  await anEndedRun(db.sql, { outcome: 'gated', startedAt: at('06 09:09') })
  await aPastSlot(db.sql, { ...slot, dueAt: at('07 08:07'), state: 'missed' })
  await db.sql`delete from ledger.runs where id = ${gone!}`

  const rows = await db.sql<{ id: string; outcome: string; items_written: string; started_at: Date }[]>`
    select * from (${endedRuns(db.sql, { since: at('01 00:00'), now: at('19 12:00') })}) ended order by started_at
  `

  assert.deepEqual(rows.map(({ id, outcome }) => [id, outcome]), [[gone, 'succeeded'], [kept, 'succeeded'], [failed, 'failed']]) // prettier-ignore
  assert.equal(Number(rows[0]?.items_written), 7)
})

test('runs without a slot count for as long as the good ones of them are kept', async () => {
  await using db = await aDatabase()
  for (const outcome of ['succeeded', 'failed'] as const) {
    await anEndedRun(db.sql, { outcome, trigger: 'manual', startedAt: at('04 08:00') })
    await anEndedRun(db.sql, { outcome, trigger: 'manual', startedAt: at('06 08:00') })
  }

  const rows = await db.sql<{ started_at: Date }[]>`
    select * from (${endedRuns(db.sql, { since: at('01 00:00'), now: at('19 12:00') })}) ended
  `

  assert.deepEqual(rows.map(({ started_at }) => started_at), [at('06 08:00'), at('06 08:00')]) // prettier-ignore
})
