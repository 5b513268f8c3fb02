// What else health is read from: runs under way, lines nobody served, breakers, ghosts, gaps, GitHub's side, pauses.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import { readHealth } from '../../src/ledger/health.ts'
import { takeRun } from '../../src/ledger/runs.ts'
import { closeSlot, insertSlots } from '../../src/ledger/slots.ts'
import { aRun, at } from '../helpers/builders.ts'
import { aDatabase, aDatabaseForThisFile } from '../helpers/database.ts'
import { aNewSlot, aScheduleLine } from '../helpers/ledger.ts'
import { aJobWithSlots, aRunOf } from '../observe/account.ts'

const { sql } = await aDatabaseForThisFile()
const NOW = at('19 12:00')

test('a running run is told with its silence, its idleness and the median of its job’s served slots', async () => {
  const { job } = await aJobWithSlots(sql, '16 08:07', '17 08:07', '18 08:07', '19 08:07')
  for (const [day, durationMs] of [
    ['16', 1000],
    ['17', 9000],
    ['18', 2000],
  ] as const)
    await aRunOf(sql, { job, slotDueAt: at(`${day} 08:07`) }, { durationMs })
  const run = aRun({ job, slotDueAt: at('19 08:07') })
  await takeRun(sql, run)
  await sql`
    update ledger.runs
    set heartbeat_at = clock_timestamp() - interval '20 seconds', recorded_at = clock_timestamp() - interval '1 hour',
      progress_done = 3, progress_total = 7, progress_unit = 'games'
    where id = ${run.id}
  `
  const find = async () => (await readHealth(sql, NOW)).running.find(({ id }) => id === run.id)

  const { silentMs = 0, idleMs = 0, ...rest } = (await find()) ?? {}
  assert.deepEqual(rest, { id: run.id, job, slotDueAt: at('19 08:07'), progress: { done: 3, total: 7, unit: 'games' }, usualMs: 2000 }) // prettier-ignore
  assert.ok(silentMs >= 20_000 && silentMs < 50_000, `${silentMs}`)
  assert.ok(idleMs >= 3_600_000 && idleMs < 3_630_000, `${idleMs}`)

  await sql`update ledger.runs set progressed_at = clock_timestamp() - interval '1 minute' where id = ${run.id}`
  const moved = (await find())?.idleMs ?? 0
  assert.ok(moved >= 60_000 && moved < 90_000, `${moved}`)
})

test('only the last twenty served slots say what is usual, and without any nothing is', async () => {
  const { job, line } = await aJobWithSlots(sql)
  const days = Array.from({ length: 25 }, (_, i) => at(`${String(i + 1).padStart(2, '0')} 08:07`))
  await insertSlots(sql, days.map((dueAt) => aNewSlot({ job, scheduleId: line, dueAt })), NOW) // prettier-ignore
  await takeRun(sql, aRun({ job }))
  const usual = async () => (await readHealth(sql, NOW)).running.find((run) => run.job === job)?.usualMs
  assert.equal(await usual(), undefined)

  await sql`
    update ledger.slots set state = 'served', duration_ms = case when due_at < ${at('06 00:00')} then 1 else 500 end
    where job = ${job}
  `
  assert.equal(await usual(), 500)
})

test('a line none of whose slots was served comes with its first slot that counts', async () => {
  const { job } = await aJobWithSlots(sql, '17 08:07', '18 08:07', '19 08:07')
  await closeSlot(sql, { job, dueAt: at('17 08:07') }, { state: 'waived', reason: 'out of season', at: at('17 00:00') })
  const linesOf = async () => (await readHealth(sql, NOW)).unservedLines.filter((line) => line.job === job)

  assert.deepEqual(await linesOf(), [
    {
      job,
      cron: '7 8 * * *',
      zone: 'UTC',
      firstSlot: { dueAt: at('18 08:07'), graceUntil: at('18 08:37'), state: 'due' },
    },
  ])
  await aRunOf(sql, { job, slotDueAt: at('19 08:07') })
  assert.deepEqual(await linesOf(), [])
})

test('a line all of whose slots were waived or covered, or that has ended, is not called unserved', async () => {
  const { job } = await aJobWithSlots(sql, '18 08:07', '19 08:07')
  await closeSlot(sql, { job, dueAt: at('18 08:07') }, { state: 'waived', reason: 'out of season', at: at('17 00:00') })
  await sql`update ledger.slots set state = 'coalesced' where job = ${job} and state = 'due'`
  const other = await aJobWithSlots(sql, '19 08:07')
  await sql`update ledger.schedules set valid_to = ${NOW} where job = ${other.job}`

  const found = (await readHealth(sql, NOW)).unservedLines.map((line) => line.job)
  assert.deepEqual(found.filter((one) => one === job || one === other.job), []) // prettier-ignore
})

