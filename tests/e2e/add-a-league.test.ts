// Whoever follows CONTRIBUTING to the letter has a league that runs, and nothing outside its folder knows of it; whoever takes it away by
// the letter has the project from before, also on the database that it used.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'

import { leaguesOnByDefault } from '../../src/leagues/index.ts'
import { aDatabaseForThisFile } from '../helpers/database.ts'
import { ADD, TAKE_AWAY } from './added-league.ts'
import { aCopy, titlesOf, type Step } from './copy.ts'

const MINUTE = 60_000
/** Where the account tells of what was: its slots, runs, incidents and ended cron lines stay, as those of a job with an old name do. */
const PAST = /^(?:failures\.html|incidents\.atom|index\.html|schedule\.html|slots\.html|data\/slots\/.+\.js)$/
const KEY = 'a-key-that-nobody-sees-0815'

/** The made-up provider: who has no key is refused. */
const provider = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const isKnown = url.searchParams.get('key') === KEY && url.pathname.startsWith('/games/')
  const starts = new Date(Date.now() + 6 * 60 * MINUTE)
  response.statusCode = isKnown ? 200 : 401
  response.end(isKnown ? JSON.stringify([{ id: 'g1', starts, home: 'Owls', away: 'Larks', points: 211.5 }]) : '')
})

const { root, [Symbol.dispose]: remove } = aCopy()
const database = await aDatabaseForThisFile({ empty: true })
const { sql } = database
const said: string[] = []

before(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  git('add', '--all')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message', 'before')
})

after(() => {
  provider.close()
  remove()
})

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' })
}

/** The files that differ from the beginning, without what is the league's own. */
function touched(): string[] {
  const lines = git('status', '--porcelain', '--untracked-files=all').split('\n').filter(Boolean)
  return lines
    .map((line) => line.slice(3))
    .filter((file) => !/^(?:src|tests)\/leagues\/demo\//.test(file))
    .sort()
}

function follow(recipe: readonly Step[]): void {
  for (const [, step] of recipe) step?.(root)
}

/** Runs a program of the copy over the database. */
async function run(args: readonly string[], given: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  const { port } = provider.address() as AddressInfo
  const env = {
    ...process.env,
    NODE_TEST_CONTEXT: undefined,
    GITHUB_ACTIONS: undefined,
    GITHUB_TOKEN: undefined,
    GITHUB_ACTOR: 'merge[bot]', // for whom nothing is begun
    MATCHDAY_ENVIRONMENT: 'production',
    DATABASE_URL: database.url,
    DEMO_API_URL: `http://127.0.0.1:${port}`,
    DEMO_API_KEY: KEY,
    ...given,
  }
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: root, env })
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  said.push(out, err)
  return { code: await ended, output: out + err }
}

async function succeeds(args: readonly string[], given?: NodeJS.ProcessEnv): Promise<string> {
  const { code, output } = await run(args, given)
  assert.equal(code, 0, output)
  return output
}

/** The files of a site with what stands in them. */
function readSite(folder: string): Map<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => /\.\w+$/.test(name))
  return new Map(files.map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]))
}

/** A slot of each of its jobs that was due so many minutes ago. */
async function makeDue(minutes: number): Promise<void> {
  await sql`
    insert into ledger.slots (job, due_at, schedule_id, period, state, grace_until, deadline_at, changed_at)
    select job, date_trunc('minute', now()) - ${minutes} * interval '1 minute' + id * interval '1 second', id, to_char(now() at time zone 'utc', 'YYYY-MM-DD'), 'due',
      now() + interval '1 hour', now() + interval '6 hours', now()
    from ledger.schedules where job like 'demo/%' and valid_to is null
  `
}

test('the recipes have the steps that these tests follow', () => {
  assert.deepEqual(titlesOf('Add a league'), ADD.map(([title]) => title)) // prettier-ignore
  assert.deepEqual(titlesOf('Take a league away'), TAKE_AWAY.map(([title]) => title)) // prettier-ignore
})

test('a league that was added by the recipe touches a line, its doors, its workflows and its choices, and passes npm run check', { timeout: 15 * MINUTE }, async () => {
  follow(ADD)

  assert.deepEqual(touched(), [
    '.github/SECURITY.md', // generated
    '.github/workflows/demo-load.yml',
    '.github/workflows/demo-pick.yml',
    '.github/workflows/ops-override.yml',
    'README.md', // generated
    'scripts/demo/load.ts',
    'scripts/demo/pick.ts',
    'src/leagues/index.ts',
  ]) // prettier-ignore
  await succeeds(['tests/checks/run.ts'])
  await succeeds(['--test', ...['registry', 'nowhere-else', 'demo/demo-api'].map((name) => `tests/leagues/${name}.test.ts`)]) // prettier-ignore
}) // prettier-ignore

