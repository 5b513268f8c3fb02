// The door of ops-dashboard as a process: what it writes and remembers, and what it keeps back.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
const folder = await mkdtemp(path.join(tmpdir(), 'matchday-ops-dashboard-'))
const out = path.join(folder, 'site')
const TOKEN = 'correct-horse-battery'

before(() => migrate(sql, { environment: 'development' }))
after(() => rm(folder, { recursive: true }))

function build() {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DATABASE_URL: url, GITHUB_TOKEN: TOKEN }
  const call = ['--import', 'tsx', 'scripts/ops/dashboard.ts', '--out', out, '--environment', 'development']
  return spawnSync(process.execPath, call, { cwd: PROJECT_ROOT, env, encoding: 'utf8' })
}

const builtAt = async () => (await sql`select site_built_at from ledger.watch`)[0]?.['site_built_at'] as Date | null

test('a site that may be published is written, and when is remembered', async () => {
  const { status, stdout, stderr } = build()

  assert.equal(status, 0, stderr)
  assert.match(stdout, /every link leads somewhere, nothing is secret/)
  const said = JSON.parse(await readFile(path.join(out, 'status.json'), 'utf8')) as { built_at: string }
  assert.deepEqual(await builtAt(), new Date(said.built_at))
})

test('a site that holds the value of a variable it was given is kept back, and the old one stays', async () => {
  const before = await builtAt()
  const id = await anEndedRun(sql, {
    job: 'nfl/bronze',
    outcome: 'failed',
    error: ['source_status', `it said ${TOKEN}`],
  })

  const { status, stdout, stderr } = build()

  assert.equal(status, 1)
  assert.match(stderr, new RegExp(`runs/${id}\\.html: looks like the value of GITHUB_TOKEN; expected nothing secret`))
  assert.ok(!`${stdout}${stderr}`.includes(TOKEN))
  assert.equal(existsSync(path.join(out, `runs/${id}.html`)), false)
  assert.deepEqual(await builtAt(), before)
})
