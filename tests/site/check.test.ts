// The check of the built site: what keeps it from being published.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { checkSite } from '../../dashboards/site/check.ts'
import { SHARING } from '../../dashboards/site/sharing.ts'
import { findSecrets } from '../../src/lib/secret-shapes.ts'

const REPOSITORY = 'https://github.com/acme/league'

function problemsOf(files: Record<string, string>, first = ''): string[] {
  const all = { 'index.html': `<h1>Fine</h1>${first}`, 'assets/site.js': '', ...files }
  const list: SiteFile[] = Object.entries(all).map(([path, text]) => ({ path, text }))
  return checkSite(list, { repositoryUrl: REPOSITORY, findSecrets })
}

const link = (href: string) => `<a href="${href}">there</a>`

test('a site whose links lead somewhere has no problem', () => {
  const job = `<h1 id="top">A job</h1>${link('../../index.html')}${link('#top')}${link('../../week.html#2026-W11')}<script src="../../assets/site.js"></script>`
  const files = { 'jobs/nfl/bronze.html': job, 'week.html': '<section id="2026-W11"></section>' }

  assert.deepEqual(problemsOf(files, link('jobs/nfl/bronze.html') + link(`${REPOSITORY}/actions/runs/1`)), [])
})

const BAD_LINKS: readonly [what: string, href: string, said: RegExp][] = [
  ['a file that is not there', 'runs/1.html', /leads to no file/],
  ['a place outside the site', '../secret.html', /leads to no file/],
  ['an id that is not there', '#nowhere', /leads to no place in index\.html/],
  ['the root of a server', '/week.html', /begins at a root/],
  ['somewhere else', 'https://example.com/', /leads elsewhere/],
  ['another repository that begins alike', `${REPOSITORY}-2/issues`, /leads elsewhere/],
  ['a script', 'javascript:alert(1)', /leads elsewhere/],
  ['another server without a scheme', '//example.com/x', /leads elsewhere/],
]

for (const [what, href, said] of BAD_LINKS) {
  test(`a link to ${what} is named with its page`, () => {
    const [problem, ...others] = problemsOf({}, link(href))

    assert.match(problem ?? '', /^index\.html: link /)
    assert.match(problem ?? '', said)
    assert.deepEqual(others, [])
  })
}

test('a query is no part of a file’s name, and escapes in an address are read', () => {
  assert.deepEqual(problemsOf({ 'run.html': '<i id="a&amp;b"></i>' }, link('run.html?id=1&amp;x=2') + link('run.html#a&amp;b')), []) // prettier-ignore
})

test('a run keeps its address on GitHub after the repository was renamed', () => {
  assert.deepEqual(problemsOf({}, link('https://github.com/acme/old-name/actions/runs/17')), [])
})

test('an id that is there twice is found', () => {
  assert.match(problemsOf({}, '<i id="a"></i><i id="a"></i>')[0] ?? '', /id "a" is there twice/)
})

test('a page of more than 1.5 MB is refused', () => {
  assert.match(problemsOf({ 'big.html': 'x'.repeat(1_500_001) })[0] ?? '', /^big\.html: 1,500,001 bytes/)
})

test('the first page counts with what it loads, compressed', () => {
  const heavy = randomBytes(220_000).toString('base64')
  const loads = '<script src="assets/site.js"></script>'

  assert.match(problemsOf({ 'assets/site.js': heavy }, loads)[0] ?? '', /^index\.html: 2\d\d,\d{3} bytes compressed/) // prettier-ignore
  assert.deepEqual(problemsOf({ 'assets/site.js': heavy }), [])
})

test('a site without a first page is no site', () => {
  assert.match(checkSite([], { repositoryUrl: REPOSITORY, findSecrets })[0] ?? '', /index\.html: it is not there/)
})

test('what looks like a secret is found in any file, and never said', () => {
  const secret = ['postgres://ann:', 'h4nter2', '@db.league.io/prod'].join('')
  const [problem] = problemsOf({ 'jobs/nfl/bronze.json': `{"error":"${secret}"}` })

  assert.match(problem ?? '', /^jobs\/nfl\/bronze\.json:1: looks like an address with a password/)
  assert.doesNotMatch(problem ?? '', /h4nter2/)
})

test('the predictions page names nflverse and its licence, or is refused', () => {
  const named = 'Games from nflverse, CC-BY-4.0'

  assert.match(problemsOf({ 'predictions.html': 'Games' })[0] ?? '', /shows rows of nflverse without naming it/)
  assert.deepEqual(problemsOf({ 'predictions.html': named }), [])
})

test('rows of a source that forbids it are refused, and of one that nobody has looked up', () => {
  const rows = (source: string) => problemsOf({}, `<table data-source="${source}"></table>`)[0] ?? ''

  assert.match(rows('nfl-com'), /shows rows of nfl-com; expected only figures made of them/)
  assert.match(rows('tab-nz'), /expected nothing of it/)
  assert.match(rows('new-feed'), /expected a line about it/)
})

test('a bookmaker’s name in a cell is a row of a paid feed', () => {
  assert.match(problemsOf({}, '<td class="w1">Pinnacle</td>')[0] ?? '', /a row of the bookmaker Pinnacle/)
  assert.deepEqual(problemsOf({}, '<td>Pinnacle Peak High School</td>'), [])
})

test('every source has one line, with its terms', () => {
  const names = SHARING.map(({ source }) => source)

  assert.equal(new Set(names).size, names.length)
  assert.ok(SHARING.every(({ may, attribution }) => may === 'rows' || attribution === undefined))
})
