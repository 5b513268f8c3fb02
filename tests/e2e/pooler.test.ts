// The ledger, the lake, the watch, the site and a replay through a real PgBouncer in transaction mode: the tests that hold on a
// server of our own hold there too.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { aDatabase } from '../helpers/database.ts'
import { aPooler, noPooler } from '../helpers/pgbouncer.ts'
import { runReplay } from '../helpers/replay.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const PARTS: Readonly<Record<string, readonly string[]>> = {
  ledger: ['tests/ledger/'],
  lake: ['tests/leagues/nfl/lake/', 'tests/leagues/nfl/jobs/'],
  watch: ['tests/e2e/ops-watch.test.ts', 'tests/stories/watch.test.ts'],
  site: ['tests/e2e/site-job.test.ts', 'tests/views/'],
}

for (const [part, files] of Object.entries(PARTS)) {
  test(`the tests of the ${part} hold through a pooler in transaction mode`, { skip: noPooler }, async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'tests/run.ts', ...files], {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, MATCHDAY_TEST_POOLER: 'transaction', NODE_TEST_CONTEXT: undefined },
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number | null]

    assert.equal(code, 0, output.split('\n').filter((line) => /^\s*(not ok|error:)|✖/.test(line)).join('\n')) // prettier-ignore
    assert.match(output, /^(#|ℹ) pass [1-9]/m)
  })
}

test('a replay of a week runs through a pooler in transaction mode, and a second one waits its turn', { skip: noPooler }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matchday-pooled-replay-'))
  await using database = await aDatabase({ empty: true })
  await using pooler = await aPooler(database.url, ['default_pool_size = 20'])
  const games = join(folder, 'simulated-games.csv')
  writeFileSync(games, simulateGames({ seed: 7, now: new Date('2025-11-30T00:00:00Z'), firstSeason: 2023 }))
  const replay = ['--season', '2024', '--week', '12', '--source', games, '--database', pooler.through(database.url)]
  try {
    const both = await Promise.all([runReplay(replay), runReplay(replay)])
    const again = await runReplay(replay)

    assert.deepEqual(both.map(({ code }) => code).sort(), [0, 2], both.map(({ stderr }) => stderr).join('\n'))
    assert.match(both.map(({ stderr }) => stderr).join(''), /another replay of this week is running/)
    assert.equal(again.code, 0, again.stderr)
    const [count] = await database.sql`
      select count(*)::int as slots, count(*) filter (where state = 'served')::int as served from ledger.slots
      where due_at < '2024-11-26 13:00Z'
    `
    assert.equal(count?.['slots'], count?.['served'])
  } finally {
    rmSync(folder, { recursive: true })
  }
}) // prettier-ignore
