// Whether workflows, jobs and doors agree: ours do, and each disagreement is named with file and line.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'

import { jobs as JOBS, leaguesOnByDefault as onByDefault, sources } from '../../src/leagues/index.ts'
import type { JobFacts } from '../../src/schedule/catalog.ts'
import { checkWorkflows } from '../../src/schedule/check-workflows.ts'
import { replace, wholeCopy, type Edits } from './edited-copy.ts'

const SILVER = 'workflows/nfl-silver.yml'
const REQUEST_INPUT = `      request:
        description: leave empty; ops-watch fills it in, so that what it asks for is run once
        required: false
        type: string
`

test('our workflows, doors, choices and README agree with the registered jobs and keep the rules of the house', async (t) => {
  assert.deepEqual(await checkWorkflows(await wholeCopy(t), { jobs: JOBS, onByDefault, sources }), [])
})

interface Disagreement {
  what: string
  edits?: Edits
  jobs?: readonly JobFacts[]
  said: string
}

const DISAGREEMENTS: Disagreement[] = [
  {
    what: 'a registered job without a workflow',
    jobs: [...JOBS, { id: 'nba/daily', needs: {}, league: 'nba', params: {} }],
    said: '.github/workflows/nba-daily.yml:1: no workflow runs scripts/nba/daily.ts; expected this one',
  },
  {
    what: 'a registered job without a door',
    jobs: [...JOBS, { id: 'nba/daily', needs: {}, league: 'nba', params: {} }],
    said: 'scripts/nba/daily.ts:1: nba/daily has no door; expected a file scripts/<sport>/<job>.ts',
  },
  {
    what: 'a script that does not exist',
    edits: { 'workflows/ops-setup.yml': replace('scripts/ops/setup.ts', 'scripts/ops/set-up.ts') },
    said: 'script "scripts/ops/set-up.ts" does not exist; expected a file',
  },
  {
    what: 'a chain that no need asks for',
    jobs: withNeeds('nfl/silver', {}),
    said: `nfl-silver.yml:11: workflow_run names "nfl-bronze", but nfl/silver does not need nfl/bronze; expected needs: { 'nfl/bronze': 'fresh' }`,
  },
  {
    what: 'a chain to a workflow without a job',
    edits: { [SILVER]: replace('[nfl-bronze]', '[nfl-bronze, ci]') },
    said: 'nfl-silver.yml:11: workflow_run names "ci", which runs no job; expected the workflow of a job',
  },
  {
    what: 'a fresh need without its chain',
    jobs: withNeeds('nfl/results', { 'nfl/silver': 'fresh' }),
    said: 'nfl-results.yml:4: nfl/results needs nfl/silver fresh and is not chained to it; expected workflow_run of "nfl-silver"',
  },
  {
    what: 'a need of a job that nobody registered',
    jobs: withNeeds('nfl/results', { 'nfl/gold': 'any' }),
    said: 'nfl-results.yml:4: nfl/results needs nfl/gold, which is no registered job; expected one that is',
  },
  {
    what: 'an input that is no parameter',
    edits: { [SILVER]: replace('      week:', '      gameday:') },
    said: 'nfl-silver.yml:19: input "gameday" is no parameter of nfl/silver; expected one of environment, dry_run, force, cascade, retry, season',
  },
  {
    what: 'a job whose runs are not told which request they answer',
    edits: { [SILVER]: replace(REQUEST_INPUT, '') },
    said: 'nfl-silver.yml:4: no dispatch input "request"; expected one, by which ops-watch tells a run what it answers',
  },
  {
    what: 'an input in kebab case',
    edits: { [SILVER]: replace('      dry_run:', '      dry-run:') },
    said: 'input "dry-run" is no parameter of nfl/silver',
  },
  {
    what: 'a switch that is a text',
    edits: { [SILVER]: replace('type: boolean', 'type: string') },
    said: 'input "dry_run" is a string; expected a boolean',
  },
  {
    what: "another league's switch",
    edits: { [SILVER]: replace(`'nfl')`, `'nba')`) },
    said: 'nfl/silver has the switch of "nba"; expected the switch of "nfl"',
  },
  {
    what: 'a league without a switch',
    edits: { [SILVER]: replace(`contains(fromJSON(vars.LEAGUES || '["nfl"]'), 'nfl') && (`, '(') },
    said: 'nfl/silver has no league switch; expected the switch of "nfl"',
  },
  {
    what: 'a workflow with another name than its job',
    edits: {
      [SILVER]: replace('name: nfl-silver', 'name: silver'),
      'workflows/nfl-features.yml': replace('[nfl-silver]', '[silver]'),
    },
    said: 'nfl-silver.yml:1: the workflow of nfl/silver is called "silver"; expected "nfl-silver"',
  },
  {
    what: 'a dependent slot before the deadline',
    edits: { 'workflows/nfl-features.yml': replace("'7 9 * * 3'", "'7 8 * * 3'") },
    said: 'nfl-silver.yml:7: nfl/silver may be served until 1140 minutes after it is due, but nfl/features depends on it after 1080; expected a deadline no later than that',
  },
  {
    what: 'a grace that is not over when the next slot is due',
    edits: { 'workflows/nfl-bronze.yml': replace("- cron: '7 8 * * 2'", "- cron: '7 8,9 * * 2'") },
    jobs: JOBS.map((job) => (job.id === 'nfl/bronze' ? { ...job, graceMinutes: 60 } : job)),
    said: 'nfl-bronze.yml:7: nfl/bronze has a grace of 60 minutes, and its slot of 2026-01-06T14:07:00.000Z comes 60 minutes after the one before; expected a shorter grace',
  },
  {
    what: 'a grace that is too long in winter only, between two lines of one job',
    edits: {
      'workflows/nfl-bronze.yml': replace(
        "- cron: '7 8 * * 2'",
        "- cron: '37 3 * * 0'\n      timezone: America/New_York\n    - cron: '17 8 * * 0'\n      timezone: UTC\n    - cron: '7 8 * * 2'",
      ),
    },
    jobs: JOBS.map((job) => (job.id === 'nfl/bronze' ? { ...job, graceMinutes: 30 } : job)),
    said: 'nfl/bronze has a grace of 30 minutes, and its slot of 2026-01-04T08:37:00.000Z comes 20 minutes after the one before; expected a shorter grace',
  },
  {
    what: 'two workflows in one concurrency group',
    edits: { [SILVER]: replace('    nfl-silver-${{', '    nfl-bronze-${{') },
    said: 'concurrency group "nfl-bronze" is that of .github/workflows/nfl-bronze.yml too',
  },
  {
    what: 'a line of ops-watch that OUTSIDE_CLOCK does not spare and that is none of its lines',
    edits: { 'workflows/ops-watch.yml': replace("- cron: '37 */6 * * *'", "- cron: '47 */6 * * *'") },
    said: `ops-watch.yml:37: if: "github.event_name == 'schedule' && (github.event.schedule == '37 */6 * * *' || `,
  },
  {
    what: 'a job some of whose slots OUTSIDE_CLOCK spares',
    edits: { [SILVER]: replace("github.event_name == 'schedule' ||", "github.event_name == 'schedule' && (github.event.schedule == '7 14 * * 2' || vars.OUTSIDE_CLOCK != 'true') ||") }, // prettier-ignore
    said: `is not where it may run; expected github.event_name == 'schedule' || `,
  },
  {
    what: 'an unpinned action inside install',
    edits: { 'actions/install/action.yml': (text) => text.replace(/setup-node@\S+ # \S+/, 'setup-node@v7') },
    said: '.github/actions/install/action.yml:10: uses "actions/setup-node@v7"; expected a commit of 40 hex digits',
  },
]

for (const { what, edits = {}, jobs = JOBS, said } of DISAGREEMENTS) {
  test(`${what} is told`, async (t) => {
    const sentences = await checkWorkflows(await wholeCopy(t, edits), { jobs, onByDefault, sources })

    assert.equal(sentences.filter((sentence) => sentence.includes(said)).length, 1, sentences.join('\n'))
  })
}

test('a fresh need beyond three hops needs no chain', async (t) => {
  const jobs = withNeeds('nfl/predict', { 'nfl/train': 'fresh' })
  const sentences = await checkWorkflows(await wholeCopy(t), { jobs, onByDefault, sources })

  assert.deepEqual(
    sentences.filter((sentence) => sentence.includes('chained')),
    [],
  )
})

test('a mistake that the catalog and the rules both see is told once', async (t) => {
  const root = await wholeCopy(t, { [SILVER]: replace("'7 14 * * 2'", "'7 14 * *'") })

  const sentences = await checkWorkflows(root, { jobs: JOBS, onByDefault, sources })

  assert.equal(sentences.length, 1)
})

test('a repository without composite actions is checked all the same', async (t) => {
  const root = await wholeCopy(t)
  await rm(path.join(root, '.github/actions'), { recursive: true })

  assert.deepEqual(await checkWorkflows(root, { jobs: JOBS, onByDefault, sources }), [])
})

function withNeeds(id: string, needs: JobFacts['needs']): JobFacts[] {
  return JOBS.map((job) => (job.id === id ? { ...job, needs } : job))
}
