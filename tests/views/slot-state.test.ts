// What slots are shown as.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { shownState } from '../../src/views/slot-state.ts'
import { at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot } from '../helpers/site.ts'

const { sql } = await aDatabaseForThisFile()
const job = 'test/shown'
const scheduleId = await aScheduleLine(sql, { job })
const now = at('19 12:00')

/** What a slot due at 08:07 of a day of its own is shown as. */
let day = 0
async function shown(
  wish: Omit<Parameters<typeof aPastSlot>[1], 'job' | 'scheduleId' | 'dueAt' | 'startedAt'> & {
    ran?: string
    due?: string
  },
  options = {},
): Promise<string> {
  day += 1
  const date = String(day).padStart(2, '0')
  const { ran, due = '08:07', ...rest } = wish
  const dueAt = at(`${date} ${due}`)
  await aPastSlot(sql, { job, scheduleId, dueAt, ...rest, ...(ran && { startedAt: at(`${date} ${ran}`) }) })
  const [row] = await sql<{ state: string }[]>`
    select ${shownState(sql, now, options)} as state from ledger.slots slot where job = ${job} and due_at = ${dueAt}
  `
  return row?.state ?? ''
}

test('a slot begun from a minute before to five minutes after its moment is on time', async () => {
  assert.equal(await shown({ state: 'served', ran: '08:06' }), 'on time')
  assert.equal(await shown({ state: 'served', ran: '08:07' }), 'on time')
  assert.equal(await shown({ state: 'served', ran: '08:12' }), 'on time')
})

test('before that it is early, after that late', async () => {
  assert.equal(await shown({ state: 'served', ran: '08:05' }), 'early')
  assert.equal(await shown({ state: 'served', ran: '08:13' }), 'late')
})

test('a late slot whose run a request began is rescued, and one on time is on time', async () => {
  assert.equal(await shown({ state: 'served', ran: '09:07', trigger: 'request' }), 'rescued')
  assert.equal(await shown({ state: 'served', ran: '08:08', trigger: 'request' }), 'on time')
})

test('where rescues are not asked for, a rescued slot is late', async () => {
  assert.equal(await shown({ state: 'served', ran: '09:07', trigger: 'request' }, { rescues: false }), 'late')
})

test('a late slot is rescued by the request that its run answered, whatever began the run', async () => {
  const dueAt = at('25 08:07')
  const runId = await aPastSlot(sql, { job, scheduleId, dueAt, state: 'served', startedAt: at('25 09:00'), trigger: 'rerun' }) // prettier-ignore
  await sql`
    insert into ledger.requests (job, slot_due_at, kind, reason, state, next_try_at, created_at, run_id)
    values (${job}, ${dueAt}, 'rescue', 'overdue', 'done', ${dueAt}, ${dueAt}, ${runId ?? null})
  `
  const [row] = await sql<{ state: string }[]>`
    select ${shownState(sql, now)} as state from ledger.slots slot where job = ${job} and due_at = ${dueAt}
  `
  assert.equal(row?.state, 'rescued')
})

test('a slot that was served in part is partial, however late', async () => {
  assert.equal(await shown({ state: 'served', ran: '10:07', outcome: 'partial' }), 'partial')
})

test('a slot that waits is late once its grace is over', async () => {
  day = 18
  assert.equal(await shown({ state: 'due', due: '11:45' }), 'waiting')
  day = 18
  assert.equal(await shown({ state: 'due', due: '11:15' }), 'late')
})

test('a slot whose deadline is over is missed, although nobody has written it down', async () => {
  day = 16
  assert.equal(await shown({ state: 'due' }), 'missed')
})

test('a late slot that was tried again is late, for cron came in time', async () => {
  const dueAt = at('17 08:07')
  const runId = await aPastSlot(sql, { job, scheduleId, dueAt, state: 'served', startedAt: at('17 08:40'), trigger: 'request' }) // prettier-ignore
  await sql`update ledger.runs set retry_of = gen_random_uuid() where id = ${runId!}`
  const [row] = await sql<{ state: string }[]>`select ${shownState(sql, now)} as state from ledger.slots slot where job = ${job} and due_at = ${dueAt}` // prettier-ignore
  assert.equal(row?.state, 'late')
})

test('what ended otherwise is shown as what it is', async () => {
  for (const state of ['missed', 'failed', 'waived', 'coalesced'] as const) assert.equal(await shown({ state }), state)
})
