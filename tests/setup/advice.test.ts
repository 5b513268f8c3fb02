// What set-up advises at its end.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { parseDatabaseUrl } from '../../src/lib/db.ts'
import { jobs } from '../../src/pipelines/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { adviseClock, adviseConnection, adviseFirstRun, adviseGithub, firstJob } from '../../src/setup/advice.ts'
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

test('the connection is told with its sslmode, and what its URL leaves out by name', () => {
  const { tls, leftOut } = parseDatabaseUrl('postgres://ann@db.example/league?supa=x&keepalives=1')

  const told = adviseConnection({ tls, leftOut, encrypted: true }).map(({ sentence }) => sentence)

  assert.deepEqual(told, [
    'The connection to the database has sslmode=require, by default: encrypted, and the certificate is not checked. This connection is encrypted.',
    'Left out of DATABASE_URL, because they mean nothing to this driver or to the server: keepalives, supa.',
  ])
})

for (const branch of ['main', 'trunk', 'release/2026']) {
  test(`set-up says that the default branch is ${branch}, and what an outside clock sends`, () => {
    const facts = { defaultBranch: branch, private: false, fork: false, hasPages: true, disabled: [] }

    const [first] = adviseGithub(facts)

    assert.equal(first?.ok, true)
    assert.ok(first.sentence.startsWith(`The default branch is "${branch}": `), first.sentence)
    assert.ok(first.sentence.endsWith(`dispatches ops-watch.yml with {"ref":"${branch}"}.`), first.sentence)
  })
}
