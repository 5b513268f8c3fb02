// The nights in which the clock jumps, in New York and in Sydney, with nobody but reconcile to start anything: each slot is
// served exactly once, and grace, deadline and lateness are real time.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob } from '../helpers/builders.ts'
import { aRepository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { beginAt, dispatchesOf, in_, outsideClock } from './stage.ts'

const times = { graceMinutes: 10, deadlineMinutes: 240, onMissed: 'each' } as const
/** At half past two, when a clock may be repeating that time or skipping it. */
const nightly = aJob({ id: 'test/nightly', ...times })
const hourly = aJob({ id: 'test/hourly', ...times })

const nights: readonly { what: string; zone: string; from: string; nightly: string; hourly: readonly string[] }[] = [
  {
    what: 'New York, 1 November 2026, where 01:00 to 02:00 comes twice',
    zone: 'America/New_York',
    from: '2026-11-01T04:00Z',
    nightly: '2026-11-01T07:30Z',
    // 00:30, 01:30 (the first one) and 02:30, two hours of real time later.
    hourly: ['2026-11-01T04:30Z', '2026-11-01T05:30Z', '2026-11-01T07:30Z'],
  },
  {
    what: 'New York, 8 March 2026, which has no 02:30',
    zone: 'America/New_York',
    from: '2026-03-08T05:00Z',
    nightly: '2026-03-08T07:00Z',
    hourly: ['2026-03-08T05:30Z', '2026-03-08T06:30Z', '2026-03-08T07:00Z', '2026-03-08T07:30Z', '2026-03-08T08:30Z'],
  },
  {
    what: 'Sydney, 5 April 2026, where 02:00 to 03:00 comes twice',
    zone: 'Australia/Sydney',
    from: '2026-04-04T14:00Z',
    nightly: '2026-04-04T15:30Z',
    hourly: ['2026-04-04T14:30Z', '2026-04-04T15:30Z', '2026-04-04T17:30Z'],
  },
  {
    what: 'Sydney, 4 October 2026, which has no 02:30',
    zone: 'Australia/Sydney',
    from: '2026-10-03T14:00Z',
    nightly: '2026-10-03T16:00Z',
    hourly: ['2026-10-03T14:30Z', '2026-10-03T15:30Z', '2026-10-03T16:00Z', '2026-10-03T16:30Z', '2026-10-03T17:30Z'],
  },
]

for (const night of nights) {
  test(`${night.what}: each slot is served once, ten minutes and a start late`, async () => {
    await using repository = await aRepository({
      jobs: [
        { job: nightly, cron: [] },
        { job: hourly, cron: [] },
      ],
    })
    const from = new Date(night.from)
    const until = new Date(from.getTime() + 4 * 3_600_000)
    await beginAt(repository, from, [
      ...in_(night.zone, nightly, '30 2 * * *'),
      ...in_(night.zone, hourly, '30 * * * *'),
    ])
    outsideClock(repository, from, new Date(until.getTime() + 30 * 60_000))

    await repository.runUntil(new Date(until.getTime() + 30 * 60_000))

    const rows = await repository.world.sql<Row[]>`
      select job, due_at, state, grace_until, deadline_at, started_at from ledger.slots where due_at <= ${until} order by due_at
    `
    const dueOf = (job: string) => rows.filter((row) => row.job === job).map((row) => row.due_at.getTime())
    assert.deepEqual(dueOf(nightly.id), [Date.parse(night.nightly)])
    assert.deepEqual(dueOf(hourly.id), night.hourly.map((text) => Date.parse(text))) // prettier-ignore
    for (const row of rows) {
      const minutes = (instant: Date) => (instant.getTime() - row.due_at.getTime()) / 60_000
      assert.equal(row.state, 'served')
      assert.deepEqual([minutes(row.grace_until), minutes(row.deadline_at)], [10, 240])
      const late = minutes(row.started_at)
      assert.ok(late >= 10 && late < 16, `${row.job} was ${late} minutes late`)
    }
    assert.equal(dispatchesOf(repository, hourly), night.hourly.length)
    await endStory(repository, new Date(until.getTime() + 40 * 60_000))
  })
}

interface Row {
  job: string
  due_at: Date
  state: string
  grace_until: Date
  deadline_at: Date
  started_at: Date
}
