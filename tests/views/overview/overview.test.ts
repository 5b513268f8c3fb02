// The Overview's view, read from a real ledger and lake.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderOverview } from '../../../dashboards/site/pages/overview.tsx'
import { readOverview } from '../../../src/views/overview/overview.ts'
import { at, say } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { anIncident } from '../../helpers/incidents.ts'
import { aScheduleLine } from '../../helpers/ledger.ts'
import { aPastSlot, aSite, aViewJob } from '../../helpers/site.ts'

const job = 'test/one'
const tuesdays = { job, cron: '7 8 * * 2', zone: 'America/New_York' }

test('an empty ledger has nothing due, nothing late and nothing to be judged by', async () => {
  await using db = await aDatabase()
  const view = await readOverview(db.sql, aSite())
  assert.equal(view.headline.sentence, 'Nothing has been due yet.')
  assert.equal(view.today[0]?.slot, undefined)
  assert.equal(view.today[0]?.next, undefined)
  assert.equal(view.word.slots, 0)
  assert.deepEqual(view.scores, [{ grader: 'nfl/results', score: undefined }])
  assert.equal(view.wellSince, undefined)
  assert.ok(view.dataSets.every(({ changedAt, checkedAt }) => changedAt === undefined && checkedAt === undefined))
})

test('today has every job’s newest slot with its lateness, its items and its next moment', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, tuesdays)
  await aPastSlot(db.sql, {
    job,
    scheduleId,
    dueAt: at('05 13:07'),
    state: 'served',
    startedAt: at('05 13:09'),
    items: 7,
  })
  await aPastSlot(db.sql, {
    job,
    scheduleId,
    dueAt: at('12 13:07'),
    state: 'served',
    startedAt: at('12 13:19'),
    items: 9,
  })
  const view = await readOverview(db.sql, aSite({ jobs: [aViewJob(job), aViewJob('test/two')] }))
  const [row, other] = view.today
  assert.equal(row?.slot?.state, 'late')
  assert.equal(row.slot.zone, 'America/New_York')
  assert.equal(row.slot.latenessMs, 12 * 60_000)
  assert.deepEqual(row.items, [7, 9])
  assert.deepEqual(row.next, { dueAt: at('19 13:07'), zone: 'America/New_York' })
  assert.equal(other?.slot, undefined)
})

test('a slot that was served ahead of time is today’s, and the one after it is next', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, tuesdays)
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 13:07'), state: 'served', startedAt: at('19 09:00') })
  const [row] = (await readOverview(db.sql, aSite())).today
  assert.equal(row?.slot?.state, 'early')
  assert.deepEqual(row.next?.dueAt, at('26 13:07'))
})

test('what is coming goes on for two days after each job’s next slot, in the order of time', async () => {
  await using db = await aDatabase()
  await aScheduleLine(db.sql, { job, cron: '7 8 * * *' })
  await aScheduleLine(db.sql, { job: 'test/two', cron: '7 14 * * *' })
  const { coming } = await readOverview(db.sql, aSite({ jobs: [aViewJob(job), aViewJob('test/two')] }))
  assert.deepEqual(
    coming.map((slot) => `${slot.job} ${say(slot.dueAt)}`),
    ['test/two 19 14:07', 'test/one 20 08:07', 'test/two 20 14:07', 'test/one 21 08:07', 'test/two 21 14:07', 'test/one 22 08:07'], // prettier-ignore
  )
})

test('a zone that nobody knows any more stops nothing: its instants are said in UTC with its name', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job, cron: '7 8 * * *', zone: 'Mars/Olympus' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 08:07'), state: 'missed', reason: 'its deadline passed' })
  const view = await readOverview(db.sql, aSite())
  assert.match(view.headline.sentence, /^test\/one missed its slot of Tue 19 Nov 08:07 UTC \(Mars\/Olympus\)/)
  assert.deepEqual([view.today[0]?.next, view.coming], [undefined, []])
  assert.match(renderOverview(aSite(), view)[0]?.text ?? '', /Tue 19 Nov 08:07 UTC \(Mars\/Olympus\)|Tue 08:07 UTC \(Mars\/Olympus\)/) // prettier-ignore
})

test('out of season the next slot says why nobody waits for it', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, tuesdays)
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 13:07'), state: 'waived', reason: 'out of season' })
  const [row] = (await readOverview(db.sql, aSite())).today
  assert.equal(row?.next, undefined)
  assert.equal(row?.nextWaived, 'out of season')
})

