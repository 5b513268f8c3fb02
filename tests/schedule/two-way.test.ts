// Jobs, doors, workflows, choices, the leagues' default and README's table name the same things, in both directions.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs, leaguesOnByDefault as onByDefault, sources } from '../../src/leagues/index.ts'
import type { JobFacts } from '../../src/schedule/catalog.ts'
import { checkWorkflows } from '../../src/schedule/check-workflows.ts'
import { replace, wholeCopy, type Edits } from './edited-copy.ts'

const without = (id: string): JobFacts[] => jobs.filter((job) => job.id !== id)

interface Case {
  readonly what: string
  readonly edits?: Edits
  readonly jobs?: readonly JobFacts[]
  readonly said: readonly string[]
}

const CASES: readonly Case[] = [
  {
    what: 'a job with door and workflow and without its line in the registry',
    jobs: without('nfl/train'),
    said: [
      'scripts/nfl/train.ts:1: the door of nfl/train, which is not registered; expected it in the list of src/leagues/nfl/jobs.ts',
      '.github/workflows/nfl-train.yml:96: runs nfl/train, which is not registered; expected it in the list of src/leagues/nfl/jobs.ts',
    ],
  },
  {
    what: 'a door without a workflow and without its line in the registry',
    edits: {
      'scripts/nfl/gold.ts': `import { door } from '../door.ts'\n\nawait door('nfl/gold')\n`,
    },
    said: ['scripts/nfl/gold.ts:1: the door of nfl/gold, which is not registered'],
  },
  {
    what: 'a door that opens its neighbour',
    edits: { 'scripts/nfl/silver.ts': replace(`door('nfl/silver')`, `door('nfl/bronze')`) },
    said: [`scripts/nfl/silver.ts:1: the door of nfl/silver opens another job; expected door('nfl/silver')`],
  },
  {
    what: 'a job that is registered twice',
    jobs: [...jobs, jobs[0]!],
    said: [`src/leagues/nfl/jobs.ts:1: ${jobs[0]!.id} is registered twice; expected one job of a name`],
  },
  {
    what: 'a job that nobody can choose to pause',
    edits: { 'workflows/ops-override.yml': replace('          - nfl/train\n', '') },
    said: ['.github/workflows/ops-override.yml:17: no choice "nfl/train"; expected every registered job'],
  },
  {
    what: 'a choice that is no job',
    edits: {
      'workflows/ops-override.yml': replace('          - nfl/train\n', '          - nfl/train\n          - nfl/gold\n'),
    },
    said: ['the choice "nfl/gold" is no registered job; expected only those and "all"'],
  },
  {
    what: 'a league that is on by default in one workflow and off in another',
    edits: { 'workflows/nfl-silver.yml': replace(`'["nfl"]'`, `'[]'`) },
    said: ['the default of LEAGUES is []; expected ["nfl"], as the league’s own league.ts says'],
  },
  {
    what: 'a job that README does not list',
    edits: { 'README.md': (text) => text.replace(/^\| `nfl\/train`.*\n/m, '') },
    said: ['"What runs" has no row of `nfl/train`; expected one, with "Thu 10:07"'],
  },
  {
    what: 'a row of README without a job',
    edits: { 'README.md': (text) => text.replace(/^(\| )`nfl\/train`(.*\n)/m, '$1`nfl/train`$2$1`nfl/gold`$2') },
    said: ['"What runs" has a row of `nfl/gold`, which is no job and no workflow; expected none'],
  },
  {
    what: 'a workflow that README does not list',
    edits: { 'README.md': (text) => text.replace(/^\| `ops-setup`.*\n/m, '') },
    said: ['"What runs" has no row of `ops-setup`; expected one'],
  },
  {
    what: 'another time in README than in the workflow',
    edits: { 'workflows/nfl-train.yml': replace("'7 10 * * 4'", "'7 11 * * 4'") },
    said: ['`nfl/train` runs "Thu 10:07" by this table; expected "Thu 11:07", as its workflow says'],
  },
  {
    what: 'another zone in README than in the workflow',
    edits: { 'workflows/ops-cleanup.yml': replace('Australia/Sydney', 'Australia/Perth') },
    said: ['`ops/cleanup` runs "daily 04:07 Sydney" by this table; expected "daily 04:07 Perth"'],
  },
  {
    what: 'another time in README of a workflow that is no job',
    edits: { 'workflows/ops-dashboard.yml': replace("'7 5 * * *'", "'8 5 * * *'") },
    said: ['`ops-dashboard` runs "daily 05:07 UTC" by this table; expected "daily 05:08 UTC"'],
  },
  {
    what: 'another trigger in README than in the workflow',
    edits: { 'README.md': (text) => text.replace(/^(\| `nfl\/train`.*)`nfl\/features`/m, '$1`nfl/silver`') },
    said: ['`nfl/train` is woken by "`nfl/silver`" by this table; expected "`nfl/features`"'],
  },
  {
    what: 'another default of LEAGUES in README',
    edits: { 'README.md': replace(`default \`${JSON.stringify(onByDefault)}\``, 'default `["other"]`') },
    said: ['README.md:1: LEAGUES has another default here, or none; expected the words'],
  },
]

for (const { what, edits = {}, jobs: registered = jobs, said } of CASES) {
  test(`${what} is told, with file and line`, async (t) => {
    const sentences = await checkWorkflows(await wholeCopy(t, edits), { jobs: registered, onByDefault, sources })

    for (const one of said) {
      const told = sentences.filter((sentence) => sentence.includes(one))
      assert.equal(told.length, 1, `"${one}" is not once in\n${sentences.join('\n')}`)
    }
  })
}
