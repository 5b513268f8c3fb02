// The outside clocks of README, as they stand there: those that reach the database ask it first, with the right to ask and no
// other; and against a GitHub that has put ops-watch to sleep.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { aDatabase } from '../helpers/database.ts'
import { aGithub } from '../helpers/github-server.ts'
import type { FakeWorkflow, Github } from '../helpers/github-shapes.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const README = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8')
const home = mkdtempSync(join(tmpdir(), 'outside-clock-'))
after(() => rmSync(home, { recursive: true }))

const database = await aDatabase()
const { sql } = database
const ROLE = `matchday_clock_${process.pid}`
const PASSWORD = 'C1ock_passw0rd'
await sql.unsafe(block('A clock asks as a role', 'sql').replaceAll('matchday_clock', ROLE).replace('CLOCK_PASSWORD', PASSWORD)) // prettier-ignore
after(async () => {
  await sql.unsafe(`drop owned by ${ROLE}; drop role ${ROLE}`)
  await database[Symbol.asyncDispose]()
})

/** Whether a pass is wanted: nobody has looked for an hour and a half, or somebody has just now. */
async function isWanted(wanted: boolean): Promise<void> {
  await sql`update ledger.watch set looked_at = clock_timestamp() - make_interval(mins => ${wanted ? 90 : 1})`
}

/** The first block of this language after the words that announce it. */
function block(announced: string, language: string): string {
  assert.ok(README.includes(announced), `README does not say "${announced}"`)
  const found = README.slice(README.indexOf(announced)).split(`\`\`\`${language}\n`)[1]?.split('```')[0]
  assert.ok(found, `README has no ${language} after ${announced}`)
  return found
}

/** That block for this GitHub. */
function recipe(announced: string, language: string, github: Github): string {
  return block(announced, language)
    .replaceAll('https://api.github.com', github.url)
    .replaceAll('OWNER/NAME', github.repository)
    .replaceAll('BRANCH', github.facts.default_branch)
}

const clocks: Record<string, (github: Github) => Promise<boolean>> = {
  'the Cloudflare Worker': async (github) => {
    const file = join(home, `worker-${github.url.split(':').at(-1)}.mjs`)
    writeFileSync(file, recipe('**A Cloudflare Worker**', 'js', github))
    const worker = ((await import(file)) as { default: { scheduled(event: unknown, env: object): Promise<void> } })
      .default
    return await worker.scheduled({}, { GITHUB_TOKEN: github.token }).then(
      () => true,
      (error: unknown) => {
        assert.match(String(error), /GitHub answered \d+/)
        return false
      },
    )
  },
  'the crontab': async (github) => {
    writeFileSync(join(home, '.matchday-header'), `Authorization: Bearer ${github.token}\n`)
    const { host, port } = await addressOfServer()
    const service = { host, port, dbname: database.name, user: ROLE, password: PASSWORD }
    const lines = Object.entries(service).map(([key, value]) => `${key}=${value}\n`)
    const PGSERVICEFILE = join(home, '.pg_service.conf') // an older libpq looks for it in the password file's home
    writeFileSync(PGSERVICEFILE, `[matchday]\n${lines.join('')}`)
    const env = { ...process.env, HOME: home, PGSERVICEFILE }
    const child = spawn('sh', ['-c', recipe('**Any crontab**', 'sh', github)], { env })
    const [code] = (await once(child, 'close')) as [number]
    return code === 0
  },
}

const hasPsql = spawnSync('psql', ['--version']).status === 0
const without = (name: string) => (name === 'the crontab' && !hasPsql ? 'there is no psql here' : false)

/** A URL of the test server may be a socket's. */
async function addressOfServer(): Promise<{ host: string; port: string }> {
  const { hostname, port, searchParams } = new URL(database.url)
  const [row] = await sql<{ port: string }[]>`select current_setting('port') as port`
  return { host: searchParams.get('host') ?? (decodeURIComponent(hostname) || 'localhost'), port: port || row!.port }
}

/** How a clock's tick ends while ops-watch is in a state. */
async function tick(clock: (github: Github) => Promise<boolean>, state: FakeWorkflow['state'], wanted = true) {
  await using github = await aGithub()
  await isWanted(wanted)
  const watch = github.workflows.find(({ name }) => name === 'ops-watch')!
  watch.state = state
  const isFine = await clock(github)
  const enables = github.requests.filter(({ method }) => method === 'PUT').length
  return { isFine, enables, state: watch.state, started: github.dispatches.map(({ workflow }) => workflow) }
}

