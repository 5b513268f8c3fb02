// The Failures page: its first line, its causes with what is behind them, its empty state; nothing breaks out of its place.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderFailures } from '../../dashboards/site/pages/failures.tsx'
import type { FailuresView } from '../../src/views/failures/failures.ts'
import { at } from '../helpers/builders.ts'
import { aSite, aViewJob } from '../helpers/site.ts'

const EVIL = '<script>alert(1)</script>'
const ID = '00000001-0000-4000-8000-000000000000'

type Job = FailuresView['jobs'][number]
type Incident = FailuresView['incidents']['past'][number]

const NO_RETRIES = { none: 0, one: 0, two: 0, more: 0, neverServed: 0 }

function aJob(wish: Partial<Job> = {}): Job {
  const weeks = Array.from({ length: 13 }, () => ({ runs: 0, good: 0 }))
  return { job: 'test/one', ended: {}, weeks, missedSlots: 0, retries: NO_RETRIES, newest: [], ...wish }
}

function anIncident(wish: Partial<Incident> = {}): Incident {
  return { id: '1', subject: 'test/one', cause: 'failed', severity: 'warning', title: 'test/one failed', detail: 'It is tried again.', runId: ID, knowableAt: at('19 08:00'), openedAt: at('19 08:01'), closedAt: undefined, times: 1, acknowledgedBy: undefined, told: [], ...wish } // prettier-ignore
}

function aView(wish: Partial<FailuresView> = {}): FailuresView {
  return {
    since: at('01 00:00'),
    late: 0,
    unseen: undefined,
    active: { running: 0, ended: 0, endedWell: 0 },
    jobs: [aJob()],
    causes: { groups: [], leftOut: 0 },
    incidents: { open: [], past: [], leftOut: 0 },
    letters: new Map(),
    ghosts: [],
    ...wish,
  }
}

const pageOf = (view: FailuresView, site = aSite()) => renderFailures(site, view)[0]?.text ?? ''
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').replaceAll(/ (?=[,.:;])/g, '') // prettier-ignore
const firstLine = (view: FailuresView) => textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(pageOf(view))?.[1] ?? '').trim()

const troubled = { id: ID, job: 'test/one', outcome: 'failed', attempt: 2, startedAt: at('19 08:09'), dueAt: undefined, code: 'source_status', message: 'x answered 503.' } as const // prettier-ignore
const cause = { code: 'source_status', pattern: 'x answered #.', differ: true, runs: 3, newestAt: at('19 08:09'), jobs: ['test/one'], weeks: [0, 1, 2], newest: [troubled] } // prettier-ignore

test('that nobody has looked, or that a slot waits, is said before that nothing is wrong', () => {
  assert.equal(firstLine(aView({ unseen: 'Nobody has looked for 4 d.' })), '▲ Nobody has looked for 4 d.')
  assert.equal(firstLine(aView({ late: 2 })), '▲ No incident is open, and 2 slots are late.')
})

test('with nothing wrong the first line says so, and every part says what it would show', () => {
  const text = textOf(pageOf(aView()))
  assert.equal(firstLine(aView()), '● Nothing is wrong now.')
  assert.match(text, /No incident in the last 13 weeks\./)
  assert.match(text, /Every run of the last 13 weeks ended well\./)
  assert.match(text, /No item waits\./)
  assert.match(text, /No job failed, and no slot was missed/)
})

test('the gravest open incident is the first line, with how many more there are', () => {
  const open = [anIncident({ severity: 'critical', title: 'x is away' }), anIncident()]
  assert.equal(
    firstLine(aView({ incidents: { open, past: [], leftOut: 0 } })),
    '✕ x is away. And 1 more open incident.',
  )
})

test('the account counts runs that did not end well, missed slots and the most frequent cause', () => {
  const jobs = [aJob({ ended: { succeeded: 96, failed: 3, partial: 1 }, missedSlots: 1 })]
  const text = textOf(pageOf(aView({ jobs, causes: { groups: [cause], leftOut: 0 } })))
  assert.match(text, /In 13 weeks 4 of 100 runs did not end well \(4\.0 %\), and 1 slot was missed\./)
  assert.match(text, /Most often: x answered 503, and similar \(3 times\)\./)
})

