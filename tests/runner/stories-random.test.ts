// Days of mishaps that nobody thought of: wake-ups at any time by anybody, jobs that end in any way or are killed. Whatever
// happens, no slot is served twice, none is undefined in the end, and no child goes before its parent.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { SourceFailure } from '../../src/core/errors.ts'
import type { JobReturn } from '../../src/core/job.ts'
import type { Trigger } from '../../src/core/run.ts'
import { openRun } from '../../src/runner/open-run.ts'
import { writeSlotsDue } from '../../src/runner/slots-due.ts'
import { aJob, anOrigin, at, deadProcess, say } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

type End = 'succeeds' | 'fails' | 'is not ready' | 'is killed'

interface Mishap {
  readonly afterMinutes: number
  readonly job: number
  readonly trigger: Trigger
  readonly end: End
  /** How many processes are woken at once. */
  readonly at: number
}

let end: End = 'succeeds'
const run = (): Promise<JobReturn> => {
  if (end === 'fails') return Promise.reject(new SourceFailure('503', { retryable: true }))
  return Promise.resolve(end === 'is not ready' ? { notReady: 'nothing yet' } : undefined)
}
const parent = aJob({ id: 'test/parent', run, deadlineMinutes: 600 })
const child = aJob({ id: 'test/child', run, needs: { 'test/parent': 'fresh' } })
const grandchild = aJob({ id: 'test/grandchild', run, needs: { 'test/child': 'fresh' }, onMissed: 'each' })
const weekly = aJob({ id: 'test/weekly', run, needs: { 'test/parent': 'fresh' }, onMissed: 'skip', graceMinutes: 90 })
const jobs = [parent, child, grandchild, weekly]
const SCHEDULE = [
  { job: parent, cron: ['7 8 * * *'] },
  { job: child, cron: ['7 14 * * *'] },
  { job: grandchild, cron: ['7 9,21 * * *'] },
  { job: weekly, cron: ['7 20 * * 3'] },
]

const anyMishap: fc.Arbitrary<Mishap> = fc.record({
  afterMinutes: fc.integer({ min: 0, max: 500 }),
  job: fc.integer({ min: 0, max: jobs.length - 1 }),
  trigger: fc.constantFrom<Trigger>('schedule', 'chain', 'manual', 'request'),
  end: fc.constantFrom<End>('succeeds', 'succeeds', 'fails', 'is not ready', 'is killed'),
  at: fc.integer({ min: 1, max: 3 }),
})

test('whatever happens, every slot ends in a known state and none is served twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyMishap, { minLength: 5, maxLength: 25 }), async (mishaps) => {
      await using world = await aWorld(...SCHEDULE)
      let now = at('18 06:00')
      for (const mishap of mishaps) {
        now = new Date(now.getTime() + mishap.afterMinutes * 60_000)
        await suffer(world, now, mishap)
        await checkAccount(world)
      }
      await settle(world)
    }),
    { numRuns: 15 },
  )
})

async function suffer(world: World, now: Date, mishap: Mishap): Promise<void> {
  const job = jobs[mishap.job]!
  if (mishap.end === 'is killed') {
    await writeSlotsDue(world.sql, jobs, now)
    const [wakeUp, origin] = [{ trigger: mishap.trigger, byPerson: mishap.trigger === 'manual', raw: {} }, anOrigin({ identity: deadProcess() })] // prettier-ignore
    const params = { dryRun: false, force: false, cascade: false }
    await openRun(job, { sql: world.sql, wakeUp, params, defaultParams: true, namedPeriod: undefined, environment: 'test', origin, now }) // prettier-ignore
    return
  }
  end = mishap.end
  await Promise.all(Array.from({ length: mishap.at }, () => world.wake(job, say(now), { trigger: mishap.trigger })))
}

/** Slots and runs tell the same story at every moment. */
async function checkAccount({ sql }: World): Promise<void> {
  const wrong = await sql`
    select s.job, s.due_at, s.state, count(r.id) filter (where r.outcome in ('succeeded', 'partial')) as servings,
      count(r.id) filter (where r.outcome = 'running') as running
    from ledger.slots s left join ledger.runs r on r.job = s.job and r.slot_due_at = s.due_at
    group by s.job, s.due_at
    having count(r.id) filter (where r.outcome in ('succeeded', 'partial')) <> (s.state = 'served')::integer
      or count(r.id) filter (where r.outcome = 'running') <> (s.state = 'running')::integer
  `
  assert.deepEqual([...wrong], [])
  const tooEarly = await sql`
    select c.job, c.due_at, p.job as parent, p.due_at as parent_due, p.state
    from ledger.slots c
    join (values ('test/child', 'test/parent'), ('test/grandchild', 'test/child'), ('test/weekly', 'test/parent'))
      as edge (child, parent) on edge.child = c.job
    join lateral (
      select * from ledger.slots where job = edge.parent and due_at <= c.due_at order by due_at desc limit 1
    ) p on true
    where c.state = 'served' and (p.state <> 'served' or p.started_at > c.started_at)
  `
  assert.deepEqual([...tooEarly], [])
}

/** After a quiet day in which everything is looked at, nothing is left open that is past its deadline. */
async function settle(world: World): Promise<void> {
  end = 'succeeds'
  for (const hour of ['28 06:00', '28 22:30']) for (const job of jobs) await world.wake(job, hour)
  await checkAccount(world)
  const open = await world.sql`
    select job, due_at, state from ledger.slots where state = 'running' or (state = 'due' and deadline_at <= ${at('28 22:30')})
  `
  assert.deepEqual([...open], [])
}
