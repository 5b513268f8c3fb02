// What the ledger costs a run, on a Postgres that keeps its word (fsync on): its own statements alone, and the whole life of
// a job that does nothing; in time, in statements, and in commits that wait for the disk.

import { parseParams } from '../../src/core/params.ts'
import { beat, takeRun } from '../../src/ledger/runs.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { insertSlots } from '../../src/ledger/slots.ts'
import { look } from '../../src/ledger/watch.ts'
import { explainDatabaseError, openDatabase, type Database } from '../../src/lib/db.ts'
import { createLog } from '../../src/lib/log.ts'
import { finishRun } from '../../src/runner/finish.ts'
import { createRunRecord } from '../../src/runner/record.ts'
import { runJob } from '../../src/runner/run-job.ts'
import type { RunnerParts } from '../../src/runner/types.ts'
import { aJob, anEnd, anOrigin, aRun, dayOf } from '../helpers/builders.ts'

import { countCost, measureDisk, type Looked } from './cost.ts'
import { measure, type Figure } from './figures.ts'

const RUNS = 300
/** Enough for what happens to every run; what happens once a minute counts for little. */
const COUNTED_RUNS = 20
const MINUTE = 60_000
const FIRST = new Date('2026-11-01T00:00:00Z')

const job = aJob({ id: 'bench/nothing', onMissed: 'each' })

/** Measures on a migrated database of environment `bench`; leaves its rows there. */
export async function benchLedger(looked: Looked): Promise<Figure[]> {
  const { url, directory } = looked
  await using database = openDatabase(url, { max: 2 })
  await using lake = openDatabase(url, { max: 2 })
  const parts: RunnerParts = {
    ledger: database.sql,
    lake: lake.sql,
    closeLake: () => Promise.resolve(),
    jobs: [job],
    environment: 'bench',
    origin: anOrigin(),
    now: FIRST,
    log: createLog({ write: () => undefined, now: () => FIRST, format: 'text', redact: (text) => text }),
    redact: (text) => text,
    explain: (error) => explainDatabaseError(error, url),
    sourceUrls: {},
    sourceKeys: {},
    wait: () => Promise.resolve(),
    cancelled: new AbortController().signal,
  }
  const nextSlot = await aSlotMaker(parts)
  const bench = async (what: string, work: Work): Promise<Figure> => {
    const times = await measure(what, RUNS, { prepare: nextSlot, work: (slotDueAt) => work(parts, slotDueAt) })
    const slots = []
    for (let i = 0; i < COUNTED_RUNS; i += 1) slots.push(await nextSlot())
    const ahead = slots.values()
    const counted = ({ sql }: Database) => work({ ...parts, ledger: sql }, ahead.next().value ?? FIRST)
    return { ...times, cost: await countCost(looked, COUNTED_RUNS, counted) }
  }
  return [
    await bench('take, heartbeat, end with one span, look', ownStatements),
    await bench('the whole life of a run that does nothing', wholeLife),
    measureDisk(directory),
  ]
}

type Work = (parts: RunnerParts, slotDueAt: Date) => Promise<void>

type NextSlot = () => Promise<Date>

/** Slots one by one, each later than the last, of a line that falls due on New Year's Day only: nothing else is due. */
async function aSlotMaker({ ledger }: RunnerParts): Promise<NextSlot> {
  const line = { job: job.id, cron: '0 0 1 1 *', zone: 'UTC' }
  await registerSchedules(ledger, { lines: [line], commit: 'bench', at: FIRST })
  const [row] = await ledger<{ id: string }[]>`select id from ledger.schedules where job = ${job.id}`
  const later = new Date('2027-01-01T00:00:00Z')
  let made = 0
  return async () => {
    const dueAt = new Date(FIRST.getTime() - (4 * RUNS - made++) * MINUTE)
    const period = { ...dayOf(dueAt), key: dueAt.toISOString() }
    const at = { graceUntil: later, deadlineAt: later }
    const slot = { job: job.id, dueAt, scheduleId: row?.id ?? '', period, state: 'due' as const, reason: null, ...at }
    await insertSlots(ledger, [slot], FIRST)
    return dueAt
  }
}

/** Take the slot and insert the run, one heartbeat, the end with one span and one kind of item, and the look around. */
async function ownStatements(parts: RunnerParts, slotDueAt: Date): Promise<void> {
  const run = aRun({ job: job.id, slotDueAt, environment: 'bench', startedAt: FIRST })
  await takeRun(parts.ledger, run)
  await beat(parts.ledger, run.id, undefined)
  const record = createRunRecord((text) => text)
  record.openSpan('work').close()
  record.count('thing', { read: 1, written: 1 })
  await finishRun(job, run, { end: anEnd({ finishedAt: FIRST }), record, only: undefined, parts })
  await look(parts.ledger, { now: FIRST, by: job.id, urgent: false, mayPoke: true })
}

/** As a wake-up does it: check the database, write what is due, judge, take, run, end, look around. */
async function wholeLife(parts: RunnerParts, slotDueAt: Date): Promise<void> {
  const wakeUp = { trigger: 'schedule' as const, byPerson: false, raw: {} }
  const call = { wakeUp, params: parseParams(job, {}), defaultParams: true }
  const { outcome, reason, run } = await runJob(job, call, parts)
  if (outcome !== 'succeeded' || run.slotDueAt?.getTime() !== slotDueAt.getTime()) throw new Error(reason ?? outcome)
}