test('a cause opens to the runs behind it, the number in full', () => {
  const html = pageOf(aView({ causes: { groups: [cause], leftOut: 2 } }))
  assert.match(
    textOf(html),
    /3 x answered 503, and similar the source answered with an error · test\/one · newest Tue 19 Nov 08:09/,
  )
  assert.match(html, new RegExp(`<a href="runs/${ID}.html">`))
  assert.match(textOf(html), /attempt 2 x answered 503 and 2 older/)
  assert.match(textOf(html), /2 rarer causes stand in the ledger/)
})

test('a job’s share of good runs stands beside its line, and its retries as a bar with numbers', () => {
  const weeks = [...Array.from({ length: 12 }, () => ({ runs: 0, good: 0 })), { runs: 8, good: 6 }]
  const retries = { ...NO_RETRIES, none: 6, one: 1, neverServed: 1 }
  const html = pageOf(aView({ jobs: [aJob({ ended: { succeeded: 6, failed: 2 }, weeks, retries })] }))
  assert.match(html, /aria-label="test\/one: 75\.0 % of 8 over 13 weeks"/)
  assert.match(textOf(html), /75\.0 % of 8 slots that a run tried were served without a retry\./)
  assert.match(html, /<rect class="fill-good" x="0%" width="75%"/)
  assert.match(html, /<rect class="fill-ink" x="87\.5%" width="12\.5%"/)
})

test('an incident says for how long it lasted, and who was told how soon or that nobody was', () => {
  const told = [
    { channel: 'discord', sent: 2, failed: 0, waiting: 0, firstAt: at('19 08:03') },
    { channel: 'email', sent: 0, failed: 1, waiting: 0, firstAt: undefined },
  ]
  const past = [anIncident({ closedAt: at('19 10:41'), told, times: 2 }), anIncident({ closedAt: at('19 09:01') })]
  const text = textOf(pageOf(aView({ incidents: { open: [], past, leftOut: 0 } })))
  assert.match(
    text,
    /warning test\/one failed \(2 times\) run failed 2 h 40 m on Discord within 3 m; e-mail not reached/,
  )
  assert.match(text, /1 h nobody/)
  assert.match(text, /None since Tue 19 Nov 10:41 UTC\./)
})

test('what came from outside stays text, wherever it stands', () => {
  const letter = { id: '1', kind: EVIL, key: EVIL, code: EVIL, message: EVIL, retryable: true, times: 1, failedAt: at('19 08:00'), runId: ID } // prettier-ignore
  const html = pageOf(
    aView({
      causes: { groups: [{ ...cause, code: EVIL, pattern: `${EVIL} #`, differ: true, newest: [{ ...troubled, message: EVIL }] }], leftOut: 0 }, // prettier-ignore
      incidents: { open: [anIncident({ title: EVIL, detail: EVIL, acknowledgedBy: EVIL })], past: [anIncident({ title: EVIL, closedAt: at('19 10:41') })], leftOut: 0 }, // prettier-ignore
      letters: new Map([[EVIL, { count: 1, newest: [letter] }]]),
      ghosts: [
        {
          job: undefined,
          file: EVIL,
          conclusion: EVIL,
          createdAt: at('19 08:00'),
          github: { runId: '17', attempt: 2 },
        },
      ],
    }),
  )
  assert.equal(html.includes(EVIL), false)
  assert.ok((html.match(/&lt;script>/g)?.length ?? 0) > 8)
})

test('the log of a run that never began is linked in this repository alone, by its number', () => {
  const ghosts = [{ job: undefined, file: 'nfl.yml', conclusion: 'failure', createdAt: at('19 08:00'), github: { runId: '17', attempt: 2 } }] // prettier-ignore
  const linked = pageOf(aView({ ghosts }), aSite({ repositoryUrl: 'https://github.com/acme/league' }))

  assert.match(linked, /href="https:\/\/github\.com\/acme\/league\/actions\/runs\/17\/attempts\/2"/)
  assert.match(textOf(pageOf(aView({ ghosts }))), /nfl\.yml failure run 17/)
})

