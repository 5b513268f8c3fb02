// The Overview's first line: the worst thing first.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { headlineOf, withPause, type HeadlineFacts } from '../../src/views/headline.ts'
import type { LateSlot, LateSlots } from '../../src/views/late-slots.ts'
import type { TodayRow, TodaySlot } from '../../src/views/today.ts'
import { at } from '../helpers/builders.ts'

const now = at('19 12:00')

function say(facts: Partial<HeadlineFacts>) {
  return headlineOf(
    { today: [aRow('nfl/bronze', {})], late: ofLate(), lost: [], incidents: [], lookedAt: now, ...facts },
    { now, zone: 'UTC' },
  )
}

const ofLate = (...slots: LateSlot[]): LateSlots => ({ slots, count: slots.length })

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
  heldBy: undefined,
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

test('that no site was built is over for whoever reads one', () => {
  const unbuilt = { ...incident, subject: 'ops/dashboard', cause: 'site_stale' } as const

  assert.equal(say({ incidents: [unbuilt] }).sentence, 'All on time.')
  assert.equal(say({ incidents: [unbuilt, incident] }).others, 0)
})

test('an open incident comes first, the rest are counted', () => {
  const critical = { ...incident, cause: 'failed', severity: 'critical', title: 'nfl/train failed: 404' } as const
  const line = say({ incidents: [critical, incident], late: ofLate(late) })
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
  const line = say({ late: ofLate(late) })
  assert.equal(line.sentence, 'nba/daily is 2 h 40 m late: due Tue 19 Nov 04:20 New York, no wake-up has come.')
  assert.equal(line.detail, 'It is asked for by itself. Not served by Tue 19 Nov 10:20 New York, it is missed.')
})

test('a request that was sent for a late slot is told', () => {
  const asked = { kind: 'rescue', sentAt: at('19 11:00'), nextTryAt: at('19 12:30') }
  assert.match(
    say({ late: ofLate({ ...late, asked }) }).detail,
    /^A rescue request was sent Tue 19 Nov 06:00 New York\./,
  )
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
  const line = say({ incidents: [incident], late: ofLate(late), lookedAt: at('19 08:00') })
  assert.equal(
    line.sentence,
    'Nobody has looked for 4 h: what came late or was lost since Tue 19 Nov 08:00 UTC is not known.',
  )
  assert.equal(line.others, 1)
  assert.equal(say({ lookedAt: at('19 10:31') }).sentence, 'All on time.')
})

test('what a person paused, and what waits for its parents, is not told as wrong by itself', () => {
  const paused = { ...late, heldBy: { by: 'pause', until: at('20 12:00'), actor: 'ann' } } as const
  const waits = { ...late, heldBy: { by: 'parents', jobs: ['nfl/bronze'] } } as const
  assert.equal(say({ late: ofLate(paused, waits) }).sentence, 'All on time.')
  const line = say({ late: { slots: [paused, { ...late, job: 'nfl/train' }], count: 70 } })
  assert.match(line.sentence, /^nfl\/train is 2 h 40 m late/)
  assert.equal(line.others, 68)
})

test('behind a closed gate nothing is promised but what follows', () => {
  const line = say({ late: ofLate({ ...late, reason: 'nflverse is not called' }) })
  assert.match(line.detail, /^It is started once that has passed\. Not served by/)
})

test('an incident of a paused job promises nothing before the pause is over', () => {
  const pause = { job: 'nba/daily', reason: 'moving', actor: 'ann', until: at('20 12:00') }
  const told = withPause(incident, [pause], 'UTC')
  assert.equal(told.detail, 'ann has paused it until Wed 20 Nov 12:00 UTC: nothing starts it before then.')
  assert.equal(withPause({ ...incident, cause: 'missed' }, [pause], 'UTC').detail, 'It is asked for.')
  assert.equal(withPause(incident, [{ ...pause, job: 'nfl/bronze' }], 'UTC').detail, 'It is asked for.')
})

test('work that came hours late is told as late, though it is partial or still running', () => {
  const late = { latenessMs: 330 * 60_000, startedAt: at('19 11:00') }
  const partial = say({ today: [aRow('nfl/bronze', { state: 'partial', ...late })] })
  const running = say({ today: [aRow('nfl/bronze', { state: 'running', ...late })] })
  assert.equal(partial.sentence, 'All served; nfl/bronze came 5 h 30 m late.')
  assert.equal(running.sentence, 'Nothing is missing; nfl/bronze began 5 h 30 m late and is running.')
})

test('what was lost in the last day is told although a later slot was served', () => {
  const lost = [at('19 02:00'), at('19 01:00')].map((dueAt) => ({ job: 'nfl/bronze', dueAt, zone: 'UTC', state: 'missed', reason: undefined }) as const) // prettier-ignore
  const sentence = 'On time now; nfl/bronze missed its slot of Tue 19 Nov 02:00 UTC, 1 more was lost in the last day.'
  assert.equal(say({ lost }).sentence, sentence)
  assert.equal(say({ lost: lost.slice(1) }).sentence, 'On time now; nfl/bronze missed its slot of Tue 19 Nov 01:00 UTC in the last day.') // prettier-ignore
})
