// What the catalog reads from the workflow files, and what it says about each mistake in them.

import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'

import { ConfigFailure } from '../../src/core/errors.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { dueBetween } from '../../src/schedule/cron.ts'
import { editedCopy, NFL_JOBS, replace, type Edits } from './edited-copy.ts'

const SILVER = 'workflows/nfl-silver.yml'
const LEAGUE_IF = `contains(fromJSON(vars.LEAGUES || '["nfl"]'), 'nfl') && (`

test('the catalog holds every job of the NFL week with its times, zones and parents', async (t) => {
  const { jobs } = await readCatalog(await editedCopy(t), NFL_JOBS)

  const timetable = jobs.map((job) => [
    job.id,
    job.schedules.map(({ cron, zone }) => `${cron} ${zone}`),
    job.parents,
    job.timeoutMinutes,
  ])
  const NY = 'America/New_York'
  assert.deepEqual(timetable, [
    ['nfl/bronze', [`7 8 * * 2 ${NY}`], [], 15],
    ['nfl/features', [`7 9 * * 3 ${NY}`], ['nfl/silver'], 15],
    ['nfl/predict', [`7 11 * * 3-6 ${NY}`, `37 8 * * 0 ${NY}`, `7 17 * * 1 ${NY}`], [], 20],
    ['nfl/results', ['7 23 * * 1 America/Los_Angeles', `7 6 * * 4 ${NY}`], [], 15],
    ['nfl/silver', [`7 14 * * 2 ${NY}`], ['nfl/bronze'], 15],
    ['nfl/train', [`7 10 * * 4 ${NY}`], ['nfl/features'], 30],
  ])
})

test('a catalog entry knows its file, its line, its inputs and its league', async (t) => {
  const { jobs } = await readCatalog(await editedCopy(t), NFL_JOBS)

  const silver = jobs.find(({ id }) => id === 'nfl/silver')
  assert.equal(silver?.file, '.github/workflows/nfl-silver.yml')
  assert.equal(silver.workflow, 'nfl-silver')
  assert.equal(silver.schedules[0]?.line, 7)
  assert.deepEqual(silver.leagueSwitch, { league: 'nfl', defaults: ['nfl'] })
  assert.deepEqual(
    silver.inputs.map(({ name, type }) => `${name}: ${type}`),
    ['season: string', 'week: string', 'environment: choice', 'dry_run: boolean', 'force: boolean', 'cascade: boolean', 'retry: string', 'request: string'], // prettier-ignore
  )
  assert.deepEqual(silver.inputs[2]?.options, ['production', 'development'])
})

test('twelve slots are due in a week of the NFL', async (t) => {
  const { jobs } = await readCatalog(await editedCopy(t), NFL_JOBS)
  const [from, to] = [new Date('2026-11-17T04:00-05:00'), new Date('2026-11-24T04:00-05:00')]

  const due = jobs.flatMap(({ schedules }) => schedules.flatMap((line) => dueBetween(line, from, to)))

  assert.equal(due.length, 12)
})

test('a workflow without a cron zone is in UTC', async (t) => {
  const root = await editedCopy(t, { [SILVER]: replace('      timezone: America/New_York\n', '') })

  const { jobs } = await readCatalog(root, NFL_JOBS)

  assert.equal(jobs.find(({ id }) => id === 'nfl/silver')?.schedules[0]?.zone, 'UTC')
})

test('workflows of tools and of unregistered scripts are no jobs, though their names resolve', async (t) => {
  const root = await editedCopy(t, {
    [SILVER]: replace('workflows: [nfl-bronze]', 'workflows: [nfl-bronze, ops-setup, ci]'),
  })

  const { jobs } = await readCatalog(root, NFL_JOBS)

  assert.deepEqual(jobs.find(({ id }) => id === 'nfl/silver')?.parents, ['nfl/bronze'])
  assert.ok(!jobs.some(({ id }) => id.startsWith('ops/')))
})

interface Mistake {
  what: string
  edits: Edits
  said: string
}

