// Dead letters after they were written: listed, tried again, dismissed.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  closeRetried,
  countOpenLetters,
  dismissLetters,
  findForRetry,
  insertRetryRequest,
  listOpenLetters,
} from '../../src/ledger/dead-letters.ts'
import { insertDeadLetters } from '../../src/ledger/details.ts'
import { endRun } from '../../src/ledger/run-end.ts'
import { takeRun, type NewRun } from '../../src/ledger/runs.ts'
import { anEnd, aRun, at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'

const { sql } = await aDatabaseForThisFile()
let jobs = 0

const aJobId = () => `test/letters${++jobs}`
const item = (key: string, code = 'no_score') => ({ kind: 'game', key, code, message: `${key} has no score` })

/** A run that ended partial and left a letter for each key. */
async function aPartialRun(job: string, keys: readonly string[], wish: Partial<NewRun> = {}): Promise<NewRun> {
  const run = aRun({ job, ...wish })
  await takeRun(sql, run)
  await sql.begin(async (tx) => {
    await endRun(tx, run, anEnd({ outcome: 'partial' }))
    await insertDeadLetters(tx, { id: run.id, job, at: at('19 08:11') }, keys.map((key) => item(key))) // prettier-ignore
  })
  return run
}

async function openKeys(job: string): Promise<string[]> {
  return (await listOpenLetters(sql, { job, limit: 50 })).map((letter) => letter.key).sort()
}

async function idsOf(job: string): Promise<string[]> {
  return (await listOpenLetters(sql, { job, limit: 50 })).map((letter) => letter.id)
}

test('open letters are listed latest failure first, of one job or of all, and no more than asked for', async () => {
  const [one, other] = [aJobId(), aJobId()]
  await sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job: one, at: at('19 08:00') }, [item('g1')]))
  await sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job: one, at: at('20 08:00') }, [item('g2')]))
  await sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job: other, at: at('29 08:00') }, [item('g3')]))

  const ofOne = await listOpenLetters(sql, { job: one, limit: 50 })
  const [latest] = await listOpenLetters(sql, { job: undefined, limit: 1 })

  assert.deepEqual(
    ofOne.map((letter) => letter.key),
    ['g2', 'g1'],
  )
  assert.equal(latest?.key, 'g3')
  assert.equal(await countOpenLetters(sql, one), 2)
  assert.equal(await countOpenLetters(sql, undefined), 3)
})

test('a dismissed letter says who and why, and is dismissed once', async () => {
  const job = aJobId()
  await aPartialRun(job, ['g1', 'g2'])
  const ids = await idsOf(job)
  const dismiss = (actor: string) =>
    dismissLetters(sql, ids.slice(0, 1), { actor, why: 'called off', at: at('20 08:00') })

  const closed = await Promise.all([dismiss('ann'), dismiss('bob')])

  assert.equal(closed.flat().length, 1)
  const [row] = await sql`select closed_at, closed_by, close_reason from ledger.dead_letters where id = ${ids[0]!}`
  const first = closed[0].length === 1 ? 'ann' : 'bob'
  assert.deepEqual({ ...row }, { closed_at: at('20 08:00'), closed_by: first, close_reason: 'called off' })
  assert.equal((await openKeys(job)).length, 1)
})

test('a retry finds its letters by their ids, with the run whose chain it continues', async () => {
  const job = aJobId()
  const run = await aPartialRun(job, ['g1', 'g2', 'g3'], { attempt: 2 })
  const [first, second] = await idsOf(job)

  const found = await findForRetry(sql, { job, ids: [first!, second!, '999999999'] })

  assert.deepEqual(found.map((letter) => letter.id), [first, second].sort()) // prettier-ignore
  assert.deepEqual(found[0]?.run, {
    period: run.period,
    attempt: 2,
    correlationId: run.correlationId,
    dueAt: undefined,
  })
})

