// What set-up advises at its end.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs } from '../../src/pipelines/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { adviseNext } from '../../src/setup/advice.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

test('to begin, the job is named from which others follow, not the first by name', async () => {
  const advice = adviseNext(await readCatalog(PROJECT_ROOT, jobs))

  assert.match(advice.at(-1)?.sentence ?? '', /^To begin now: Actions → nfl-bronze → Run workflow/)
})
