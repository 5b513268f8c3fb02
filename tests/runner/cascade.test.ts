// `cascade`: a run that succeeds writes down requests for the jobs that need it, and only writes them down.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob } from '../helpers/builders.ts'
import { aWorld, type World } from '../helpers/world.ts'

const parent = aJob({ id: 'test/parent' })
const child = aJob({ id: 'test/child', needs: { 'test/parent': 'fresh' } })
const stranger = aJob({ id: 'test/stranger' })
const SCHEDULED = [
  { job: parent, cron: ['7 8 * * *'] },
  { job: child, cron: ['7 9 * * *'] },
  { job: stranger, cron: ['7 10 * * *'] },
]
const cascade = { trigger: 'manual', raw: { cascade: 'true' } } as const

test('a run with cascade asks for the jobs that need it, once', async () => {
  await using world = await aWorld(...SCHEDULED)

  await world.wake(parent, '18 07:00', cascade)
  await world.wake(parent, '18 07:30', cascade)

  assert.deepEqual(await requests(world), [
    { job: 'test/child', kind: 'cascade', state: 'open', reason: 'test/parent ran for 2024-11-18 with cascade' },
  ])
})

test('a run without cascade, or only rehearsed, asks for nothing', async () => {
  await using world = await aWorld(...SCHEDULED)

  await world.wake(parent, '18 09:00', { trigger: 'manual' })
  await world.wake(parent, '18 09:30', { trigger: 'manual', raw: { cascade: 'true', dryRun: 'true' } })

  assert.deepEqual(await requests(world), [])
})

async function requests(world: World): Promise<unknown[]> {
  const rows = await world.sql`select job, kind, state, reason from ledger.requests order by job`
  return rows.map((row) => ({ ...row }))
}