test('what is late stands there with what has been asked for it', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 08:07'), state: 'due' })
  await db.sql`
    insert into ledger.requests (job, slot_due_at, kind, reason, state, next_try_at, created_at, sent_at)
    values (${job}, ${at('19 08:07')}, 'rescue', 'overdue', 'sent', ${at('19 09:00')}, ${at('19 08:40')}, ${at('19 08:41')})
  `
  const view = await readOverview(db.sql, aSite())
  assert.deepEqual(view.late.slots[0]?.asked, { kind: 'rescue', sentAt: at('19 08:41'), nextTryAt: at('19 09:00') })
  assert.match(view.headline.sentence, /^test\/one is 3 h 53 m late/)
})

test('a failure of the last week is told with its error, and whether its slot was served since', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const failed = { job, scheduleId, outcome: 'failed' as const }
  await aPastSlot(db.sql, { ...failed, dueAt: at('18 08:07'), state: 'failed', startedAt: at('18 08:09') })
  await aPastSlot(db.sql, { ...failed, dueAt: at('17 08:07'), state: 'served', startedAt: at('17 08:09') })
  await aPastSlot(db.sql, { ...failed, dueAt: at('11 08:07'), state: 'failed', startedAt: at('11 08:09') })
  await db.sql`update ledger.runs set errors = '[{"message": "404: no such file"}]' where started_at = ${at('18 08:09')}`
  const { failures } = await readOverview(db.sql, aSite())
  assert.deepEqual(
    failures.map(({ error, slot }) => ({ error, slot })),
    [
      { error: '404: no such file', slot: 'open' },
      { error: 'no reason was kept', slot: 'served' },
    ],
  )
})

test('a failure that had no slot was not served since, and one whose slot is waived or covered waits for nothing', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  const failed = { job, scheduleId, outcome: 'failed' as const }
  await aPastSlot(db.sql, { ...failed, dueAt: at('18 08:07'), state: 'waived', startedAt: at('18 08:09') })
  await aPastSlot(db.sql, { ...failed, dueAt: at('17 08:07'), state: 'coalesced', startedAt: at('17 08:09') })
  await anEndedRun(db.sql, { job, outcome: 'failed', trigger: 'manual', startedAt: at('16 08:09') })
  const { failures } = await readOverview(db.sql, aSite())
  assert.deepEqual(failures.map(({ slot }) => slot), ['settled', 'settled', 'none']) // prettier-ignore
})

test('open incidents come with the gravest first, and when the last one was over', async () => {
  await using db = await aDatabase()
  await anIncident(db.sql, { severity: 'warning', title: 'a warning' })
  await anIncident(db.sql, { severity: 'critical', title: 'something critical' })
  const closed = await anIncident(db.sql, { openedAt: at('02 10:00') })
  await db.sql`update ledger.incidents set closed_at = ${at('03 10:00')} where id = ${closed}`
  const view = await readOverview(db.sql, aSite())
  assert.deepEqual(
    view.incidents.map(({ title }) => title),
    ['something critical', 'a warning'],
  )
  assert.equal(view.headline.others, 1)
  assert.deepEqual(view.wellSince, at('03 10:00'))
})

test('data is as old as its newest change, and checked when a run was last served', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job: 'nfl/bronze' })
  await aPastSlot(db.sql, {
    job: 'nfl/bronze',
    scheduleId,
    dueAt: at('19 08:07'),
    state: 'served',
    startedAt: at('19 08:08'),
  })
  await db.sql`
    insert into bronze.files (source, address, hash, bytes, row_count, columns, as_of, run_id, simulated)
    values ('nflverse', 'https://example.org/games.csv', 'a', 1, 1, '{}', ${at('16 08:07')}, gen_random_uuid(), false)
  `
  const { dataSets } = await readOverview(db.sql, aSite())
  const games = dataSets.find(({ name }) => name === 'games')
  assert.deepEqual(games?.changedAt, at('16 08:07'))
  assert.deepEqual(games.checkedAt, at('19 08:08'))
})

