// Break-glass: pauses, waives and forces, who is behind each, and when it is over.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ConfigFailure } from '../../src/core/errors.ts'
import { findPause } from '../../src/ledger/gates.ts'
import {
  ALL_JOBS,
  insertForce,
  insertForcedRun,
  insertPause,
  insertWaive,
  listOverrides,
  resume,
  waiveSlots,
} from '../../src/ledger/overrides.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { aRun, at, say } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'

const { sql } = await aDatabaseForThisFile()
let jobs = 0

const aJobId = () => `test/job${++jobs}`
const deed = (job: string, wish: { at?: string; reason?: string } = {}) =>
  ({ job, actor: 'ann', reason: wish.reason ?? 'the provider moves', at: at(wish.at ?? '19 08:00') }) // prettier-ignore

async function aJobWithSlots(...dueAt: string[]): Promise<string> {
  const job = aJobId()
  const scheduleId = await aScheduleLine(sql, { job })
  const slots = dueAt.map((due) => aNewSlot({ job, scheduleId, dueAt: at(due) }))
  await insertSlots(sql, slots, at('18 00:00'))
  return job
}

async function slotsOf(job: string): Promise<string[]> {
  const rows = await sql<{ due_at: Date; state: string; reason: string | null }[]>`
    select due_at, state, reason from ledger.slots where job = ${job} order by due_at
  `
  return rows.map((row) => [say(row.due_at), row.state, row.reason ?? []].flat().join(' '))
}

test('a pause gates its job from its beginning to its end', async () => {
  const job = aJobId()

  await insertPause(sql, { ...deed(job), expiresAt: at('19 14:00') })

  const pause = await findPause(sql, job, at('19 13:59'))
  assert.deepEqual(pause, { reason: 'the provider moves', actor: 'ann', until: at('19 14:00') })
  assert.equal(await findPause(sql, job, at('19 14:00')), undefined)
})

test('an override without a reason or an actor is refused', async () => {
  const job = aJobId()

  await assert.rejects(insertPause(sql, { ...deed(job, { reason: '  ' }), expiresAt: at('19 14:00') }), ConfigFailure)
  await assert.rejects(insertForce(sql, { ...deed(job), actor: '' }), /needs who does it and why/)
  assert.deepEqual((await listOverrides(sql, { limit: 50 })).filter((one) => one.job === job), []) // prettier-ignore
})

test('an override ends within thirty days, and after it began', async () => {
  const job = aJobId()
  const thirtyDays = new Date(at('19 08:00').getTime() + 30 * 86_400_000)
  const until = (expiresAt: Date) => insertPause(sql, { ...deed(job), expiresAt })

  await until(thirtyDays)

  await assert.rejects(until(new Date(thirtyDays.getTime() + 1)), /expected within 30 days/)
  await assert.rejects(until(at('19 08:00')), ConfigFailure)
})

test('a resume ends what is in force for the job, once, and says what that was', async () => {
  const [job, other] = [aJobId(), aJobId()]
  await insertPause(sql, { ...deed(job, { at: '18 08:00' }), expiresAt: at('18 09:00') })
  await insertPause(sql, { ...deed(job), expiresAt: at('19 14:00') })
  await insertPause(sql, { ...deed(other), expiresAt: at('19 14:00') })
  const end = (actor: string) => resume(sql, { job, actor, at: at('19 09:00') })

  const ended = await Promise.all([end('bob'), end('cid')])

  const [one, ...more] = ended.flat()
  assert.deepEqual(more, [])
  assert.deepEqual([one?.kind, one?.actor, one?.endedAt], ['pause', 'ann', at('19 09:00')])
  assert.ok(['bob', 'cid'].includes(one?.endedBy ?? ''))
  assert.equal(await findPause(sql, job, at('19 10:00')), undefined)
  assert.ok(await findPause(sql, other, at('19 10:00')))
})

