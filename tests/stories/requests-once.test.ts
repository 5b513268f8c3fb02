// A request is run once: by whichever run accepts it first, however often GitHub was asked, and again only if that run was lost.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertForcedRun } from '../../src/ledger/overrides.ts'
import { insertRequest } from '../../src/ledger/requests.ts'
import { anOrigin, at, foreignProcess, aJob, say } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { aWorld, type World } from '../helpers/world.ts'
import { endStory } from './account.ts'
import { dispatchesOf, outsideClock, sayRuns } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }
const DISPATCH = /POST .*test-daily\.yml\/dispatches/

/** Ann asks for a run past the gates; the slot of the day was served long before. */
async function annForces(repository: Repository, when: string): Promise<void> {
  repository.tick(daily, '18 08:07')
  repository.at(when, async () => {
    const deed = { job: daily.id, actor: 'ann', reason: 'the provider has mended its file', at: repository.now() }
    assert.deepEqual(await insertForcedRun(repository.world.sql, deed), { asked: true })
  })
  outsideClock(repository, when, '18 23:00')
}

async function sayRequests(sql: World['sql']): Promise<string[]> {
  const rows = await sql`
    select q.state, q.tries, r.outcome from ledger.requests q left join ledger.runs r on r.id = q.run_id order by q.id
  `
  return rows.map((row) => `${String(row['state'])} after ${String(row['tries'])}: ${String(row['outcome'])}`)
}

for (const [what, lose] of [
  ['lost', (repository: Repository) => repository.github.loseAnswer({ only: DISPATCH })],
  ['cut off', (repository: Repository) => repository.github.garble({ only: DISPATCH })],
] as const) {
  test(`a forced run whose dispatch was accepted, and the answer ${what}, runs once`, async () => {
    await using repository = await aRepository({ jobs: [DAILY], startSeconds: () => 700 })
    await annForces(repository, '18 10:00')
    lose(repository)

    await endStory(repository, '18 14:00')

    assert.equal(dispatchesOf(repository, daily), 2, 'GitHub was asked twice, and both runs came')
    assert.deepEqual(sayRuns(repository), ['schedule succeeded', 'request succeeded', 'request already_answered'])
    assert.deepEqual(await sayRequests(repository.world.sql), ['done after 2: succeeded'])
    const gated = repository.reports.at(-1)
    assert.match(gated?.reason ?? '', /^request \d+ for test\/daily was answered 2024-11-18T10:\S+ by run \S+\. Nothing was run again$/) // prettier-ignore
  })
}

test('accepted is not done: the request of a run that was lost is open again, and another run does it', async () => {
  const lives = [undefined, { seconds: 300, end: 'killed' as const }]
  await using repository = await aRepository({ jobs: [DAILY], lifeOf: () => lives.shift() })
  await annForces(repository, '18 10:00')
  const seen: string[] = []
  repository.at('18 10:02', async () => void seen.push(...(await sayRequests(repository.world.sql))))

  await endStory(repository, '18 14:00')

  assert.deepEqual(seen, ['accepted after 1: running'])
  assert.deepEqual(await sayRequests(repository.world.sql), ['done after 2: succeeded'])
  const runs = await repository.world
    .sql`select outcome, parameters ->> 'force' as force from ledger.runs order by started_at`
  assert.deepEqual(runs.map((row) => `${String(row['outcome'])} ${String(row['force'])}`), ['succeeded false', 'abandoned true', 'succeeded true']) // prettier-ignore
})

test('a forced run that dies each time is asked for ever more rarely, for a day', async () => {
  await using repository = await aRepository({
    jobs: [DAILY],
    lifeOf: () => (repository.now() > at('18 09:00') ? { seconds: 60, end: 'killed' } : undefined),
  })
  await annForces(repository, '18 10:00')
  outsideClock(repository, '18 23:00', '20 06:00', 30)

  await repository.runUntil('20 07:00')

  assert.equal((await sayRequests(repository.world.sql))[0]?.split(' ')[0], 'dropped')
  const [first] = await repository.world.sql`select note from ledger.requests order by id limit 1`
  assert.match(String(first?.['note']), /^lost: asked for \d+ times within a day, and its run was abandoned: /)
  const forced = await repository.world.sql`select 1 from ledger.runs where parameters ->> 'force' = 'true'`
  assert.ok(forced.length >= 6 && forced.length <= 14, `${forced.length} runs in a day`)
})

