// What retention forgets beside runs, each kind on both sides of its age.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'

import { aRetentionWorld, days, seconds } from '../../../helpers/retention.ts'

const { sql, clean, aRun, ...world } = await aRetentionWorld()
after(() => world[Symbol.asyncDispose]())

test('requests, passes and ghosts go after ninety days; what is open or young stays', async () => {
  const job = world.aJobId()
  const request = (state: string, ended: Date | null) => sql`
    insert into ledger.requests (job, kind, reason, state, next_try_at, created_at, ended_at)
    values (${job}, 'rescue', 'r', ${state}, ${days(200)}, ${days(200)}, ${ended})
  `
  await request('done', seconds(-1, days(90)))
  await request('dropped', days(90))
  await request('open', null)
  for (const began of [seconds(-1, days(90)), days(90)]) {
    await sql`insert into ledger.passes (id, trigger, began_at) values (gen_random_uuid(), 'terminal', ${began})`
    await sql`
      insert into ledger.ghosts (github_run_id, github_attempt, file, event, conclusion, created_at, seen_at, url)
      values (${began.getTime()}, 1, 'f', 'schedule', 'failure', ${began}, ${began}, 'u')
    `
  }
  await sql`insert into ledger.wake_up_gaps (began_at, ended_at, ended_by) values (${days(900)}, ${days(899)}, ${job})`

  await clean()

  assert.deepEqual((await sql`select state from ledger.requests where job = ${job} order by id`).map((row) => row['state']), ['dropped', 'open']) // prettier-ignore
  assert.deepEqual((await sql`select began_at from ledger.passes`).map((row) => row['began_at']), [days(90)]) // prettier-ignore
  assert.deepEqual((await sql`select created_at from ledger.ghosts`).map((row) => row['created_at']), [days(90)]) // prettier-ignore
  assert.equal((await sql`select 1 from ledger.wake_up_gaps where ended_by = ${job}`).length, 1)
})

test('an incident goes with its flips and what was told, four hundred days after it was closed', async () => {
  const incident = async (subject: string, closed: Date | null) => {
    const [{ id } = { id: '' }] = await sql<{ id: string }[]>`
      insert into ledger.incidents (subject, cause, severity, title, detail, knowable_at, opened_at, closed_at)
      values (${subject}, 'failed', 'warning', 't', 'd', ${days(900)}, ${days(900)}, ${closed}) returning id
    `
    const [flip] = await sql<{ id: string }[]>`
      insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, incident_id)
      values (${subject}, 'well', 'warning', 'r', ${days(900)}, ${id}) returning id
    `
    await sql`
      insert into ledger.deliveries (flip_id, incident_id, channel, next_try_at)
      values (${flip!.id}, ${id}, 'slack', ${days(900)})
    `
  }
  await incident('old', seconds(-1, days(400)))
  await incident('young', days(400))
  await incident('open', null)

  await clean()

  const subjects = async (table: string) =>
    (await sql`select subject from ${sql(table)} order by 1`).map((row) => row['subject'])
  assert.deepEqual(await subjects('ledger.incidents'), ['open', 'young'])
  assert.deepEqual(await subjects('ledger.flips'), ['open', 'young'])
  assert.equal((await sql`select 1 from ledger.deliveries`).length, 2)
})

test('a letter that outlived its run goes ninety days after it was closed', async () => {
  const job = world.aJobId()
  const run = await aRun(job, { outcome: 'failed' })
  const letter = (runId: string, closed: Date) => sql`
    insert into ledger.dead_letters (run_id, job, kind, key, code, message, retryable, failed_at, closed_at, close_reason)
    values (${runId}, ${job}, 'game', ${closed.toISOString()}, 'c', 'm', false, ${days(200)}, ${closed}, 'done')
  `
  await letter(randomUUID(), seconds(-1, days(90)))
  await letter(randomUUID(), days(90))
  await letter(run, days(150))

  await clean()

  const left = await sql`select closed_at from ledger.dead_letters where job = ${job} order by closed_at`
  assert.deepEqual(left.map((row) => row['closed_at']), [days(150), days(90)]) // prettier-ignore
})
