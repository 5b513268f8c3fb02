// The variable LEAGUES changes while a league's lines are in force: what GitHub skips is skipped with the reason, people hear of it
// once, and a mistake in the variable ends nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readLeagues } from '../../src/schedule/league-switch.ts'
import { aJob, at } from '../helpers/builders.ts'
import { toCatalogJob } from '../helpers/catalog.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'
import { checkAccount } from './account.ts'
import { after, dispatchesOf, merge, sayTold } from './stage.ts'

const daily = aJob({ id: 'test/daily' })
const DAILY = { job: daily, cron: ['7 8 * * *'] }
const catalog = [{ ...toCatalogJob(DAILY), leagueSwitch: { league: 'test', defaults: ['test'] } }]

/** Passes every half hour up to an instant, on a GitHub with this variable. */
async function passUntil(repository: Repository, variable: string, until: string): Promise<void> {
  const leagues = readLeagues(catalog.map(({ leagueSwitch }) => leagueSwitch), variable) // prettier-ignore
  while (repository.now() < at(until)) {
    await repository.runUntil(new Date(Math.min(after(repository.now(), 30).getTime(), at(until).getTime())))
    await repository.pass({ catalog, leagues })
  }
}

async function reasonsOf({ world }: Repository): Promise<string[]> {
  const rows = await world.sql`select reason from ledger.slots where state = 'waived' order by due_at`
  return rows.map((row) => String(row['reason']))
}

test('a league that is off: its slots are skipped with the reason, nothing is started, and people hear of it once', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await passUntil(repository, '[]', '20 09:00')

  const reason = 'the league test is switched off: the variable LEAGUES is []'
  assert.deepEqual(await reasonsOf(repository), [reason, reason, reason])
  assert.equal(dispatchesOf(repository, daily), 0)
  assert.deepEqual(sayTold(repository), ['leagues_off warning'])
  await checkAccount(repository.world.sql, repository.now())
})

test('ops-setup ends the lines, and the incident with them', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await passUntil(repository, '[]', '18 08:10')
  await merge(repository, [], { when: '18 09:00', commit: 'c0ffee' })
  await passUntil(repository, '[]', '18 09:10')

  assert.deepEqual(sayTold(repository), ['leagues_off warning', 'leagues_off well'])
})

test('a league that is named again before anybody ran ops-setup serves its next slot', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await passUntil(repository, '[]', '18 08:10')
  await passUntil(repository, '["TEST"]', '18 09:00')
  await passUntil(repository, '["TEST"]', '19 08:00')
  repository.tick(daily, '19 08:08')
  await passUntil(repository, '["TEST"]', '19 09:00')

  assert.deepEqual(await repository.world.slots(daily, '19 23:00'), ['18 08:07 waived', '19 08:07 served'])
  assert.deepEqual(sayTold(repository, 'ops/watch'), ['leagues_off warning', 'leagues_off well'])
})

for (const variable of ['test', '["tset"]', '{"test":true}', ' ']) {
  test(`a mistake, LEAGUES ${JSON.stringify(variable)}, skips nothing and is told once, as critical`, async () => {
    await using repository = await aRepository({ jobs: [DAILY] })
    await passUntil(repository, variable, '18 08:30')

    assert.deepEqual(await repository.world.slots(daily, '18 23:00'), ['18 08:07 due'])
    assert.deepEqual(sayTold(repository, 'ops/watch'), ['leagues_off critical'])
  })
}

test('on a laptop, where GitHub evaluates nothing, the variable skips nothing', async () => {
  await using repository = await aRepository({ jobs: [DAILY] })
  await repository.runUntil('18 08:10')
  await repository.pass({ catalog, leagues: undefined })

  assert.deepEqual(await reasonsOf(repository), [])
  assert.deepEqual(sayTold(repository), [])
})
