// A run as a page: its headline, what to do about its errors, its attempts, its spans; nothing breaks out of its place.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkSite } from '../../dashboards/site/check.ts'
import { renderRuns } from '../../dashboards/site/pages/run.tsx'
import { GOOD_RUN_DAYS } from '../../src/core/run.ts'
import type { ViewContext } from '../../src/views/context.ts'
import type { RunView } from '../../src/views/run/run.ts'
import { at } from '../helpers/builders.ts'
import { aSite, aViewJob } from '../helpers/site.ts'

const EVIL = '<script>alert(1)</script>'
const ID = '00000001-0000-4000-8000-000000000000'
const OTHER = '00000002-0000-4000-8000-000000000000'

const SLOT = {
  dueAt: at('19 08:07'),
  now: { state: 'served', tries: 0, deadlineAt: at('19 14:07'), zone: 'America/New_York' },
} as const

function aView(wish: Partial<RunView> = {}): RunView {
  return {
    id: ID,
    job: 'test/one',
    outcome: 'succeeded',
    reason: undefined,
    slot: SLOT,
    period: 'p',
    trigger: 'schedule',
    request: undefined,
    attempt: 1,
    retryOf: undefined,
    retriedIsKept: false,
    correlationId: ID,
    startedAt: at('19 08:09'),
    finishedAt: at('19 08:10'),
    durationMs: 3200,
    environment: 'test',
    actor: undefined,
    commit: undefined,
    github: undefined,
    totals: { read: 9, written: 7, skipped: 0, failed: 0 },
    progress: undefined,
    cpuMs: undefined,
    peakMemoryBytes: undefined,
    simulated: false,
    dryRun: false,
    errors: [],
    parameters: {},
    notes: {},
    result: null,
    tables: [],
    logTail: [],
    family: [],
    spans: [],
    spansLeftOut: 0,
    items: [],
    letters: [],
    ...wish,
  }
}

const anError = (wish: Partial<RunView['errors'][number]> = {}) => ({ kind: 'SourceFailure', code: 'source_status', retryable: true, message: 'x answered 503.', stack: null, context: {}, ...wish }) // prettier-ignore

function pageOf(view: RunView, site = aSite()): string {
  return renderRuns(site, [view])[0]?.text ?? ''
}

function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').replaceAll(/ (?=[,.:;])/g, '').replaceAll('&quot;', '"') // prettier-ignore
}

function firstLine(view: RunView): string {
  return textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(pageOf(view))?.[1] ?? '').trim()
}

test('the headline says what a run came to, on the clock of its slot', () => {
  assert.equal(
    firstLine(aView()),
    '● test/one served its slot of Tue 19 Nov 03:07 New York, 2 m after its time, in 3.2 s: 7 items written.',
  )
  assert.equal(
    firstLine(aView({ outcome: 'partial', slot: undefined, totals: { read: 9, written: 7, skipped: 0, failed: 1 } })),
    '◩ test/one ran for p in part in 3.2 s: 7 items written, 1 item failed.',
  )
  assert.equal(
    firstLine(aView({ outcome: 'failed', errors: [anError()] })),
    '✕ test/one failed after 3.2 s: x answered 503.',
  )
  assert.equal(
    firstLine(aView({ outcome: 'abandoned', durationMs: undefined, reason: 'silent for 10 m' })),
    '✕ test/one was never heard of again: silent for 10 m.',
  )
  assert.equal(
    firstLine(aView({ outcome: 'running', finishedAt: undefined, durationMs: undefined, progress: { done: 2, total: 3, unit: 'markets' } })),
    '◌ test/one is running since Tue 19 Nov 03:09 New York: 2 of 3 markets.',
  ) // prettier-ignore
})

test('an error says what to do, by its kind and by what became of its slot', () => {
  const due = { ...SLOT, now: { ...SLOT.now, state: 'due' as const } }
  const failed = { ...SLOT, now: { ...SLOT.now, state: 'failed' as const } }
  const retryable = textOf(pageOf(aView({ outcome: 'failed', slot: due, errors: [anError()] })))
  const lasting = textOf(pageOf(aView({ outcome: 'failed', slot: failed, errors: [anError({ kind: 'Crash', retryable: false })] }))) // prettier-ignore
  assert.match(retryable, /such troubles pass\. Its slot is tried again by itself until Tue 19 Nov 09:07 New York\./)
  assert.match(lasting, /a fault in the code: the stack below says where\. Its slot is failed, and is not tried again/)
})

test('attempts stand below the one that they try again, and other jobs of the story apart', () => {
  const member = { job: 'test/one', outcome: 'failed', trigger: 'schedule', retryOf: undefined, attempt: 1, startedAt: at('19 08:00'), durationMs: 10 } as const // prettier-ignore
  const family = [
    { ...member, id: OTHER },
    { ...member, id: ID, outcome: 'succeeded', retryOf: OTHER, attempt: 2, trigger: 'request' } as const,
    { ...member, id: OTHER.replace('2', '3'), job: 'test/two' },
  ]
  const html = pageOf(aView({ attempt: 2, retryOf: OTHER, family }))
  const tree = /<ol class="tree">.*?<\/ol>/s.exec(html)?.[0] ?? ''
  assert.match(textOf(tree), /✕ failed attempt 1 .* ● succeeded attempt 2, this run/)
  assert.equal(tree.includes('test/two'), false)
  assert.match(textOf(html), /attempt 2 of 2/)
  const story = html.slice(html.indexOf('What led to it, and what it led to'))
  assert.match(textOf(story), /test\/two/)
  assert.equal(story.includes(OTHER), false)
})

