// The house's rules for workflow files: our own files keep them, and each breach is named with its line.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { actionProblems, groupProblems, workflowProblems } from '../../src/schedule/workflow-rules.ts'
import { parseYamlFile, problemSentence } from '../../src/schedule/workflow-yaml.ts'
import { replace } from './edited-copy.ts'

const SILVER = readFileSync(new URL('../../.github/workflows/nfl-silver.yml', import.meta.url), 'utf8')
const ACTION = readFileSync(new URL('../../.github/actions/run-job/action.yml', import.meta.url), 'utf8')
const CRON = "cron: '7 14 * * 2'"

interface Breach {
  what: string
  edit: (text: string) => string
  said: RegExp
}

const BREACHES: Breach[] = [
  {
    what: 'rights on top',
    edit: replace('permissions: {}', 'permissions: read-all'),
    said: /:\d+: no "permissions: \{\}" on top; expected it/,
  },
  {
    what: 'no word about rights',
    edit: replace('permissions: {}\n', ''),
    said: /:1: no "permissions: \{\}" on top; expected it/,
  },
  {
    what: 'a right without a reason',
    edit: replace('contents: read # check out the code', 'contents: read'),
    said: /right "contents" of job "run" has no reason; expected a comment/,
  },
  {
    what: 'rights wholesale',
    edit: (text) => text.replace(/ {4}permissions:\n(?: {6}.*\n)+/, '    permissions: write-all\n'),
    said: /job "run" has rights "write-all"; expected each right by name/,
  },
  {
    what: 'a job without a time-out',
    edit: replace('    timeout-minutes: 15\n', ''),
    said: /job "run" has no timeout-minutes; expected one/,
  },
  {
    what: 'an action pinned to a tag',
    edit: (text) => text.replace(/checkout@\S+/, 'checkout@v7'),
    said: /uses "actions\/checkout@v7"; expected a commit of 40 hex digits/,
  },
  {
    what: 'a pin without its version',
    edit: replace(' # v7.0.1', ''),
    said: /uses "actions\/checkout@3d3c42e.+" without its version; expected a comment/,
  },
  {
    what: 'a reusable workflow on a branch',
    edit: (text) => `${text}  other:\n    uses: some/where/.github/workflows/x.yml@main\n`,
    said: /uses "some\/where\/.github\/workflows\/x.yml@main"; expected a commit/,
  },
  {
    what: 'an expression in a script',
    edit: (text) => `${text}      - run: echo \${{ inputs.season }}\n`,
    said: /an expression \$\{\{ \}\} in run; expected the value in env/,
  },
  {
    what: 'a checkout that keeps its token',
    edit: replace('persist-credentials: false', 'fetch-depth: 0'),
    said: /a checkout that leaves its token on disk; expected with: persist-credentials: false/,
  },
  {
    what: 'inherited secrets',
    edit: (text) => `${text}  other:\n    uses: ./.github/workflows/x.yml\n    secrets: inherit\n`,
    said: /job "other" inherits every secret; expected each by name/,
  },
  {
    what: 'a busy minute',
    edit: replace(CRON, "cron: '30 14 * * 2'"),
    said: /:7: cron "30 14 \* \* 2" is due at minute 30, when everybody is; expected another/,
  },
  {
    what: 'a busy minute behind a step',
    edit: replace(CRON, "cron: '*/15 14 * * 2'"),
    said: /is due at minute 0, 15, 30, 45/,
  },
  {
    what: 'an hour in which clocks are moved',
    edit: replace(CRON, "cron: '7 2 * * 2'"),
    said: /:7: cron "7 2 \* \* 2" is due at 2 at night in America\/New_York, where clocks are moved then; expected another/,
  },
  {
    what: 'several times a day in local time',
    edit: replace(CRON, "cron: '7 11,17 * * *'"),
    said: /:7: cron "7 11,17 \* \* \*" is due several times a day in America\/New_York; expected UTC/,
  },
  {
    what: 'a cron line without its reason',
    edit: (text) => text.replace(/ {4}# By Tuesday.*\n/, ''),
    said: /:6: cron "7 14 \* \* 2" has no comment above it; expected what it waits for/,
  },
  {
    what: 'a chain that wakes at every change',
    edit: replace('    types: [completed]\n', ''),
    said: /:10: workflow_run without "types: \[completed\]"; expected it/,
  },
  {
    what: 'a chain from any branch',
    edit: replace('    branches: [main]\n', ''),
    said: /:10: workflow_run without "branches: \[main\]"; expected it/,
  },
  {
    what: 'twenty-six inputs',
    edit: replace(
      '    inputs:\n',
      `    inputs:\n${Array.from({ length: 18 }, (_, i) => `      extra_${i}: {}\n`).join('')}`,
    ),
    said: /:15: 26 dispatch inputs; expected at most 25/,
  },
  {
    what: 'no concurrency group',
    edit: (text) => text.replace(/concurrency:\n( {2}.*\n)+/, ''),
    said: /:1: no concurrency group; expected one/,
  },
  {
    what: 'a scheduled run that the next one cancels',
    edit: replace('cancel-in-progress: false', 'cancel-in-progress: true'),
    said: /a scheduled run may be cancelled by the next; expected cancel-in-progress: false/,
  },
]

test('a workflow that keeps every rule has no problems', () => {
  assert.deepEqual(workflowProblems('nfl-silver.yml', SILVER), [])
  assert.deepEqual(actionProblems('action.yml', ACTION), [])
})

for (const { what, edit, said } of BREACHES) {
  test(`${what} is one problem with its line`, () => {
    const problems = workflowProblems('nfl-silver.yml', edit(SILVER)).map(problemSentence)

    assert.equal(problems.filter((sentence) => said.test(sentence)).length, 1, problems.join('\n'))
    assert.ok(problems.every((sentence) => sentence.startsWith('nfl-silver.yml:')))
  })
}

test('nights and frequent lines are free in UTC and in zones that keep their clocks', () => {
  const inZone = (cron: string, zone: string): string =>
    replace('America/New_York', zone)(replace(CRON, `cron: '${cron}'`)(SILVER))

  assert.deepEqual(workflowProblems('x.yml', inZone('7 2 * * *', 'UTC')), [])
  assert.deepEqual(workflowProblems('x.yml', inZone('7 2 * * *', 'Asia/Kolkata')), [])
  assert.deepEqual(workflowProblems('x.yml', inZone('37 * * * *', 'UTC')), [])
})

test('steps of composite actions keep the rules of steps', () => {
  const edited = replace('exec node --import tsx "$SCRIPT"', 'node --import tsx ${{ inputs.script }}')(ACTION)

  const problems = actionProblems('action.yml', edited).map(problemSentence)

  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^action.yml:\d+: an expression \$\{\{ \}\} in run/)
})

test('two workflows whose groups begin alike are told, whatever the case', () => {
  const one = parseYamlFile('one.yml', SILVER)
  const two = parseYamlFile(
    'two.yml',
    replace('group: nfl-silver-${{ inputs.season }}', 'group: NFL-silver-${{ inputs.date }}')(SILVER),
  )
  const three = parseYamlFile('three.yml', replace('group: nfl-silver', 'group: nfl-silver-days')(SILVER))

  const problems = groupProblems([one, two, three]).map(problemSentence)

  assert.equal(problems.length, 1)
  assert.match(
    problems[0] ?? '',
    /^two.yml:\d+: concurrency group "nfl-silver" is that of one.yml too; expected a name/,
  )
})
