// The doors of ops-dashboard as processes: what is written, put out and remembered, and what is kept back.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'

import { migrate } from '../../src/ledger/migrate.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { anEndedRun } from '../helpers/ended-runs.ts'
import { aGithub } from '../helpers/github-server.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const { sql, url } = await aDatabaseForThisFile({ empty: true })
const folder = await mkdtemp(path.join(tmpdir(), 'matchday-ops-dashboard-'))
const out = path.join(folder, 'site')
const TOKEN = 'correct-horse-battery'
const PAGE_TOKEN = ['CAUQAA4x', 'Lk9Tn8Rb3Yw6'].join('')
const COMMIT = ['9f86d081884c7d65', '9a2feaa0c55ad015a3bf4f1b'].join('')

before(() => migrate(sql, { environment: 'development' }))
after(() => rm(folder, { recursive: true }))

type Variables = Readonly<Record<string, string>>

async function run(script: string, args: readonly string[], variables: Variables) {
  const { PATH, HOME } = process.env
  const call = ['--import', 'tsx', script, ...args, '--environment', 'development']
  const env = { PATH, HOME, DATABASE_URL: url, ...variables }
  const child = spawn(process.execPath, call, { cwd: PROJECT_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  await once(child, 'close')
  return { status: child.exitCode, stdout, stderr }
}

const build = (variables: Variables = {}) =>
  run('scripts/ops/dashboard.ts', ['--out', out], { GITHUB_TOKEN: TOKEN, ...variables })
const remember = (variables: Variables) => run('scripts/ops/site-built.ts', [], variables)

/** What the door puts out for the workflow's next steps. */
async function withOutputs(work: (variables: Variables) => Promise<unknown>): Promise<Record<string, string>> {
  const file = path.join(folder, 'outputs')
  await writeFile(file, '')
  await work({ GITHUB_OUTPUT: file })
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]))
}

const builtAt = async () => (await sql`select site_built_at from ledger.watch`)[0]?.['site_built_at'] as Date | null
const writtenAt = async () =>
  (JSON.parse(await readFile(path.join(out, 'status.json'), 'utf8')) as { built_at: string }).built_at

test('a site that may be published is written, and remembered as built only once that is asked for', async () => {
  const outputs = await withOutputs(async (variables) => {
    const { status, stdout, stderr } = await build(variables)
    assert.equal(status, 0, stderr)
    assert.match(stdout, /every link leads somewhere, nothing is secret/)
  })
  assert.deepEqual(outputs, { pages: 'false', built_at: await writtenAt() })
  assert.equal(await builtAt(), null)

  const { status, stderr } = await remember({ SITE_BUILT_AT: outputs['built_at'] ?? '' })

  assert.equal(status, 0, stderr)
  assert.deepEqual(await builtAt(), new Date(await writtenAt()))
})

test('a build of no instant, or of one to come, is not remembered', async () => {
  const before = await builtAt()

  const none = await remember({})
  const toCome = await remember({ SITE_BUILT_AT: '2999-01-01T00:00:00Z' })

  assert.deepEqual([none.status, toCome.status], [2, 2])
  assert.match(none.stderr, /SITE_BUILT_AT is empty: expected the instant/)
  assert.match(toCome.stderr, /SITE_BUILT_AT is 2999-01-01T00:00:00\.000Z, which has not come yet/)
  assert.deepEqual(await builtAt(), before)
})

const aRepository = async () => {
  const github = await aGithub()
  const variables = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, GITHUB_TOKEN: github.token }
  return { github, variables, [Symbol.asyncDispose]: () => github[Symbol.asyncDispose]() }
}

test('GitHub that stumbles is asked again whether Pages is on', async () => {
  await using repository = await aRepository()
  repository.github.refuseNext({ status: 502 }, { times: 2 })

  const outputs = await withOutputs((variables) => build({ ...repository.variables, ...variables }))

  assert.equal(outputs['pages'], 'true')
  assert.equal(repository.github.calls, 3)
})

test('a site is written although GitHub does not say whether Pages is on, and the door fails', async () => {
  await using repository = await aRepository()
  repository.github.refuseNext({ status: 403 }, { times: 9 })
  await rm(out, { recursive: true })

  const outputs = await withOutputs(async (variables) => {
    const { status, stdout } = await build({ ...repository.variables, ...variables })
    assert.equal(status, 1)
    assert.match(
      stdout,
      /^✕ GitHub did not say whether Pages is on \(.*403.*\): the site is kept .* and not deployed\./m,
    )
  })

  assert.deepEqual(outputs, { pages: 'unknown', built_at: await writtenAt() })
})

test('what only looks like a secret is hidden, said with its page group, and keeps no site back', async () => {
  const message = `the answer had nextPageToken=${PAGE_TOKEN} and etag signature: ${COMMIT}`
  const id = await anEndedRun(sql, { job: 'nfl/bronze', outcome: 'failed', error: ['source_status', message] })
  await sql`update ledger.runs set commit = ${COMMIT}, correlation_id = id where id = ${id}`

  const { status, stdout, stderr } = await build()
  const page = await readFile(path.join(out, `runs/${id}.html`), 'utf8')

  assert.equal(status, 0, stderr)
  assert.match(stdout, /▲ values that may be secrets are \*\*\* on the site: .*\d on runs/)
  assert.match(page, /nextPageToken=\*\*\* and etag signature: \*\*\*/)
  assert.match(page, new RegExp(COMMIT.slice(0, 10)))
  assert.ok(!page.includes(PAGE_TOKEN))
  await sql`delete from ledger.runs where id = ${id}`
})

test('what has the exact form of a key is hidden too, and so is where the database is', async () => {
  const token = ['ghp', 'q7Zp2Xv9Lk4Tn8Rb3Yw6Hd1Mc5Js0Fg8Ae2a'].join('_')
  const key = ['9f86d081884c7d65', '9a2feaa0c55ad015'].join('')
  const { hostname, port, pathname, username } = new URL(url)
  const place = `${hostname}:${port}${pathname} as ${username}`
  const message = `it said ${token}, **API Key**: ${key}, and the database at ${place} refused the connection (connect ECONNREFUSED ${hostname}:${port})`
  const id = await anEndedRun(sql, { job: 'nfl/bronze', outcome: 'failed', error: ['source_status', message] })

  const { status, stderr } = await build()

  assert.equal(status, 0, stderr)
  const page = await readFile(path.join(out, `runs/${id}.html`), 'utf8')
  assert.match(
    page,
    /it said \*\*\*, \*\*API Key\*\*: \*\*\*, and the database refused the connection \(connect ECONNREFUSED\)/,
  )
  for (const file of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const text = await readFile(path.join(file.parentPath, file.name), 'utf8')
    for (const secret of [token, key, `${hostname}:${port}`, pathname.slice(1)])
      assert.ok(!text.includes(secret), file.name)
  }
  await sql`delete from ledger.runs where id = ${id}`
})

test('a site that holds the value of a variable it was given is kept back, and the old one stays', async () => {
  const before = await builtAt()
  const id = await anEndedRun(sql, {
    job: 'nfl/bronze',
    outcome: 'failed',
    error: ['source_status', `it said ${TOKEN}`],
  })

  const { status, stdout, stderr } = await build()

  assert.equal(status, 1)
  assert.match(stderr, new RegExp(`runs/${id}\\.html: looks like the value of GITHUB_TOKEN; expected nothing secret`))
  assert.ok(!`${stdout}${stderr}`.includes(TOKEN))
  assert.equal(existsSync(path.join(out, `runs/${id}.html`)), false)
  assert.deepEqual(await builtAt(), before)
})
