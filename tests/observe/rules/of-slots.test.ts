// The rules about slots: late, missed, none to come, never served, and no success for too long.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { missed } from '../../../src/observe/rules/missed.ts'
import { neverSeen } from '../../../src/observe/rules/never-seen.ts'
import { nextSlotUnknown } from '../../../src/observe/rules/next-slot-unknown.ts'
import { overdue } from '../../../src/observe/rules/overdue.ts'
import { stale } from '../../../src/observe/rules/stale.ts'
import { at } from '../../helpers/builders.ts'
import { DAY, facts, jobHealth, knownJob, lostSlot, MINUTE, overdueFact, plus } from '../health-facts.ts'

test('an overdue slot is a warning that says how late it is and until when it may be served', () => {
  const [found] = overdue(facts({ overdue: [overdueFact()] }))

  assert.deepEqual(found, {
    subject: 'test/one',
    severity: 'warning',
    title: 'test/one is 53 m late: due Tue 19 Nov 08:07 UTC, no wake-up has come',
    detail: 'It is asked for by itself. Not served by Tue 19 Nov 14:07 UTC, it is missed.',
    runId: undefined,
    slotDueAt: at('19 08:07'),
    knowableAt: at('19 08:37'),
  })
})

test('an overdue slot says why it waits: its own reason before its failed tries', () => {
  const titleOf = (wish: Parameters<typeof overdueFact>[0]) =>
    overdue(facts({ overdue: [overdueFact(wish)] }))[0]?.title

  assert.match(titleOf({ tries: 2 }) ?? '', /, 2 tries failed$/)
  assert.match(titleOf({ tries: 1 }) ?? '', /, 1 try failed$/)
  assert.match(titleOf({ tries: 2, reason: 'week 11 is not out. Try later.' }) ?? '', /, week 11 is not out$/)
})

test('an overdue slot that was asked for says so, and one whose request waits says that', () => {
  const detailOf = (asked: { sentAt: Date | undefined }) =>
    overdue(facts({ overdue: [overdueFact({ asked: { kind: 'rescue', tries: 1, ...asked } })] }))[0]?.detail ?? ''

  assert.match(detailOf({ sentAt: at('19 08:54') }), /^A rescue request was sent Tue 19 Nov 08:54 UTC \(1 try\)\. /)
  assert.match(detailOf({ sentAt: undefined }), /^A rescue request is written down and about to be sent\. /)
})

test('a job with several overdue slots is told of once, by its oldest, and the others are named', () => {
  const slots = ['19 08:27', '19 08:07', '19 08:17'].map((due) => overdueFact({ dueAt: at(due) }))
  const found = overdue(facts({ overdue: [...slots, overdueFact({ job: 'test/two' })] }))

  assert.deepEqual(
    found.map(({ subject, slotDueAt }) => [subject, slotDueAt]),
    [
      ['test/one', at('19 08:07')],
      ['test/two', at('19 08:07')],
    ],
  )
  assert.match(found[0]?.detail ?? '', / Also late: Tue 19 Nov 08:17 UTC and Tue 19 Nov 08:27 UTC\.$/)
})

test('a missed slot is critical, and knowable from its deadline however late it was noticed', () => {
  const [found] = missed(facts({ ledger: { jobs: [jobHealth({ lostSlot: lostSlot() })] } }))

  assert.deepEqual(found, {
    subject: 'test/one',
    severity: 'critical',
    title: 'test/one missed its slot of Tue 19 Nov 01:07 UTC: the deadline passed',
    detail:
      'Nothing makes up for 2024-W11 by itself: start test/one for it by hand if it is still wanted. The next one is due Wed 20 Nov 08:07 UTC.',
    runId: undefined,
    slotDueAt: at('19 01:07'),
    knowableAt: at('19 07:07'),
  })
})

test('a slot that was dropped before its deadline is knowable from then', () => {
  const lost = lostSlot({ changedAt: at('19 02:00') })

  assert.deepEqual(missed(facts({ ledger: { jobs: [jobHealth({ lostSlot: lost })] } }))[0]?.knowableAt, at('19 02:00'))
})

test('neither a failed slot nor a job that lost none is called missed', () => {
  const jobs = [jobHealth({ lostSlot: lostSlot({ state: 'failed' }) }), jobHealth({ job: 'test/two' })]

  assert.deepEqual(missed(facts({ ledger: { jobs } })), [])
})

