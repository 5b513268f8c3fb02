// What set-up asks for in a person's name, in which order, and what it says of the first prediction.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { insertRequest } from '../../src/ledger/requests.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { adviseFirstPrediction } from '../../src/setup/first-prediction.ts'
import { adviseFirstRuns, askForFirstRuns, rootsInOrder } from '../../src/setup/first-run.ts'
import { aJob, at } from '../helpers/builders.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'
import { aWorld } from '../helpers/world.ts'

const catalog = await readCatalog(PROJECT_ROOT, jobs)
const allOn = catalog.jobs.map(({ id }) => id)

test('every root of the leagues that are on is begun with, whoever reads another league after it', () => {
  assert.deepEqual(rootsInOrder(jobs, allOn), ['nfl/bronze', 'ops/cleanup', 'fantasy/import'])
  assert.deepEqual(rootsInOrder(jobs.toReversed(), allOn), ['ops/cleanup', 'nfl/bronze', 'fantasy/import'])
  assert.deepEqual(rootsInOrder(jobs, ['fantasy/import', 'ops/cleanup']), ['ops/cleanup', 'fantasy/import'])
  assert.deepEqual(rootsInOrder(jobs, []), [])
})

test('what reads in a circle is begun with all the same', () => {
  const [a, b] = [aJob({ id: 'a/one', reads: ['b/one'] }), aJob({ id: 'b/one', reads: ['a/one'] })]

  assert.deepEqual(rootsInOrder([a, b], ['a/one', 'b/one']).toSorted(), ['a/one', 'b/one'])
})

async function requestsOf(world: Awaited<ReturnType<typeof aWorld>>): Promise<string[]> {
  const rows = await world.sql`select job, kind, actor, parameters::text as parameters from ledger.requests order by id`
  return rows.map((row) => `${String(row['job'])} ${String(row['kind'])} ${String(row['actor'])} ${String(row['parameters'])}`) // prettier-ignore
}

test('each root is asked for once, in the name of the person, with all that depends on it, until it has come to something', async () => {
  const [bronze, other] = [aJob({ id: 'nfl/bronze' }), aJob({ id: 'ops/cleanup' })]
  await using world = await aWorld({ job: bronze, cron: ['7 8 * * *'] }, { job: other, cron: ['7 9 * * *'] })
  const on = catalog.jobs.filter(({ id }) => id === bronze.id || id === other.id)
  const ask = (when: string) => askForFirstRuns(world.sql, { jobs: [bronze, other], on, actor: 'ann', at: at(when) })

  assert.deepEqual(await ask('18 07:00'), ['nfl/bronze', 'ops/cleanup'])
  assert.deepEqual(await ask('18 07:01'), ['nfl/bronze', 'ops/cleanup'])
  const asked = ['nfl/bronze manual ann {"cascade": true}', 'ops/cleanup manual ann {}']
  assert.deepEqual(await requestsOf(world), asked)
  await world.wake(bronze, '18 08:10')
  assert.deepEqual(await ask('18 08:20'), ['ops/cleanup'])
  assert.deepEqual(await requestsOf(world), asked)
})

test('a root that reconcile asks for is asked for beside it', async () => {
  const job = aJob({ id: 'nfl/bronze' })
  await using world = await aWorld({ job, cron: ['7 8 * * *'] })
  const rescue = { job: job.id, kind: 'rescue', slotDueAt: at('18 08:07'), reason: 'overdue', parameters: {}, at: at('18 09:00') } as const // prettier-ignore
  await insertRequest(world.sql, rescue)

  const on = catalog.jobs.filter(({ id }) => id === job.id)
  await askForFirstRuns(world.sql, { jobs: [job], on, actor: 'ann', at: at('18 09:01') })

  assert.equal((await requestsOf(world)).length, 2)
  assert.equal(await insertRequest(world.sql, rescue), false)
})

test('how the first run comes is told by what will happen, and nothing once all have come to something', () => {
  const roots = ['nfl/bronze', 'fantasy/import']
  const told = (how: Parameters<typeof adviseFirstRuns>[1]['how']) => adviseFirstRuns(roots, { actor: 'ann', how })[0]

  assert.match(told('woken')?.sentence ?? '', /^nfl\/bronze and fantasy\/import are asked for in the name of ann.*: ops-watch was woken/) // prettier-ignore
  assert.match(told('no token')?.sentence ?? '', /the next pass of ops-watch starts them; npm run watch makes one at once\.$/) // prettier-ignore
  assert.equal(told('nobody')?.ok, false)
  assert.match(told({ refusal: 'GitHub said no.' })?.sentence ?? '', /could not be woken: GitHub said no\. Start Actions → ops-watch/) // prettier-ignore
  assert.deepEqual(adviseFirstRuns([], { actor: 'ann', how: 'woken' }), [])
})

const predict = jobs.find(({ id }) => id === 'nfl/predict')
const lines = catalog.jobs.find(({ id }) => id === 'nfl/predict')?.schedules ?? []
const season = (year: number) => ({ season: year, opensAt: new Date(`${year}-09-03T00:20:00Z`), closesAt: new Date(`${year + 1}-02-14T23:30:00Z`) }) // prettier-ignore

for (const [what, seasons, now, expected] of [
  ['before the schedule was read', [], '2026-07-01', /known once nfl\/silver has read the schedule/],
  ['in season', [season(2026)], '2026-10-13', /^The next prediction of nfl\/predict is due Wed 14 Oct 2026/],
  [
    'out of season, with the next one listed',
    [season(2025), season(2026)],
    '2026-07-01',
    /^nfl is out of season: its first prediction is due Wed 9 Sep 2026[^.]*\.$/,
  ],
  [
    'out of season, with the next one not listed yet',
    [season(2025)],
    '2026-03-01',
    /first prediction is due Wed 9 Sep 2026.*That is by the calendar: nfl\/silver has not found the schedule of 2026 yet\.$/,
  ],
] as const)
  // prettier-ignore
  test(`the first prediction, ${what}`, () => {
    assert.ok(predict)
    const [told] = adviseFirstPrediction({ job: predict, lines, seasons, reader: 'nfl/silver' }, new Date(`${now}T12:00:00Z`))

    assert.match(told?.sentence ?? '', expected)
  })

test('of a league that is switched off nothing is predicted', () => {
  assert.ok(predict)
  assert.deepEqual(
    adviseFirstPrediction({ job: predict, lines: [], seasons: [], reader: 'nfl/silver' }, new Date()),
    [],
  )
})
