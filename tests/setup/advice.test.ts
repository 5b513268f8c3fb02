// What set-up advises at its end.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs } from '../../src/pipelines/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { adviseClock, adviseFirstRun, firstJob } from '../../src/setup/advice.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const catalog = await readCatalog(PROJECT_ROOT, jobs)
const allOn = catalog.jobs.map(({ id }) => ({ job: id }))

test('an empty ledger begins with the job from which others follow, not with the first by name', () => {
  assert.equal(firstJob(catalog, allOn)?.id, 'nfl/bronze')
})

test('a league that is switched off is not begun with', () => {
  assert.equal(firstJob(catalog, [{ job: 'fantasy/import' }])?.id, 'fantasy/import')
  assert.equal(firstJob(catalog, []), undefined)
})

test('what became of the first run is told in one sentence', () => {
  const job = firstJob(catalog, allOn)
  assert.ok(job)

  assert.match(adviseFirstRun({ job, how: 'started' }).sentence, /^Started nfl-bronze;/)
  assert.match(adviseFirstRun({ job, how: 'by hand' }).sentence, /^To begin now: Actions → nfl-bronze → Run workflow/)
  assert.deepEqual(adviseFirstRun({ job, how: { refusal: 'GitHub said no.' } }).ok, false)
})

test('an outside clock is missed only where nothing from outside started a pass', () => {
  assert.equal(adviseClock(0).ok, false)
  assert.equal(adviseClock(288).ok, true)
})
