// Secrets: what is declared and what workflows hand on, in both directions, and SECURITY.md's table of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs as JOBS, leaguesOnByDefault as onByDefault } from '../../src/leagues/index.ts'
import { SECRETS } from '../../src/lib/env.ts'
import type { JobFacts } from '../../src/schedule/catalog.ts'
import { checkWorkflows } from '../../src/schedule/check-workflows.ts'
import { replace, wholeCopy, type Edits } from './edited-copy.ts'

const NAMES_IT: readonly JobFacts[] = JOBS.map((job) =>
  job.id === 'nfl/bronze' ? { ...job, sources: [...(job.sources ?? []), 'odds-api'] } : job,
)
const SOURCES = [{ name: 'nflverse' }, { name: 'odds-api', key: 'ODDS_API_KEY' }]
const HANDED = replace(
  '          GITHUB_TOKEN:',
  '          ODDS_API_KEY: ${{ secrets.ODDS_API_KEY }}\n          GITHUB_TOKEN:',
)
const ROW = replace(
  '## If you use',
  '| `ODDS_API_KEY` | the key of the source odds-api | `nfl-bronze` |\n\n## If you use',
)

interface Case {
  readonly what: string
  readonly edits: Edits
  readonly jobs?: readonly JobFacts[]
  readonly said: string
}

const CASES: readonly Case[] = [
  {
    what: 'a secret that nobody declares',
    edits: { 'workflows/ops-watch.yml': replace('secrets.SMTP_URL', 'secrets.MAIL_URL') },
    said: 'ops-watch.yml:62: names the secret MAIL_URL, which nobody declares; expected it in src/lib/env.ts, or as the key of a source',
  },
  {
    what: 'a channel that ops-watch is not given',
    edits: { 'workflows/ops-watch.yml': replace('SMTP_URL: ${{ secrets.SMTP_URL }}', 'SMTP_URL: none') },
    said: 'does not hand on SMTP_URL (the mail server that people are told by, with its password); expected SMTP_URL: ${{ secrets.SMTP_URL }} in the env',
  },
  {
    what: 'a channel that a job is given',
    edits: { 'workflows/nfl-bronze.yml': replace('${{ github.token }}', "${{ github.token || secrets['SMTP_URL'] }}") },
    said: 'hands on SMTP_URL (the mail server that people are told by, with its password), which nothing here needs; expected it in no other workflow than ops-watch',
  },
  {
    what: 'the key of a source that its job is not given',
    edits: {},
    jobs: NAMES_IT,
    said: 'does not hand on ODDS_API_KEY (the key of the source odds-api); expected ODDS_API_KEY: ${{ secrets.ODDS_API_KEY }} in the env',
  },
  {
    what: 'the key of a source that its job is given under another name',
    edits: { 'workflows/nfl-bronze.yml': (text) => HANDED(text).replace('ODDS_API_KEY:', 'ODDS:') },
    jobs: NAMES_IT,
    said: 'nfl-bronze.yml:88: does not hand on ODDS_API_KEY (the key of the source odds-api)',
  },
  {
    what: 'the key of a source that a job does not name',
    edits: { 'workflows/nfl-silver.yml': HANDED },
    jobs: NAMES_IT,
    said: 'hands on ODDS_API_KEY (the key of the source odds-api), which nothing here needs; expected it in no other workflow than nfl-bronze',
  },
  {
    what: 'a table of secrets without one',
    edits: { '.github/SECURITY.md': (text) => text.replace(/^\| `SMTP_URL`.*\n/m, '') },
    said: '.github/SECURITY.md:29: its table of secrets is not what is declared and handed on; expected the one that npm run generate writes',
  },
]

for (const { what, edits, jobs = JOBS, said } of CASES) {
  test(`${what} is told, with file and line`, async (t) => {
    const sentences = await checkWorkflows(await wholeCopy(t, edits), { jobs, onByDefault, sources: SOURCES })

    assert.ok(sentences.some((sentence) => sentence.includes(said)), sentences.join('\n')) // prettier-ignore
  })
}

test('the key of a source that its job names and is given passes', async (t) => {
  const root = await wholeCopy(t, { 'workflows/nfl-bronze.yml': HANDED, '.github/SECURITY.md': ROW })

  const sentences = await checkWorkflows(root, { jobs: NAMES_IT, onByDefault, sources: SOURCES })

  assert.deepEqual(sentences.filter((sentence) => !sentence.includes('its table of secrets')), []) // prettier-ignore
})

test('every declared secret says what it is', () => {
  for (const [name, { is }] of Object.entries(SECRETS)) assert.ok(is.length > 10, name)
})
