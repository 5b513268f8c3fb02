// The life of a run in the ledger: every change of state is compare-and-set, and run and slot change together.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FinalOutcome } from '../../src/core/run.ts'
import { endRun } from '../../src/ledger/run-end.ts'
import { beat, findChain, listHolders, lockRunning, recordGatedRun, takeRun, type NewRun } from '../../src/ledger/runs.ts' // prettier-ignore
import { abandonRun, findHolder } from '../../src/ledger/silent.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { aDay, anEnd, aRun, at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

const { sql } = await aDatabaseForThisFile()
let jobs = 0

/** A job of its own for each test, with these slots. */
async function aJobWithSlots(...dueAt: string[]): Promise<string> {
  const job = `test/job${++jobs}`
  const line = await aScheduleLine(sql, { job })
  await insertSlots(sql, dueAt.map((due) => aNewSlot({ job, scheduleId: line, dueAt: at(due) })), at('18 00:00')) // prettier-ignore
  return job
}

async function slotOf(job: string, due = '19 08:07') {
  const [row] =
    await sql`select state, run_id, tries, outcome, reason from ledger.slots where job = ${job} and due_at = ${at(due)}`
  return { ...row } as { state: string; run_id: string; tries: number; outcome: string; reason: string }
}

async function outcomeOf(run: NewRun): Promise<unknown> {
  const [row] = await sql`select outcome from ledger.runs where id = ${run.id}`
  return row?.['outcome']
}

async function aTakenRun(wish: Partial<NewRun> = {}): Promise<NewRun> {
  const job = wish.job ?? (await aJobWithSlots('19 08:07'))
  const run = aRun({ job, slotDueAt: at('19 08:07'), ...wish })
  assert.deepEqual(await takeRun(sql, run), { taken: true })
  return run
}

function finish(run: NewRun, wish: Parameters<typeof anEnd>[0], givesUp = false): Promise<boolean> {
  return endRun(sql, run, { ...anEnd(wish), givesUp })
}

test('taking a slot inserts the run and moves the slot, both or none', async () => {
  const run = await aTakenRun()

  assert.equal(await outcomeOf(run), 'running')
  const slot = await slotOf(run.job)
  assert.deepEqual([slot.state, slot.run_id], ['running', run.id])
})

test('a slot that is tried again says nothing of what the try before it wrote', async () => {
  const first = await aTakenRun()
  await finish(first, { outcome: 'failed', items: { read: 90, written: 77, skipped: 4, failed: 9 } })
  await aTakenRun({ job: first.job, attempt: 2 })

  const [slot] = await sql`select items_written, items_failed from ledger.slots where job = ${first.job}`
  assert.deepEqual({ ...slot }, { items_written: null, items_failed: null })
})

test('of ten runs that take one slot at the same time exactly one gets it, and the others leave no row', async () => {
  const job = await aJobWithSlots('19 08:07')
  const runs = Array.from({ length: 10 }, (_, n) => aRun({ job, slotDueAt: at('19 08:07'), period: aDay(`p${n}`) }))

  const taken = await Promise.all(runs.map((run) => takeRun(sql, run)))

  assert.equal(taken.filter((each) => each.taken).length, 1)
  assert.ok(taken.every((each) => each.taken || each.why === 'slot_gone'))
  assert.equal((await sql`select 1 from ledger.runs where job = ${job}`).length, 1)
})

test('of ten runs of one period without a slot exactly one runs', async () => {
  const job = await aJobWithSlots()
  const taken = await Promise.all(Array.from({ length: 10 }, () => takeRun(sql, aRun({ job }))))

  assert.equal(taken.filter((each) => each.taken).length, 1)
  assert.ok(taken.every((each) => each.taken || each.why === 'already_running'))
})