test('the worst gap of 30 days is the longest, not the newest', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.wake_up_gaps (began_at, ended_at, ended_by)
    values (${at('10 08:00')}, ${at('10 11:40')}, 'test/one'), (${at('18 08:00')}, ${at('18 08:30')}, 'ops/watch')
  `
  const { worstGap } = await readOverview(db.sql, aSite())
  assert.deepEqual(worstGap, { beganAt: at('10 08:00'), minutes: 220 })
})

test('a gap that began before the 30 days and ended within them is among them', async () => {
  await using db = await aDatabase()
  await db.sql`
    insert into ledger.wake_up_gaps (began_at, ended_at, ended_by)
    values (${new Date('2024-10-15T08:00Z')}, ${new Date('2024-10-26T08:00Z')}, 'ops/watch')
  `
  const { worstGap } = await readOverview(db.sql, aSite())
  assert.equal(worstGap?.minutes, 11 * 24 * 60)
})

test('a late slot of a paused job, or of one whose parent is not served, is held by that', async () => {
  await using db = await aDatabase()
  const [parent, child] = ['test/parent', 'test/child']
  const jobs = [aViewJob(job), aViewJob(parent), aViewJob(child, { needs: { [parent]: 'fresh' } })]
  for (const [id, dueAt] of [
    [parent, at('19 07:07')],
    [child, at('19 08:07')],
    [job, at('19 08:07')],
  ] as const) {
    const scheduleId = await aScheduleLine(db.sql, { job: id })
    await aPastSlot(db.sql, { job: id, scheduleId, dueAt, state: 'due' })
  }
  await db.sql`
    insert into ledger.overrides (job, kind, reason, actor, created_at, expires_at)
    values (${job}, 'pause', 'moving', 'ann', ${at('19 07:00')}, ${at('19 13:00')}),
      ('*', 'pause', 'moving', 'bo', ${at('18 07:00')}, ${at('19 11:00')})
  `
  const { late, headline } = await readOverview(db.sql, aSite({ jobs }))
  assert.deepEqual(
    late.slots.map((slot) => [slot.job, slot.heldBy]),
    [
      [parent, undefined],
      [child, { by: 'parents', jobs: [parent] }],
      [job, { by: 'pause', until: at('19 13:00'), actor: 'ann' }],
    ],
  )
  assert.match(headline.sentence, /^test\/parent is 4 h 53 m late/)
  assert.equal(headline.others, 0)
})

test('a slot past its deadline is lost and not late, though nobody has written it down', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 00:07'), state: 'due' })
  const view = await readOverview(db.sql, aSite())
  assert.equal(view.late.count, 0)
  assert.equal(view.headline.sentence, 'test/one missed its slot of Tue 19 Nov 00:07 UTC: its deadline passed.')
})

test('a lost slot of the last day is told although a later one was served', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 02:00'), state: 'missed' })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('19 10:00'), state: 'served', startedAt: at('19 10:01') })
  const { headline } = await readOverview(db.sql, aSite())
  assert.equal(headline.sentence, 'On time now; test/one missed its slot of Tue 19 Nov 02:00 UTC in the last day.')
})

test('more late slots than are listed are counted all the same', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  for (let i = 0; i < 55; i++) {
    await aPastSlot(db.sql, { job, scheduleId, dueAt: new Date(at('19 07:00').getTime() + i * 60_000), state: 'due' })
  }
  const { late, headline } = await readOverview(db.sql, aSite())
  assert.deepEqual([late.slots.length, late.count, headline.others], [50, 55, 54])
})

test('a slot that is waived ahead of time hides none of those after it', async () => {
  await using db = await aDatabase()
  const scheduleId = await aScheduleLine(db.sql, { job })
  await aPastSlot(db.sql, { job, scheduleId, dueAt: at('20 08:07'), state: 'waived' })
  const { coming } = await readOverview(db.sql, aSite())
  assert.deepEqual(coming.map(({ dueAt }) => say(dueAt)), ['21 08:07']) // prettier-ignore
})

test('of a job that is due all the time no more is listed than an hour of it', async () => {
  await using db = await aDatabase()
  await aScheduleLine(db.sql, { job, cron: '*/5 * * * *' })
  await aScheduleLine(db.sql, { job: 'test/two' })
  const { coming } = await readOverview(db.sql, aSite({ jobs: [aViewJob(job), aViewJob('test/two')] }))
  assert.deepEqual(coming.map((slot) => slot.job).filter((one, i, all) => all.indexOf(one) === i), [job, 'test/two']) // prettier-ignore
  assert.equal(coming.filter((slot) => slot.job === job).length, 12)
})