test('a job is stale one period and its grace after its last success, and not a moment before', () => {
  const health = jobHealth({ lastSuccessAt: at('12 08:09') })
  const known = knownJob({ periodMs: 7 * DAY, graceMinutes: 45 })
  const border = at('19 08:54')
  const staleAt = (now: Date) => stale(facts({ now, jobs: [known], ledger: { jobs: [health] } }))

  assert.deepEqual(staleAt(border), [])
  assert.deepEqual(staleAt(plus(border, 1))[0]?.knowableAt, border)
  assert.equal(staleAt(plus(border, MINUTE))[0]?.severity, 'critical')
  assert.match(
    staleAt(plus(border, MINUTE))[0]?.title ?? '',
    /^test\/one has had no success for 7 d 1 h; it is due every 7 d$/,
  )
})

test('a job is not stale before its line and its season are a period old', () => {
  const now = at('19 09:00')
  const since = plus(now, -(DAY + 30 * MINUTE))
  const never = jobHealth({ lastSuccessAt: undefined, lastRun: undefined })
  const found = (scheduledFrom: Date, seasonOpensAt: Date | undefined) =>
    stale(facts({ now, jobs: [knownJob({ seasonOpensAt })], ledger: { jobs: [{ ...never, scheduledFrom }] } })).length

  assert.equal(found(plus(since, -1), undefined), 1)
  assert.equal(found(since, undefined), 0)
  assert.equal(found(at('01 00:00'), plus(since, -1)), 1)
  assert.equal(found(at('01 00:00'), since), 0)
})

test('out of season, without a schedule or unknown to this checkout a job is never stale', () => {
  const old = jobHealth({ lastSuccessAt: at('02 08:09') })
  const found = (known: Parameters<typeof knownJob>[0], health = old) =>
    stale(facts({ jobs: [knownJob(known)], ledger: { jobs: [health] } })).length

  assert.equal(found({}), 1)
  assert.equal(found({ inSeason: false }), 0)
  assert.equal(found({ periodMs: undefined }), 0)
  assert.equal(found({}, { ...old, scheduledFrom: undefined }), 0)
  assert.equal(found({ job: 'test/other' }), 0)
})

test('a job with a schedule and no coming slot is critical from the moment its last slot came', () => {
  const [found] = nextSlotUnknown(
    facts({ jobs: [knownJob()], ledger: { jobs: [jobHealth({ nextDueAt: undefined })] } }),
  )

  assert.equal(found?.severity, 'critical')
  assert.equal(found?.title, 'test/one has a schedule but no coming slot')
  assert.match(found?.detail ?? '', /^Its cron line may name a day that never comes/)
  assert.deepEqual(found?.knowableAt, at('19 08:07'))
})

test('a schedule that never had a slot is knowable from its beginning', () => {
  const health = jobHealth({ nextDueAt: undefined, lastDueAt: undefined })

  assert.deepEqual(nextSlotUnknown(facts({ ledger: { jobs: [health] } }))[0]?.knowableAt, at('01 00:00'))
})

test('a job of a schedule that this checkout no longer has is told as that', () => {
  const [found] = nextSlotUnknown(facts({ ledger: { jobs: [jobHealth({ nextDueAt: undefined })] } }))

  assert.match(found?.detail ?? '', /^This checkout has no such job/)
})

test('a slot in a moment is a coming slot, one due at this very instant is not', () => {
  const found = (nextDueAt: Date) =>
    nextSlotUnknown(facts({ now: at('19 09:00'), ledger: { jobs: [jobHealth({ nextDueAt })] } })).length

  assert.equal(found(plus(at('19 09:00'), 1)), 0)
  assert.equal(found(at('19 09:00')), 1)
})

test('a job without a schedule needs no coming slot', () => {
  const health = jobHealth({ scheduledFrom: undefined, nextDueAt: undefined })

  assert.deepEqual(nextSlotUnknown(facts({ ledger: { jobs: [health] } })), [])
})

test('a new line is called never served once the grace of its first slot is over', () => {
  const firstSlot = { dueAt: at('19 08:07'), graceUntil: at('19 08:37'), state: 'due' } as const
  const line = { job: 'test/one', cron: '7 8 * * *', zone: 'UTC', firstSlot }
  const foundAt = (now: Date, state: 'due' | 'running' = 'due') =>
    neverSeen(facts({ now, ledger: { unservedLines: [{ ...line, firstSlot: { ...firstSlot, state } }] } }))

  assert.deepEqual(foundAt(at('19 08:37')), [])
  const [found] = foundAt(plus(at('19 08:37'), 1))
  assert.equal(found?.severity, 'critical')
  assert.equal(found?.title, 'test/one was never served on its line "7 8 * * *" (UTC): first due Tue 19 Nov 08:07 UTC')
  assert.deepEqual(found?.knowableAt, at('19 08:37'))
  assert.deepEqual(foundAt(at('19 09:00'), 'running'), [])
})
