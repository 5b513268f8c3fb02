// The rules about sources, the watch itself and the site: a breaker, gaps in which nobody looked, workflows that GitHub
// disables, a site that is not built.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { alertsBroken } from '../../../src/observe/rules/alerts-broken.ts'
import { breakerOpen } from '../../../src/observe/rules/breaker-open.ts'
import { clockSilent } from '../../../src/observe/rules/clock-silent.ts'
import { disabled } from '../../../src/observe/rules/disabled.ts'
import { leaguesOff } from '../../../src/observe/rules/leagues-off.ts'
import { siteStale } from '../../../src/observe/rules/site-stale.ts'
import { wakeUpGap } from '../../../src/observe/rules/wake-up-gap.ts'
import { at } from '../../helpers/builders.ts'
import { DAY, facts, knownJob, MINUTE, plus } from '../health-facts.ts'

const breaker = {
  source: 'nflverse',
  failures: 3,
  openedAt: at('19 08:07'),
  tryAt: at('19 09:07'),
  reason: 'nflverse answered 503',
}

test('an open breaker is a warning about the source, with the jobs that wait and when it is tried again', () => {
  const jobs = [knownJob({ sources: ['nflverse'] }), knownJob({ job: 'test/two', sources: ['nfelo', 'nflverse'] }), knownJob({ job: 'test/three' })] // prettier-ignore

  assert.deepEqual(breakerOpen(facts({ jobs, ledger: { breakers: [breaker] } })), [
    {
      subject: 'source:nflverse',
      severity: 'warning',
      title: 'nflverse is not called since Tue 19 Nov 08:07 UTC: nflverse answered 503',
      detail: 'Waiting for it: test/one and test/two. It is tried again from Tue 19 Nov 09:07 UTC on.',
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: at('19 08:07'),
    },
  ])
})

test('a breaker whose cool-down is over is tried by the next run', () => {
  const detailAt = (now: Date) => breakerOpen(facts({ now, ledger: { breakers: [breaker] } }))[0]?.detail ?? ''

  assert.match(detailAt(plus(at('19 09:07'), -1)), /^No job waits for it\. It is tried again from/)
  assert.match(detailAt(at('19 09:07')), / The next run tries it\.$/)
})

test('a breaker without a kept reason says how many runs failed', () => {
  const bare = { ...breaker, reason: undefined, openedAt: undefined, tryAt: undefined }
  const [found] = breakerOpen(facts({ ledger: { breakers: [bare] } }))

  assert.equal(found?.title, 'nflverse is not called: 3 runs failed in a row')
  assert.deepEqual(found?.knowableAt, at('19 09:00'))
})

function gap(endedAt: Date, minutes: number) {
  return { beganAt: plus(endedAt, -minutes * MINUTE), endedAt }
}

test('a gap longer than ninety minutes is told, one of ninety is not', () => {
  const found = (minutes: number, ms: number) =>
    wakeUpGap(facts({ ledger: { wakeUpGaps: [{ beganAt: plus(at('19 08:00'), -minutes * MINUTE - ms), endedAt: at('19 08:00') }] } })) // prettier-ignore

  assert.deepEqual(found(90, 0), [])
  assert.equal(found(90, 1).length, 1)
})

test('the limit can be set', () => {
  const wakeUpGaps = [gap(at('19 08:00'), 20)]
  const found = (minutes: number) =>
    wakeUpGap(facts({ wakeUpGapLimitMs: minutes * MINUTE, ledger: { wakeUpGaps } })).length

  assert.deepEqual([found(19), found(20)], [1, 0])
})

test('of several gaps the longest is named, and the newest says when it was knowable', () => {
  const wakeUpGaps = [
    gap(at('19 08:00'), 100),
    gap(at('19 02:00'), 220),
    gap(at('18 20:00'), 150),
    gap(at('18 12:00'), 30),
  ]
  const [found] = wakeUpGap(facts({ ledger: { wakeUpGaps } }))

  assert.equal(found?.subject, 'ops/watch')
  assert.equal(found?.severity, 'warning')
  assert.equal(found?.title, 'Nobody looked for 3 h 40 m, until Tue 19 Nov 02:00 UTC')
  assert.match(found?.detail ?? '', /one of 3 such gaps in 24 hours\. An outside clock .*README/)
  assert.deepEqual(found?.knowableAt, at('19 08:00'))
})

test('where there is an outside clock a gap does not say that one would help', () => {
  const outsideClock = { lastAt: at('18 22:04'), days: 14, latePasses: [] }
  const [found] = wakeUpGap(facts({ ledger: { outsideClock, wakeUpGaps: [gap(at('19 08:00'), 100)] } }))

  assert.match(
    found?.detail ?? '',
    /There is an outside clock, and it did not start a pass either: .* told by itself\.$/,
  )
})

