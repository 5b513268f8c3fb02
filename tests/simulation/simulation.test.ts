// Five weeks of a repository under each model of GitHub's cron, with everything going wrong that can: the promises hold.
// (`npm run bench -- alerts` measures more weeks, and with an outside clock.)

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccount } from '../stories/account.ts'
import { LATE_2026, MID_2026 } from './lateness.ts'
import { SOME_FAULTS } from './league.ts'
import { measure } from './measure.ts'
import { simulate } from './simulate.ts'

// One trouble of a job is told once, by the cause that leads.
const TOLD_OF = ['failed', 'missed', 'overdue', 'never_seen', 'rescue_lost', 'stuck']

for (const model of [MID_2026, LATE_2026]) {
  test(`${model.name}: in five weeks every slot ends in a known state, none is served twice, and whoever lives tells in time`, async () => {
    const setting = { model, seed: 3, weeks: 5, faults: SOME_FAULTS, pipelines: ['nfl', 'nba'], clockMinutes: undefined } // prettier-ignore
    const simulated = await simulate(setting)
    await using repository = simulated.repository
    const account = await measure(simulated)

    await checkAccount(repository.world.sql, simulated.until)
    assert.equal(account.definite, account.slots)
    assert.equal(account.servedTwice, 0)
    assert.ok(account.failures > 15, 'it is a test only if much goes wrong')
    // With a process alive, and but for dispatches that GitHub keeps and channels that are spared.
    const promised = account.alerts.filter(
      ({ cause, processAlive, dispatchLate, heldBack }) =>
        TOLD_OF.includes(cause) && processAlive && !dispatchLate && !heldBack,
    )
    assert.ok(promised.length > 5)
    for (const { minutes, subject, cause } of promised) assert.ok(minutes < 5, `${subject} ${cause}: ${minutes}`)
    assert.ok(account.uselessDispatches <= account.dispatches / 50)
  })
}
