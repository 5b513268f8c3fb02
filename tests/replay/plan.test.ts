// The plan of a replay: its ticks in order, and what an end wakes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ticksIn, wokenBy } from '../../src/replay/plan.ts'
import type { Catalog, CatalogJob } from '../../src/schedule/catalog.ts'

const catalog: Catalog = {
  jobs: [aCatalogJob('nfl/late', '7 11 * * *'), aCatalogJob('nfl/early', '7 8 * * *', ['nfl/late'])],
}
const DAY = { from: new Date('2024-11-19T08:07Z'), to: new Date('2024-11-20T08:07Z') }

test('ticks come in time order, the first instant included and the last not', () => {
  const ticks = ticksIn(catalog, DAY).map((event) => `${event.at.toISOString().slice(5, 16)} ${event.job}`)

  assert.deepEqual(ticks, ['11-19T08:07 nfl/early', '11-19T11:07 nfl/late'])
})

test('an end wakes what is chained to it a minute later, and nothing else', () => {
  const ended = { at: DAY.from, job: 'nfl/late', trigger: 'schedule' } as const

  assert.deepEqual(wokenBy(catalog, ended), [{ at: new Date('2024-11-19T08:08Z'), job: 'nfl/early', trigger: 'chain' }])
  assert.deepEqual(wokenBy(catalog, { ...ended, job: 'nfl/early' }), [])
})

function aCatalogJob(id: CatalogJob['id'], cron: string, parents: CatalogJob['parents'] = []): CatalogJob {
  const place = { workflow: id.replace('/', '-'), file: `.github/workflows/${id.replace('/', '-')}.yml` }
  return { id, ...place, schedules: [{ cron, zone: 'UTC', line: 1 }], parents, inputs: [], timeoutMinutes: 15, leagueSwitch: undefined } // prettier-ignore
}
