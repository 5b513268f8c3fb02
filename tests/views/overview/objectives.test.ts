// The objectives, counted over a real ledger.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readObjectives } from '../../../src/views/overview/objectives.ts'
import type { WordKept } from '../../../src/views/word-kept.ts'
import { at } from '../../helpers/builders.ts'
import { aDatabase } from '../../helpers/database.ts'
import { anEndedRun } from '../../helpers/ended-runs.ts'
import { aFlip, anIncident } from '../../helpers/incidents.ts'

const now = at('19 12:00')
const word = { slots: 200, served: 199, byState: {}, judged: 0, cronInTime: 0 } satisfies WordKept

async function told(sql: Parameters<typeof anIncident>[0], knowableAt: Date, sentAt: Date): Promise<void> {
  const incident = await anIncident(sql, { knowableAt, openedAt: knowableAt })
  const flip = await aFlip(sql, incident, { at: knowableAt })
  await sql`
    insert into ledger.deliveries (flip_id, incident_id, channel, state, next_try_at, sent_at)
    values (${flip}, ${incident}, 'slack', 'sent', ${knowableAt}, ${sentAt})
  `
}

test('an empty ledger has nothing to be judged by but what it is told of slots', async () => {
  await using db = await aDatabase()
  const objectives = await readObjectives(db.sql, now, { ...word, slots: 0, served: 0 })
  assert.deepEqual(objectives.map(({ of, all, good, allowed }) => [of, all, good, allowed]), [['slots', 0, 0, 0], ['runs', 0, 0, 0], ['told', 0, 0, 0]]) // prettier-ignore
})

test('one slot in two hundred may be lost, and none of 199', async () => {
  await using db = await aDatabase()
  const [slots] = await readObjectives(db.sql, now, word)
  const [fewer] = await readObjectives(db.sql, now, { ...word, slots: 199 })
  assert.deepEqual([slots?.all, slots?.good, slots?.allowed, fewer?.allowed], [200, 199, 1, 0])
})

test('runs that had something to do are judged, those of the last 30 days', async () => {
  await using db = await aDatabase()
  await anEndedRun(db.sql)
  await anEndedRun(db.sql, { outcome: 'failed', startedAt: at('18 08:00') })
  await anEndedRun(db.sql, { outcome: 'partial', startedAt: at('17 08:00') })
  await anEndedRun(db.sql, { outcome: 'gated', startedAt: at('17 09:00') })
  await anEndedRun(db.sql, { outcome: 'not_ready', startedAt: at('17 10:00') })
  await anEndedRun(db.sql, { outcome: 'failed', startedAt: new Date('2024-10-19T08:00:00Z') })
  const [, runs] = await readObjectives(db.sql, now, word)
  assert.deepEqual([runs?.all, runs?.good], [3, 1])
})

test('trouble is told in time when the first message left within five minutes of its being knowable', async () => {
  await using db = await aDatabase()
  await told(db.sql, at('18 08:00'), at('18 08:05'))
  await told(db.sql, at('18 09:00'), at('18 09:06'))
  await anIncident(db.sql, { openedAt: at('18 10:00') })
  const [, , inTime] = await readObjectives(db.sql, now, word)
  assert.deepEqual([inTime?.all, inTime?.good], [2, 1])
})

test('of trouble that came back it counts when people were told of that, not of the first time', async () => {
  await using db = await aDatabase()
  const incident = await anIncident(db.sql, { knowableAt: at('18 10:00'), openedAt: at('18 08:00') })
  for (const [flippedAt, sentAt] of [[at('18 08:00'), at('18 08:01')], [at('18 10:00'), at('18 10:09')]] as const) {
    const flip = await aFlip(db.sql, incident, { at: flippedAt })
    await db.sql`
      insert into ledger.deliveries (flip_id, incident_id, channel, state, next_try_at, sent_at)
      values (${flip}, ${incident}, 'slack', 'sent', ${sentAt}, ${sentAt})
    `
  } // prettier-ignore

  const [, , inTime] = await readObjectives(db.sql, now, word)

  assert.deepEqual([inTime?.all, inTime?.good], [1, 0])
})
