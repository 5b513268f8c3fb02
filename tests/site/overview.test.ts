// The Overview as a page: the five answers stand there, and nothing that is shown can break out of its place.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderOverview } from '../../dashboards/site/pages/overview.tsx'
import type { OverviewView } from '../../src/views/overview/overview.ts'
import { at } from '../helpers/builders.ts'
import { aSite } from '../helpers/site.ts'

const word = { slots: 0, served: 0, byState: {}, judged: 0, cronInTime: 0 }

function aView(wish: Partial<OverviewView> = {}): OverviewView {
  return {
    headline: { state: 'on time', sentence: 'All on time.', detail: '', others: 0 },
    today: [
      {
        job: 'nfl/predict',
        league: 'nfl',
        slot: undefined,
        items: [],
        next: { dueAt: at('22 16:07'), zone: 'America/New_York' },
        nextWaived: undefined,
      },
    ],
    coming: [
      { job: 'nfl/predict', dueAt: at('22 16:07'), zone: 'America/New_York' },
      { job: 'nfl/results', dueAt: at('26 07:07'), zone: 'America/Los_Angeles' },
      { job: 'nfl/bronze', dueAt: at('26 13:07'), zone: 'America/New_York' },
    ],
    late: { slots: [], count: 0 },
    incidents: [],
    wellSince: at('03 10:00'),
    failures: [],
    running: [],
    pauses: [],
    dataSets: [{ name: 'games', changedAt: undefined, checkedAt: undefined }],
    word,
    objectives: [],
    worstGap: undefined,
    scores: [{ grader: 'nfl/results', score: undefined }],
    ...wish,
  }
}

/** The page, or what answers one of its five questions, as text without markup. */
function textOf(view: OverviewView, question?: string): string {
  const html = renderOverview(aSite(), view)[0]?.text ?? ''
  const part = question ? (html.split(`data-answers="${question}"`)[1] ?? '').replace(/^[^>]*>/, '') : html
  const end = question === 'fine' ? '</h1>' : question ? '</dd>' : '</html>'
  const text = (part.split(end)[0] ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  return text.replaceAll(/ (?=[,.:;])/g, '').trim()
}

test('the first line says that all is on time, and what is next, where and in how long', () => {
  assert.equal(textOf(aView(), 'fine'), '● All on time. Next: nfl/predict, Fri 22 Nov 11:07 New York, in 3 d 4 h.')
})

test('a first line with a detail leaves what is next to its own place', () => {
  const headline = {
    state: 'late',
    sentence: 'nba/daily is late.',
    detail: 'It is asked for.',
    others: 1,
    kind: 'incidents',
  } as const
  const view = aView({ headline })
  assert.equal(textOf(view, 'fine'), '▲ nba/daily is late.')
  assert.match(textOf(view), /It is asked for\. And 1 more trouble\./)
  assert.equal(
    textOf(view, 'next'),
    'Next nfl/predict in 3 d 4 h, Fri 22 Nov 11:07 New York nfl/results in 6 d 19 h, Mon 25 Nov 23:07 Los Angeles nfl/bronze in 7 d 1 h, Tue 26 Nov 08:07 New York',
  )
})

test('more troubles lead to where they stand', () => {
  const troubles = { state: 'late', sentence: 'Late.', detail: 'It is asked for.', others: 2 } as const
  const linkOf = (kind: 'incidents' | 'late slots' | 'lost slots') =>
    /<a href="([^"]*)">And 2 more troubles/.exec(renderOverview(aSite(), aView({ headline: { ...troubles, kind } }))[0]?.text ?? '')?.[1] // prettier-ignore
  assert.deepEqual((['incidents', 'late slots', 'lost slots'] as const).map(linkOf), ['#incidents', 'slots.html', '#today']) // prettier-ignore
})

test('of what is next two are shown, and the rest wait for the reader’s clock', () => {
  const html = renderOverview(aSite(), aView())[0]?.text ?? ''
  assert.equal(html.match(/<p class="coming">/g)?.length, 2)
  assert.equal(html.match(/<p class="coming" hidden>/g)?.length, 1)
})

test('all five answers stand there when there is nothing to say', () => {
  const view = aView({ today: [], coming: [] })
  assert.equal(textOf(view, 'late'), 'Late Nothing.')
  assert.equal(textOf(view, 'failed'), 'Failed Nothing.')
  assert.match(textOf(view, 'next'), /Nothing is scheduled/)
  assert.match(textOf(view, 'predictions'), /None graded yet/)
})

test('the model never stands without the market', () => {
  const score = { league: 'NFL', season: 2024, games: 151, modelAccuracy: 0.6424, marketAccuracy: 0.66, modelBrier: 0.219, marketBrier: 0.21334, prospective: 150 } // prettier-ignore
  assert.equal(
    textOf(aView({ scores: [{ grader: 'nfl/results', score }] }), 'predictions'),
    'Predictions Model 64.2 %, Brier 0.2190 Market 66.0 %, Brier 0.2133 NFL 2024, who wins, 151 games, 1 of them backfilled',
  )
})