for (const [name, clock] of Object.entries(clocks)) {
  test(`${name} starts ops-watch, and enables nothing that is awake`, { skip: without(name) }, async () => {
    const done = await tick(clock, 'active')

    assert.deepEqual(done, { isFine: true, enables: 0, state: 'active', started: ['ops-watch.yml'] })
  })

  test(`${name} wakes an ops-watch that fell asleep, and starts it`, { skip: without(name) }, async () => {
    const done = await tick(clock, 'disabled_inactivity')

    assert.deepEqual(done, { isFine: true, enables: 1, state: 'active', started: ['ops-watch.yml'] })
  })

  test(`${name} leaves an ops-watch alone that a person has disabled, and fails`, { skip: without(name) }, async () => {
    const done = await tick(clock, 'disabled_manually')

    assert.deepEqual(done, { isFine: false, enables: 0, state: 'disabled_manually', started: [] })
  })
}

test('the crontab starts nothing while no pass is wanted', { skip: without('the crontab') }, async () => {
  const done = await tick(clocks['the crontab']!, 'active', false)

  assert.deepEqual(done, { isFine: true, enables: 0, state: 'active', started: [] })
})

test('a crontab that may not ask starts nothing, and fails', { skip: without('the crontab') }, async () => {
  await sql.unsafe(`revoke execute on function ledger.pass_wanted(timestamptz, boolean) from ${ROLE}`)
  const done = await tick(clocks['the crontab']!, 'active')
  await sql.unsafe(`grant execute on function ledger.pass_wanted(timestamptz, boolean) to ${ROLE}`)

  assert.deepEqual(done, { isFine: false, enables: 0, state: 'active', started: [] })
})

// pg_cron, pg_net and the vault are not here: what stands in for them keeps what they are given.
const STAND_INS = `
  create schema cron; create schema net; create schema vault;
  create table vault.decrypted_secrets (name text, decrypted_secret text);
  create function vault.create_secret(secret text, name text) returns void language sql
    as 'insert into vault.decrypted_secrets values (create_secret.name, secret)';
  create table cron.job (jobname text, schedule text, command text);
  create function cron.schedule(jobname text, schedule text, command text) returns void language sql
    as 'insert into cron.job values (jobname, schedule, command)';
  create table net.sent (method text, url text, headers jsonb, body jsonb);
  create function net.http_post(url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}',
    timeout_milliseconds integer default 5000) returns bigint language sql
    as 'insert into net.sent values (''POST'', url, headers, body) returning 1::bigint';
`

test('the database itself posts one dispatch where a pass is wanted, and none where not, by the command that it is given', async () => {
  await using github = await aGithub()
  await sql.unsafe(STAND_INS)
  await sql.unsafe(recipe('**The database itself**', 'sql', github).replace('github_pat_...', github.token))
  const [job, ...others] = await sql<{ schedule: string; command: string }[]>`select schedule, command from cron.job`
  // As a role that may post and ask, and nothing else.
  await sql.unsafe(`grant usage on schema net, vault to ${ROLE}; grant insert, select on net.sent, vault.decrypted_secrets to ${ROLE}`) // prettier-ignore
  const run = async (wanted: boolean) => {
    await isWanted(wanted)
    await sql.begin(async (tx) => {
      await tx.unsafe(`set local role ${ROLE}`)
      await tx.unsafe(job!.command)
    })
  }

  await run(false)
  const none = await sql`select 1 from net.sent`
  await run(true)
  const [post, ...more] = await sql<
    { url: string; headers: Record<string, string>; body: unknown }[]
  >`select * from net.sent`

  assert.deepEqual([job!.schedule, others.length, none.length, more.length], ['*/4 * * * *', 0, 0, 0])
  const { status } = await fetch(post!.url, {
    method: 'POST',
    headers: post!.headers,
    body: JSON.stringify(post!.body),
  })
  assert.ok(status >= 200 && status < 300, String(status))
  assert.deepEqual(github.dispatches.map(({ workflow, ref }) => [workflow, ref]), [['ops-watch.yml', github.facts.default_branch]]) // prettier-ignore
  assert.equal(post!.url, `${github.url}/repos/${github.repository}/actions/workflows/ops-watch.yml/dispatches`)
  assert.deepEqual(post!.body, { ref: github.facts.default_branch })
})
