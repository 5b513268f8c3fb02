// The database full, refused, half open or restarted while jobs and reconcilers work: one sentence, nothing lost, and the
// next pass repairs. (What a run alone makes of it: tests/runner/stories-failure.test.ts.)

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { aFreezableProxy, aFreePort, aSilentServer } from '../helpers/broken-servers.ts'
import { aJob, anOrigin, at, foreignProcess, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { endStory } from './account.ts'
import { dispatchesOf, fileOf, outsideClock, sayRuns, sayTold } from './stage.ts'

let meanwhile: () => Promise<unknown> = () => Promise.resolve()
const daily = aJob({ id: 'test/daily', run: async () => void (await meanwhile()) })
const DAILY = { job: daily, cron: ['7 8 * * *'] }

/** Every write to what runs, slots and passes are kept in meets a disk without space, or does no longer. */
async function fill(sql: Sql, full: boolean): Promise<void> {
  await sql`
    create or replace function public.no_space() returns trigger language plpgsql as $$
    begin
      raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
    end $$
  `
  for (const table of ['runs', 'slots', 'passes', 'requests'].map((name) => sql(`ledger.${name}`))) {
    await sql`drop trigger if exists no_space on ${table}`
    if (full) await sql`create trigger no_space before insert or update on ${table} execute function public.no_space()`
  }
}

/** A tick whose run ends in an exception: the database could not be told how it ended. Returns the sentence. */
async function tickInVain(repository: Repository): Promise<string> {
  const run = repository.github.addRun({ workflow: fileOf(daily), status: 'in_progress', conclusion: null })
  const origin = anOrigin({ identity: foreignProcess, githubRunId: run.id, githubAttempt: 1 })
  const sentence = await repository.world.wake(daily, repository.now(), { parts: { origin } }).then(
    () => assert.fail('the run ended well'),
    (error: unknown) => (error as Error).message,
  )
  Object.assign(run, { status: 'completed', conclusion: 'failure' })
  return sentence
}

test('a disk that fills up during a run: one sentence, passes that say so too, and a rescue as soon as there is space', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  const { sql } = repository.world
  meanwhile = () => fill(sql, true)
  await repository.runUntil('18 08:07')

  const sentence = await tickInVain(repository)
  meanwhile = () => Promise.resolve()
  await repository.runUntil('18 08:10')
  await sql`drop trigger no_space on ledger.runs` // the story itself lets hearts age there
  const during = await repository.pass({ sql })
  await fill(sql, false)
  outsideClock(repository, '18 08:12', '18 08:30', 1)
  await endStory(repository, '18 10:00')

  assert.match(sentence, /ended as succeeded, but its run .* could not be closed: the database at .* has no disk space left\. Free or add some/) // prettier-ignore
  assert.ok(during.failures.length > 0)
  for (const { why } of during.failures) assert.match(why, /^the database at .* has no disk space left/)
  assert.deepEqual(sayTold(repository, 'ops/watch').slice(0, 2), ['watch_failed critical', 'watch_failed well'])
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
  assert.equal(say(repository.reports[0]?.run.startedAt ?? at('18 00:00')), '18 08:12')
})

test('a disk that is full before the run begins: one sentence, no row, and the slot is rescued after its grace', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await fill(repository.world.sql, true)
  await repository.runUntil('18 08:07')

  const sentence = await tickInVain(repository)
  await fill(repository.world.sql, false)
  outsideClock(repository, '18 08:30', '18 09:00')
  await endStory(repository, '18 10:00')

  assert.match(sentence, /^the database at .* has no disk space left\. Free or add some, then run again\.$/)
  assert.deepEqual(sayRuns(repository), ['request succeeded'])
})

test('a database that refuses one pass is found well by the next, which does all that was due', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await using nowhere = openDatabase(`postgres://ann:s3cr3t@127.0.0.1:${await aFreePort()}/league`)
  await repository.runUntil('18 08:40')

  const refused = await repository.pass({ sql: nowhere.sql })
  await repository.runUntil('18 08:45')
  await repository.pass()
  await endStory(repository, '18 10:00')

  assert.equal(refused.led, false)
  for (const { why } of refused.failures) assert.match(why, /^the database at .* refused the connection/)
  assert.equal(dispatchesOf(repository, daily), 1)
})

test('a connection that takes a statement and never answers is given up in time, and the lease let go on another', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await using proxy = await aFreezableProxy(repository.world.url)
  await using halfOpen = openDatabase(proxy.url, { deadlineMs: 2000 })
  await repository.runUntil('18 08:40')
  const submit = () => Promise.resolve(proxy.freeze()).then(() => ({ reference: undefined }))

  const cut = await repository.pass({ sql: halfOpen.sql, executor: { name: 'actions', submit } })
  await repository.runUntil('18 08:41')
  const next = await repository.pass()
  outsideClock(repository, '18 08:42', '18 09:00', 1)
  await endStory(repository, '18 10:00')

  assert.match(cut.failures[0]?.why ?? '', /took a statement and never answered/)
  assert.equal(next.led, true)
  // What was claimed and perhaps sent has its ten minutes first.
  assert.deepEqual(repository.reports.map(({ run }) => say(run.startedAt)), ['18 08:50']) // prettier-ignore
})

test('a server that accepts and never says a word keeps a pass for no longer than its deadline, and nothing is changed', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await using silent = await aSilentServer()
  await using halfOpen = openDatabase(silent.url.replace('?options=hidden', ''), { deadlineMs: 300 })
  await repository.runUntil('18 08:40')

  const mute = await repository.pass({ sql: halfOpen.sql })
  const passes = await repository.world.sql`select 1 from ledger.passes`
  await repository.pass()
  await endStory(repository, '18 10:00')

  for (const { why } of mute.failures) assert.match(why, /did not answer in time|never answered/)
  assert.equal(passes.length, 0)
  assert.equal(dispatchesOf(repository, daily), 1)
})

test('a database that restarts while a run works costs nothing: the end is written, and reconcile has nothing to do', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await using admin = openDatabase(repository.world.url, { max: 1, applicationName: 'the administrator' })
  meanwhile = () => admin.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
  `
  repository.tick(daily, '18 08:07')
  outsideClock(repository, '18 08:00', '18 09:00')

  await endStory(repository, '18 10:00')
  meanwhile = () => Promise.resolve()

  assert.deepEqual(sayRuns(repository), ['schedule succeeded'])
  assert.equal(dispatchesOf(repository, daily), 0)
})