test('a line of a job that wants a first success of another is unserved only from that success on, and so is its grace', async () => {
  const [{ job }, parent, other] = [await aJobWithSlots(sql, '18 08:07'), await aJobWithSlots(sql, '17 08:07'), await aJobWithSlots(sql, '17 08:07')] // prettier-ignore
  for (const one of [parent, other]) await sql`insert into ledger.needs values (${job}, ${one.job}, 'any')`
  const graceOf = async () =>
    (await readHealth(sql, NOW)).unservedLines.filter((line) => line.job === job).map(({ firstSlot }) => firstSlot.graceUntil) // prettier-ignore

  await aRunOf(sql, { job: parent.job, startedAt: at('17 08:07') })
  assert.deepEqual(await graceOf(), [], 'the other one never came to anything')
  await aRunOf(sql, { job: other.job, startedAt: at('19 10:00') })
  assert.deepEqual(await graceOf(), [at('19 10:31')])
  // What comes after the first success moves nothing.
  await aRunOf(sql, { job: other.job, startedAt: at('19 11:00') })
  assert.deepEqual(await graceOf(), [at('19 10:31')])
})

test('a second line of a job is unserved although the first one is served', async () => {
  const { job } = await aJobWithSlots(sql, '18 08:07')
  await aRunOf(sql, { job, slotDueAt: at('18 08:07') })
  const scheduleId = await aScheduleLine(sql, { job, cron: '7 9 * * *' })
  await insertSlots(sql, [aNewSlot({ job, scheduleId, dueAt: at('19 09:07') })], NOW)

  const found = (await readHealth(sql, NOW)).unservedLines.filter((line) => line.job === job)
  assert.deepEqual(found.map(({ cron }) => cron), ['7 9 * * *']) // prettier-ignore
})

test('open and half-open breakers are told, closed ones are not', async () => {
  await using database = await aDatabase()
  await database.sql`
    insert into ledger.breakers (source, state, failures, opened_at, try_at, reason) values
      ('a', 'open', 3, ${at('19 08:00')}, ${at('19 08:30')}, 'a answered 503'), ('b', 'closed', 1, null, null, 'once'),
      ('c', 'half_open', 4, ${at('19 07:00')}, null, null)
  `

  assert.deepEqual((await readHealth(database.sql, NOW)).breakers, [
    { source: 'a', failures: 3, openedAt: at('19 08:00'), tryAt: at('19 08:30'), reason: 'a answered 503' },
    { source: 'c', failures: 4, openedAt: at('19 07:00'), tryAt: undefined, reason: undefined },
  ])
})

test('a ghost is told for a day, of a job only, not when it was cancelled, and until a run comes', async () => {
  const { job } = await aJobWithSlots(sql)
  await sql`
    insert into ledger.ghosts (github_run_id, github_attempt, file, job, event, conclusion, created_at, seen_at, url) values
      (1, 1, 'a.yml', ${job}, 'schedule', 'startup_failure', ${at('19 08:00')}, ${NOW}, 'https://github.com/1'),
      (2, 1, 'a.yml', ${job}, 'schedule', 'cancelled', ${at('19 08:10')}, ${NOW}, 'https://github.com/2'),
      (3, 1, 'a.yml', ${job}, 'schedule', 'timed_out', ${at('18 12:00')}, ${NOW}, 'https://github.com/3'),
      (4, 1, 'ops-x.yml', null, 'schedule', 'failure', ${at('19 08:00')}, ${NOW}, 'https://github.com/4')
  `
  const ghosts = async () => (await readHealth(sql, NOW)).ghosts

  assert.deepEqual(await ghosts(), [{ job, conclusion: 'startup_failure', createdAt: at('19 08:00'), url: 'https://github.com/1' }]) // prettier-ignore
  await aRunOf(sql, { job, startedAt: at('19 08:00') })
  assert.equal((await ghosts()).length, 1)
  await aRunOf(sql, { job, startedAt: at('19 08:20') })
  assert.deepEqual(await ghosts(), [])
})

test('gaps that ended within a day are told, the newest first', async () => {
  await using database = await aDatabase()
  await database.sql`
    insert into ledger.wake_up_gaps (began_at, ended_at, ended_by) values
      (${at('18 08:00')}, ${at('18 12:00')}, 'ops/watch'), (${at('18 12:00')}, ${at('18 12:06')}, 'test/one'),
      (${at('19 08:00')}, ${at('19 10:00')}, 'ops/watch')
  `

  assert.deepEqual((await readHealth(database.sql, NOW)).wakeUpGaps, [
    { beganAt: at('19 08:00'), endedAt: at('19 10:00') },
    { beganAt: at('18 12:00'), endedAt: at('18 12:06') },
  ])
})