test('of an item that failed nothing is shown that its provider does not let a site show', () => {
  const letter = { id: '1', kind: 'price', key: 'race 7 horse 3', code: 'no_price', message: 'paid 4.20 to win', retryable: true, times: 1, failedAt: at('19 08:00'), runId: ID } // prettier-ignore
  const view = aView({ letters: new Map([['racing/snapshots', { count: 1, newest: [letter] }]]) })
  const jobs = (sources: readonly string[]) => [aViewJob('racing/snapshots', { sources })]
  const html = (sources: readonly string[]) => renderFailures(aSite({ jobs: jobs(sources) }), view)[0]?.text ?? ''

  assert.match(html([]), /race 7 horse 3[\s\S]*paid 4\.20/)
  assert.doesNotMatch(html(['tab-nz']), /race 7 horse 3|paid 4\.20/)
  assert.match(textOf(html(['tab-nz'])), /not shown, by the terms of tab-nz/)
})

test('of an item of a job that has left the registry nothing is shown that a provider may have sent', () => {
  const letter = { id: '1', kind: 'price', key: 'race 7 horse 3', code: 'no_price', message: 'paid 4.20 to win', retryable: true, times: 1, failedAt: at('19 08:00'), runId: ID } // prettier-ignore
  const view = aView({ letters: new Map([['racing/gone', { count: 1, newest: [letter] }]]) })
  const html = pageOf(view)
  const below = renderFailures(aSite({ jobs: [aViewJob('racing/kept', { needs: { 'racing/gone': 'any' } })] }), aView({ letters: new Map([['racing/kept', { count: 1, newest: [letter] }]]) }))[0]?.text ?? '' // prettier-ignore

  assert.doesNotMatch(html + below, /race 7 horse 3|paid 4\.20/)
  assert.match(textOf(html), /no price.*not shown, by the terms of a provider that is not known/)
})

test('people are told on places and by means, and of those that nobody reached', () => {
  const sent = (channel: string, time: string) => ({ channel, sent: 1, failed: 0, waiting: 0, firstAt: at(`19 ${time}`) }) // prettier-ignore
  const told = [sent('email', '08:04'), sent('github-issue', '08:04'), sent('slack', '08:02')]
  const waiting = [{ channel: 'slack', sent: 0, failed: 0, waiting: 1, firstAt: undefined }]
  const open = [anIncident({ told }), anIncident({ told: waiting, cause: 'breaker_open' })]
  const text = textOf(pageOf(aView({ incidents: { open, past: [], leftOut: 0 } })))

  assert.match(text, /told on Slack within 2 m; on GitHub and by e-mail within 4 m/)
  assert.match(text, /the source is not called · .* told nobody yet: 1 on the way/)
})

test('how many runs end well has its answer beside it, and its weeks their first and last day', () => {
  const weeks = Array.from({ length: 13 }, () => ({ runs: 1, good: 1 }))
  const jobs = [
    aJob({ ended: { succeeded: 9, failed: 1 }, weeks }),
    aJob({ job: 'test/two', ended: { succeeded: 90 } }),
  ]
  const text = textOf(pageOf(aView({ jobs })))

  assert.match(text, /99\.0 % of 100 runs ended well; least often those of test\/one, 90\.0 % of 10\./)
  assert.match(text, /20 Aug 19 Nov/)
})

test('the gauge says what is active and what is completed, quietly, for it does not say how well', () => {
  const html = pageOf(aView({ active: { running: 2, ended: 153, endedWell: 100 } }))

  assert.match(textOf(html), /2 runs active, 153 completed today 98 %/)
  assert.doesNotMatch(/<figure class="gauge">.*?<\/figure>/s.exec(html)?.[0] ?? '', /fill-good/)
  assert.match(textOf(pageOf(aView())), /No run active, none completed today –/)
})
