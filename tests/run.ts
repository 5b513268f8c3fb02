// `npm test`: one PostgreSQL for the whole run, then node's own test runner over the test files.
//
//   npm test                 everything but tests/e2e
//   npm test -- e2e          what has "e2e" in its path; any other part of a path or name works too
//
// With MATCHDAY_TEST_POOLER=transaction (or session) every test reaches its database through a PgBouncer in that mode.

import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'

import { aPooler } from './helpers/pgbouncer.ts'
import { PROJECT_ROOT, openTestServer } from './helpers/test-server.ts'

/** Files at once: each may hold some ten of the server's hundred connections, and a test of pools many more for a moment. */
const AT_MOST = 4

process.exitCode = await run(process.argv.slice(2))

async function run(filters: readonly string[]): Promise<number> {
  const files = testFiles(filters)
  if (files.length === 0) {
    console.error(`no test file has ${filters.map((filter) => `"${filter}"`).join(' or ')} in its path`)
    return 2
  }
  await using server = await openTestServer()
  const env = { MATCHDAY_TEST_SERVER: server.adminUrl, MATCHDAY_TEST_TEMPLATE: server.template }
  const mode = process.env['MATCHDAY_TEST_POOLER']
  if (!mode) return await runFiles(files, env)
  await using pooler = await aPooler(server.adminUrl, [`pool_mode = ${mode}`, 'default_pool_size = 20'])
  return await runFiles(files, { ...env, MATCHDAY_TEST_POOLER_PORT: String(pooler.port) })
}

function testFiles(filters: readonly string[]): string[] {
  const all = readdirSync(join(PROJECT_ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('tests', path))
    .sort()
  if (filters.length === 0) return all.filter((path) => !path.startsWith(join('tests', 'e2e')))
  const wanted = filters.map((filter) => relative(PROJECT_ROOT, join(process.cwd(), filter)))
  return all.filter((path) => filters.some((filter) => path.includes(filter)) || wanted.includes(path))
}

function runFiles(files: readonly string[], env: Record<string, string>): Promise<number> {
  // Every end-to-end test starts processes of its own, and replays wait for one another.
  const perCore = !files.some((file) => file.startsWith(join('tests', 'e2e')))
  const atOnce = perCore ? Math.max(2, Math.min(availableParallelism(), AT_MOST)) : 2
  const args = ['--import', 'tsx', '--test', `--test-concurrency=${atOnce}`, ...files]
  const runner = spawn(process.execPath, args, { cwd: PROJECT_ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  return new Promise((resolve, reject) => {
    runner.once('error', reject)
    runner.once('exit', (code) => resolve(code ?? 1))
  })
}