test('a gap is told for 24 hours after its end', () => {
  const foundAt = (now: Date) => wakeUpGap(facts({ now, ledger: { wakeUpGaps: [gap(at('18 09:00'), 120)] } })).length

  assert.equal(foundAt(plus(at('19 09:00'), -1)), 1)
  assert.equal(foundAt(at('19 09:00')), 0)
})

/** A pass that began at an instant, so many minutes after it was wanted. */
const late = (beganAt: Date, minutes: number) => ({ beganAt, wantedAt: plus(beganAt, -minutes * MINUTE) })

test('a pass that an outside clock did not start is told, with when it last did and what to do', () => {
  const latePasses = [late(at('19 08:37'), 150), late(at('19 05:40'), 62)]
  const [found, ...others] = clockSilent(facts({ ledger: { outsideClock: { lastAt: at('18 22:04'), days: 14, latePasses } } })) // prettier-ignore

  assert.deepEqual([found?.subject, found?.severity, found?.knowableAt, others], ['ops/watch', 'warning', at('19 05:40'), []]) // prettier-ignore
  assert.equal(
    found?.title,
    'The outside clock started no pass for 1 h 2 m in which one was wanted, until Tue 19 Nov 05:40 UTC',
  )
  assert.match(
    found.detail,
    /^It last started one at Mon 18 Nov 22:04 UTC\. Since then 1 more came too late\. .*token has expired or lacks "Actions: write".* new fine-grained token/,
  )
})

test('where no clock was there on three days a late pass says nothing of one, unless OUTSIDE_CLOCK says that there is one', () => {
  const found = (days: number, clockDeclared = false) =>
    clockSilent(facts({ clockDeclared, ledger: { outsideClock: { lastAt: days === 0 ? undefined : at('18 22:04'), days, latePasses: [late(at('19 08:37'), 90)] } } })) // prettier-ignore

  assert.deepEqual([found(0), found(2)], [[], []])
  assert.equal(found(3).length, 1)
  const [declared] = found(0, true)
  assert.match(declared?.detail ?? '', /^In 14 days it has started none\. .* delete the variable OUTSIDE_CLOCK\.$/)
})

test('whatever came late before the clock last started a pass, or a day ago, is over; whatever came late since is told', () => {
  const anyMinutes = fc.integer({ min: 1, max: 3 * 24 * 60 })
  fc.assert(
    fc.property(anyMinutes, fc.uniqueArray(anyMinutes, { maxLength: 8 }), fc.nat(14), (clockAgo, lateAgo, days) => {
      const now = at('19 09:00')
      const latePasses = lateAgo.toSorted((a, b) => a - b).map((ago) => late(plus(now, -ago * MINUTE), 61))
      const outsideClock = { lastAt: plus(now, -clockAgo * MINUTE), days, latePasses }

      const found = clockSilent(facts({ now, ledger: { outsideClock } }))

      const since = lateAgo.filter((ago) => ago < clockAgo && ago < 24 * 60)
      assert.equal(found.length, days >= 3 && since.length > 0 ? 1 : 0)
      if (found[0]) assert.deepEqual(found[0].knowableAt, plus(now, -Math.max(...since) * MINUTE))
    }),
  )
})

test('workflows that GitHub has disabled are told as one critical condition', () => {
  const disabledWorkflows = ['nfl-bronze.yml', 'nfl-predict.yml', 'nfl-silver.yml', 'ops-watch.yml'].map((file, i) => ({
    file,
    sinceAt: at(`1${8 - i} 12:00`),
  }))
  const found = disabled(facts({ ledger: { disabledWorkflows } }))

  assert.equal(found.length, 1)
  assert.equal(found[0]?.subject, 'ops/watch')
  assert.equal(found[0]?.severity, 'critical')
  assert.equal(found[0]?.title, 'GitHub has disabled for inactivity: nfl-bronze.yml, nfl-predict.yml and 2 more')
  assert.deepEqual(found[0]?.knowableAt, at('15 12:00'))
})

test('a public repository without a commit for more than 45 days is warned of the sixtieth', () => {
  const now = at('19 09:00')
  const found = (age: number, publicRepository: boolean | undefined = true) =>
    disabled(facts({ now, publicRepository, ledger: { lastCommitAt: plus(now, -age) } }))

  assert.deepEqual(found(45 * DAY), [])
  const [warning] = found(46 * DAY)
  assert.equal(warning?.severity, 'warning')
  assert.equal(
    warning?.title,
    'GitHub disables all schedules of this repository from Tue 3 Dec 09:00 UTC on, ops-watch too',
  )
  assert.match(warning?.detail ?? '', /^The last commit is 46 d old/)
  assert.deepEqual(warning?.knowableAt, plus(now, -DAY))
  assert.equal(found(61 * DAY)[0]?.title, 'GitHub disables all schedules of this repository any day now, ops-watch too')
  assert.deepEqual(found(50 * DAY, false), [])
  assert.deepEqual(disabled(facts({ now, publicRepository: undefined, ledger: { lastCommitAt: at('01 00:00') } })), [])
})

