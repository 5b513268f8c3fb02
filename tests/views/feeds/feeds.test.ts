// What the feeds are told, read from a real ledger.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openDatabase } from '../../../src/lib/db.ts'
import { readFeeds } from '../../../src/views/feeds/feeds.ts'
import { readJobs } from '../../../src/views/job/job.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

const LONG = 'no answer '.repeat(300_000)

test('wake-ups that did nothing push no run out of a history, nor do runs that begin later', async () => {
  await using db = await aDatabase()
  const run = await anEndedRun(db.sql, { startedAt: at('18 08:09') })
  const gated = Array.from({ length: 210 }, () => anEndedRun(db.sql, { outcome: 'gated', startedAt: at('19 08:09') }))
  await Promise.all(gated)
  await anEndedRun(db.sql, { startedAt: at('19 12:01') })

  const [job] = (await readFeeds(db.sql, aSite())).jobs

  assert.deepEqual(
    job?.runs.map(({ id }) => id),
    [run],
  )
})

test('of a long history two hundred runs are read, and not all of it', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.runs (job, environment, trigger, outcome, correlation_id, started_at, finished_at, host, pid, process_start)
    select 'test/one', 'test', 'schedule', 'succeeded', gen_random_uuid(), began, began, 'h', 1, '1'
    from generate_series(${at('01 00:00')}::timestamptz, ${at('19 12:00')}::timestamptz, interval '1 minute') began
  `
  await db.sql.unsafe('vacuum analyze ledger.runs')
  await using one = openDatabase(db.url, { max: 1 })
  const before = await readSoFar(one.sql)

  const [job] = (await readFeeds(one.sql, aSite())).jobs

  const read = (await readSoFar(one.sql)) - before
  assert.equal(job?.runs.length, 200)
  assert.ok(read < 1_000, `${read} rows were read`)
})

/** Rows of runs that were read by this connection. */
async function readSoFar(sql: ReturnType<typeof openDatabase>['sql']): Promise<number> {
  await sql`select pg_stat_force_next_flush()`
  const [row] = await sql<{ read: number }[]>`
    select (seq_tup_read + idx_tup_fetch)::integer as read from pg_stat_user_tables
    where schemaname = 'ledger' and relname = 'runs'
  `
  return row?.read ?? 0
}

test('texts of any length are cut to what a feed may say', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql, { outcome: 'failed', error: ['source_status', LONG], reason: LONG })
  await anIncident(db.sql, { title: LONG, detail: LONG })

  const view = await readFeeds(db.sql, aSite())

  assert.ok(JSON.stringify(view).length < 20_000, String(JSON.stringify(view).length))
  assert.match(view.incidents[0]?.title ?? '', /^no answer .*…$/)
})

test('an incident that came back was changed when it came back', async () => {
  await using db = await aDatabase()
  const id = await anIncident(db.sql, {})
  const flip = (when: string, health: string) => db.sql`
    insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, incident_id)
    values ('test/one', 'well', ${health}, 'x', ${at(when)}, ${id})
  `
  await flip('19 08:40', 'warning')
  await flip('19 09:00', 'well')
  await flip('19 10:00', 'warning')

  const [incident] = (await readFeeds(db.sql, aSite())).incidents

  assert.deepEqual([incident?.openedAt, incident?.closedAt, incident?.changedAt], [at('19 08:40'), undefined, at('19 10:00')]) // prettier-ignore
})

test('an incident that is still open stays in the feed, however many came and went since', async () => {
  await using db = await aDatabase()
  const open = await anIncident(db.sql, { title: 'open' })
  await db.sql`
    insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at, closed_at)
    select 'test/one', 'overdue', 'warning', 'gone', 'd', began, began, began + interval '5 minutes'
    from generate_series(${at('19 08:41')}::timestamptz, ${at('19 10:00')}::timestamptz, interval '1 minute') began
  `

  const { incidents } = await readFeeds(db.sql, aSite())

  assert.equal(incidents.length, 50)
  assert.equal(incidents.at(-1)?.id, open)
  assert.equal(incidents[0]?.openedAt.toISOString(), at('19 10:00').toISOString())
})

test('what is settled ahead of its time is in no calendar, and not next on its job’s page', async () => {
  await using db = await aDatabase()
  const schedules = [{ cron: '7 8 * * *', zone: 'UTC', line: 1 }]
  const one = aViewJob('test/one', { workflow: { file: 'f', schedules, timeoutMinutes: 5 } })
  const scheduleId = await aScheduleLine(db.sql, { job: one.id })
  await aPastSlot(db.sql, { job: one.id, scheduleId, dueAt: at('20 08:07'), state: 'waived' })
  const site = aSite({ jobs: [one] })

  const { calendar } = await readFeeds(db.sql, site)
  const [view] = await readJobs(db.sql, site)

  assert.deepEqual(calendar[0]?.dueAt, at('21 08:07'))
  assert.deepEqual(view?.next[0]?.dueAt, at('21 08:07'))
})

async function anIncident(sql: Parameters<typeof readFeeds>[0], { title = 't', detail = 'd' }): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at)
    values ('test/one', 'failed', 'warning', ${title}, ${detail}, ${at('19 08:40')}, ${at('19 08:40')}) returning id
  `
  return row?.id ?? ''
}
