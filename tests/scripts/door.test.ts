// The doors as GitHub and people meet them: real processes, real databases, real HTTP. Each thing that can be wrong gets
// one sentence and an exit code, and nothing is lost or half-written.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'

import { simulateGames } from '../../src/leagues/nfl/sources/nflverse/simulator.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { aFreePort } from '../helpers/broken-servers.ts'
import { aDatabase, type TestDatabase } from '../helpers/database.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const NOW = '2024-11-19T13:07:00.000Z'
const GAMES = simulateGames({ seed: 3, now: new Date(NOW), firstSeason: 2024 })

let database: TestDatabase
let source: Server
let serve: RequestListener
let sourceUrl = ''
/** A door that is patient with a database that is away; begun first, so that the others run meanwhile. */
let unreachable: Promise<Knocked>

before(async () => {
  database = await aDatabase({ empty: true })
  await migrate(database.sql, { environment: 'replay' })
  source = createServer((request, response) => serve(request, response)).listen(0, '127.0.0.1')
  await once(source, 'listening')
  sourceUrl = `http://127.0.0.1:${(source.address() as AddressInfo).port}/games.csv`
  const away = `postgres://someone:hidden-word@127.0.0.1:${await aFreePort()}/lake`
  unreachable = knock(['--trigger', 'schedule'], { DATABASE_URL: away })
})
after(async () => {
  source.closeAllConnections()
  source.close()
  await database[Symbol.asyncDispose]()
})

const databases: [string, () => Promise<Record<string, string>>, number, RegExp][] = [
  [
    'a wrong password',
    () => Promise.resolve({ DATABASE_URL: withUrl((url) => (url.password = 'hidden-word')) }),
    2,
    /refused the password/,
  ],
  [
    'a database that is not there',
    () => Promise.resolve({ DATABASE_URL: withUrl((url) => (url.pathname = '/nowhere')) }),
    2,
    /nowhere.* does not exist/,
  ],
  [
    'something that is no database URL',
    () => Promise.resolve({ DATABASE_URL: 'https://example.org/hidden-word' }),
    2,
    /postgres/,
  ],
  [
    'a database of another environment',
    () => Promise.resolve({ DATABASE_URL: database.url, MATCHDAY_ENVIRONMENT: 'production', MATCHDAY_NOW: '' }),
    2,
    /belongs to the environment "replay" and this run is for "production"/,
  ],
  [
    'no database on Actions',
    () =>
      Promise.resolve({
        DATABASE_URL: '',
        GITHUB_ACTIONS: 'true',
        MATCHDAY_ENVIRONMENT: '',
        MATCHDAY_NOW: '',
        GITHUB_EVENT_NAME: 'schedule',
        GITHUB_REF: 'refs/heads/main',
      }),
    2,
    /DATABASE_URL is empty: set the repository secret/,
  ],
  [
    'a virtual instant outside a replay',
    () => Promise.resolve({ DATABASE_URL: database.url, MATCHDAY_ENVIRONMENT: 'development' }),
    2,
    /MATCHDAY_NOW is for replays only/,
  ],
]

for (const [what, variables, code, expected] of databases) {
  test(`${what} ends with ${code} and one sentence, without the password`, async () => {
    const end = await knock(['--trigger', 'schedule'], await variables())

    assertOneSentence(end, code, expected)
  })
}

function assertOneSentence(end: Knocked, code: number, expected: RegExp): void {
  assert.equal(end.code, code, end.output)
  assert.match(end.output, expected)
  assert.doesNotMatch(end.output, /hidden-word/)
  assert.doesNotMatch(end.output, /\n {4}at /, 'no stack trace')
}

test('a database that was never migrated is told to run ops-setup, and stays empty', async () => {
  await using empty = await aDatabase({ empty: true })

  const end = await knock(['--trigger', 'schedule'], { DATABASE_URL: empty.url })

  assert.equal(end.code, 2, end.output)
  assert.match(end.output, /is at schema 0 and this code needs \d+: run the workflow ops-setup/)
  const [tables] = await empty.sql<{ count: number }[]>`
    select count(*)::integer as count from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')
  `
  assert.equal(tables?.count, 0)
})

