// Today's timetable and what comes next, read from a real ledger.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readToday } from '../../src/views/today.ts'
import { at } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot, aSite } from '../helpers/site.ts'

const job = 'test/one'

test('a slot that is due again has not run, whatever tried it; one that failed for good has', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const dueAt = at('19 08:07')
  await aPastSlot(db.sql, { job, scheduleId, dueAt, startedAt: at('19 08:30'), state: 'due', outcome: 'failed' })
  const [due] = await readToday(db.sql, aSite())
  await db.sql`update ledger.slots set state = 'failed'`
  const [failed] = await readToday(db.sql, aSite())

  assert.deepEqual([due?.slot?.startedAt, due?.slot?.latenessMs], [undefined, undefined])
  assert.deepEqual([failed?.slot?.startedAt, failed?.slot?.latenessMs], [at('19 08:30'), 23 * 60_000])
})
