// How the schedule kept its word, counted over a real ledger.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { recordGatedRun } from '../../src/ledger/runs.ts'
import { addUp, readJobWords, type JobWord } from '../../src/views/word-kept.ts'
import { aRun, at } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot } from '../helpers/site.ts'

const { sql } = await aDatabaseForThisFile()
const now = at('19 12:00')

async function wordOf(job: string): Promise<JobWord | undefined> {
  return (await readJobWords(sql, now)).find((word) => word.job === job)
}

async function aLine(job: string): Promise<string> {
  return await aScheduleLine(sql, { job })
}

test('slots that ended are counted by what they are shown as; waived, coalesced and waiting ones are not', async () => {
  const job = 'word/states'
  const scheduleId = await aLine(job)
  await aPastSlot(sql, { job, scheduleId, dueAt: at('12 08:07'), state: 'served', startedAt: at('12 08:09') })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('13 08:07'), state: 'served', startedAt: at('13 08:37') })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('14 08:07'), state: 'missed' })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('15 08:07'), state: 'waived' })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('16 08:07'), state: 'coalesced' })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('19 11:50'), state: 'due' })
  const word = await wordOf(job)
  assert.deepEqual(word?.byState, { 'on time': 1, late: 1, missed: 1 })
  assert.equal(word.slots, 3)
  assert.equal(word.served, 2)
  assert.equal(word.medianLateness, 16)
})

test('cron alone would have served a slot for which it began a run by the deadline, one that found it done too', async () => {
  const job = 'word/cron'
  const scheduleId = await aLine(job)
  const slot = (day: string) => ({ job, scheduleId, dueAt: at(`${day} 08:07`), state: 'served' as const })
  await aPastSlot(sql, { ...slot('12'), startedAt: at('12 08:40'), trigger: 'request' })
  await recordGatedRun(sql, aRun({ job, startedAt: at('12 09:07') }), { code: 'nothing_due', reason: 'served already' })
  await aPastSlot(sql, { ...slot('13'), startedAt: at('13 08:40'), trigger: 'request' })
  await recordGatedRun(sql, aRun({ job, startedAt: at('13 15:00') }), { code: 'nothing_due', reason: 'served already' })
  await aPastSlot(sql, { ...slot('14'), startedAt: at('14 08:37'), trigger: 'schedule' })
  await aPastSlot(sql, { ...slot('15'), startedAt: at('15 08:37'), trigger: 'chain' })
  const word = await wordOf(job)
  assert.equal(word?.judged, 4)
  assert.equal(word.cronInTime, 2)
  assert.equal(word.cronLateness, 45)
})

test('a run of cron that something held back would have served nothing', async () => {
  const job = 'word/gated'
  const scheduleId = await aLine(job)
  const codes = ['waiting_for_parents', 'paused', 'breaker_open', 'games_on', 'out_of_season', 'nothing_due', 'already_running'] as const // prettier-ignore
  for (const [i, code] of codes.entries()) {
    const dueAt = at(`${10 + i} 08:07`)
    await aPastSlot(sql, { job, scheduleId, dueAt, state: 'served', startedAt: at(`${10 + i} 09:40`), trigger: 'request' }) // prettier-ignore
    await recordGatedRun(sql, aRun({ job, startedAt: at(`${10 + i} 08:37`) }), { code, reason: 'a reason' })
  }
  const word = await wordOf(job)
  assert.deepEqual([word?.judged, word?.judgedServed, word?.cronInTime], [7, 7, 2])
})

test('what cron is compared with is of the same 14 days', async () => {
  const job = 'word/days'
  const scheduleId = await aLine(job)
  await aPastSlot(sql, { job, scheduleId, dueAt: at('01 08:07'), state: 'served', startedAt: at('01 10:07') })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('12 08:07'), state: 'served', startedAt: at('12 08:09') })
  await aPastSlot(sql, { job, scheduleId, dueAt: at('13 08:07'), state: 'missed' })
  const word = await wordOf(job)
  assert.deepEqual([word?.slots, word?.served], [3, 2])
  assert.deepEqual([word?.judged, word?.judgedServed, word?.medianLateness], [2, 1, 2])
})

test('one tick of cron would have served one slot: the newest that was due', async () => {
  const job = 'word/frequent'
  const scheduleId = await aLine(job)
  const slot = (time: string) => ({ job, scheduleId, dueAt: at(`12 ${time}`), state: 'served' as const, trigger: 'request' as const }) // prettier-ignore
  await aPastSlot(sql, { ...slot('08:00'), startedAt: at('12 08:04') })
  await aPastSlot(sql, { ...slot('08:05'), startedAt: at('12 08:09') })
  await recordGatedRun(sql, aRun({ job, startedAt: at('12 08:06') }), { code: 'nothing_due', reason: 'served already' })
  await aPastSlot(sql, { ...slot('08:10'), startedAt: at('12 08:14') })
  const word = await wordOf(job)
  assert.equal(word?.judged, 3)
  assert.equal(word.cronInTime, 1)
  assert.equal(word.cronLateness, 1)
})

test('a slot whose deadline is to come says nothing of cron yet', async () => {
  const job = 'word/open'
  const scheduleId = await aLine(job)
  await aPastSlot(sql, { job, scheduleId, dueAt: at('19 11:00'), state: 'served', startedAt: at('19 11:02'), trigger: 'chain' }) // prettier-ignore
  const word = await wordOf(job)
  assert.equal(word?.slots, 1)
  assert.equal(word.judged, 0)
})

test('jobs are added up state by state', () => {
  const word: JobWord = { job: 'a/b', slots: 3, served: 2, byState: { late: 2, missed: 1 }, medianLateness: 2, judged: 3, judgedServed: 2, cronInTime: 1, cronLateness: 90 } // prettier-ignore
  const other: JobWord = { ...word, job: 'a/c', slots: 1, served: 1, byState: { late: 1 }, judged: 0, cronInTime: 0 }
  const sum = addUp([word, other])
  assert.deepEqual(sum.byState, { late: 3, missed: 1 })
  assert.deepEqual([sum.slots, sum.served, sum.judged, sum.cronInTime], [4, 3, 3, 1])
})
