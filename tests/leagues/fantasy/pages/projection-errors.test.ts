// How far projections were off, on a real Postgres, from rows made by hand; and the part of the page that says it.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'

import { render } from 'preact-render-to-string'

import { part } from '../../../../src/leagues/fantasy/pages/part.tsx'
import { readProjectionErrors, type ProjectionErrors } from '../../../../src/leagues/fantasy/pages/projection-errors.ts'
import { at } from '../../../helpers/builders.ts'
import { aDatabaseForThisFile } from '../../../helpers/database.ts'
import { clearFantasy } from '../week.ts'

const { sql } = await aDatabaseForThisFile()
beforeEach(() => clearFantasy(sql))

test('projections are judged on players of whom every source expected points, and others’ rows stay inside', async () => {
  await somePlayers([['a', 100], ['b', 200], ['c', 50]]) // prettier-ignore
  await someProjections('matchday', [['a', 12], ['b', 14], ['c', 3]]) // prettier-ignore
  await someProjections('nfl-com', [['a', 8], ['b', 20], ['c', 0]]) // prettier-ignore
  const fantasy = await readProjectionErrors(sql, { simulated: false })

  // Ten yards are a point: a scored 10, b 20.
  assert.deepEqual(
    fantasy?.sources.map(({ name, error }) => [name, error?.n, error?.value]),
    [['ours', 2, 4], ['nfl-com', 2, 1], ['average of all', 2, 1.5]], // prettier-ignore
  )
  assert.deepEqual([fantasy?.season, fantasy?.lastWeek, fantasy?.weeks.length], [2024, 11, 1])
  assert.deepEqual(fantasy?.above.map(({ name, expected, scored }) => [name, expected, scored]), [['b', 14, 20], ['c', 3, 5]]) // prettier-ignore
  assert.deepEqual(
    fantasy?.below.map(({ name }) => name),
    ['a'],
  )
})

async function somePlayers(players: readonly (readonly [name: string, yards: number])[]): Promise<void> {
  const row = { season: 2024, week: 11, revision: 1, position: 'WR', team: 'KC', opponent: 'CAR', as_of: at('20 12:00'), run_id: randomUUID(), simulated: false } // prettier-ignore
  for (const [name, receivingYards] of players) {
    await sql`insert into bronze.nfl_player_weeks ${sql({ ...row, player_id: name, name, line: { receivingYards } as never })}`
  }
}

async function someProjections(source: string, players: readonly (readonly [name: string, points: number])[]) {
  const row = {
    season: 2024, week: 11, source, scoring: 'ppr', as_of: at('15 12:00'), position: 'WR', team: 'KC',
    kickoff_at: at('17 18:00'), status: 'playing', retrospective: false, run_id: randomUUID(), simulated: false,
  } // prettier-ignore
  for (const [name, points] of players) {
    await sql`insert into predictions.fantasy ${sql({ ...row, source_id: name, player_id: name, name, points })}`
  }
}

test('the part says by how much each source misses, or what will be there', () => {
  const textOf = (view: ProjectionErrors | undefined) => render(part.render(view)).replaceAll(/<[^>]*>/g, ' ')
  const estimate = { value: 0.52, low: 0.49, high: 0.55, error: 0.015, n: 1070 }
  const sources = [['ours', 4.97], ['nfl-com', 4.75], ['average of all', 4.51]] as const // prettier-ignore
  const view = { season: 2026, sources: sources.map(([name, value]) => ({ name, error: { ...estimate, value }, foresight: 9 })), weeks: [], lastWeek: 12, above: [], below: [] } // prettier-ignore

  assert.match(textOf(view), /Projections of 2026 miss by 4\.97 PPR points a player week on average \(ours\), 4\.75 \(nfl-com\), 4\.51 \(average of all\)\./) // prettier-ignore
  assert.match(textOf(undefined), /No projection has met its points yet/)
})