test('of an outside clock its last pass and its days are read, and of all passes those that came too late', async () => {
  await using database = await aDatabase()
  const passes = [
    ['dispatch', 'ann', '06 12:01', null], // a moment within the last 14 days, and one before
    ['dispatch', 'ann', '05 11:59', null],
    ['dispatch', 'ann', '17 11:00', null],
    ['dispatch', 'ann', '17 09:00', null],
    ['dispatch', 'ann', '19 03:04', '19 03:00'],
    ['dispatch', 'github-actions[bot]', '19 08:30', '19 08:29'],
    ['schedule', 'ann', '19 05:40', '19 04:40'], // an hour is not more than an hour
    ['schedule', 'ann', '19 09:37', '19 08:36'],
    ['schedule', 'ann', '18 11:00', '18 09:00'],
    ['dispatch', 'ann', '19 12:01', '19 10:00'],
  ] as const
  const rows = passes.map(([trigger, actor, beganAt, wantedAt]) => ({ id: randomUUID(), trigger, actor, began_at: at(beganAt), wanted_at: wantedAt && at(wantedAt) })) // prettier-ignore
  await database.sql`insert into ledger.passes ${database.sql(rows)}`

  assert.deepEqual((await readHealth(database.sql, NOW)).outsideClock, {
    lastAt: at('19 03:04'),
    days: 3,
    latePasses: [{ beganAt: at('19 09:37'), wantedAt: at('19 08:36') }],
  })
})

test('GitHub’s side is read: workflows disabled for inactivity, and the age of the last commit', async () => {
  await using database = await aDatabase()
  assert.equal((await readHealth(database.sql, NOW)).lastCommitAt, undefined)
  await database.sql`update ledger.watch set last_commit_at = ${at('01 08:00')}`
  await database.sql`
    insert into ledger.workflow_states (file, state, since_at, seen_at) values
      ('a.yml', 'active', ${NOW}, ${NOW}), ('b.yml', 'disabled_inactivity', ${at('18 08:00')}, ${NOW}),
      ('c.yml', 'disabled_manually', ${NOW}, ${NOW})
  `

  const { lastCommitAt, disabledWorkflows } = await readHealth(database.sql, NOW)
  assert.deepEqual(lastCommitAt, at('01 08:00'))
  assert.deepEqual(disabledWorkflows, [{ file: 'b.yml', sinceAt: at('18 08:00') }])
})

test('when the site was built, and since when a newer one is wanted, is read', async () => {
  await using database = await aDatabase()
  await database.sql`update ledger.watch set site_built_at = ${at('18 05:09')}, site_wanted_at = ${at('19 07:10')}`

  const { site } = await readHealth(database.sql, NOW)

  assert.deepEqual(site, { builtAt: at('18 05:09'), wantedAt: at('19 07:10') })
})

test('a pause is in force from its beginning until it ends, expires or is about one slot', async () => {
  await using database = await aDatabase()
  const pause = { kind: 'pause', reason: 'the source moves', actor: 'ann', created_at: at('19 08:00'), expires_at: at('19 13:00') } // prettier-ignore
  const rows = [
    { ...pause, job: 'test/paused' },
    { ...pause, job: '*' },
    { ...pause, job: 'test/paused', expires_at: at('20 00:00') },
    { ...pause, job: 'test/expired', expires_at: NOW },
    { ...pause, job: 'test/coming', created_at: at('19 12:01') },
    { ...pause, job: 'test/forced', kind: 'force' },
  ]
  await database.sql`insert into ledger.overrides ${database.sql(rows)}`
  await database.sql`insert into ledger.overrides ${database.sql([{ ...pause, job: 'test/ended', ended_at: at('19 09:00') }])}`
  await database.sql`insert into ledger.overrides ${database.sql([{ ...pause, job: 'test/slot', slot_due_at: at('19 08:07') }])}`

  assert.deepEqual((await readHealth(database.sql, NOW)).paused, ['*', 'test/paused'])
})

test('an empty ledger has no health to tell of', async () => {
  await using database = await aDatabase()

  assert.deepEqual(await readHealth(database.sql, NOW), {
    jobs: [],
    running: [],
    unservedLines: [],
    breakers: [],
    ghosts: [],
    wakeUpGaps: [],
    outsideClock: { lastAt: undefined, days: 0, latePasses: [] },
    disabledWorkflows: [],
    lastCommitAt: undefined,
    keptAwakeAt: undefined,
    publicRepository: undefined,
    site: { builtAt: undefined, wantedAt: undefined },
    paused: [],
  })
})
