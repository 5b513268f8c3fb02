// The house's rules for workflow files: our own files keep them, and each breach is named with its line.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { groupProblems } from '../../src/schedule/group-rules.ts'
import { actionProblems, workflowProblems } from '../../src/schedule/workflow-rules.ts'
import { parseYamlFile, problemSentence } from '../../src/schedule/workflow-yaml.ts'
import { replace } from './edited-copy.ts'

const SILVER = readFileSync(new URL('../../.github/workflows/nfl-silver.yml', import.meta.url), 'utf8')
const SETUP = readFileSync(new URL('../../.github/workflows/ops-setup.yml', import.meta.url), 'utf8')
const SITE = readFileSync(new URL('../../.github/workflows/ops-dashboard.yml', import.meta.url), 'utf8')
const ACTION = readFileSync(new URL('../../.github/actions/run-job/action.yml', import.meta.url), 'utf8')
const INSTALL = readFileSync(new URL('../../.github/actions/install/action.yml', import.meta.url), 'utf8')
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
    what: 'a chain that names its branch',
    edit: replace('    types: [completed]\n', '    types: [completed]\n    branches: [main]\n'),
    said: /:13: workflow_run names main; expected no branch by name, but "if:" at the job/,
  },
  {
    what: "a chain from any branch's parent",
    edit: replace('github.event.workflow_run.head_branch == github.event.repository.default_branch &&\n', ''),
    said: /:\d+: if: ".+" is not where it may run; expected .+head_branch == github.event.repository.default_branch/,
  },
  {
    what: 'a dispatch from any branch',
    edit: replace("(inputs.environment == 'development' ||", '(true ||'),
    said: /:\d+: if: ".+" is not where it may run; expected/,
  },
  {
    what: 'a job without a condition',
    edit: (text) => text.replace(/ {4}if: >-\n(?: {6}.*\n)+/, ''),
    said: /no "if:", so that any branch runs it; expected github.event_name == 'schedule' \|\|/,
  },
  {
    what: 'a job with a secret and without a condition',
    edit: (text) => `${text}  other:\n    runs-on: ubuntu-latest\n    timeout-minutes: 1\n    steps:\n      - env:\n          A: \${{ secrets.A }}\n        run: ./a.sh\n`, // prettier-ignore
    said: /no "if:", so that any branch runs it; expected/,
  },
  {
    what: 'a secret in front of the packages',
    edit: (text) => text.replace(/(\/actions\/install.*\n)/, '$1        env:\n          A: ${{ github.token }}\n'),
    said: /:\d+: a step that installs packages and sees a secret; expected no secret before they are installed/,
  },
  {
    what: 'a secret in front of packages that a script installs',
    edit: replace('      - uses: ./.github/actions/install', '      - run: npm ci --omit=dev\n        env:\n          A: ${{ secrets.A }}\n      - uses: ./.github/actions/install'), // prettier-ignore
    said: /:\d+: a step that installs packages and sees a secret; expected no secret before they are installed/,
  },
  {
    what: "a secret in a job's env",
    edit: replace('    steps:\n', '    env:\n      A: ${{ secrets.A }}\n    steps:\n'),
    said: /:\d+: a secret in the env of every step of job "run"; expected it in the env of the step that needs it/,
  },
  {
    what: "a secret in the workflow's env",
    edit: replace('permissions: {}\n', 'permissions: {}\n\nenv:\n  A: ${{ secrets.A }}\n'),
    said: /:\d+: a secret in the whole workflow's env; expected it in the env of the step that needs it/,
  },
  {
    what: 'a script before its packages',
    edit: (text) => text.replace(/ {6}- uses: \.\/\.github\/actions\/install.*\n/, ''),
    said: /:\d+: run-job before its packages are there; expected the step \.\/\.github\/actions\/install before it/,
  },
  {
    what: 'a group without the environment',
    edit: replace("nfl-silver-${{ inputs.environment || 'production' }}", 'nfl-silver'),
    said: /the concurrency group does not say "environment"; expected -\$\{\{ inputs.environment \|\| 'production' \}\} in it/,
  },
  {
    what: 'a group without what a person asked',
    edit: replace(' week ${{ inputs.week }}', ''),
    said: /the concurrency group does not say "week"; expected week \$\{\{ inputs.week \}\} or .+ in it/,
  },
  {
    what: 'a group that takes a switch left alone for another wish than none',
    edit: replace("${{ inputs.dry_run && 'dry_run' || '' }}", '${{ inputs.dry_run }}'),
    said: /the concurrency group does not say "dry_run"; expected \$\{\{ inputs.dry_run && 'dry_run' \|\| '' \}\} in it/,
  },
  {
    what: 'an input that came later and is not in the group',
    edit: replace('      request:\n', '      note:\n        description: a word\n      request:\n'),
    said: /the concurrency group does not say "note"; expected note \$\{\{ inputs.note \}\}/,
  },
  {
    what: 'a group that all branches share',
    edit: replace(' on ${{ github.ref_name }}', ''),
    said: /the concurrency group has no branch; expected \$\{\{ github.ref_name \}\} in it/,
  },
  {
    what: "a group that a fork's chain shares",
    edit: (text) => text.replace(/ {4}after .*\n/, ''),
    said: /the concurrency group does not say whose end woke it; expected .+head_repository/,
  },
  {
    what: 'twenty-six inputs',
    edit: replace(
      '    inputs:\n',
      `    inputs:\n${Array.from({ length: 18 }, (_, i) => `      extra_${i}: {}\n`).join('')}`,
    ),
    said: /:14: 26 dispatch inputs; expected at most 25/,
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
  for (const action of [ACTION, INSTALL]) assert.deepEqual(actionProblems('action.yml', action), [])
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
  const edited = replace(
    'exec node --import ./scripts/typescript.mjs "$SCRIPT"',
    'node --import tsx ${{ inputs.script }}',
  )(ACTION)

  const problems = actionProblems('action.yml', edited).map(problemSentence)

  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^action.yml:\d+: an expression \$\{\{ \}\} in run/)
})