test('resuming all ends the pause of all, and leaves the single ones', async () => {
  const job = aJobId()
  await insertPause(sql, { ...deed(ALL_JOBS, { at: '01 08:00' }), expiresAt: at('01 14:00') })
  await insertPause(sql, { ...deed(job, { at: '01 08:00' }), expiresAt: at('01 14:00') })

  const ended = await resume(sql, { job: ALL_JOBS, actor: 'ann', at: at('01 09:00') })

  assert.equal(ended.length, 1)
  assert.equal(await findPause(sql, aJobId(), at('01 10:00')), undefined)
  assert.ok(await findPause(sql, job, at('01 10:00')))
})

test('in force are those that have begun and are neither expired nor ended; a force never is', async () => {
  const [begun, expired, ended, forced] = [aJobId(), aJobId(), aJobId(), aJobId()]
  await insertPause(sql, { ...deed(begun, { at: '05 08:00' }), expiresAt: at('05 14:00') })
  await insertPause(sql, { ...deed(expired, { at: '05 06:00' }), expiresAt: at('05 07:00') })
  await insertWaive(sql, { ...deed(ended, { at: '05 06:00' }), expiresAt: at('06 06:00'), slotDueAt: undefined })
  await resume(sql, { job: ended, actor: 'bob', at: at('05 07:00') })
  await insertForce(sql, deed(forced, { at: '05 08:30' }))

  const inForce = await listOverrides(sql, { inForceAt: at('05 09:00'), limit: 50 })
  const all = await listOverrides(sql, { limit: 50 })

  assert.deepEqual(inForce.map((one) => one.job), [begun]) // prettier-ignore
  for (const job of [begun, expired, ended, forced])
    assert.ok(
      all.some((one) => one.job === job),
      job,
    )
})

test('a waive closes the waiting slots due before its end, the overdue ones too, and says who and why', async () => {
  const job = await aJobWithSlots('18 08:07', '19 08:07', '20 07:59', '20 08:00')
  const other = await aJobWithSlots('19 08:07')
  await sql`update ledger.slots set state = 'running' where job = ${job} and due_at = ${at('18 08:07')}`
  await insertWaive(sql, { ...deed(job), expiresAt: at('20 08:00'), slotDueAt: undefined })

  const closed = await waiveSlots(sql, at('19 08:00'))
  const again = await waiveSlots(sql, at('19 08:00'))

  const said = 'waived by ann: the provider moves'
  assert.deepEqual(closed.map((slot) => say(slot.dueAt)).sort(), ['19 08:07', '20 07:59'])
  assert.deepEqual(again, [])
  assert.deepEqual(await slotsOf(job), ['18 08:07 running', `19 08:07 waived ${said}`, `20 07:59 waived ${said}`, '20 08:00 due']) // prettier-ignore
  assert.deepEqual(await slotsOf(other), ['19 08:07 due'])
})

test('a slot that is written while a waive is in force is closed at the next look, and not after it expired', async () => {
  const job = await aJobWithSlots()
  const scheduleId = await aScheduleLine(sql, { job, cron: '9 9 * * *' })
  await insertWaive(sql, { ...deed(job), expiresAt: at('20 08:00'), slotDueAt: undefined })
  await insertSlots(sql, [aNewSlot({ job, scheduleId, dueAt: at('20 07:00') })], at('19 09:00'))

  assert.deepEqual(await waiveSlots(sql, at('20 08:00')), [])
  assert.deepEqual((await waiveSlots(sql, at('20 07:59'))).map((slot) => slot.job), [job]) // prettier-ignore
})

test('a waive of one slot closes that slot and no other', async () => {
  const job = await aJobWithSlots('18 08:07', '19 08:07', '20 08:07')
  await insertWaive(sql, { ...deed(job), expiresAt: at('21 08:07'), slotDueAt: at('20 08:07') })

  await waiveSlots(sql, at('19 09:00'))

  const [, , last] = await slotsOf(job)
  assert.match(last ?? '', /^20 08:07 waived/)
  assert.deepEqual((await slotsOf(job)).slice(0, 2), ['18 08:07 due', '19 08:07 due'])
})

