// What pages and feeds promise of slots that lie outside of their league's season: nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderJobs } from '../../dashboards/site/pages/job.tsx'
import { renderSchedule } from '../../dashboards/site/pages/schedule.tsx'
import { jobs as registry } from '../../src/leagues/index.ts'
import type { Sql } from '../../src/lib/db.ts'
import { toViewJob, type ViewJob } from '../../src/views/context.ts'
import { readFeeds } from '../../src/views/feeds/feeds.ts'
import { readJobs } from '../../src/views/job/job.ts'
import { readOutOfSeason } from '../../src/views/out-of-season.ts'
import { readOverview } from '../../src/views/overview/overview.ts'
import { readSchedule } from '../../src/views/schedule/schedule.ts'
import { readWeek } from '../../src/views/week/week.ts'
import { at, say } from '../helpers/builders.ts'
import { aDatabase } from '../helpers/database.ts'
import { aScheduleLine } from '../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../helpers/site.ts'

const job = 'test/one'
const line = { cron: '7 8 * * *', zone: 'UTC', line: 1 }
const workflow = { file: 'f.yml', schedules: [line], timeoutMinutes: 10 }
const seasonalPeriod: ViewJob['seasonalPeriod'] = () => ({ key: '2024', season: 2024, week: null })
const ONE = aViewJob(job, { workflow, seasonalPeriod })
const ALL_YEAR = aViewJob('test/two', { workflow: { ...workflow, schedules: [{ ...line, cron: '7 9 * * *' }] } })
const site = aSite({ jobs: [ONE, ALL_YEAR] })

async function aSeason(sql: Sql, season: number, [opensAt, closesAt]: [Date, Date]): Promise<void> {
  await sql`
    insert into ledger.seasons (league, season, opens_at, closes_at, run_id)
    values ('test', ${season}, ${opensAt}, ${closesAt}, gen_random_uuid())
  `
}

/** A league whose season closed yesterday. */
async function aBreak(sql: Sql): Promise<void> {
  for (const { id, workflow: stated } of site.jobs)
    await aScheduleLine(sql, { job: id, cron: stated!.schedules[0]!.cron })
  await aSeason(sql, 2024, [at('01 00:00'), at('18 12:00')])
}

test('a slot is judged by the season of its period: unknown and open ones hold it, a closed one does not', async () => {
  await using db = await aDatabase()
  const unknown = (await readOutOfSeason(db.sql, site))(ONE, at('20 08:07'))
  await aBreak(db.sql)
  const closed = await readOutOfSeason(db.sql, site)
  await aSeason(db.sql, 2025, [at('25 18:00'), at('30 00:00')])
  const opening = await readOutOfSeason(db.sql, site)
  const next = aViewJob(job, { seasonalPeriod: () => ({ key: '2025', season: 2025, week: null }) })

  assert.equal(unknown, undefined)
  assert.equal(closed(ONE, at('18 08:07')), undefined)
  assert.equal(closed(ONE, at('20 08:07')), 'out of season')
  assert.equal(closed(next, at('20 08:07')), undefined)
  assert.equal(closed(ALL_YEAR, at('20 08:07')), undefined)
  assert.equal(opening(ONE, at('20 08:07')), 'out of season until Mon 25 Nov 2024')
  assert.equal(opening(next, at('26 08:07')), undefined)
})

test('jobs of the registry are seasonal where they say so', () => {
  const seasonal = registry.filter((one) => toViewJob(one, undefined).seasonalPeriod !== undefined).map(({ id }) => id)

  assert.ok(seasonal.includes('nfl/predict') && !seasonal.includes('nfl/bronze'), seasonal.join(', '))
})

