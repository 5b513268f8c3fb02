// Deleting a league's folder and its line deletes the league: in a copy of this repository, and over a database that used it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

import { aDatabase } from '../helpers/database.ts'
import { ENVIRONMENT, refill } from '../history/database.ts'

import { aCopy } from './copy.ts'

const MINUTE = 60_000
const GONE = 'fantasy'

/** What people see of a command in a copy, and how it ends. */
async function run(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const all = { ...process.env, NODE_TEST_CONTEXT: undefined, ...env }
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: root, env: all })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, output: out + err }
}

/** The lines of checks and tests that say what failed, and the last words. */
const whatIsWrong = (output: string) =>
  [...output.split('\n').filter((line) => /^(?:not ok|✕| {2}\S)/.test(line)), output.slice(-3000)].join('\n')

/** By the recipe "Take a league away". */
function takeAway(root: string): void {
  for (const folder of [`src/leagues/${GONE}`, `tests/leagues/${GONE}`, `scripts/${GONE}`])
    rmSync(join(root, folder), { recursive: true })
  const workflows = join(root, '.github/workflows')
  for (const file of readdirSync(workflows).filter((name) => name.startsWith(`${GONE}-`))) rmSync(join(workflows, file))
  edit(root, '.github/workflows/ops-override.yml', (before) => before.replaceAll(new RegExp(`^ *- ${GONE}/.*\n`, 'gm'), '')) // prettier-ignore
  edit(root, 'src/leagues/index.ts', (before) => before.replace(/^import .*fantasy.*\n/m, '').replace('fantasy, ', ''))
}

function edit(root: string, file: string, change: (before: string) => string): void {
  const before = readFileSync(join(root, file), 'utf8')
  const after = change(before)
  assert.notEqual(after, before, file)
  writeFileSync(join(root, file), after)
}

test(
  'a league that is deleted leaves a green project, also over a database that used it',
  { timeout: 15 * MINUTE },
  async () => {
    await using used = await aDatabase({ empty: true })
    await refill(used.url, { runs: 600, seed: 7, now: undefined })
    using copy = aCopy()
    takeAway(copy.root)

    const generated = await run(copy.root, ['tests/generated/run.ts', 'README.md', 'SECURITY.md'])
    const checks = ['types', 'layers', 'cycles', 'unused exports', 'test names', 'workflows', 'secrets']
    const checked = await run(copy.root, ['tests/checks/run.ts', ...checks])
    const tested = await run(copy.root, ['tests/run.ts', 'leagues/registry', 'leagues/nowhere-else', 'ledger/migrate', 'schedule/two-way', 'views/predictions/predictions']) // prettier-ignore
    const over = { DATABASE_URL: used.url, MATCHDAY_ENVIRONMENT: ENVIRONMENT }
    const migrated = await run(copy.root, ['scripts/migrate.ts', '--environment', ENVIRONMENT], over)
    const built = await run(copy.root, ['scripts/dashboard.ts', '--environment', ENVIRONMENT, '--out', 'site'], over)

    for (const { code, output } of [generated, checked, tested, migrated, built]) assert.equal(code, 0, whatIsWrong(output)) // prettier-ignore
    assert.match(migrated.output, /nothing to apply/)
    assert.ok(readdirSync(join(copy.root, 'site')).includes('predictions.html'))
    // What is over stays told as what it was; nothing is expected of the league any more, and no page is its own.
    const site = join(copy.root, 'site')
    assert.ok(!existsSync(join(site, 'jobs', GONE)))
    for (const file of ['index.html', 'predictions.html', 'calendar.ics'])
      assert.ok(!readFileSync(join(site, file), 'utf8').includes(`${GONE}/`), file)
  },
)
