// A job's place in the year, as the rules of health are told it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nflWeekAt } from '../../src/leagues/nfl/calendar.ts'
import { recordSeason } from '../../src/ledger/gates.ts'
import type { JobHealth } from '../../src/ledger/job-health.ts'
import { registerSchedules } from '../../src/ledger/schedules.ts'
import { readKnownJobs, withoutLeft } from '../../src/reconcile/known-jobs.ts'
import { aJob } from '../helpers/builders.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'

const { sql } = await aDatabaseForThisFile()
const job = aJob({ id: 'test/predict', seasonal: true, period: nflWeekAt })
const runId = '00000000-0000-4000-8000-000000000000'
const season = { season: 2025, opensAt: new Date('2025-08-28T00:20Z'), closesAt: new Date('2026-02-14T23:30Z'), runId }
const lines = ['7 11 * * 2', '7 11 * * 4'].map((cron) => ({ job: job.id, cron, zone: 'UTC' }))
await sql.begin((tx) => recordSeason(tx, 'test', season))
await registerSchedules(sql, { lines, commit: 'c0ffee', at: new Date('2025-01-01T00:00Z') })

const knownAt = async (instant: string) =>
  (await readKnownJobs(sql, { jobs: [job], catalog: [] }, new Date(instant)))[0]

test('a season opens for a job when its calendar has turned to it, not when the league does', async () => {
  const known = await knownAt('2025-09-03T12:00Z')

  assert.equal(known?.inSeason, true)
  // The calendar turns on Wednesday the 3rd; that is known to the day.
  assert.equal(known.seasonOpensAt?.toISOString(), '2025-09-04T00:20:00.000Z')
})

test('after the close nothing is in season', async () => {
  assert.equal((await knownAt('2026-03-01T12:00Z'))?.inSeason, false)
})

test('the period of a job that is due on Tuesdays and Thursdays is five days on a Monday', async () => {
  assert.equal((await knownAt('2025-11-17T12:00Z'))?.periodMs, 5 * 86_400_000)
})

test('a job that this checkout no longer has is told of only while a line in force asks for it', async () => {
  const known = await readKnownJobs(sql, { jobs: [job], catalog: [] }, new Date('2025-11-17T12:00Z'))
  const health = (id: string, scheduledFrom: Date | undefined) => ({ job: id, scheduledFrom }) as JobHealth
  const since = new Date('2025-01-01T00:00Z')
  const jobs = [health('test/predict', undefined), health('gone/with-line', since), health('gone/for-good', undefined)]

  assert.deepEqual(withoutLeft({ jobs }, known).jobs.map((one) => one.job), ['test/predict', 'gone/with-line']) // prettier-ignore
})