test('out of season a job’s next slot is left out of what comes, although the ledger has it as due', async () => {
  await using db = await aDatabase()
  await aBreak(db.sql)
  const before = await readOverview(db.sql, site)
  const [{ id } = { id: '' }] = await db.sql<{ id: string }[]>`select id from ledger.schedules where job = ${job}`
  await aPastSlot(db.sql, { job, scheduleId: id, dueAt: at('20 08:07'), state: 'due' })
  const after = await readOverview(db.sql, site)

  for (const { today, coming } of [before, after]) {
    assert.deepEqual(today.map(({ next, nextWaived }) => [next && say(next.dueAt), nextWaived]), [[undefined, 'out of season'], ['20 09:07', undefined]]) // prettier-ignore
    assert.deepEqual([...new Set(coming.map((slot) => slot.job))], ['test/two'])
  }
})

test('what comes ends with the season', async () => {
  await using db = await aDatabase()
  await aScheduleLine(db.sql, { job })
  await aSeason(db.sql, 2024, [at('01 00:00'), at('21 12:00')])

  const { coming } = await readOverview(db.sql, site)

  assert.deepEqual(coming.map(({ dueAt }) => say(dueAt)), ['20 08:07', '21 08:07']) // prettier-ignore
})

test('the agenda keeps a slot out of season with a note, and the first line counts it no more', async () => {
  await using db = await aDatabase()
  await aBreak(db.sql)

  const view = await readSchedule(db.sql, site)

  const entries = view.agenda.flatMap((day) => day.entries)
  const own = entries.filter((entry) => entry.job === job)
  assert.equal(own.length, 13)
  assert.ok(own.every(({ note, open }) => note === 'out of season' && !open))
  assert.deepEqual(view.lines.map(({ outOfSeason }) => outOfSeason), ['out of season', undefined]) // prettier-ignore
  assert.match(renderSchedule(site, view)[0]?.text ?? '', /<h1>13 slots are due in the coming 14 days, next test\/two/)
})

test('a season that closes within a day parts the entry of a line that is due all day long', async () => {
  await using db = await aDatabase()
  await aSeason(db.sql, 2024, [at('01 00:00'), at('20 12:00')])
  const jobs = [aViewJob(job, { seasonalPeriod, workflow: { ...workflow, schedules: [{ ...line, cron: '0 * * * *' }] } })] // prettier-ignore

  const { agenda } = await readSchedule(db.sql, aSite({ jobs }))

  const entries = agenda.find(({ day }) => day === '2024-11-20')?.entries ?? []
  assert.deepEqual(entries.map(({ count, note, open }) => [count, note, open]), [[13, undefined, true], [11, 'out of season', false]]) // prettier-ignore
})

test('a job’s page says of each moment that it is out of season', async () => {
  await using db = await aDatabase()
  await aBreak(db.sql)

  const [view] = await readJobs(db.sql, site)
  assert.ok(view)
  const html = renderJobs(site, [view])[0]?.text ?? ''

  assert.ok(view.next.every(({ outOfSeason }) => outOfSeason === 'out of season'))
  assert.match(html, /Nothing is due next: out of season\./)
})

test('the week neither plans what is out of season nor calls it next, and draws it as waived', async () => {
  await using db = await aDatabase()
  await aBreak(db.sql)

  const { season, timelines, next } = await readWeek(db.sql, site)

  assert.equal(season.find(({ key }) => key === '2024-W13')?.planned[0], 7)
  assert.equal(next?.job, 'test/two')
  const lane = timelines[0]?.lanes.find((one) => one.job === job)
  assert.deepEqual([...new Set(lane?.slots.map(({ state, reason }) => `${state}: ${reason}`))], ['waived: out of season']) // prettier-ignore
})

test('the calendar has no event, and status.json no next slot, out of season', async () => {
  await using db = await aDatabase()
  await aBreak(db.sql)

  const { calendar, jobs } = await readFeeds(db.sql, site)

  assert.deepEqual([calendar.length, ...new Set(calendar.map((slot) => slot.job))], [28, 'test/two'])
  assert.deepEqual(jobs.map(({ today }) => today.next && say(today.next.dueAt)), [undefined, '20 09:07']) // prettier-ignore
})