test('a failure says its job and why, and one that is mended says so', () => {
  const failure = { job: 'nfl/train', runId: 'r1', finishedAt: at('19 11:00'), error: 'nflverse answered 404.', slot: 'open' as const } // prettier-ignore
  assert.equal(textOf(aView({ failures: [failure] }), 'failed'), 'Failed nfl/train 1 h ago: nflverse answered 404')
  const last = (slot: 'served' | 'settled' | 'none') =>
    textOf(aView({ failures: [{ ...failure, slot }] }), 'failed').replace(/^.*404/, '')
  assert.match(textOf(aView({ failures: [{ ...failure, slot: 'served' }] }), 'failed'), /^Failed Nothing\. Last: nfl\/train/) // prettier-ignore
  assert.equal(last('served'), '; its slot was served since.')
  assert.equal(last('settled'), '; its slot is not wanted any more.')
  assert.equal(last('none'), '; it had no slot.')
})

test('each objective is said with its budget, and cron alone beside the word kept', () => {
  const kept = {
    slots: 400,
    served: 399,
    byState: { 'on time': 390, late: 9, missed: 1 },
    judged: 400,
    cronInTime: 125,
  }
  const objectives = [
    { of: 'slots', all: 400, good: 399, wanted: 0.995, allowed: 2 },
    { of: 'runs', all: 400, good: 390, wanted: 0.995, allowed: 2 },
    { of: 'told', all: 0, good: 0, wanted: 0.995, allowed: 0 },
  ] as const
  const text = textOf(aView({ word: kept, objectives }))
  assert.match(text, /● kept 99\.8 %, 99\.5 % wanted 1 of 400 not served in time; 2 are allowed 1 used 1 left/)
  assert.match(text, /✕ not kept 97\.5 %, 99\.5 % wanted 10 of 400 did not succeed; 2 are allowed 2 allowed 8 beyond/)
  assert.match(text, /Trouble told within 5 m there was none to tell/)
  assert.match(text, /31\.3 % in time, 125 of 400 in 14 days/)
})

test('what a provider wrote stays text', () => {
  const evil = '<script>alert(1)</script>'
  const error = { job: 'nfl/train', runId: 'r1', finishedAt: at('19 11:00'), error: evil, slot: 'open' as const }
  const pauses = [{ job: '*', reason: evil, actor: 'ann', until: at('20 11:00') }]
  const headline = { state: 'failed', sentence: evil, detail: evil, others: 0, kind: 'incidents' } as const
  const html = renderOverview(aSite(), aView({ failures: [error], pauses, headline }))[0]?.text ?? ''
  assert.equal(html.includes(evil), false)
  assert.ok(html.includes('&lt;script>'))
})

const LATE = { job: 'nfl/train', dueAt: at('19 08:07'), zone: 'UTC', deadlineAt: at('19 20:07'), reason: undefined, tries: 0, asked: undefined } // prettier-ignore

test('what holds a late slot is said with it, and what a pause will cost', () => {
  const pause = { by: 'pause', until: at('20 08:00'), actor: 'ann' } as const
  const parents = { by: 'parents', jobs: ['nfl/features'] } as const
  const slots = [{ ...LATE, heldBy: pause }, { ...LATE, job: 'nfl/predict', heldBy: parents }] // prettier-ignore
  const pauses = [{ job: 'nfl/train', reason: 'moving', actor: 'ann', until: at('20 08:00') }]
  const view = aView({ late: { slots, count: 3 }, pauses })
  const late = textOf(view, 'late')

  assert.match(late, /nfl\/train, due Tue 19 Nov 08:07 UTC, 3 h 53 m ago: paused by ann/)
  assert.match(late, /nfl\/predict, .*: waits for nfl\/features and 1 more$/)
  assert.match(textOf(view), /Unless it is resumed, nfl\/train misses its slot of Tue 19 Nov 08:07 UTC at Tue 19 Nov 20:07 UTC\./) // prettier-ignore
})

test('a job whose newest slot nobody has begun is overdue, by how much so far', () => {
  const slot = { dueAt: at('19 08:07'), zone: 'UTC', state: 'late', startedAt: undefined, latenessMs: undefined, itemsWritten: undefined, runId: undefined, reason: undefined } as const // prettier-ignore
  const row = { job: 'nfl/train', league: 'nfl', slot, items: [], next: undefined, nextWaived: undefined }

  assert.match(textOf(aView({ today: [row] })), /nfl\/ train ▲ overdue Tue 08:07 \+3 h 53 m so far/)
})

test('the strip names the next slot of two jobs, though one is due all the time', () => {
  const often = [5, 10, 15].map((minute) => ({ job: 'mlb/odds', dueAt: at(`19 12:${String(minute).padStart(2, '0')}`), zone: 'UTC' })) // prettier-ignore
  const html = renderOverview(aSite(), aView({ coming: [...often, { job: 'nfl/train', dueAt: at('19 18:00'), zone: 'UTC' }] }))[0]?.text ?? '' // prettier-ignore
  const shown = [...html.matchAll(/<p class="coming">(.*?)<\/p>/g)].map(([, text]) => (text ?? '').replaceAll(/<[^>]+>/g, '')) // prettier-ignore

  assert.deepEqual(shown, ['mlb/odds in 5 m, Tue 19 Nov 12:05 UTC', 'nfl/train in 6 h, Tue 19 Nov 18:00 UTC'])
})
