// The rules about runs: failed, stuck, never started, never come.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SlotState } from '../../../src/core/slot.ts'
import { failed } from '../../../src/observe/rules/failed.ts'
import { notStarted } from '../../../src/observe/rules/not-started.ts'
import { rescueLost } from '../../../src/observe/rules/rescue-lost.ts'
import { stuck } from '../../../src/observe/rules/stuck.ts'
import { at } from '../../helpers/builders.ts'
import { facts, jobHealth, knownJob, lastRun, lostRequest, MINUTE, plus, runningRun } from '../health-facts.ts'

const away = {
  message: 'nflverse answered 503 for /games.csv: expected 200. Look at its status page.',
  retryable: true,
}

function heldSlot(state: SlotState, wish: { tries?: number; notBefore?: Date } = {}) {
  return { dueAt: at('19 08:07'), state, tries: 1, notBefore: undefined, ...wish }
}

function failedWith(wish: Parameters<typeof lastRun>[0] = {}) {
  const run = lastRun({ outcome: 'failed', error: away, slot: heldSlot('due'), ...wish })
  return failed(facts({ jobs: [knownJob()], ledger: { jobs: [jobHealth({ lastRun: run })] } }))[0]
}

test('a failed run whose slot is tried again is a warning that says when', () => {
  assert.deepEqual(failedWith({ slot: heldSlot('due', { notBefore: at('19 09:10') }) }), {
    subject: 'test/one',
    severity: 'warning',
    title: 'test/one failed: nflverse answered 503 for /games.csv: expected 200',
    detail: '1 try so far. The next try is about Tue 19 Nov 09:10 UTC.',
    runId: '00000000-0000-4000-8000-000000000001',
    slotDueAt: at('19 08:07'),
    knowableAt: at('19 08:10'),
  })
})

test('a try whose time has come is left to the next wake-up', () => {
  assert.match(
    failedWith({ slot: heldSlot('due', { notBefore: at('19 09:00') }) })?.detail ?? '',
    /The next wake-up tries it again\.$/,
  )
  assert.match(failedWith({ slot: heldSlot('due') })?.detail ?? '', /The next wake-up tries it again\.$/)
})

test('a failed run is critical once its slot is failed or missed', () => {
  const severities = (['due', 'running', 'waived', 'coalesced', 'failed', 'missed'] as const).map(
    (state) => failedWith({ slot: heldSlot(state, { tries: 3 }) })?.severity,
  )

  assert.deepEqual(severities, ['warning', 'warning', 'warning', 'warning', 'critical', 'critical'])
  const { detail } = failedWith({ slot: heldSlot('failed', { tries: 3 }) }) ?? {}
  assert.equal(
    detail,
    '3 tries so far. Nothing tries it again by itself: start test/one by hand once the cause is gone. The next slot is due Wed 20 Nov 08:07 UTC.',
  )
})

test('a failed run is critical when it held no slot', () => {
  const found = failedWith({ slot: undefined })

  assert.equal(found?.severity, 'critical')
  assert.match(found?.detail ?? '', /^It held no slot\. Nothing tries it again by itself/)
})

test('a failed run is critical when its error is permanent, although its slot is tried again', () => {
  const found = failedWith({ error: { ...away, retryable: false } })

  assert.equal(found?.severity, 'critical')
  assert.match(found?.detail ?? '', /Its error is of a kind that trying again does not mend\. The next wake-up/)
})

test('a slot that another run holds, or nobody waits for, is said to be so', () => {
  assert.match(failedWith({ slot: heldSlot('running') })?.detail ?? '', /Another run is at it now\.$/)
  assert.match(failedWith({ slot: heldSlot('coalesced') })?.detail ?? '', /Meanwhile its slot is coalesced/)
})

test('an abandoned run is told as one never heard of again, and costs no try', () => {
  const found = failedWith({
    outcome: 'abandoned',
    error: undefined,
    reason: 'silent for 400 s',
    slot: heldSlot('due', { tries: 0 }),
  })

  assert.equal(found?.title, 'test/one was never heard of again: silent for 400 s')
  assert.equal(found?.severity, 'warning')
  assert.match(found?.detail ?? '', /^No try is counted for it\. /)
})

test('a failed run that left no error is told with its reason, or with none', () => {
  assert.equal(failedWith({ error: undefined, reason: 'cut off' })?.title, 'test/one failed: cut off')
  assert.equal(failedWith({ error: { message: '', retryable: true } })?.title, 'test/one failed: no reason was kept')
})

test('a failed run is told with how often its slot was tried', () => {
  const run = lastRun({ outcome: 'failed', error: away, slot: heldSlot('due', { tries: 2 }) })
  const [found] = failed(facts({ ledger: { jobs: [jobHealth({ lastRun: run })] } }))

  assert.match(found?.detail ?? '', /^2 tries so far\. /)
})

