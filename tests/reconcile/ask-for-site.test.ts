// The site is built anew after an incident opened or closed, and when a night's build did not come: at most once in half an
// hour, and in six where the last one led to nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { claimSiteBuild, recordSiteBuild } from '../../src/ledger/site-builds.ts'
import { aJob, at } from '../helpers/builders.ts'
import { aRepository, type Repository } from '../helpers/repository.ts'

const daily = aJob({ id: 'test/daily' })
const WORKFLOW = 'ops-dashboard.yml'

/** Nobody wakes the job: its slot of 08:07 is overdue from 08:37 on, and an incident opens. */
async function aLateMorning(): Promise<Repository> {
  const repository = await aRepository({ jobs: [{ job: daily, cron: ['7 8 * * *'] }], startSeconds: () => undefined })
  const { workflows } = repository.github
  workflows.push({
    ...workflows[0]!,
    id: 4711,
    file: `.github/workflows/${WORKFLOW}`,
    name: 'ops-dashboard',
    inputs: [],
  })
  return repository
}

const builds = ({ github }: Repository) => github.dispatches.filter(({ workflow }) => workflow === WORKFLOW).length

async function passAt(repository: Repository, when: string, environment = 'production') {
  await repository.runUntil(when)
  return await repository.pass({ environment })
}

test('a pass that opens an incident asks for the site once, and a pass that changes nothing does not', async () => {
  await using repository = await aLateMorning()

  await passAt(repository, '18 08:00')
  assert.equal(builds(repository), 0)
  const opened = await passAt(repository, '18 08:40')
  await passAt(repository, '18 09:20')

  assert.equal(opened.rounds.at(-1)?.siteAsked, true)
  assert.equal(builds(repository), 1)
})

test('a change within half an hour of the last build is built once that half hour is over', async () => {
  await using repository = await aLateMorning()
  await passAt(repository, '18 08:40')
  await recordSiteBuild(repository.world.sql, at('18 08:42'))
  await repository.world.wake(daily, '18 08:45')

  await passAt(repository, '18 08:50')
  assert.equal(builds(repository), 1)
  await passAt(repository, '18 09:11')
  await passAt(repository, '18 09:50')

  assert.equal(builds(repository), 2)
})

test('a build that GitHub refuses is asked for by the next pass, and fails none', async () => {
  await using repository = await aLateMorning()
  repository.github.refuseNext({ status: 502 }, { times: 9, only: /ops-dashboard/ })
  const refused = await passAt(repository, '18 08:40')
  repository.github.forgive()

  const asked = await passAt(repository, '18 08:45')

  assert.deepEqual([refused.rounds.at(-1)?.siteAsked, asked.rounds.at(-1)?.siteAsked], [false, true])
  assert.match(repository.world.log.join('\n'), /the site could not be asked for/)
})

test('a site that is older than 26 hours is asked for every six hours though nothing has changed', async () => {
  await using repository = await aLateMorning()
  const { sql } = repository.world
  await recordSiteBuild(sql, at('16 22:09'))

  await passAt(repository, '18 00:08')
  assert.equal(builds(repository), 0)
  await passAt(repository, '18 00:10')
  await passAt(repository, '18 00:41')
  assert.equal(builds(repository), 1)
  await passAt(repository, '18 06:11')
  assert.equal(builds(repository), 2)
})

test('a site that was built when it was asked for is not asked for again', async () => {
  await using repository = await aLateMorning()
  const { sql } = repository.world
  await recordSiteBuild(sql, at('16 22:09'))
  await passAt(repository, '18 00:10')
  await recordSiteBuild(sql, at('18 00:12'))

  await passAt(repository, '18 01:11')

  assert.equal(builds(repository), 1)
})

test('people are told of a site that nobody builds, until it is built', async () => {
  await using repository = await aLateMorning()
  const { sql } = repository.world
  const told = () =>
    sql`select subject, severity, closed_at from ledger.incidents where cause = 'site_stale'`.then((rows) => [...rows])
  await recordSiteBuild(sql, at('16 22:09'))

  await passAt(repository, '18 00:10')
  await passAt(repository, '18 04:09')
  assert.deepEqual(await told(), [])
  await passAt(repository, '18 04:10')
  assert.deepEqual(await told(), [{ subject: 'ops/dashboard', severity: 'warning', closed_at: null }])
  await passAt(repository, '18 06:11')
  await recordSiteBuild(sql, at('18 06:12'))
  await passAt(repository, '18 06:20')

  assert.deepEqual(await told(), [{ subject: 'ops/dashboard', severity: 'warning', closed_at: at('18 06:20') }])
})

test('a site that was never built is not asked for by its age', async () => {
  await using repository = await aLateMorning()

  await passAt(repository, '18 08:00')

  assert.equal(builds(repository), 0)
})

test('passes over another database than production’s ask for no site', async () => {
  await using repository = await aLateMorning()

  await passAt(repository, '18 08:40', 'development')

  assert.equal(builds(repository), 0)
})

test('of two who claim a build at once one gets it', async () => {
  await using repository = await aLateMorning()
  await passAt(repository, '18 08:40', 'development')
  const { sql } = repository.world

  const claims = await Promise.all(
    [1, 2, 3].map(() => claimSiteBuild(sql, { at: at('18 08:41'), minutes: 30, vainHours: 6, staleHours: 26 })),
  )

  assert.equal(claims.filter(Boolean).length, 1)
})
