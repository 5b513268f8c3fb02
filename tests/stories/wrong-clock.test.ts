// A runner whose own clock is minutes wrong, or is set while it works: which slot is served, how late it was and what becomes of
// it are the database's business, for schedule time comes from there. Where its clock is further off, it refuses.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { registerSchedules } from '../../src/ledger/schedules.ts'
import { runTypeScript } from '../helpers/child.ts'
import { aDatabase } from '../helpers/database.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

/** The door's own way from the environment to the end of a run, behind a clock that is wrong from the first line on, or from
 *  before the process began. */
const DOOR = `
  const [since, shiftMs, url] = process.argv.slice(-3)
  const origin = performance.timeOrigin
  if (since === 'before') Object.defineProperty(performance, 'timeOrigin', { value: origin + Number(shiftMs) })
  const RightDate = Date
  globalThis.Date = class extends RightDate {
    constructor(...given) {
      if (given.length === 0) super(RightDate.now() + Number(shiftMs))
      else super(...given)
    }
    static now() {
      return RightDate.now() + Number(shiftMs)
    }
  }
  const { openApp } = await import('./src/app.ts')
  const { parseEnv } = await import('./src/lib/env.ts')
  const { runJob } = await import('./src/runner/run-job.ts')
  const { wakeUpOfFlags } = await import('./src/runner/wake-up.ts')
  const { parseParams } = await import('./src/core/params.ts')
  const { aJob } = await import('./tests/helpers/builders.ts')
  const job = aJob({ id: 'test/clock', graceMinutes: 10, deadlineMinutes: 30 })
  const env = parseEnv({ DATABASE_URL: url, MATCHDAY_ENVIRONMENT: 'test' })
  const app = await openApp({ env, jobs: [job], environment: undefined, projectRoot: ${JSON.stringify(PROJECT_ROOT)}, cancelled: new AbortController().signal, write: () => {} })
  const call = { wakeUp: wakeUpOfFlags('schedule', {}), params: parseParams(job, {}), defaultParams: true }
  const { run, outcome } = await runJob(job, call, app.parts)
  await app[Symbol.asyncDispose]()
  let right, shown // of one millisecond, or the two say one less
  do [right, shown] = [RightDate.now(), Date.now()]
  while (RightDate.now() !== right)
  console.log(JSON.stringify({ clock: shown - right, slot: run.slotDueAt, period: run.period.key, startedAt: run.startedAt, outcome }))
`

interface Told {
  clock: number
  slot: string
  period: string
  startedAt: string
  outcome: string
}

for (const { what, shiftMs, since } of [
  { what: 'right', shiftMs: 0, since: 'before' },
  { what: 'ten minutes fast', shiftMs: 600_000, since: 'before' },
  { what: 'ten minutes slow', shiftMs: -600_000, since: 'before' },
  { what: 'set an hour forward while it works', shiftMs: 3_600_000, since: 'after' },
  { what: 'set a day back while it works', shiftMs: -86_400_000, since: 'after' },
]) {
  test(`a runner whose clock is ${what} serves the slot that is due, as late as it is`, async () => {
    await using database = await aDatabase()
    const due = await aSlotAMomentAgo(database.sql)

    await using child = runTypeScript(DOOR, { args: [since, String(shiftMs), database.url] })
    const told = JSON.parse(await child.line()) as Told

    assert.equal(told.clock, shiftMs)
    assert.equal(told.outcome, 'succeeded')
    assert.equal(told.slot, due.toISOString())
    assert.equal(told.period, due.toISOString().slice(0, 10))
    const [slot] = await database.sql<{ state: string; late: number; took: number; beat: number }[]>`
      select s.state, extract(epoch from s.started_at - s.due_at)::double precision / 60 as late,
        extract(epoch from r.finished_at - r.started_at)::double precision as took,
        abs(extract(epoch from r.heartbeat_at - r.finished_at))::double precision as beat
      from ledger.slots s join ledger.runs r on r.id = s.run_id
      where s.due_at = ${due}
    `
    assert.equal(slot?.state, 'served')
    assert.ok(slot.late >= 2 && slot.late < 5, `${slot.late} minutes late`)
    assert.ok(slot.took < 60 && slot.beat < 60, `${slot.took} s long, and its heart ${slot.beat} s away`)
  })
}

for (const shiftMs of [3_600_000, -3_600_000, 86_400_000]) {
  test(`a runner whose clock was ${shiftMs / 60_000} minutes off before it began refuses, and the slot stays due`, async () => {
    await using database = await aDatabase()
    await aSlotAMomentAgo(database.sql)

    await using child = runTypeScript(DOOR, { args: ['before', String(shiftMs), database.url] })
    await assert.rejects(child.line())

    assert.equal((await database.sql`select 1 from ledger.runs`).length, 0)
    assert.equal((await database.sql`select 1 from ledger.slots where state <> 'due'`).length, 0)
  })
}

/** A line that was due between two and three minutes ago, and is again in an hour. */
async function aSlotAMomentAgo(sql: Parameters<typeof registerSchedules>[0]): Promise<Date> {
  const [row] = await sql<{ due: Date }[]>`select date_trunc('minute', clock_timestamp()) - interval '2 minutes' as due`
  const due = row?.due ?? new Date(0)
  const lines = [{ job: 'test/clock', cron: `${due.getUTCMinutes()} * * * *`, zone: 'UTC' }]
  await registerSchedules(sql, { lines, commit: 'c0ffee', at: new Date(due.getTime() - 60_000) })
  return due
}
