// The views of runs, read from a real ledger.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { renderRuns } from '../../../dashboards/site/pages/run.tsx'
import { insertDetails, type Span } from '../../../src/ledger/details.ts'
import { readRuns } from '../../../src/views/run/run.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite } from '../../helpers/site.ts'

const job = 'test/one'

test('a run comes with its slot as it is now, its spans, items and letters', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, zone: 'America/New_York' })
  const dueAt = at('19 08:07')
  const id = await aPastSlot(db.sql, { job, scheduleId, dueAt, state: 'served', startedAt: at('19 08:09') })
  assert.ok(id)
  await db.sql.begin(async (tx) => {
    const spans = [aSpan({ place: 1, parent: 0, name: 'fetch' }), aSpan({ place: 0, name: 'all' })]
    await insertDetails(tx, id, { spans, items: [{ kind: 'game', read: 3, written: 2, skipped: 1, failed: 0 }] })
  })
  await db.sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (${id}, ${job}, 'game', 'g1', 'bad', 'no score', false, ${dueAt})
  `
  const [run] = await readRuns(db.sql, aSite({ runsWithPages: new Set([id]) }))
  assert.equal(run?.slot?.now?.state, 'served')
  assert.equal(run.slot.now.zone, 'America/New_York')
  assert.deepEqual(run.spans.map(({ name, parent }) => [name, parent]), [['all', undefined], ['fetch', 0]]) // prettier-ignore
  assert.deepEqual(run.items, [{ kind: 'game', read: 3, written: 2, skipped: 1, failed: 0 }])
  assert.equal(run.letters[0]?.key, 'g1')
})

test('of thousands of spans the outermost and the longest are kept, in their order', async () => {
  await using db = await aDatabase()
  const id = await anEndedRun(db.sql)
  const spans = Array.from({ length: 500 }, (_, place) => aSpan({ place, durationMs: place, parent: place === 0 ? undefined : 0 })) // prettier-ignore
  await insertDetails(db.sql, id, { spans, items: [] })
  const [run] = await readRuns(db.sql, aSite({ runsWithPages: new Set([id]) }))
  assert.equal(run?.spans.length, 200)
  assert.equal(run.spansLeftOut, 300)
  assert.equal(run.spans[0]?.place, 0)
  assert.equal(run.spans[1]?.place, 301)
})

test('the family of a run is its story without gated wake-ups, its chain among it', async () => {
  await using db = await aDatabase()
  const correlationId = randomUUID()
  const first = await anEndedRun(db.sql, { correlationId, outcome: 'failed', startedAt: at('19 08:09') })
  const second = await anEndedRun(db.sql, { correlationId, retryOf: first, attempt: 2, startedAt: at('19 08:20') })
  const child = await anEndedRun(db.sql, { correlationId, job: 'test/two', startedAt: at('19 08:30') })
  await anEndedRun(db.sql, { correlationId, outcome: 'gated', job: 'test/two', startedAt: at('19 08:25') })
  await anEndedRun(db.sql)
  const [run] = await readRuns(db.sql, aSite({ runsWithPages: new Set([second]) }))
  assert.deepEqual(
    run?.family.map(({ id }) => id),
    [first, second, child],
  )
})

test('a run that is tried again is kept though its story is cut before it, and gone where it is', async () => {
  await using db = await aDatabase()
  const correlationId = randomUUID()
  const minute = (minutes: number) => new Date(at('19 08:00').getTime() + minutes * 60_000)
  await Promise.all(Array.from({ length: 40 }, (_, i) => anEndedRun(db.sql, { correlationId, startedAt: minute(i) })))
  const first = await anEndedRun(db.sql, { correlationId, outcome: 'failed', startedAt: minute(50) })
  const second = await anEndedRun(db.sql, { correlationId, retryOf: first, attempt: 2, startedAt: minute(51) })
  const site = aSite({ runsWithPages: new Set([second]) })
  const [kept] = await readRuns(db.sql, site)
  await db.sql`delete from ledger.runs where id = ${first}`
  const [gone] = await readRuns(db.sql, site)

  assert.deepEqual([kept?.family.some(({ id }) => id === first), kept?.retriedIsKept, gone?.retriedIsKept], [false, true, false]) // prettier-ignore
})

test('a slot that is gone, a request and a run of no slot are told apart', async () => {
  await using db = await aDatabase()
  const gone = await anEndedRun(db.sql, { slotDueAt: at('01 08:07'), startedAt: at('01 08:09') })
  const free = await anEndedRun(db.sql, { startedAt: at('02 08:09'), githubRunId: 77 })
  await db.sql`
    with asked as (
      insert into ledger.requests (job, kind, reason, actor, state, next_try_at, created_at)
      values (${job}, 'manual', 'a look', 'ann', 'done', ${at('02 08:00')}, ${at('02 08:00')}) returning id
    )
    update ledger.runs set request_id = asked.id from asked where runs.id = ${free}
  `
  const [one, other] = await readRuns(db.sql, aSite({ runsWithPages: new Set([gone, free]) }))
  assert.deepEqual(one?.slot, { dueAt: at('01 08:07'), now: undefined })
  assert.equal(other?.slot, undefined)
  assert.deepEqual(other?.request, { kind: 'manual', reason: 'a look', actor: 'ann' })
  assert.deepEqual(other.github, { runId: '77', attempt: undefined })
})

test('without runs that have pages nothing is read', async () => {
  await using db = await aDatabase()
  assert.deepEqual(await readRuns(db.sql, aSite({ runsWithPages: new Set() })), [])
})

function aSpan(wish: Partial<Span>): Span {
  return { place: 0, parent: undefined, name: 'a step', offsetMs: 0, durationMs: 100, error: undefined, ...wish }
}

test('a run whose row is as long as can be has a page of less than a megabyte', async () => {
  await using db = await aDatabase()
  const long = '<é"'.repeat(700_000)
  const id = await anEndedRun(db.sql, { outcome: 'failed', error: ['source_status', long], reason: long })
  const table = { title: long, rows: [{ a: long, [long.slice(0, 5_000)]: 1 }], total: 1 }
  await db.sql`
    update ledger.runs set parameters = ${db.sql.json({ why: long })}, notes = ${db.sql.json({ seen: long, many: [long] })},
      result = ${db.sql.json({ all: long })}, tables = ${db.sql.json([table])}, log_tail = ${db.sql.json([long, 'the end'])},
      errors = jsonb_set(errors, '{0,stack}', to_jsonb(${long}::text))
    where id = ${id}
  `
  await insertDetails(db.sql, id, { spans: [aSpan({ name: long, error: long })], items: [] })
  await db.sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    values (${id}, ${job}, 'game', ${'k'.repeat(2_000)}, 'bad', ${long}, false, ${at('19 08:09')})
  `
  const site = aSite({ runsWithPages: new Set([id]) })
  const [page] = renderRuns(site, await readRuns(db.sql, site))

  assert.ok(Buffer.byteLength(page?.text ?? '') < 1_000_000, String(page?.text.length))
  assert.match(page?.text ?? '', /the end/)
})
