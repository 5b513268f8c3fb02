// The Overview's first line: the worst thing first.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { headlineOf, type HeadlineFacts } from '../../src/views/headline.ts'
import type { LateSlot } from '../../src/views/late-slots.ts'
import type { TodayRow, TodaySlot } from '../../src/views/today.ts'
import { at } from '../helpers/builders.ts'

const now = at('19 12:00')

function say(facts: Partial<HeadlineFacts>) {
  return headlineOf(
    { today: [aRow('nfl/bronze', {})], late: [], incidents: [], lookedAt: now, ...facts },
    { now, zone: 'UTC' },
  )
}

function aRow(job: string, slot: Partial<TodaySlot> | undefined): TodayRow {
  const whole: TodaySlot | undefined = slot && {
    dueAt: at('19 08:07'),
    zone: 'UTC',
    state: 'on time',
    startedAt: at('19 08:07'),
    latenessMs: 0,
    itemsWritten: 1,
    runId: undefined,
    reason: undefined,
    ...slot,
  }
  return { job, league: 'nfl', slot: whole, items: [], next: undefined, nextWaived: undefined }
}

const late: LateSlot = {
  job: 'nba/daily',
  dueAt: at('19 09:20'),
  zone: 'America/New_York',
  deadlineAt: at('19 15:20'),
  reason: undefined,
  tries: 0,
  asked: undefined,
}

const incident = {
  subject: 'nba/daily',
  cause: 'overdue',
  severity: 'warning',
  title: 'nba/daily is late',
  detail: 'It is asked for.',
} as const

test('when every newest slot was served in time, all is on time', () => {
  assert.deepEqual(say({}), { state: 'on time', sentence: 'All on time.', detail: '', others: 0 })
})

test('of two incidents as grave as each other a job’s comes before a source’s', () => {
  const source = {
    ...incident,
    subject: 'source:nfl-com',
    cause: 'breaker_open',
    title: 'nfl-com is not called',
  } as const
  const critical = { ...source, severity: 'critical' } as const
  assert.equal(say({ incidents: [source, incident] }).sentence, 'nba/daily is late.')
  assert.equal(say({ incidents: [critical, incident] }).sentence, 'nfl-com is not called.')
})

test('before the first slot nothing has been due', () => {
  assert.equal(say({ today: [aRow('nfl/bronze', undefined)] }).sentence, 'Nothing has been due yet.')
})

test('an open incident comes first, the rest are counted', () => {
  const critical = { ...incident, cause: 'failed', severity: 'critical', title: 'nfl/train failed: 404' } as const
  const line = say({ incidents: [critical, incident], late: [late] })
  assert.deepEqual(line, {
    state: 'failed',
    sentence: 'nfl/train failed: 404.',
    detail: 'It is asked for.',
    others: 1,
    kind: 'incidents',
  })
})

test('an incident that is only information does not take the first line', () => {
  assert.equal(say({ incidents: [{ ...incident, severity: 'info' }] }).sentence, 'All on time.')
})

test('a late slot without an incident says since when, why, and what happens by itself', () => {
  const line = say({ late: [late] })
  assert.equal(line.sentence, 'nba/daily is 2 h 40 m late: due Tue 19 Nov 04:20 New York, no wake-up has come.')
  assert.equal(line.detail, 'It is asked for by itself. Not served by Tue 19 Nov 10:20 New York, it is missed.')
})

test('a request that was sent for a late slot is told', () => {
  const asked = { kind: 'rescue', sentAt: at('19 11:00'), nextTryAt: at('19 12:30') }
  assert.match(say({ late: [{ ...late, asked }] }).detail, /^A rescue request was sent Tue 19 Nov 06:00 New York\./)
})

test('a newest slot that was missed is told although nobody opened an incident', () => {
  const line = say({ today: [aRow('nfl/bronze', { state: 'missed', reason: 'the deadline passed' })] })
  assert.equal(line.state, 'missed')
  assert.equal(line.sentence, 'nfl/bronze missed its slot of Tue 19 Nov 08:07 UTC: the deadline passed.')
})

test('what came late in the last day is said, with the latest by name', () => {
  const today = [
    aRow('nfl/bronze', { state: 'late', latenessMs: 20 * 60_000 }),
    aRow('nfl/silver', { state: 'rescued', latenessMs: 84 * 60_000 }),
  ]
  assert.equal(say({ today }).sentence, 'All served; nfl/silver came 1 h 24 m late, 1 more less so.')
})

test('what came late days ago is not news', () => {
  const today = [aRow('nfl/bronze', { state: 'late', latenessMs: 20 * 60_000, dueAt: at('17 08:07') })]
  assert.equal(say({ today }).sentence, 'All on time.')
})

test('that nobody has looked comes before everything else, for what came since is not known', () => {
  const line = say({ incidents: [incident], late: [late], lookedAt: at('19 08:00') })
  assert.equal(
    line.sentence,
    'Nobody has looked for 4 h: what came late or was lost since Tue 19 Nov 08:00 UTC is not known.',
  )
  assert.equal(line.others, 1)
  assert.equal(say({ lookedAt: at('19 10:31') }).sentence, 'All on time.')
})

test('a late slot whose deadline is over waits to be written down', () => {
  assert.match(say({ late: [{ ...late, deadlineAt: at('19 11:00') }] }).detail, /^Its deadline is over: the next pass/)
})
