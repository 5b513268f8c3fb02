// The scan for secrets, on keys that are put together here, so that the scan of this file finds nothing.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { findSecrets } from '../../src/lib/secret-shapes.ts'

import { secretProblems } from './secrets.ts'

const RANDOM = 'q7Zp2Xv9Lk4Tn8Rb3Yw6Hd1Mc5Js0Fg8Ae2'

const HEX = ['9f86d081884c7d65', '9a2feaa0c55ad015', 'a3bf4f1b2b0b822c', 'd15d6c15b0f00a08'].join('')

const PLANTED: readonly [kind: string, line: string][] = [
  ['an AWS key', ['AKI', 'A', 'IOSFODNN7EXAMPLE'].join('')],
  ['a GitHub token', `token: ${['ghp', RANDOM + 'a'].join('_')}`],
  ['a GitHub token', ['github', 'pat', '11ABCDEFG0123456789012_abc'].join('_')],
  ['a Slack token', ['xoxb', '123456789012', 'abcdefghijkl'].join('-')],
  ['a Slack webhook', ['https://hooks.slack', '.com/services/T01ABCDEF/B01ABCDEF/', RANDOM].join('')],
  ['a Discord webhook', ['https://discord', '.com/api/webhooks/123456789012345678/', RANDOM, RANDOM].join('')],
  ['a Google key', ['AIz', 'a', RANDOM].join('')],
  ['a key of an AI provider', ['sk', 'proj', RANDOM].join('-')],
  ['a Stripe key', ['sk', 'live', RANDOM].join('_')],
  ['an npm token', `//host/:_authToken=${['npm', RANDOM + 'a'].join('_')}`],
  ['a private key', ['-----BEGIN ', 'RSA PRIVATE', ' KEY-----'].join('')],
  ['a signed token', ['eyJhbGciOiJIUzI1', 'eyJzdWIiOiIxMjM0', RANDOM].join('.')],
  ['an address with a password', ['postgres://ann:', 'h4nter2', '@db.league.io/prod'].join('')],
  ['an address with a password', ['https://ann:', RANDOM, '@api.league.io/v4'].join('')],
  ['a random value given to a secret name', ['ODDS_API_KEY', ` = '${RANDOM}'`].join('')],
  ['a random value given to a secret name', ['"password', `": "${RANDOM}"`].join('')],
  ['a random value given to a secret name', ['https://x.io/?api', 'Key=', RANDOM, '&regions=us'].join('')],
  ['a random value given to a secret name', ['{\\"to', 'ken\\":\\"', RANDOM, '\\"}'].join('')],
  ['a random value given to a secret name', ['<p>pass', 'word=', RANDOM, '</p>'].join('')],
  ['a random value given to a secret name', ['odds api', ' key: 9f86d081884c7d65', '9a2feaa0c55ad015'].join('')],
  ['a random value given to a secret name', ['Authorization: Bea', 'rer ', RANDOM].join('')],
  ...[
    '**API Key**: ',
    '**API Key:** ',
    '- **api key** - `',
    'The API Key is ',
    '| Key | ',
    '| **Access token** | `',
    'secret = "',
    'PASSWORD → ',
    'ODDS_KEY: ',
    'my key: ',
  ].flatMap((before) =>
    [32, 40, 64].map(
      (length) => ['a random value given to a secret name', before + HEX.slice(0, length)] as [string, string],
    ),
  ),
  ['a path of one machine', ['', 'home', 'ann', 'league'].join('/')],
  ['a path of one machine', ['see ', 'root', '.profile'].join('/')],
  ['a path of one machine', ['file:///', 'Users', '/ann', '/league'].join('')],
  ['a path of one machine', ['C:', 'Users', 'ann'].join('\\')],
]

for (const [kind, line] of PLANTED) {
  test(`${kind} is found: ${line.slice(0, 8)}…`, () => {
    const found = findSecrets(`first line\n${line}\nlast line`)

    assert.ok(
      found.some((finding) => finding.kind === kind && finding.line === 2),
      JSON.stringify(found),
    )
  })
}

for (const line of [
  'postgres://user:password@host/database',
  'postgres://ann:h4nter2@127.0.0.1:5432/league',
  'postgres://ann:whatever1@db.league.example/prod',
  '<code>postgres://ann:h4nter2@localhost</code>',
  'It asked postgres://ann:h4nter2@localhost.',
  'The bearer of the token: a person',
  'DATABASE_URL: ${{ secrets.DATABASE_URL }}',
  "const token = env['GITHUB_TOKEN'] ?? readTokenFromTheKeychain(place)",
  'uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  '"integrity": "sha512-q7Zp2Xv9Lk4Tn8Rb3Yw6Hd1Mc5Js0Fg8Ae2=="',
  'https://example.org/work/2026 and ./home/ann and $HOME/root/',
  '/home/runner/work/matchday',
  `the commit ${HEX.slice(0, 40)} keeps its key and says so`,
  `keyboard: ${HEX.slice(0, 32)}, monkey ${HEX.slice(0, 32)}`,
]) {
  test(`${line} is no secret`, () => {
    assert.deepEqual(findSecrets(line), [])
  })
}

test('a finding names file and line, what to do, and never the secret', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'matchday-secrets-'))
  context.after(() => rmSync(root, { recursive: true }))
  const [, key = ''] = PLANTED[0] ?? []
  writeFileSync(join(root, 'notes.md'), `# Notes\n\n${key}\n`)
  writeFileSync(join(root, 'image.png'), `\0${key}`)

  const problems = secretProblems(root, ['notes.md', 'image.png'])

  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^notes\.md:3: looks like an AWS key; take it out/)
  assert.ok(!problems.join().includes(key))
})