test('two workflows whose groups begin alike are told, whatever the case', () => {
  const one = parseYamlFile('one.yml', SILVER)
  const two = parseYamlFile(
    'two.yml',
    replace('    nfl-silver-${{ inputs.environment', '    NFL-silver-${{ inputs.date')(SILVER),
  )
  const three = parseYamlFile('three.yml', replace('    nfl-silver-${{', '    nfl-silver-days-${{')(SILVER))

  const problems = groupProblems([one, two, three]).map(problemSentence)

  assert.equal(problems.length, 1)
  assert.match(
    problems[0] ?? '',
    /^two.yml:\d+: concurrency group "nfl-silver" is that of one.yml too; expected a name/,
  )
})

test('a push that names the default branch is told, and one of any branch is not', () => {
  const problems = workflowProblems('ops-setup.yml', replace("branches: ['**']", 'branches: [main]')(SETUP))

  assert.deepEqual(workflowProblems('ops-setup.yml', SETUP), [])
  assert.match(
    problems.map(problemSentence).join('\n'),
    /^ops-setup.yml:7: push names main; expected no branch by name/,
  )
})

test('a job that runs although the one before it was skipped is told', () => {
  const edited = replace('    needs: [build, deploy]\n', '    needs: [build, deploy]\n    if: always()\n')(SITE)

  const problems = workflowProblems('ops-dashboard.yml', edited).map(problemSentence)

  assert.equal(problems.length, 1)
  assert.match(
    problems[0] ?? '',
    /job "record" runs although what it needs was skipped, on any branch; expected no always/,
  )
})

test('an action that installs packages and runs the script as well is told', () => {
  const step = INSTALL.slice(INSTALL.indexOf('    - name: Install'))

  const problems = actionProblems('action.yml', replace('  steps:\n', `  steps:\n${step}`)(ACTION)).map(problemSentence)

  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /an action that installs packages and runs something else; expected two actions/)
})
