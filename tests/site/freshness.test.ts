// The Freshness page: its sentence, and how data that is behind looks.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderFreshness } from '../../dashboards/site/pages/freshness.tsx'
import type { FreshnessView, JobFreshness, SourceHealth } from '../../src/views/freshness/freshness.ts'
import { at } from '../helpers/builders.ts'
import { aSite } from '../helpers/site.ts'

const TABLE = { name: 'clean games', table: 'silver.nfl_games', job: 'nfl/silver', rows: 7_263, asOf: at('19 08:09'), newest: '2024 week 11' } // prettier-ignore

function aKept(wish: Partial<JobFreshness> = {}): JobFreshness {
  return {
    job: 'nfl/silver',
    expected: { dueAt: at('19 08:07'), graceUntil: at('19 08:37'), state: 'on time' },
    behindSince: undefined,
    checkedAt: at('19 08:09'),
    changedAt: at('19 08:09'),
    nextAt: at('26 08:07'),
    freshShare: 1,
    staleMs: 0,
    judgedFrom: at('01 08:07'),
    stale: [],
    ...wish,
  }
}

function aSource(wish: Partial<SourceHealth> = {}): SourceHealth {
  return { source: 'nflverse', jobs: ['nfl/bronze'], state: 'closed', failures: 0, openedAt: undefined, tryAt: undefined, reason: undefined, files: [], ...wish } // prettier-ignore
}

function render(wish: Partial<FreshnessView> = {}): string {
  const view = { objective: 0.995, days: 28, tables: [TABLE], jobs: [aKept()], watermarks: [], sources: [aSource()], ...wish } // prettier-ignore
  return renderFreshness(aSite(), view)[0]?.text ?? ''
}

const h1 = (html: string) => /<h1>(.*?)<\/h1>/.exec(html)?.[1]
const lead = (html: string) => /<p class="lead">(.*?)<\/p>/.exec(html)?.[1]

test('data that is as new as promised is said so, with how much there is', () => {
  const html = render()

  assert.equal(h1(html), 'All data is as new as the schedule promises.')
  assert.equal(lead(html), '7,263 rows in 1 table. Looked at longest ago: what nfl/silver leaves behind, 3 h 51 m ago.')
  assert.match(html, /Fresh all the time: what nfl\/silver leaves behind/)
})

const BEHIND = aKept({
  expected: { dueAt: at('19 08:07'), graceUntil: at('19 08:37'), state: 'late' },
  behindSince: at('19 08:37'),
  freshShare: 0.9,
  staleMs: 12_180_000,
  stale: [{ from: at('19 08:37'), to: at('19 12:00') }],
})
const NOT_CALLED = aSource({ state: 'open', openedAt: at('19 08:00'), tryAt: at('19 12:30'), reason: 'answered 503 <b>. More' }) // prettier-ignore

test('what is behind is named by how much, and then with its slot', () => {
  const html = render({ jobs: [BEHIND] })

  assert.equal(h1(html), 'What nfl/silver leaves behind is 3 h 23 m overdue.')
  assert.equal(lead(html), 'Its slot of Tue 19 Nov 08:07 UTC is late.')
  assert.match(html, /3 h 23 m behind/)
  assert.match(html, /Not fresh enough: what 1 job of 1 leaves behind, least nfl\/silver's, 90\.0 % of the time/)
  assert.match(html, /<rect class="fill-bad"/)
})

test('a source that is not called is named with why and when it is tried, after what is behind', () => {
  const alone = render({ sources: [NOT_CALLED] })
  const both = render({ jobs: [BEHIND], sources: [NOT_CALLED] })

  assert.equal(h1(alone), 'nflverse is not called: answered 503 &lt;b>.')
  assert.equal(lead(alone), 'It has not been called since Tue 19 Nov 08:00 UTC. The next try is Tue 19 Nov 12:30 UTC.')
  assert.match(h1(both) ?? '', /^What nfl\/silver/)
  assert.match(lead(both) ?? '', /is late\. nflverse is not called: answered 503 &lt;b>\. It has not been called since/)
})

test('before anything was due the page says what will be here', () => {
  const none = aKept({ expected: undefined, checkedAt: undefined, changedAt: undefined, freshShare: undefined, judgedFrom: undefined }) // prettier-ignore
  const html = render({
    jobs: [none],
    tables: [{ ...TABLE, rows: 0, asOf: undefined, newest: undefined }],
    sources: [],
  })

  assert.match(h1(html) ?? '', /^No data has been due yet/)
  assert.match(html, /No slot was due in the last 28 days\./)
  assert.match(html, /the first backfill leaves its mark here/)
})

test('the page names nflverse and its licence', () => {
  assert.match(render(), /nflverse[\s\S]*CC BY 4\.0/)
})