test('a run that tries again one that is gone says so', () => {
  const html = textOf(pageOf(aView({ attempt: 2, retryOf: OTHER })))
  assert.match(html, /It tries again a run that the ledger no longer keeps\./)
  assert.match(pageOf(aView({ attempt: 2, retryOf: OTHER, retriedIsKept: true })), /It tries again <a href="[^"]*00000002-[^"]*">an earlier run<\/a>\./) // prettier-ignore
})

test('spans are nested, retries marked, and the longest named', () => {
  const span = { place: 0, parent: undefined, name: 'fetch', offsetMs: 0, durationMs: 3200, error: undefined }
  const spans = [
    span,
    { ...span, place: 1, parent: 0, name: 'games', durationMs: 1000, error: 'x answered 503' },
    { ...span, place: 2, parent: 0, name: 'games (try 2)', offsetMs: 1100, durationMs: 1600 },
  ]
  const html = pageOf(aView({ spans, spansLeftOut: 5 }))
  assert.match(textOf(html), /Longest: games \(try 2\), 1\.6 s, 50\.0 % of the run\./)
  assert.match(html, /class="depth-1"><span class="info" title="tried again">/)
  assert.match(html, /x="34\.38%" width="50%"/)
  assert.match(textOf(html), /5 shorter steps are in the ledger\./)
})

test('links lead to the log of its attempt and to its commit, where the repository is known', () => {
  const view = aView({ github: { runId: '77', attempt: 2 }, commit: 'c0ffee0123456789' })
  const html = pageOf(view, aSite({ repositoryUrl: 'https://github.com/o/r' }))
  assert.ok(html.includes('href="https://github.com/o/r/actions/runs/77/attempts/2"'))
  assert.ok(html.includes('href="https://github.com/o/r/commit/c0ffee0123456789"'))
  assert.equal(pageOf(view).includes('actions/runs'), false)
})

test('a table has its words first, and says how many rows there were', () => {
  const rows = [{ p: 0.5123456, team: 'KC' }, { p: null, team: 'BUF' }, { p: -3, team: 'LA' }] // prettier-ignore
  const html = textOf(pageOf(aView({ tables: [{ title: 'Games', rows, total: 285 }] })))
  assert.match(html, /The first 3 of 285 rows team p KC 0\.5123 BUF – LA −3/)
})

test('the log stands before long tables and says whose time it keeps', () => {
  const tables = [{ title: 'Games', rows: [{ team: 'KC' }], total: 1 }]
  const text = textOf(pageOf(aView({ tables, logTail: ['08:09:01 info began'], errors: [anError()] })))

  assert.match(text, /✕ the source answered with an error x answered 503\. .*The end of its log, times in UTC 08:09:01 info began .*Games/) // prettier-ignore
})

test('the page of a run that is gone says for how long good ones are kept', () => {
  const text = textOf(renderRuns(aSite(), []).find(({ path }) => path === 'run.html')?.text ?? '')

  assert.match(text, new RegExp(`Good runs are removed after ${GOOD_RUN_DAYS} days; what came of their slots is on Slots\\.`)) // prettier-ignore
})

test('what came from outside stays text, wherever it stands', () => {
  const view = aView({
    outcome: 'failed',
    reason: EVIL,
    errors: [anError({ code: EVIL, message: EVIL, stack: EVIL, context: { url: EVIL } })],
    spans: [{ place: 0, parent: undefined, name: EVIL, offsetMs: 0, durationMs: 1, error: EVIL }],
    items: [{ kind: EVIL, read: 1, written: 1, skipped: 0, failed: 0 }],
    tables: [{ title: EVIL, rows: [{ [EVIL]: EVIL }], total: 1 }],
    letters: [{ id: '1', kind: EVIL, key: EVIL, code: EVIL, message: EVIL, times: 1, closedAt: undefined, closeReason: undefined }], // prettier-ignore
    logTail: [EVIL],
    notes: { [EVIL]: EVIL },
    parameters: { week: EVIL },
    result: { [EVIL]: EVIL },
    actor: EVIL,
  })
  const html = pageOf(view)
  assert.equal(html.includes(EVIL), false)
  assert.ok((html.match(/&lt;script>/g)?.length ?? 0) > 15)
})

