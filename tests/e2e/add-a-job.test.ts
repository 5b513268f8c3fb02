// Whoever follows CONTRIBUTING to the letter has a job that passes; whoever leaves a step out is told which.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

import { STEPS } from './added-job.ts'
import { aCopy, titlesOf } from './copy.ts'

const MINUTE = 60_000

/** What people see of a command in a copy, and how it ends. */
async function run(root: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: root, env })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, output: out + err }
}

function follow(root: string, but?: string): void {
  for (const [title, step] of STEPS) if (title !== but) step?.(root)
}

test('the recipe has the steps that these tests follow', () => {
  assert.deepEqual(
    titlesOf('Add a job'),
    STEPS.map(([title]) => title),
  )
})

test(
  'a job that was added by the recipe passes the checks and the tests of the schedule',
  { timeout: 15 * MINUTE },
  async () => {
    using copy = aCopy()
    follow(copy.root)

    // How it is written and laid out is asked where a whole league is added.
    const checks = ['types', 'layers', 'cycles', 'unused exports', 'test names', 'workflows', 'secrets']
    const checked = await run(copy.root, ['tests/checks/run.ts', ...checks])
    const tested = await run(copy.root, ['tests/run.ts', 'nfl/byes', 'tests/schedule', 'tests/setup/advice', 'views/schedule', 'reconcile/known-jobs', 'scripts/override.test', 'replay/plan']) // prettier-ignore
    const tried = await run(copy.root, ['scripts/nfl/byes.ts', '--help'])

    assert.equal(checked.code, 0, checked.output)
    assert.equal(tested.code, 0, tested.output.slice(-5000))
    assert.match(tried.output, /^nfl\/byes: teams that do not play/)
  },
)

const LEFT_OUT: readonly (readonly [title: string, said: RegExp])[] = [
  ['Register it', /scripts\/nfl\/byes\.ts:1: the door of nfl\/byes, which is not registered/],
  ['Make its door', /script "scripts\/nfl\/byes\.ts" does not exist/],
  ['Make its workflow', /nfl-byes\.yml:1: no workflow runs scripts\/nfl\/byes\.ts/],
  ['Let people choose it', /ops-override\.yml:\d+: no choice "nfl\/byes"/],
  ['Run npm run generate', /README\.md:\d+: "What runs" has no row of `nfl\/byes`; expected one, with "Wed 09:37"/],
]

for (const [title, said] of LEFT_OUT) {
  test(`the check says so when the step "${title}" is left out`, { timeout: 5 * MINUTE }, async () => {
    using copy = aCopy()
    follow(copy.root, title)

    const { code, output } = await run(copy.root, ['tests/checks/run.ts', 'workflows'])

    assert.equal(code, 1, output)
    assert.match(output, said)
  })
}
