// "Re-run jobs" stands beside every run for 30 days. What holds each workflow that is started again with its old checkout and its
// old inputs is listed here; a workflow that is not is a question to be answered first.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { ROOT } from '../checks/files.ts'

/** Of a workflow that is no job's: what holds it, and where that is said. */
const HELD: Readonly<Record<string, readonly [why: string, file: string, word: string]>> = {
  'ci.yml': ['writes nothing that is shared', '.github/workflows/ci.yml', 'contents: read'],
  'ops-dashboard.yml': ['an old checkout is refused, and only a newer site counts', 'scripts/ops/dashboard.ts', 'refuseOldCheckout('],
  'ops-override.yml': ['what it changed once it does not change again', 'scripts/ops/override.ts', 'refuseRepeated('],
  'ops-setup.yml': ['an older number is refused', 'scripts/ops/setup.ts', 'readVersion('],
  'ops-watch.yml': ['an old checkout is refused', 'scripts/ops/watch.ts', 'refuseOldCheckout('],
} // prettier-ignore

test('every workflow that can be started again is held by something', () => {
  const files = readdirSync(join(ROOT, '.github/workflows')).sort()
  // A job takes a slot once, whoever wakes it, and writes to the lake only while its run is its own: stories of by-hand.test.ts.
  const ofJobs = jobs.map(({ id }) => `${id.replace('/', '-')}.yml`)

  assert.deepEqual(files, [...ofJobs, ...Object.keys(HELD)].sort())
  for (const [why, file, word] of Object.values(HELD))
    assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(word), `${file}: ${why}`)
})