test('a job whose last run did well, or that has none, has not failed', () => {
  const jobs = [jobHealth(), jobHealth({ lastRun: lastRun({ outcome: 'partial' }) }), jobHealth({ lastRun: undefined })]

  assert.deepEqual(failed(facts({ ledger: { jobs } })), [])
})

function stuckWith(wish: Parameters<typeof runningRun>[0], known: Parameters<typeof knownJob>[0] = {}) {
  return stuck(facts({ jobs: [knownJob(known)], ledger: { running: [runningRun(wish)] } }))[0]
}

test('a run is stuck after twice its usual duration without progress', () => {
  const limit = 40 * MINUTE

  assert.equal(stuckWith({ usualMs: 20 * MINUTE, idleMs: limit }), undefined)
  const found = stuckWith({ usualMs: 20 * MINUTE, idleMs: limit + 5 * MINUTE })
  assert.equal(found?.severity, 'warning')
  assert.equal(found?.title, 'test/one is running and has come no further for 45 m')
  assert.match(found?.detail ?? '', /^A whole run usually takes 20 m\. /)
  assert.deepEqual(found?.knowableAt, plus(at('19 09:00'), -5 * MINUTE))
})

test('a quick job is left at least ten minutes', () => {
  assert.equal(stuckWith({ usualMs: 1000, idleMs: 10 * MINUTE }), undefined)
  assert.ok(stuckWith({ usualMs: 1000, idleMs: 10 * MINUTE + 1 }))
})

test('without history a run is stuck after half of its workflow’s time, or after an hour', () => {
  const idle = (ms: number, timeoutMinutes: number | undefined) =>
    stuckWith({ usualMs: undefined, idleMs: ms }, { timeoutMinutes }) !== undefined

  assert.deepEqual([idle(15 * MINUTE, 30), idle(15 * MINUTE + 1, 30)], [false, true])
  assert.deepEqual([idle(60 * MINUTE, undefined), idle(60 * MINUTE + 1, undefined)], [false, true])
})

test('a run whose heart has not beaten for two minutes is silent, not stuck', () => {
  const idleMs = 60 * MINUTE

  assert.ok(stuckWith({ idleMs, silentMs: 2 * MINUTE - 1 }))
  assert.equal(stuckWith({ idleMs, silentMs: 2 * MINUTE }), undefined)
})

test('a stuck run says how far it came', () => {
  const progress = { done: 1200, total: 7263, unit: 'games' }

  assert.match(stuckWith({ idleMs: 60 * MINUTE, progress })?.title ?? '', /for 1 h: 1,200 of 7,263 games$/)
})

const ghost = {
  job: 'test/one',
  conclusion: 'startup_failure',
  createdAt: at('19 08:20'),
  url: 'https://github.com/o/r/actions/runs/7',
}

test('a run that GitHub could not start is critical and leads to GitHub', () => {
  assert.deepEqual(notStarted(facts({ ledger: { ghosts: [ghost] } })), [
    {
      subject: 'test/one',
      severity: 'critical',
      title: 'test/one did not start: GitHub says startup_failure of its run of Tue 19 Nov 08:20 UTC',
      detail:
        'GitHub could not read or start the workflow: look at its file, its rights and what it calls. https://github.com/o/r/actions/runs/7',
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: at('19 08:20'),
    },
  ])
})

test('several runs that did not start are told once, the newest by name and knowable from the first', () => {
  const ghosts = [{ ...ghost, conclusion: 'failure', createdAt: at('19 08:50') }, ghost]
  const found = notStarted(facts({ ledger: { ghosts } }))

  assert.equal(found.length, 1)
  assert.match(
    found[0]?.title ?? '',
    /did not start 2 times in a row: GitHub says failure of its run of Tue 19 Nov 08:50 UTC$/,
  )
  assert.deepEqual(found[0]?.knowableAt, at('19 08:20'))
})

test('a request that was lost is critical until a run comes', () => {
  const foundWith = (lastSeenAt: Date | undefined) =>
    rescueLost(facts({ ledger: { jobs: [jobHealth({ lostRequest: lostRequest(), lastSeenAt })] } }))

  assert.deepEqual(foundWith(plus(at('19 07:00'), 1)), [])
  assert.equal(foundWith(undefined).length, 1)
  assert.deepEqual(foundWith(at('19 07:00')), [
    {
      subject: 'test/one',
      severity: 'critical',
      title: 'test/one was asked for in vain: sent 3 times, and no run came',
      detail:
        'The rescue request of Tue 19 Nov 07:00 UTC was given up after 3 tries. Start test/one by hand, and look whether its workflow is enabled and may be dispatched.',
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: at('19 08:00'),
    },
  ])
})

test('a job without a lost request is not told of', () => {
  assert.deepEqual(rescueLost(facts({ ledger: { jobs: [jobHealth()] } })), [])
})
