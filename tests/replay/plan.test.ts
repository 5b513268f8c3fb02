// The plan of a replay: its window, its ticks in order, and what an end wakes.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ticksIn, windowOfWeek, wokenBy } from '../../src/replay/plan.ts'
import type { Catalog, CatalogJob } from '../../src/schedule/catalog.ts'

for (const [what, firstGameDay, from, to] of [
  ['begins on the Tuesday before its Thursday game', '2024-11-21', '2024-11-19T13:00Z', '2024-11-26T13:00Z'],
  ['begins the day before a Wednesday opener', '2026-09-09', '2026-09-08T12:00Z', '2026-09-15T12:00Z'],
  ['holds the Super Bowl, and not the idle week before it', '2026-02-08', '2026-02-03T13:00Z', '2026-02-10T13:00Z'],
  ['spans the night in which clocks go back', '2024-10-31', '2024-10-29T12:00Z', '2024-11-05T13:00Z'],
] as const) {
  test(`the window of a week ${what}`, () => {
    assert.deepEqual(windowOfWeek(firstGameDay), { from: new Date(from), to: new Date(to) })
  })
}

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
