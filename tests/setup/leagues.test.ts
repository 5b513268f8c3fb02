// What set-up makes of the variable LEAGUES, over our own workflow files.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { jobs } from '../../src/leagues/index.ts'
import { readCatalog } from '../../src/schedule/catalog.ts'
import { readLeagues } from '../../src/schedule/league-switch.ts'
import { adviseLeagues, findEnding, linesToBe } from '../../src/setup/leagues.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'

const catalog = (await readCatalog(PROJECT_ROOT, jobs)).jobs
const switches = catalog.map(({ leagueSwitch }) => leagueSwitch)
const allLines = catalog.flatMap((job) => job.schedules.map(({ cron, zone }) => ({ job: job.id, cron, zone })))
const leaguesOf = (lines: readonly { job: string }[]) => [...new Set(lines.map(({ job }) => job.split('/')[0]))].sort()

function setUp(variable: string | undefined, inForce: readonly (typeof allLines)[number][]) {
  const known = { leagues: readLeagues(switches, variable), inForce }
  const ending = findEnding(catalog, known)
  return { lines: linesToBe(catalog, known), ending, told: adviseLeagues(known.leagues, ending) }
}

for (const variable of ['["NFL","fantasy"]', '["nfl","FANTASY"]', '"nfl,fantasy"', ' ["nfl","fantasy"] ', undefined]) {
  test(`LEAGUES ${JSON.stringify(variable)} leaves every line in force, and says nothing`, () => {
    const { lines, ending, told } = setUp(variable, allLines)

    assert.deepEqual([lines, ending, told], [allLines, undefined, []])
  })
}

test('LEAGUES ["NFL"] ends the lines of fantasy and no others, and says which, and by what', () => {
  const { lines, ending, told } = setUp('["NFL"]', allLines)

  assert.deepEqual(leaguesOf(lines), ['nfl', 'ops'])
  assert.deepEqual(leaguesOf(ending?.lines ?? []), ['fantasy'])
  assert.equal(
    told[0]?.sentence,
    '2 cron lines end, with fantasy switched off: the variable LEAGUES is ["NFL"]: fantasy/import "7 8 * * 2" (UTC), fantasy/import "7 12 * * 4" (UTC). Name a league again and run ops-setup, and its lines begin anew.',
  )
})

test('an empty list is a decision: every league ends, the house goes on', () => {
  assert.deepEqual(leaguesOf(setUp('[]', allLines).lines), ['ops'])
})

for (const variable of ['nfl', '["nfl","fantsy"]', '{"nfl":true}', ' ', '["nfl",]']) {
  test(`LEAGUES ${JSON.stringify(variable)} is a mistake: no line ends, and set-up says so`, () => {
    const { lines, ending, told } = setUp(variable, allLines)

    assert.deepEqual(lines, allLines)
    assert.equal(ending, undefined)
    assert.equal(told.length, 1)
    assert.equal(told[0]?.ok, false)
    assert.match(told[0].sentence, /^LEAGUES is .+\. All cron lines stay in force: mend the variable under Settings/)
  })
}

test('a mistake in a new repository begins what is on by default, and nothing else', () => {
  assert.deepEqual(leaguesOf(setUp('["nlf"]', []).lines), ['fantasy', 'nfl', 'ops'])
})

test('a league that ended before a mistake does not come back by it, unless it is on by default', () => {
  const off = catalog.map((job) => ({
    ...job,
    leagueSwitch: job.leagueSwitch && { ...job.leagueSwitch, defaults: [] },
  }))
  const inForce = allLines.filter(({ job }) => job.startsWith('nfl/'))

  assert.deepEqual(leaguesOf(linesToBe(off, { leagues: readLeagues(switches, '["x"]'), inForce })), ['nfl', 'ops'])
})