test('a period that is running leaves the slot that would be taken for it due', async () => {
  const job = await aJobWithSlots('19 08:07')
  await takeRun(sql, aRun({ job, period: aDay('2024-11-19') }))

  const second = await takeRun(sql, aRun({ job, slotDueAt: at('19 08:07'), period: aDay('2024-11-19') }))

  assert.deepEqual(second, { taken: false, why: 'already_running' })
  assert.equal((await slotOf(job)).state, 'due')
})

test('other periods of a job run side by side', async () => {
  const job = await aJobWithSlots('18 08:07', '19 08:07')

  for (const due of ['18 08:07', '19 08:07']) await aTakenRun({ job, slotDueAt: at(due), period: aDay(due) })

  assert.equal((await listHolders(sql, job)).length, 2)
})

test('taking a slot closes the older ones it covers in the same statement, and never without taking it', async () => {
  const job = await aJobWithSlots('17 08:07', '18 08:07', '19 08:07')
  const covered = [at('17 08:07'), at('18 08:07')]
  await sql`update ledger.slots set state = 'failed' where job = ${job} and due_at = ${at('17 08:07')}`
  const run = aRun({ job, slotDueAt: at('19 08:07') })

  await takeRun(sql, aRun({ job, slotDueAt: at('25 08:07'), period: aDay('gone') }), covered)
  const before = await slotOf(job, '18 08:07')
  await takeRun(sql, run, covered)

  assert.equal(before.state, 'due')
  const { state, reason } = await slotOf(job, '18 08:07')
  assert.deepEqual([state, reason], ['coalesced', 'the slot of 2024-11-19T08:07:00.000Z covers it'])
  assert.equal((await slotOf(job, '17 08:07')).state, 'failed')
})

const ENDS: [FinalOutcome, boolean, string, number][] = [
  ['succeeded', false, 'served', 0],
  ['partial', false, 'served', 0],
  ['not_ready', false, 'due', 0],
  ['cancelled', false, 'due', 0],
  ['failed', false, 'due', 1],
  ['failed', true, 'failed', 1],
]

for (const [outcome, givesUp, state, tries] of ENDS) {
  test(`a run that ends ${outcome}, ${givesUp ? 'of what is final,' : 'of what may be temporary,'} leaves its slot ${state}`, async () => {
    const run = await aTakenRun()

    assert.equal(await finish(run, { outcome, reason: 'because' }, givesUp), true)

    const slot = await slotOf(run.job)
    assert.deepEqual([slot.state, slot.tries, slot.outcome], [state, tries, outcome])
  })
}

test('the end of a run that somebody has abandoned writes nothing, and its slot stays with the next', async () => {
  const first = await aTakenRun()
  assert.equal(await abandonRun(sql, first.id, { reason: 'silent', at: at('19 09:00'), silentSeconds: 0 }), 'abandoned')
  const second = await aTakenRun({ job: first.job })

  assert.equal(await finish(first, { outcome: 'succeeded' }), false)

  assert.equal(await outcomeOf(first), 'abandoned')
  const slot = await slotOf(first.job)
  assert.deepEqual([slot.state, slot.run_id], ['running', second.id])
})

test('a run ends once, however often it is ended', async () => {
  const run = await aTakenRun()

  const ends = await Promise.all(
    (['succeeded', 'failed', 'cancelled'] as const).map((outcome) => finish(run, { outcome })),
  )

  assert.equal(ends.filter(Boolean).length, 1)
})

test('abandoning gives the slot back with the reason, once', async () => {
  const run = await aTakenRun()
  const end = { reason: 'its process is gone', at: at('19 09:00'), silentSeconds: 0 }

  const done = await Promise.all([abandonRun(sql, run.id, end), abandonRun(sql, run.id, end)])

  assert.equal(done.filter((one) => one === 'abandoned').length, 1, String(done))
  const { state, reason, outcome, tries } = await slotOf(run.job)
  assert.deepEqual({ state, reason, outcome, tries }, { state: 'due', reason: 'its process is gone', outcome: 'abandoned', tries: 0 }) // prettier-ignore
})