test('its jobs run in turn with its key, which nobody sees', { timeout: 5 * MINUTE }, async () => {
  const leagues = JSON.stringify([...leaguesOnByDefault, 'demo'])
  await succeeds(['scripts/ops/setup.ts'], { LEAGUES: leagues })
  await makeDue(20)

  const early = await succeeds(['scripts/demo/pick.ts'])
  const unset = await run(['scripts/demo/load.ts', '--dry-run'], { DEMO_API_KEY: '' })
  await succeeds(['scripts/job.ts', 'demo/load'])
  await succeeds(['scripts/demo/pick.ts'])

  assert.match(early, /demo\/load/)
  assert.equal(unset.code, 1, unset.output)
  assert.match(unset.output, /demo\/load needs the key of demo-api: set the repository secret DEMO_API_KEY/)
  const runs = await sql`select job, outcome from ledger.runs where not dry_run order by started_at`
  assert.deepEqual(runs.map(({ job, outcome }) => `${job} ${outcome}`), ['demo/pick gated', 'demo/load succeeded', 'demo/pick succeeded']) // prettier-ignore
  const frozen = await sql`select game_id, market, line from predictions.games where league = 'demo'`
  assert.deepEqual([...frozen], [{ game_id: 'g1', market: 'ou', line: 211.5 }])
  const [kept] = await sql`select count(*)::integer as n from ledger.runs r where r::text like ${`%${KEY}%`}`
  assert.deepEqual([kept?.['n'], said.filter((one) => one.includes(KEY))], [0, []])
})

test('its predictions have a page with its own part, and those of others stay as they are', { timeout: 5 * MINUTE }, async () => {
  await succeeds(['scripts/dashboard.ts', '--out', '.matchday/site'])

  const site = readSite('.matchday/site')
  const [own, others] = [site.get('predictions-demo.html') ?? '', site.get('predictions.html') ?? '']
  for (const words of [/Larks/, /Owls/, /Points of a made-up game/, /1 games are expected to have 211\.5 points each/])
    assert.match(own, words)
  assert.doesNotMatch(others.replace(/<nav aria-label="leagues">.*?<\/nav>/s, ''), /demo|Owls|made-up/i)
  assert.deepEqual([...site].filter(([, text]) => text.includes(KEY)).map(([name]) => name), []) // prettier-ignore
}) // prettier-ignore

test('a league that was taken away by the recipe leaves the project of before, and no trace where it ran', { timeout: 5 * MINUTE }, async () => {
  // It goes in the midst of troubles.
  await makeDue(5)
  await run(['scripts/demo/load.ts'], { DEMO_API_KEY: 'another' })
  await sql`update ledger.breakers set state = 'open', opened_at = now(), try_at = now() + interval '1 hour' where source = 'demo-api'`
  await sql`
    insert into ledger.requests (job, kind, reason, actor, next_try_at, created_at)
    values ('demo/pick', 'manual', 'somebody asked', 'ann', now() + interval '1 hour', now())
  `
  await sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at)
    select id, job, 'game', 'g2', 'bad_game', 'no points', false, now() from ledger.runs where job = 'demo/load' limit 1
  `
  await run(['scripts/ops/watch.ts'])
  const open = () => sql`select subject, cause from ledger.incidents where closed_at is null order by subject, cause`
  assert.deepEqual((await open()).map(({ subject }) => String(subject)), ['demo/load', 'source:demo-api']) // prettier-ignore

  follow(TAKE_AWAY)
  assert.equal(git('status', '--porcelain'), '')

  await succeeds(['scripts/ops/setup.ts'])
  const pass = await succeeds(['scripts/ops/watch.ts'])
  assert.deepEqual([...(await open())], [], pass)
  const waiting = await sql`
    select job from ledger.slots where job like 'demo/%' and state in ('due', 'running')
    union all select job from ledger.requests where job like 'demo/%' and state in ('open', 'sent')
    union all select job from ledger.dead_letters where job like 'demo/%' and closed_at is null
  `
  assert.deepEqual([...waiting], [])
  await succeeds(['scripts/dashboard.ts', '--out', '.matchday/site'])
  const site = [...readSite('.matchday/site')]
  const naming = site.filter(([name, text]) => /\bdemo\b/.test(`${name} ${text}`)).map(([name]) => name)
  assert.deepEqual(naming.filter((name) => !PAST.test(name)), []) // prettier-ignore
  // Nobody is led to what is not there any more.
  assert.deepEqual(site.filter(([, text]) => /(?:href="|")[^" ]*jobs\/demo|predictions-demo/.test(text)).map(([name]) => name), []) // prettier-ignore
}) // prettier-ignore
