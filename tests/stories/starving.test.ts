// Jobs that nothing but ops-watch starts, with intervals no longer than their grace: what their incidents promise is kept.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aJob } from '../helpers/builders.ts'
import { aRepository } from '../helpers/repository.ts'
import { checkAccount } from './account.ts'
import { outsideClock } from './stage.ts'

for (const onMissed of ['latest', 'each', 'skip'] as const) {
  test(`a job with "${onMissed}" that is due every twenty minutes and has half an hour of grace is rescued`, async () => {
    const job = aJob({ id: 'test/often', onMissed, graceMinutes: 30, deadlineMinutes: 240 })
    await using repository = await aRepository({ jobs: [{ job, cron: ['7,27,47 * * * *'] }] })
    outsideClock(repository, '18 08:00', '18 12:00', 5)
    await repository.runUntil('18 12:00')

    const [slots] = await repository.world.sql`
      select count(*) filter (where state not in ('served', 'coalesced'))::integer as others,
        coalesce(max(extract(epoch from changed_at - due_at) / 60) filter (where state in ('served', 'coalesced')), 0)::integer
          as longest
      from ledger.slots where due_at between '2024-11-18T08:00Z' and '2024-11-18T11:20Z'
    `
    assert.equal(slots?.['others'], 0)
    // The grace, a pass, and the half minute that GitHub takes.
    assert.ok(Number(slots['longest']) <= 37, String(slots['longest']))
    await checkAccount(repository.world.sql, repository.now())
  })
}

test('a pass says that it is wanted at half of the grace of a job that drops late slots, before its slot is due', async () => {
  const job = aJob({ id: 'test/dropper', onMissed: 'skip', graceMinutes: 40 })
  await using repository = await aRepository({ jobs: [{ job, cron: ['7 8 * * *'] }] })
  await repository.runUntil('18 08:00')
  await repository.pass()

  const [watch] = await repository.world.sql`select next_action_at from ledger.watch`
  assert.deepEqual(watch?.['next_action_at'], new Date('2024-11-18T08:27Z'))
})
