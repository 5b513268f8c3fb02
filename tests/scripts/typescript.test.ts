// How a workflow starts a script: from Node 24 on Node reads the TypeScript itself, and that has to be TypeScript only.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { parse } from 'yaml'

import { loadedWith } from '../helpers/modules.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const read = (path: string) => readFileSync(join(PROJECT_ROOT, path), 'utf8')
const WORKFLOWS = '.github/workflows'
const STARTED = readdirSync(join(PROJECT_ROOT, WORKFLOWS)).flatMap((file) =>
  [...read(join(WORKFLOWS, file)).matchAll(/script: (scripts\/\S+\.ts)/g)].map(([, script = '']) => script),
)

test('no script that a workflow starts loads JSX with itself', () => {
  assert.ok(STARTED.length >= 13)
  for (const script of STARTED) {
    assert.deepEqual([...loadedWith(script)].filter((file) => file.endsWith('.tsx')), [], script) // prettier-ignore
  }
})

test('the command of run-job starts a door', () => {
  const action = parse(read('.github/actions/run-job/action.yml')) as { runs: { steps: { run: string }[] } }
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], SCRIPT: 'scripts/nfl/bronze.ts' }
  const [step] = action.runs.steps

  const { status, stderr } = spawnSync('bash', ['-c', `${step?.run.trimEnd()} --no-such-flag`], { cwd: PROJECT_ROOT, env, encoding: 'utf8' }) // prettier-ignore

  assert.deepEqual([status, stderr], [2, "✕ Unknown option '--no-such-flag'. See --help.\n"])
})