test('workflows that are kept awake are information only, until that is more than eight days ago', () => {
  const now = at('19 09:00')
  const foundAfter = (days: number) =>
    disabled(facts({ now, publicRepository: true, ledger: { lastCommitAt: plus(now, -50 * DAY), keptAwakeAt: plus(now, -days * DAY) } }))[0] // prettier-ignore

  assert.deepEqual([foundAfter(7)?.severity, foundAfter(8)?.severity], ['info', 'warning'])
  assert.match(foundAfter(7)?.detail ?? '', /KEEP_AWAKE is set, .* enabled again at Tue 12 Nov 09:00 UTC/)
})

test('a repository that GitHub was not asked about is not warned of', () => {
  assert.deepEqual(disabled(facts({ publicRepository: true })), [])
})

const HOUR = 60 * MINUTE

test('a site that was asked for in vain is told once its last build is more than thirty hours old', () => {
  const builtAt = at('18 05:09')
  const foundAt = (now: Date) => siteStale(facts({ now, ledger: { site: { builtAt, wantedAt: at('19 07:10') } } }))

  assert.deepEqual(foundAt(plus(builtAt, 30 * HOUR)), [])
  const [found] = foundAt(plus(builtAt, 30 * HOUR + 1))
  assert.equal(found?.subject, 'ops/dashboard')
  assert.equal(found?.severity, 'warning')
  assert.equal(
    found?.title,
    'The site has not been built for 30 h, since Mon 18 Nov 05:09 UTC, and was asked for in vain',
  )
  assert.match(found?.detail ?? '', /since Tue 19 Nov 07:10 UTC.* the newest run of ops-dashboard in the Actions tab/)
  assert.deepEqual(found?.knowableAt, plus(builtAt, 30 * HOUR))
})

test('an old site that was only just asked for has an hour to be built', () => {
  const wantedAt = at('19 08:00')
  const foundAt = (now: Date) => siteStale(facts({ now, ledger: { site: { builtAt: at('17 05:09'), wantedAt } } }))

  assert.deepEqual(foundAt(plus(wantedAt, HOUR)), [])
  assert.deepEqual(foundAt(plus(wantedAt, HOUR + 1))[0]?.knowableAt, plus(wantedAt, HOUR))
})

test('a site that was never built, never asked for, or built since it was asked for is not told of', () => {
  const old = at('12 05:09')
  for (const site of [
    { builtAt: undefined, wantedAt: old },
    { builtAt: old, wantedAt: undefined },
    { builtAt: old, wantedAt: old },
  ])
    assert.deepEqual(siteStale(facts({ ledger: { site } })), [])
})

test('ways to people that do not work are one warning, which says what each is about and what happens next', () => {
  const slack = { name: 'slack', why: 'slack answered 410: expected 2xx. Make a new one.' }
  const routes = { name: 'ALERT_ROUTES', why: 'the repository variable ALERT_ROUTES cannot be used: it is no JSON' }

  const [one] = alertsBroken(facts({ mute: [slack] }))
  const [both] = alertsBroken(facts({ mute: [routes, slack] }))

  assert.equal(one!.title, 'People are not told as they asked to be, by slack: slack answered 410: expected 2xx')
  assert.equal(both!.title, 'People are not told as they asked to be, by ALERT_ROUTES and slack')
  assert.match(both!.detail, /it is no JSON\. slack answered 410.* Make a new one\. .*tried again daily/)
  assert.deepEqual(alertsBroken(facts()), [])
})

const OFF = { league: 'nfl', jobs: ['nfl/bronze', 'nfl/silver'], lines: 11 }

test('a league that is off while its lines are in force is one warning, and none once they have ended', () => {
  const told = (lines: number) =>
    leaguesOff(facts({ leagues: { said: 'LEAGUES is ["fantasy"]', problem: undefined, off: [{ ...OFF, lines }] } }))

  const [found, ...others] = told(11)
  assert.deepEqual([found?.subject, found?.severity, others.length], ['ops/watch', 'warning', 0])
  assert.equal(
    found?.title,
    'LEAGUES switches off nfl, and 11 cron lines are still in force: what is due of them is skipped',
  )
  assert.match(
    found.detail,
    /^LEAGUES is \["fantasy"\], so GitHub runs nothing of nfl\/bronze and nfl\/silver\. .+run ops-setup/,
  )
  assert.deepEqual(told(0), [])
})

test('a variable that nobody can have meant is critical, says what is wrong and where to mend it', () => {
  const [found] = leaguesOff(facts({ leagues: { said: '', problem: 'LEAGUES is nfl, which is no JSON', off: [] } }))

  assert.equal(found?.severity, 'critical')
  assert.match(found.detail, /^LEAGUES is nfl, which is no JSON\. All cron lines stay in force, .+ Variables\.$/)
})

test('where GitHub does not evaluate the variable there is nothing to say of it', () => {
  assert.deepEqual(leaguesOff(facts()), [])
})