const sources: [string, RequestListener, string, RegExp][] = [
  ['404', (_, response) => response.writeHead(404).end('404: Not Found'), 'true', /nflverse answered 404/],
  [
    '429 with Retry-After',
    (_, response) => response.writeHead(429, { 'retry-after': '60' }).end(),
    'true',
    /nflverse answered 429/,
  ],
  ['500', (_, response) => response.writeHead(500).end(), 'true', /nflverse answered 500/],
  [
    'a web page',
    (_, response) => response.end('<!doctype html><p>busy</p>'),
    'true',
    /sent a web page where games\.csv should be/,
  ],
  [
    'a body that is cut off',
    // Not end(): the answer would be over for the server, and only its idle connection closed five seconds later.
    (_, response) =>
      response.writeHead(200, { 'content-length': '999999' }).write(GAMES.slice(0, 5000), () => response.destroy()),
    'true',
    /nflverse/,
  ],
  [
    'a table without a column',
    (_, response) => response.end(GAMES.replace('home_score', 'home_points')),
    'true',
    /without the column home_score/,
  ],
  [
    'a repeated game',
    (_, response) => response.end(GAMES + (GAMES.split('\n')[1] ?? '') + '\n'),
    'true',
    /a game id appears more than once/,
  ],
  [
    'a score without a game',
    (_, response) => response.end(GAMES + withoutGame(GAMES)),
    'true',
    /a score without a game/,
  ],
]

for (const [what, answer, retryable, expected] of sources) {
  test(`a source that answers with ${what} fails the run with one clear error and lands nothing`, async () => {
    serve = answer
    await database.sql`delete from ledger.breakers` // or the fourth would wait for the source

    const end = await knock(['--trigger', 'manual', '--json'])

    assert.equal(end.code, 1, end.output)
    const [run] = await database.sql<{ outcome: string; message: string; retryable: string }[]>`
      select outcome, errors->0->>'message' as message, errors->0->>'retryable' as retryable
      from ledger.runs order by recorded_at desc limit 1
    `
    assert.equal(run?.outcome, 'failed')
    assert.match(run.message, expected)
    assert.equal(run.retryable, retryable)
    const [landed] = await database.sql<{ games: number; files: number }[]>`
      select (select count(*)::integer from bronze.nfl_games) as games, (select count(*)::integer from bronze.files) as files
    `
    assert.deepEqual({ ...landed }, { games: 0, files: 0 })
  })
}

const wrong: [string, string[], RegExp][] = [
  ['a week that is none', ['--week', '23'], /--week "23": expected current, previous or a number from 1 to 22/],
  [
    'a week that its season lacks',
    ['--season', '2019', '--week', '22'],
    /week 22 is not in season 2019: expected 1 to 21/,
  ],
  ['a season without a week', ['--season', '2024'], /season 2024 was given without a week/],
  ['an unknown flag', ['--weak', '3'], /Unknown option '--weak'/],
  ['a request that is no number', ['--request', 'latest'], /--request "latest": expected the number of a request/],
  ['an unknown trigger', ['--trigger', 'moon'], /--trigger "moon": expected schedule, chain, manual/],
]

for (const [what, args, expected] of wrong) {
  test(`${what} ends with 2 and one sentence, and is no run`, async () => {
    const count = async () => (await database.sql`select 1 from ledger.runs`).length
    const before = await count()

    const end = await knock(args)

    assert.equal(end.code, 2, end.output)
    assert.match(end.output, expected)
    assert.equal(await count(), before)
  })
}

test('--help says the parameters and runs nothing', async () => {
  const end = await knock(['--help'], { DATABASE_URL: '' })

  assert.equal(end.code, 0)
  assert.match(end.output, /Usage: npm run job nfl\/bronze/)
  assert.match(end.output, /--week WEEK/)
})

test('--json prints the end of the run as one line on stdout, and the log on stderr', async () => {
  serve = (_, response) => response.end(GAMES)

  const end = await knock(['--json'])

  assert.equal(end.code, 0, end.output)
  const printed = JSON.parse(end.stdout) as { outcome: string; items: { written: number } }
  assert.equal(printed.outcome, 'succeeded')
  assert.equal(printed.items.written, GAMES.trim().split('\n').length - 1)
})

test('an unreachable database ends with 1 and one sentence, without the password', async () => {
  assertOneSentence(await unreachable, 1, /database at 127\.0\.0\.1:\d+\/lake.* refused the connection/)
})

function withUrl(change: (url: URL) => void): string {
  const url = new URL(database.url)
  change(url)
  return url.href
}

function withoutGame(text: string): string {
  const cells = (text.split('\n')[1] ?? '').split(',')
  cells[0] = ''
  return `${cells.join(',')}\n`
}

interface Knocked {
  code: number | null
  stdout: string
  output: string
}

/** Runs the door to nfl/bronze in a clean environment. */
async function knock(args: readonly string[], variables: Record<string, string> = {}): Promise<Knocked> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/nfl/bronze.ts', ...args], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: database.url,
      MATCHDAY_ENVIRONMENT: 'replay',
      MATCHDAY_NOW: NOW, // a replay waits for nothing between tries
      NFLVERSE_URL: sourceUrl,
      ...variables,
    },
  })
  let stdout = ''
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, output }
}