test('a retry of a run finds what that run left open, and never another job’s', async () => {
  const [job, other] = [aJobId(), aJobId()]
  const run = await aPartialRun(job, ['g1', 'g2'])
  await aPartialRun(other, ['g9'])
  const [one] = await idsOf(job)
  await dismissLetters(sql, [one!], { actor: 'ann', why: 'done', at: at('20 08:00') })

  const found = await findForRetry(sql, { job, runId: run.id })
  const foreign = await findForRetry(sql, { job: other, runId: run.id })

  assert.equal(found.length, 1)
  assert.deepEqual(foreign, [])
})

test('a letter outlives its run: it is found without one', async () => {
  const job = aJobId()
  const run = await aPartialRun(job, ['g1'])
  await sql`delete from ledger.runs where id = ${run.id}`

  const [found] = await findForRetry(sql, { job, ids: await idsOf(job) })

  assert.deepEqual([found?.key, found?.run], ['g1', undefined])
})

test('what was tried again and did not fail again is closed by the run that did it', async () => {
  const job = aJobId()
  await aPartialRun(job, ['g1', 'g2', 'g3'])
  const again = aRun({ job })

  const closed = await sql.begin(async (tx) => {
    await insertDeadLetters(tx, { id: again.id, job, at: at('20 08:00') }, [item('g2')])
    const tried = [{ kind: 'game', key: 'g1' }, { kind: 'game', key: 'g2' }] // prettier-ignore
    return await closeRetried(tx, { job, runId: again.id, at: at('20 08:00') }, tried)
  })

  assert.equal(closed, 1)
  assert.deepEqual(await openKeys(job), ['g2', 'g3'])
  const [row] = await sql`select close_reason, closed_by from ledger.dead_letters where job = ${job} and key = 'g1'`
  assert.deepEqual({ ...row }, { close_reason: `tried again with success by run ${again.id}`, closed_by: job })
})

test('an item that fails of something else the second time has not been mended', async () => {
  const job = aJobId()
  await aPartialRun(job, ['g1'])
  const again = aRun({ job })

  const closed = await sql.begin(async (tx) => {
    await insertDeadLetters(tx, { id: again.id, job, at: at('20 08:00') }, [item('g1', 'no_teams')])
    return await closeRetried(tx, { job, runId: again.id, at: at('20 08:00') }, [{ kind: 'game', key: 'g1' }])
  })

  assert.equal(closed, 0)
  assert.deepEqual(await openKeys(job), ['g1', 'g1'])
})

test('a success closes all that an item had failed of, and nothing of other jobs or items', async () => {
  const [job, other] = [aJobId(), aJobId()]
  await aPartialRun(job, ['g1', 'g2'])
  await aPartialRun(other, ['g1'])
  await sql.begin((tx) => insertDeadLetters(tx, { id: aRun().id, job, at: at('20 08:00') }, [item('g1', 'no_teams')]))

  const closed = await sql.begin((tx) =>
    closeRetried(tx, { job, runId: aRun().id, at: at('21 08:00') }, [{ kind: 'game', key: 'g1' }]),
  )

  assert.equal(closed, 2)
  assert.deepEqual([await openKeys(job), await openKeys(other)], [['g2'], ['g1']])
})

test('a person’s wish to try letters again is one request, and a job that is asked for already is not asked for twice', async () => {
  const job = aJobId()
  const ask = () =>
    insertRetryRequest(sql, { job, ids: ['12', '13'], actor: 'ann', why: 'the source is back', at: at('20 08:00') })

  const [first, second] = [await ask(), await ask()]

  assert.deepEqual([first, second], [true, false])
  const rows = await sql`
    select kind, reason, parameters, actor, state, next_try_at, created_at from ledger.requests where job = ${job}
  `
  const when = { next_try_at: at('20 08:00'), created_at: at('20 08:00') }
  const wish = { kind: 'retry', reason: 'the source is back', parameters: { retry: '12,13' }, actor: 'ann' }
  assert.deepEqual([...rows], [{ ...wish, state: 'open', ...when }])
})
