// Which NFL week a moment belongs to: the known traps, and every game since 2002 in the real file.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { parse } from 'csv-parse/sync'
import fc from 'fast-check'

import { localDay } from '../../../src/core/zone.ts'
import { aWeek } from '../../../src/leagues/nfl/calendar.ts'
import { nflWeekAt, nflWeekBefore, nflWeekOfDay, superBowlWeek } from '../../../src/leagues/nfl/calendar.ts'
import { sharedData, skipWithout } from '../../helpers/shared-data.ts'

const DAYS: [string, string, string][] = [
  ['2012-09-05', '2012-W01', 'a Wednesday opener'],
  ['2026-09-09', '2026-W01', 'the Wednesday opener of 2026'],
  ['2026-09-08', '2025-W22', 'the day before it'],
  ['2025-09-04', '2025-W01', 'a Thursday opener'],
  ['2025-09-03', '2025-W01', 'the Wednesday before a Thursday opener'],
  ['2010-12-28', '2010-W16', 'a game moved to Tuesday'],
  ['2020-10-13', '2020-W05', 'another'],
  ['2024-12-25', '2024-W17', 'Christmas on a Wednesday'],
  ['2020-12-02', '2020-W13', 'the one game that is counted wrong'],
  ['2021-01-03', '2020-W17', 'the last week of 17'],
  ['2022-01-09', '2021-W18', 'the first week 18'],
  ['2022-02-13', '2021-W22', 'a Super Bowl after 18 weeks'],
  ['2021-02-07', '2020-W21', 'a Super Bowl after 17 weeks'],
  ['2022-02-06', '2021-W22', 'the idle week before the Super Bowl'],
  ['2022-06-01', '2021-W22', 'a summer without games'],
]

for (const [day, week, what] of DAYS) {
  test(`${day} is in ${week}: ${what}`, () => {
    assert.equal(nflWeekOfDay(day).key, week)
  })
}

test('a week turns on Wednesday at midnight in Los Angeles, in summer and in winter time', () => {
  assert.equal(nflWeekAt(new Date('2026-10-28T06:59Z')).key, '2026-W07')
  assert.equal(nflWeekAt(new Date('2026-10-28T07:00Z')).key, '2026-W08')
  assert.equal(nflWeekAt(new Date('2026-11-18T07:59Z')).key, '2026-W10')
  assert.equal(nflWeekAt(new Date('2026-11-18T08:00Z')).key, '2026-W11') // as ESPN's own calendar says
})

test('it turns with the day of Los Angeles at every hour of every year', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1999-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (at) => {
      assert.equal(nflWeekAt(at).key, nflWeekOfDay(localDay(at, 'America/Los_Angeles')).key)
    }),
    { numRuns: 1000 },
  )
})

test('from the Super Bowl until the next opener it stays the Super Bowl’s week', () => {
  const opener = Date.parse('2026-09-09T07:00Z')
  for (let at = Date.parse('2026-02-08T12:00Z'); at < opener; at += 86_400_000 / 2) {
    assert.equal(nflWeekAt(new Date(at)).key, '2025-W22', new Date(at).toISOString())
  }
  assert.equal(nflWeekAt(new Date(opener)).key, '2026-W01')
})

test('the week before the first is last season’s Super Bowl', () => {
  assert.deepEqual(nflWeekBefore(aWeek(2026, 1)), aWeek(2025, 22))
  assert.deepEqual(nflWeekBefore(aWeek(2021, 1)), aWeek(2020, 21))
  assert.deepEqual(nflWeekBefore(aWeek(2026, 12)), aWeek(2026, 11))
})

test('weeks only ever move forward, one at a time, from 1999 to 2040', () => {
  let week = nflWeekOfDay('1999-09-08')
  for (let at = Date.parse('1999-09-08T12:00Z'); at < Date.parse('2040-01-01'); at += 86_400_000) {
    const next = nflWeekOfDay(new Date(at).toISOString().slice(0, 10))
    const follows = next.key === week.key || nflWeekBefore(next).key === week.key

    assert.ok(follows && next.week >= 1 && next.week <= superBowlWeek(next.season), `${week.key} then ${next.key}`)
    week = next
  }
})

test('keys sort in time order as text', () => {
  assert.deepEqual([aWeek(2025, 10), aWeek(2025, 9), aWeek(2024, 22)].map((week) => week.key).sort(), ['2024-W22', '2025-W09', '2025-W10']) // prettier-ignore
})

// Two snapshots: the first ends in December 2025, the second has the whole of that season.
const GAMES = ['nfl/games/games_asof_2025-12-01.csv', 'nfl/games/games_2016-2025_asof_2026-03-24.csv'] as const

test('of all games from 2002 to 2025 one is counted wrong: 2020_12_BAL_PIT', skipWithout(GAMES[1]), () => {
  const rows = GAMES.flatMap(
    (path) => parse(readFileSync(sharedData(path)), { columns: true }) as Record<string, string>[],
  )
  const games = new Map(rows.map((row) => [row['game_id']!, { season: Number(row['season']), week: Number(row['week']), day: row['gameday']! }])) // prettier-ignore
  const counted = [...games].filter(([, { season }]) => season >= 2002 && season <= 2025)
  const wrong = counted.filter(([, { season, week, day }]) => nflWeekOfDay(day).key !== aWeek(season, week).key)

  assert.equal(counted.length, 6499)
  assert.deepEqual(
    wrong.map(([id]) => id),
    ['2020_12_BAL_PIT'],
  )
})