test('a run that was heard of within its lease is not abandoned', async () => {
  const run = await aTakenRun()

  assert.equal(await abandonRun(sql, run.id, { reason: 'r', at: at('19 09:00'), silentSeconds: 300 }), 'not silent')
  assert.equal(await outcomeOf(run), 'running')
})

test('a silent run whose row is locked, by a heartbeat or by a write that goes on, is left alone at once and said to be locked', async () => {
  const run = await aTakenRun()
  await sql`update ledger.runs set heartbeat_at = now() - interval '1 hour' where id = ${run.id}`
  const end = { reason: 'r', at: at('19 09:00'), silentSeconds: 300 }
  await sql.begin(async (tx) => {
    assert.ok(await lockRunning(tx, run.id)) // not yet committed
    assert.equal(await abandonRun(sql, run.id, end), 'locked')
    const [me] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
    const holder = await findHolder(sql, run.id)
    assert.deepEqual([holder?.pid, holder?.state], [me?.pid, 'idle in transaction'])
  })

  assert.equal(await findHolder(sql, run.id), undefined)
  assert.equal(await abandonRun(sql, run.id, end), 'not silent')
  assert.equal(await outcomeOf(run), 'running')
})

test('a write of a run and its abandonment take turns: whoever comes second sees what the first did', async () => {
  const run = await aTakenRun()
  let locked: Promise<boolean> | undefined
  await sql.begin(async (tx) => {
    await tx`update ledger.runs set outcome = 'abandoned', finished_at = now() where id = ${run.id}`
    locked = sql.begin((other) => lockRunning(other, run.id))
    await waitUntilBlocked()
  })

  assert.equal(await locked, false)
})

test('a heartbeat of a run that has ended is told so', async () => {
  const run = await aTakenRun()

  assert.equal(await beat(sql, run.id, undefined), true)
  await finish(run, { outcome: 'succeeded' })
  assert.equal(await beat(sql, run.id, undefined), false)
})

test('the chain of a slot goes on from its latest try, and running and gated runs are none', async () => {
  const first = await aTakenRun()
  await finish(first, { outcome: 'failed' })
  const { slotDueAt: _none, ...gated } = aRun({ job: first.job })
  await recordGatedRun(sql, gated, { code: 'paused', reason: 'r' })
  const second = await aTakenRun({ job: first.job, attempt: 2, correlationId: first.correlationId })

  assert.deepEqual(await findChain(sql, first.job, at('19 08:07')), { attempt: 1, runId: first.id, correlationId: first.correlationId }) // prettier-ignore
  await finish(second, { outcome: 'not_ready' })
  assert.equal((await findChain(sql, first.job, at('19 08:07')))?.runId, second.id)
})

test('a gated run holds nothing and has ended', async () => {
  const job = await aJobWithSlots('19 08:07')
  const { slotDueAt: _none, ...gated } = aRun({ job })

  await recordGatedRun(sql, gated, { code: 'paused', reason: 'by ann' })

  const [row] =
    await sql`select outcome, gate, reason, slot_due_at, finished_at = started_at as ended from ledger.runs where job = ${job}`
  assert.deepEqual({ ...row }, { outcome: 'gated', gate: 'paused', reason: 'by ann', slot_due_at: null, ended: true })
  assert.deepEqual(await listHolders(sql, job), [])
})

test('a holder is known by its process and its silence on the database’s own clock', async () => {
  const run = await aTakenRun()
  await sql`update ledger.runs set heartbeat_at = clock_timestamp() - interval '10 minutes' where id = ${run.id}`

  const [holder] = await listHolders(sql, run.job)

  assert.deepEqual(holder?.identity, run.origin.identity)
  assert.ok(holder && Math.abs(holder.silentSeconds - 600) < 5)
})

/** Until some statement of this database waits for a lock. */
async function waitUntilBlocked(): Promise<void> {
  for (;;) {
    const [row] =
      await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (row) return
  }
}