test('a workflow that does not declare the input is asked without it, and its run is known by GitHub’s id', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  const workflow = repository.github.workflows.find(({ name }) => name === 'test-daily')
  assert.ok(workflow)
  workflow.inputs = [{ name: 'force', options: [] }]
  await annForces(repository, '18 10:00')

  await endStory(repository, '18 14:00')

  assert.deepEqual(repository.github.dispatches.filter(({ workflow: file }) => file === 'test-daily.yml').map(({ inputs }) => inputs), [{ force: 'true' }]) // prettier-ignore
  assert.deepEqual(sayRuns(repository), ['schedule succeeded', 'request succeeded'])
  assert.deepEqual(await sayRequests(repository.world.sql), ['done after 1: succeeded'])
})

async function aForcedRequest(world: World, parts: { job?: string } = {}): Promise<string> {
  const wish = {
    job: daily.id,
    kind: 'manual',
    reason: 'ann wishes it',
    parameters: { force: true },
    actor: 'ann',
  } as const
  await insertRequest(world.sql, { ...wish, ...parts, at: at('18 09:00') })
  const [row] = await world.sql<{ id: string }[]>`select id from ledger.requests order by id desc limit 1`
  return row?.id ?? ''
}

test('of many runs that come at once for one request one does it, and the others say so and end well', async () => {
  await using world = await aWorld(DAILY)
  await world.wake(daily, '18 08:07')
  for (let round = 0; round < 5; round += 1) {
    const request = await aForcedRequest(world)
    const wakes = Array.from({ length: 4 }, () => world.wake(daily, '18 09:01', { trigger: 'request', raw: { force: true }, request })) // prettier-ignore

    const outcomes = (await Promise.all(wakes)).map(({ gate, outcome }) => gate?.code ?? outcome).sort()

    assert.equal(outcomes.filter((outcome) => outcome === 'succeeded').length, 1, outcomes.join(', '))
    assert.ok(outcomes.every((outcome) => ['succeeded', 'already_answered', 'already_running'].includes(outcome)))
    await world.sql`update ledger.requests set state = 'done', ended_at = ${at('18 09:02')} where state = 'accepted'`
  }
  const rows = await world.sql`
    select q.id from ledger.requests q join ledger.runs r on r.request_id = q.id and r.outcome = 'succeeded'
    group by q.id having count(*) <> 1
  `
  assert.equal(rows.length, 0)
})

test('a request that is not known, or is another job’s, starts nothing and says what to do', async () => {
  const other = aJob({ id: 'test/other' })
  await using world = await aWorld(DAILY, { job: other, cron: ['7 8 * * *'] })
  const theirs = await aForcedRequest(world, { job: other.id })

  const unknown = await world.wake(daily, '18 09:00', { trigger: 'request', request: '4711' })
  const foreign = await world.wake(daily, '18 09:00', { trigger: 'request', request: theirs })

  assert.deepEqual([unknown.gate?.code, foreign.gate?.code], ['unknown_request', 'unknown_request'])
  assert.match(unknown.reason ?? '', /for request 4711, but there is none of this number\. Nothing was run; to start it by hand leave the request empty$/) // prettier-ignore
  assert.match(foreign.reason ?? '', /but it is one for test\/other/)
  const [left] = await world.sql`select state from ledger.requests where id = ${theirs}`
  assert.equal(left?.['state'], 'open')
})

test('whoever runs an old attempt again wishes it anew, answered or not', async () => {
  await using world = await aWorld(DAILY)
  await world.wake(daily, '18 08:07')
  const request = await aForcedRequest(world)
  const origin = (githubAttempt: number) => ({ origin: anOrigin({ identity: foreignProcess, githubRunId: '12000000009', githubAttempt }) }) // prettier-ignore

  const first = await world.wake(daily, '18 09:01', { trigger: 'request', raw: { force: true }, request, parts: origin(1) }) // prettier-ignore
  const again = await world.wake(daily, '18 09:30', { trigger: 'rerun', raw: { force: true }, parts: origin(2) })

  assert.deepEqual([first.outcome, again.outcome], ['succeeded', 'succeeded'])
})

test('a run that comes after its rescue was given up is a wake-up like any other', async () => {
  await using world = await aWorld(DAILY)
  await world.wake(daily, '18 08:00') // writes the slot down
  await insertRequest(world.sql, { job: daily.id, kind: 'rescue', slotDueAt: at('18 08:07'), reason: 'it is overdue', parameters: {}, at: at('18 08:40') }) // prettier-ignore
  const [row] = await world.sql<{ id: string }[]>`
    update ledger.requests set state = 'dropped', note = 'lost: sent 3 times, and no run came', ended_at = ${at('18 09:10')}
    returning id
  `

  const late = await world.wake(daily, '18 09:20', { trigger: 'request', request: row?.id })

  assert.equal(late.outcome, 'succeeded')
  assert.deepEqual(await world.slots(daily, '18 23:00'), ['18 08:07 served'])
  assert.equal(say(late.run.startedAt), '18 09:20')
})
