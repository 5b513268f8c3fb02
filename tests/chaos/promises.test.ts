// What the chaos suite takes for a broken promise: a suite that saw nothing would pass for ever.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nflJobs } from '../../src/leagues/nfl/jobs.ts'
import { DOUBTFUL_SECONDS } from '../../src/reconcile/silent.ts'

import { isKept, type Account } from './account.ts'
import { nextPassAt } from './drive.ts'
import { differences } from './lake.ts'
import { offencesOf, type Ended } from './processes.ts'

const PASSWORD = 'n0-w0rd-of-it'

function ended(wish: Partial<Ended>): Ended {
  const start = { script: 'nfl/bronze', args: [], at: new Date(0), databaseUrl: '', nflverseUrl: '' }
  return { ...start, code: 0, signal: null, hung: false, lines: [], ...wish }
}

const kindsOf = (wish: Partial<Ended>) => offencesOf(ended(wish), PASSWORD).map(({ kind }) => kind)

test('a process that ended well, failed in a sentence, or was killed by the suite has done nothing wrong', () => {
  assert.deepEqual(kindsOf({ lines: ['08:07:03 info  job.end job=nfl/bronze outcome=succeeded'] }), [])
  assert.deepEqual(kindsOf({ code: 1, lines: ['✕ the database closed the connection. A retry makes a new one.'] }), [])
  assert.deepEqual(kindsOf({ code: null, signal: 'SIGKILL' }), [])
})

test('an uncaught error, a raw stack, a password, a hang and an odd exit code are each told apart', () => {
  assert.deepEqual(kindsOf({ code: 1, lines: ['node:internal/process/promises:288'] }), ['crash'])
  assert.deepEqual(kindsOf({ code: 1, lines: ['nfl/bronze: Uncaught:'] }), ['crash'])
  assert.deepEqual(kindsOf({ code: 1, lines: ['    at call (/src/lib/db/deadline.ts:96:18)'] }), ['stack'])
  assert.deepEqual(kindsOf({ code: 1, lines: ['nfl/bronze:     at async file:///src/app.ts:9:1'] }), ['stack'])
  assert.deepEqual(kindsOf({ lines: [`postgres://league:${PASSWORD}@host/db`] }), ['secret'])
  assert.deepEqual(kindsOf({ code: null, signal: 'SIGKILL', hung: true }), ['hung'])
  assert.deepEqual(kindsOf({ code: 7 }), ['exit'])
})

test('a lake that lacks a row, or has one that a calm run has not, differs', () => {
  const calm = new Map([['silver.nfl_games', new Set(['a', 'b'])]])

  const [found] = differences(calm, new Map([['silver.nfl_games', new Set(['b', 'c', 'd'])]]))

  assert.deepEqual([found?.table, found?.lost, found?.extra], ['silver.nfl_games', 1, 2])
  assert.deepEqual(differences(calm, calm), [])
})

test('one broken promise of any kind fails the run', () => {
  const broken = { failed: 0, missed: 0, open: 0, doubled: 0, lost: 0, crash: 0, stack: 0, secret: 0, hung: 0, exit: 0, lake: 0 } // prettier-ignore
  const account = (changed: Partial<Account['broken']>) => ({ broken: { ...broken, ...changed } }) as Account

  assert.equal(isKept(account({})), true)
  for (const kind of Object.keys(broken)) assert.equal(isKept(account({ [kind]: 1 })), false, kind)
})

const HOUR = 3_600_000
const KILLED_AT = new Date('2025-09-25T10:07:00Z')

test('a killed run is doubted long before its slot is over, although its silence is told by the real clock', () => {
  const shortest = Math.min(...nflJobs.map(({ deadlineMinutes }) => deadlineMinutes)) / 60
  const nextAt = new Date(KILLED_AT.getTime() + 48 * HOUR)

  let now = KILLED_AT
  // Two seconds from pass to pass, and the passes themselves take no time.
  for (let real = 0; real < DOUBTFUL_SECONDS; real += 2) now = nextPassAt(now, { nextAt, deadYetTrusted: true }, 24)

  assert.ok((now.getTime() - KILLED_AT.getTime()) / HOUR < shortest / 2, now.toISOString())
})

test('a pass comes by the clock of ops-watch, however late the last one wants the next', () => {
  const after = (hours: number | undefined) => {
    const nextAt = hours === undefined ? undefined : new Date(KILLED_AT.getTime() + hours * HOUR)
    return (nextPassAt(KILLED_AT, { nextAt, deadYetTrusted: false }, 10).getTime() - KILLED_AT.getTime()) / HOUR
  }

  assert.deepEqual([undefined, 0.25, 1.5, 18].map(after), [0.5, 0.5, 1.5, 2])
})