test('two waives of one slot close it with the older one’s reason', async () => {
  const job = await aJobWithSlots('19 08:07')
  await insertWaive(sql, { ...deed(job, { reason: 'first' }), expiresAt: at('20 08:00'), slotDueAt: undefined })
  await insertWaive(sql, { ...deed(job, { reason: 'second' }), expiresAt: at('20 08:00'), slotDueAt: at('19 08:07') })

  const closed = await waiveSlots(sql, at('19 08:30'))

  assert.equal(closed.length, 1)
  assert.deepEqual(await slotsOf(job), ['19 08:07 waived waived by ann: first'])
})

test('a force is written down with its run and its slot', async () => {
  const run = aRun({ job: aJobId() })

  const id = await insertForce(sql, { ...deed(run.job), runId: run.id, slotDueAt: at('19 08:07') })

  const found = (await listOverrides(sql, { limit: 50 })).find((one) => one.id === id)
  assert.deepEqual([found?.kind, found?.runId, found?.slotDueAt], ['force', run.id, at('19 08:07')])
  assert.deepEqual([found?.endedAt, found?.endedBy], [at('19 08:00'), 'ann'])
})

async function requestsOf(job: string): Promise<string[]> {
  const rows = await sql<{ kind: string; state: string }[]>`
    select kind, state from ledger.requests where job = ${job} order by id
  `
  return rows.map((row) => `${row.kind} ${row.state}`)
}

async function anOutstanding(job: string, kind: string, state: string, actor: string | null = null): Promise<void> {
  await sql`
    insert into ledger.requests (job, kind, reason, state, actor, next_try_at, created_at)
    values (${job}, ${kind}, 'it was asked for', ${state}, ${actor}, ${at('19 07:00')}, ${at('19 07:00')})
  `
}

test('a forced run is a request past the gates, and the name of who asked', async () => {
  const job = aJobId()

  const { asked } = await insertForcedRun(sql, deed(job))

  assert.equal(asked, true)
  const [row] = await sql`select kind, parameters, actor, reason, state from ledger.requests where job = ${job}`
  const wish = {
    kind: 'manual',
    parameters: { force: true },
    actor: 'ann',
    reason: 'the provider moves',
    state: 'open',
  }
  assert.deepEqual({ ...row }, wish)
  const [force] = (await listOverrides(sql, { limit: 50 })).filter((one) => one.job === job)
  assert.equal(force?.kind, 'force')
})

test('what reconcile has not sent yet gives way to a person', async () => {
  const job = aJobId()
  await anOutstanding(job, 'rescue', 'open')

  const asked = await insertForcedRun(sql, deed(job))

  assert.deepEqual(asked, { asked: true })
  assert.deepEqual(await requestsOf(job), ['rescue dropped', 'manual open'])
})

const inTheWay: [string, string, string | null][] = [
  ['rescue', 'sent', null],
  ['cascade', 'open', null],
  ['retry', 'open', 'bob'],
  ['manual', 'open', 'bob'],
]

for (const [kind, state, actor] of inTheWay) {
  test(`a ${kind} that is ${state}${actor ? ` by ${actor}` : ''} stands in the way of a forced run, which then leaves nothing`, async () => {
    const job = aJobId()
    await anOutstanding(job, kind, state, actor)

    const asked = await insertForcedRun(sql, deed(job))

    const expected = { kind, state, reason: 'it was asked for', createdAt: at('19 07:00') }
    assert.deepEqual(asked, { asked: false, outstanding: expected })
    assert.deepEqual(await requestsOf(job), [`${kind} ${state}`])
    assert.deepEqual((await listOverrides(sql, { limit: 50 })).filter((one) => one.job === job), []) // prettier-ignore
  })
}