const MISTAKES: Mistake[] = [
  {
    what: 'a cron line outside the dialect',
    edits: { [SILVER]: replace("'7 14 * * 2'", "'7 14 * * 7'") },
    said: 'nfl-silver.yml:7: cron "7 14 * * 7": day of week "7" is out of range; expected 0 (Sunday) to 6 or SUN to SAT',
  },
  {
    what: 'an unknown zone',
    edits: { [SILVER]: replace('America/New_York', 'America/Gotham') },
    said: 'nfl-silver.yml:8: time zone "America/Gotham" is unknown; expected an IANA name such as America/New_York',
  },
  {
    what: 'an offset for a zone',
    edits: { [SILVER]: replace('America/New_York', "'-05:00'") },
    said: 'nfl-silver.yml:8: time zone "-05:00" is unknown; expected an IANA name such as America/New_York',
  },
  {
    what: 'a key that GitHub does not know beside a cron line',
    edits: { [SILVER]: replace('      timezone:', '      time-zone:') },
    said: 'nfl-silver.yml:8: "time-zone" beside a cron line; expected cron and timezone only',
  },
  {
    what: 'a schedule item without a cron line',
    edits: { [SILVER]: replace("- cron: '7 14 * * 2'\n      timezone", '- timezone') },
    said: "nfl-silver.yml:7: a schedule without a cron line in quotes; expected such as - cron: '7 14 * * 2'",
  },
  {
    what: 'a job that is never due',
    edits: { [SILVER]: (text) => text.replace(/ {2}schedule:\n( {4}.*\n| {6}.*\n)+/, '') },
    said: 'nfl-silver.yml:4: no cron line; expected one at least, so that a lost event is always noticed',
  },
  {
    what: 'the same cron string twice in a file',
    edits: {
      [SILVER]: replace("    - cron: '7 14", "    - cron: '7 14 * * 2'\n      timezone: Etc/UTC\n    - cron: '7 14"),
    },
    said: 'nfl-silver.yml:9: cron "7 14 * * 2" stands on line 7 already; expected each cron string once in a file',
  },
  {
    what: 'a chain to a name that no workflow has',
    edits: { [SILVER]: replace('[nfl-bronze]', '[nfl-bronce]') },
    said: 'nfl-silver.yml:11: workflow_run names "nfl-bronce", which no workflow is called; expected one of ci, nfl-bronze',
  },
  {
    what: 'a circle',
    edits: {
      'workflows/nfl-bronze.yml': replace(
        '  workflow_dispatch:',
        '  workflow_run:\n    workflows: [nfl-train]\n  workflow_dispatch:',
      ),
    },
    said: 'nfl-bronze.yml:10: nfl-bronze -> nfl-silver -> nfl-features -> nfl-train -> nfl-bronze goes round in a circle; expected a chain that begins at a schedule',
  },
  {
    what: 'a chain of four hops',
    edits: {
      'workflows/nfl-predict.yml': replace(
        '  workflow_dispatch:',
        '  workflow_run:\n    workflows: [nfl-train]\n  workflow_dispatch:',
      ),
    },
    said: 'nfl-predict.yml:16: nfl-bronze -> nfl-silver -> nfl-features -> nfl-train -> nfl-predict is 4 hops of workflow_run; expected at most 3',
  },
  {
    what: 'two workflows of one name',
    edits: { [SILVER]: replace('name: nfl-silver', 'name: nfl-bronze') },
    said: 'nfl-silver.yml:1: name "nfl-bronze" is also that of .github/workflows/nfl-bronze.yml; expected each name once',
  },
  {
    what: 'two workflows of one job',
    edits: { [SILVER]: replace('script: scripts/nfl/silver.ts', 'script: scripts/nfl/bronze.ts') },
    said: 'expected one workflow per job and one job per workflow',
  },
  {
    what: 'a missing time-out',
    edits: { [SILVER]: replace('    timeout-minutes: 15\n', '') },
    said: 'the job has no timeout-minutes; expected a whole number of minutes',
  },
  {
    what: 'a time-out that is no number',
    edits: { [SILVER]: replace('timeout-minutes: 15', "timeout-minutes: ${{ vars.TIMEOUT || '15' }}") },
    said: 'timeout-minutes is "${{ vars.TIMEOUT || \'15\' }}"; expected a whole number of minutes',
  },
  {
    what: 'logic in the switch of a league',
    edits: { [SILVER]: replace(LEAGUE_IF, `${LEAGUE_IF} github.event.workflow_run.conclusion == 'success' &&`) },
    said: `is not where it may run; expected github.event_name == 'schedule' || `,
  },
  {
    what: 'a job that any branch runs',
    edits: { [SILVER]: (text) => text.replace(/ {4}if: >-\n(?: {6}.*\n)+/, '') },
    said: 'no "if:", so that any branch runs it; expected github.event_name ==',
  },
  {
    what: 'a trigger that is no wake-up',
    edits: { [SILVER]: replace('  workflow_dispatch:', '  pull_request:\n  workflow_dispatch:') },
    said: `nfl-silver.yml:13: trigger "pull_request" in a job's workflow; expected only schedule, workflow_run, workflow_dispatch`,
  },
  {
    what: 'an input of an unknown type',
    edits: { [SILVER]: replace('type: string', 'type: text') },
    said: 'nfl-silver.yml:18: input "season" has type "text"; expected string, boolean, choice, number, environment',
  },
  {
    what: 'a choice without options',
    edits: { [SILVER]: replace('        options: [production, development]\n', '') },
    said: 'nfl-silver.yml:23: input "environment" is a choice with 0 options; expected options at a choice',
  },
  {
    what: 'a misspelt key of an input',
    edits: { [SILVER]: replace('        default: production', '        defualt: production') },
    said: 'nfl-silver.yml:28: "defualt" at input "environment"; expected description, required, type, options, default',
  },
  {
    what: 'a key that stands twice',
    edits: { [SILVER]: replace('permissions: {}', 'name: nfl-silver\npermissions: {}') },
    said: 'this is not YAML as GitHub reads it; expected none of: Map keys must be unique',
  },
]

for (const { what, edits, said } of MISTAKES) {
  test(`${what} is refused with its file and line`, async (t) => {
    const root = await editedCopy(t, edits)

    const message = await refusal(root)

    assert.ok(message.includes(said), message)
    const file = Object.keys(edits)[0] ?? ''
    assert.match(message, new RegExp(`^\\.github/${file.replace('.', '\\.')}:\\d+: `, 'm'))
  })
}

test('all problems of all files are told at once', async (t) => {
  const root = await editedCopy(t, {
    [SILVER]: (text) => text.replace('America/New_York', 'Nowhere').replace("'7 14 * * 2'", "'@daily'"),
    'workflows/nfl-train.yml': replace('    timeout-minutes: 30\n', ''),
  })

  const message = await refusal(root)

  assert.match(message, /^the workflow files have 3 problems:\n/)
  assert.equal(message.split('\n').length, 4)
})

test('a folder without workflows is refused', async (t) => {
  const root = await editedCopy(t)
  await rm(path.join(root, '.github/workflows'), { recursive: true })

  assert.match(await refusal(root), /\.github\/workflows below ".+" cannot be read: expected the workflow files there/)
})

async function refusal(root: string): Promise<string> {
  const thrown: unknown = await readCatalog(root, NFL_JOBS).then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof ConfigFailure)
  return thrown.message
}
