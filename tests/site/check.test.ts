// The check of the built site: what keeps it from being published.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { checkSite } from '../../dashboards/site/check.ts'
import { createOwnSecretFinder } from '../../src/lib/secrets.ts'
import { findSecrets } from '../../src/lib/secret-shapes.ts'
import { someSources } from '../helpers/site.ts'

const REPOSITORY = 'https://github.com/acme/league'
const PARTS = { repositoryUrl: REPOSITORY, sources: someSources, findSecrets }

function problemsOf(files: Record<string, string>, first = ''): string[] {
  const all = { 'index.html': `<h1>Fine</h1>${first}`, 'assets/site.js': 'void 0', ...files }
  const list: SiteFile[] = Object.entries(all).map(([path, text]) => ({ path, text }))
  return checkSite(list, PARTS)
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

const LINKING: readonly [what: string, markup: string][] = [
  ['single quotes', "<a href='https://evil.example/'>there</a>"],
  ['no quotes', '<a href=https://evil.example/>there</a>'],
  ['capital letters', '<A HREF="https://evil.example/">there</A>'],
  ['no space before it', '<a class="x"href="https://evil.example/">there</a>'],
  ['a form', '<form action="https://evil.example/"></form>'],
  ['a button', '<button formaction="https://evil.example/">send</button>'],
  ['a drawing', '<svg><a xlink:href="https://evil.example/"></a></svg>'],
  ['a script in its address', "<a href='javascript:alert(1)'>there</a>"],
  ['a script behind white space and a line break', '<a href=" java&#10;script:alert(1)">there</a>'],
  ['content in its address', '<a href="data:text/html,x">there</a>'],
]

for (const [what, markup] of LINKING) {
  test(`a link with ${what} is found`, () => {
    assert.match(problemsOf({}, markup).join(), /^index\.html: link "[^"]*" leads elsewhere/)
  })
}

test('a text that speaks of a link is none', () => {
  assert.deepEqual(
    problemsOf(
      {},
      `<pre>it said href='https://evil.example/' and src=nowhere</pre><i title="say href=x or src='y'"></i>`,
    ),
    [],
  )
})

for (const path of ['assets/site.js', 'assets/site.css', 'data/runs/x-0.js', 'week.html']) {
  test(`an empty ${path} is refused`, () => {
    assert.deepEqual(problemsOf({ [path]: ' \n' }), [`${path}: it is empty; expected something in it`])
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

test('data that is loaded when somebody asks for it may be larger, up to 5 MB', () => {
  const shard = (signs: number) => ({ 'data/slots/2026-11-19.js': `matchday.shard("slots",["${'x'.repeat(signs)}"])` })

  assert.deepEqual(problemsOf(shard(4_900_000)), [])
  assert.match(problemsOf(shard(5_000_000))[0] ?? '', /expected at most 5,000,000/)
})

test('the first page counts with what it loads, compressed', () => {
  const heavy = randomBytes(220_000).toString('base64')
  const loads = '<script src="assets/site.js"></script>'

  assert.match(problemsOf({ 'assets/site.js': heavy }, loads)[0] ?? '', /^index\.html: 2\d\d,\d{3} bytes compressed/)
  assert.deepEqual(problemsOf({ 'assets/site.js': heavy }), [])
})

test('a site without a first page is no site', () => {
  assert.match(checkSite([], PARTS)[0] ?? '', /index\.html: it is not there/)
})

test('what looks like a secret is found in any file, and never said', () => {
  const secret = ['postgres://ann:', 'h4nter2', '@db.league.io/prod'].join('')
  const [problem] = problemsOf({ 'jobs/nfl/bronze.json': `{"error":"${secret}"}` })

  assert.match(problem ?? '', /^jobs\/nfl\/bronze\.json: looks like an address with a password/)
  assert.doesNotMatch(problem ?? '', /h4nter2/)
})

const RANDOM = ['q7Zp2Xv9', 'Lk4Tn8Rb3Yw6'].join('')
const HEX = ['9f86d081884c7d65', '9a2feaa0c55ad015'].join('')

const HIDDEN: readonly [what: string, path: string, text: string][] = [
  ['a text that a tag ends', 'a.html', `<p>token=${RANDOM}</p>`],
  ['quotes that are escaped', 'a.html', `<p>password=&quot;${RANDOM}&quot;</p>`],
  ['a value in a tag of its own', 'a.html', `<p>token=<code>${RANDOM}</code></p>`],
  ['an attribute', 'a.html', `<span title="api_key=${RANDOM}">x</span>`],
  ['a query of an address', 'a.html', `<p>https://api.odds.io/v4?apiKey=${HEX}&amp;regions=us</p>`],
  ['a cell of a table', 'a.html', `<table><td>apiKey=${HEX}</td></table>`],
  ['a name and its value in a list of facts', 'a.html', `<dl><dt>api key</dt><dd>${RANDOM}</dd></dl>`],
  ['a comment', 'a.html', `<!-- token: ${RANDOM} -->`],
  ['numeric entities', 'a.html', `<p>password=&#34;${RANDOM}&#x22;</p>`],
  ['quotes that JSON escapes', 'a.json', JSON.stringify({ error: `{"token":"${RANDOM}"}` })],
  ['JSON within JSON within JSON', 'a.json', JSON.stringify({ e: JSON.stringify({ e: JSON.stringify({ token: RANDOM }) }) })],
  ['a field of JSON', 'a.json', JSON.stringify({ runs: [{ api_key: RANDOM }] })],
  ['a line of a shard', 'data/runs/x-0.js', `matchday.shard("runs/x-0", ${JSON.stringify([[`say "token=${RANDOM}"`]])})\n`],
  ['a feed', 'incidents.atom', `<feed><summary type="text">secret: ${RANDOM}</summary></feed>`],
  ['a badge', 'badges/a.svg', `<svg><title>password=${RANDOM}</title></svg>`],
  ['a folded line of a calendar', 'calendar.ics', `DESCRIPTION:token=${RANDOM.slice(0, 12)}\r\n ${RANDOM.slice(12)}\r\nEND:VEVENT\r\n`],
  ['a header', 'a.html', `<pre>Authorization: Bearer ${RANDOM}</pre>`],
] // prettier-ignore

for (const [what, path, text] of HIDDEN) {
  test(`a secret is found in ${what}`, () => {
    const [problem, ...others] = problemsOf({ [path]: text })

    assert.match(problem ?? '', new RegExp(`^${path}: looks like a random value given to a secret name`))
    assert.ok(!problem?.includes(RANDOM) && !problem?.includes(HEX))
    assert.deepEqual(others, [])
  })
}

const HARMLESS: readonly [what: string, text: string][] = [
  ['an address of this machine that a tag ends', '<code>postgres://ann:h4nter2@localhost</code>'],
  ['the same at the end of a sentence', '<p>It asked postgres://ann:h4nter2@localhost.</p>'],
  ['the same before a word in another tag', '<p><b>postgres://ann:h4nter2@127.0.0.1</b><i>refused</i></p>'],
  ['the name of a variable', '<p>token=<code>GITHUB_TOKEN</code>, password: ***</p>'],
  ['an id of a run', '<dl><dt>run</dt><dd>0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0</dd></dl>'],
]

for (const [what, text] of HARMLESS) {
  test(`${what} is no secret`, () => {
    assert.deepEqual(problemsOf({ 'a.html': text }), [])
  })
}

test('a finding that may be a false alarm says what to do with it', () => {
  const [problem] = problemsOf({ 'a.html': `<p>token=${RANDOM}</p>` })

  assert.match(problem ?? '', /mend the row that it comes from and revoke it; if it is none, .*src\/lib\/secret-shapes\.ts/) // prettier-ignore
})

test('a value of the door’s own secrets is refused in whatever form the file has it', () => {
  const own = createOwnSecretFinder({
    DATABASE_URL: ['postgres://ann:', 'correct%20horse%3C3', '@db.league.io/prod'].join(''),
    GITHUB_TOKEN: 'plainwords-and-more',
    HEARTBEAT_URL: 'https://beat.example/abcdefgh',
    SITE_URL: 'https://acme.example/league',
  })
  const problems = (path: string, text: string) =>
    checkSite([{ path: 'index.html', text: '<h1>Fine</h1>' }, { path, text }], { ...PARTS, findSecrets: own }) // prettier-ignore

  assert.match(problems('a.html', '<p>correct horse&lt;3</p>').join(), /^a\.html: looks like the value of DATABASE_URL/)
  assert.match(
    problems('a.json', '{"why":"plainwords-and-more"}').join(),
    /^a\.json: looks like the value of GITHUB_TOKEN/,
  )
  assert.match(
    problems('calendar.ics', 'X:https://beat.exa\r\n mple/abcdefgh\r\n').join(),
    /the value of HEARTBEAT_URL/,
  )
  assert.deepEqual(problems('a.html', '<p>see https://acme.example/league</p>'), [])
  assert.doesNotMatch(problems('a.html', '<p>correct horse&lt;3</p>').join(), /horse/)
})

test('the predictions page names nflverse and its licence, or is refused', () => {
  const named = 'Games from nflverse, CC-BY-4.0'

  assert.match(problemsOf({ 'predictions.html': 'Games' })[0] ?? '', /shows rows of nflverse without naming it/)
  assert.deepEqual(problemsOf({ 'predictions.html': named }), [])
})

test('who is named but not by the licence is refused too, and a page may lead to both', () => {
  const of = (text: string) => problemsOf({ 'predictions.html': text }).join()

  assert.match(of('CC-BY-4.0, and then nflverse'), /without naming it; expected CC BY 4\.0: to be named/)
  assert.equal(of(`nflverse ${link('https://github.com/nflverse/nflverse-data')} CC BY 4.0 ${link('https://creativecommons.org/licenses/by/4.0/')}`), '') // prettier-ignore
})

test('rows of a source that forbids it are refused, and of one that no league declares', () => {
  const rows = (source: string) => problemsOf({}, `<table data-source="${source}"></table>`)[0] ?? ''

  assert.match(rows('nfl-com'), /shows rows of nfl-com; expected only figures made of them/)
  assert.match(rows('tab-nz'), /expected nothing of it/)
  assert.match(rows('new-feed'), /expected a source that a league declares, with its terms/)
})

test('a bookmaker’s name in a cell is a row of a paid feed', () => {
  assert.match(problemsOf({}, '<td class="w1">Pinnacle</td>')[0] ?? '', /a row of the bookmaker Pinnacle/)
  assert.deepEqual(problemsOf({}, '<td>Pinnacle Peak High School</td>'), [])
})

const PRICES: readonly [path: string, text: string][] = [
  ['a.html', '<table><td><b>Pinnacle</b></td><td>1.91</td></table>'],
  ['a.html', '<dl><dt>best</dt><dd>FanDuel at -110</dd></dl>'],
  ['a.html', '<pre>TAB paid 4.20 to win</pre>'],
  ['jobs/mlb/odds.json', '{"runs":[{"book":"Pinnacle","price":1.91}]}'],
  ['jobs/mlb/odds.json', '{"prices":{"bet365":1.91}}'],
  ['data/runs/x-0.js', 'matchday.shard("runs/x-0", [["a",1.91,"DraftKings"]])'],
  ['incidents.atom', '<feed><summary>BetMGM: 2.05 for KC</summary></feed>'],
]

for (const [path, text] of PRICES) {
  test(`a bookmaker’s price is found in ${text}`, () => {
    assert.match(problemsOf({ [path]: text }).join(), new RegExp(`^${path}: a row of the bookmaker `))
  })
}

test('a bookmaker that is named without a price, and a key of that name, are no rows', () => {
  const words =
    '<p role="tab">odds-api answered for Pinnacle after 3.25 s, in 1.5 MB; Caesars, 2026-11-24</p><p>tab 1.91</p>'

  assert.deepEqual(problemsOf({ 'a.html': words }), [])
})

test('a row of a source that forbids it is refused in data too, and news of its health is not', () => {
  const row = '[{"source":"tab-nz","win":4.2}]'
  const told = '{"subject":"source:tab-nz","title":"tab-nz is not called"}'

  assert.match(problemsOf({ 'prices.json': row }).join(), /^prices\.json: has rows of tab-nz; expected none/)
  assert.match(problemsOf({ 'data/x.js': `matchday.shard("x", ${row})` }).join(), /^data\/x\.js: has rows of tab-nz/)
  assert.deepEqual(problemsOf({ 'jobs/a.json': told, 'status.json': '{"sources":[{"source":"tab-nz"}]}' }), [])
})