/** What the script of 404.html does at an address: where it goes, and what becomes of its links. */
function atGone(pathname: string, site = aSite({ repositoryUrl: 'https://github.com/o/matchday' })) {
  const gone = renderRuns(site, []).find(({ path }) => path === '404.html')?.text ?? ''
  const script = /<script>(var path[^<]*)<\/script>/.exec(gone)?.[1] ?? ''
  const went: string[] = []
  const location = { pathname, replace: (to: string) => went.push(to) }
  const links = ['assets/site.css', '#main', 'https://github.com/o/matchday'].map((href) => ({ href }))
  const elements = links.map((link) => ({
    tagName: 'A',
    hasAttribute: (name: string) => name === 'href',
    getAttribute: () => link.href,
    setAttribute: (_: string, value: string) => (link.href = value),
  }))
  const document = { querySelectorAll: () => elements, addEventListener: () => undefined }
  new Function('location', 'document', script)(location, document)
  return { went, links: links.map(({ href }) => href) }
}

test('a link to a page that is gone leads to the line of the history', () => {
  assert.deepEqual(atGone(`/matchday/runs/${ID}.html`).went, [`/matchday/run.html?id=${ID}`])
})

const GONE: readonly [path: string, root: string, why: string][] = [
  ['/matchday/jobs/nfl/gone.html', '/matchday/', 'below the repository’s name'],
  ['/matchday/some/where/else', '/matchday/', 'in a folder that the site never had'],
  ['/matchday/runs/what.html', '/matchday/', 'in a folder of the site'],
  ['/jobs/nfl/gone.html', '/', 'on a domain of its own'],
  ['/deep/down/jobs/nfl/gone.html', '/deep/down/', 'below another path'],
  ['/gone.html', '/', 'at the root'],
]

for (const [path, root, why] of GONE) {
  test(`what is not there finds its styles and links ${why}`, () => {
    const { went, links } = atGone(path)

    assert.deepEqual(links, [`${root}assets/site.css`, '#main', 'https://github.com/o/matchday'])
    assert.deepEqual(went, [])
  })
}

test('an address that begins with two slashes leads to no other host', () => {
  assert.deepEqual(atGone(`//evil.example/runs/${ID}.html`).went, [`/evil.example/run.html?id=${ID}`])
  for (const path of ['//evil.example/jobs/x', '//evil.example/x', '///evil.example/assets/x']) {
    assert.deepEqual(atGone(path).links[0], '/evil.example/assets/site.css', path)
  }
})

test('404.html at its own address keeps its links as they are', () => {
  assert.equal(atGone('/srv/jobs/site/404.html').links[0], 'assets/site.css')
})

const LEFT = {
  tables: [{ title: 'Prices', rows: [{ team: 'KC', price: 1.91 }], total: 1 }],
  notes: { opening: 'a price of theirs' },
  result: { prices: ['another price'] },
  letters: [{ id: '1', kind: 'price', key: 'KC', code: 'bad_price', message: 'the price was 9.99', times: 1, closedAt: undefined, closeReason: undefined }], // prettier-ignore
  parameters: { week: '2024-W12' },
}

/** The page of a run, with what the check of the site says of its terms. */
function termsOf(site: ViewContext): { html: string; problems: string[] } {
  const html = pageOf(aView(LEFT), site)
  const files = [{ path: 'index.html', text: '' }, { path: 'runs/1.html', text: html }] // prettier-ignore
  const problems = checkSite(files, { repositoryUrl: undefined, sources: site.sources, findSecrets: () => [] })
  return { html, problems: problems.filter((problem) => problem.includes('shows rows')) }
}

test('a run that may have left rows of nflverse says whose they are and names the licence', () => {
  const { html, problems } = termsOf(aSite({ jobs: [aViewJob('test/one', { sources: ['nflverse'] })] }))

  assert.equal(html.match(/<section data-source="nflverse">/g)?.length, 3)
  assert.match(textOf(html), /Rows of nflverse, CC BY 4\.0, cleaned/)
  assert.deepEqual(problems, [])
})

test('what a job cleans is still its provider’s, through all that it needs', () => {
  const jobs = [aViewJob('test/raw', { sources: ['nflverse'] }), aViewJob('test/clean', { needs: { 'test/raw': 'fresh' } }), aViewJob('test/one', { needs: { 'test/clean': 'any' } })] // prettier-ignore

  assert.match(textOf(termsOf(aSite({ jobs })).html), /Rows of nflverse, CC BY 4\.0/)
})

for (const source of ['tab-nz', 'nfl-com', 'a-new-feed']) {
  test(`no row of ${source} stands on the page of a run, and the page says why`, () => {
    const { html, problems } = termsOf(aSite({ jobs: [aViewJob('test/one', { sources: ['nflverse', source] })] }))

    for (const row of ['KC', '1.91', 'a price of theirs', 'another price', '9.99']) assert.ok(!html.includes(row), row)
    assert.match(textOf(html), new RegExp(`rows of ${source}, whose terms do not let a site show them .* They are in the ledger`)) // prettier-ignore
    assert.match(textOf(html), /week 2024-W12/)
    assert.deepEqual(problems, [])
  })
}

test('a run of a job without a source shows what it left, without a word about terms', () => {
  const html = pageOf(aView(LEFT))

  assert.doesNotMatch(html, /data-source/)
  assert.match(textOf(html), /the price was 9\.99/)
  assert.doesNotMatch(textOf(html), /Rows of|terms/)
})
