// Which week of the NFL a replay is of, and from when to when.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { aWeek } from '../../../../src/leagues/nfl/calendar.ts'
import { chooseWeek, readNamedWeek, weekFrom, windowOfWeek } from '../../../../src/leagues/nfl/replay/week.ts'

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

const WEEKS = [
  { week: aWeek(2023, 1), firstGameDay: '2023-09-07' },
  { week: aWeek(2024, 1), firstGameDay: '2024-09-05' },
  { week: aWeek(2024, 2), firstGameDay: '2024-09-12' },
]

test('the last complete week is replayed, of the season that was named, or the very week', () => {
  const chosen = (named: Record<string, string>) => chooseWeek(readNamedWeek(named), WEEKS).period.key

  assert.deepEqual([{}, { season: '2023' }, { season: '2024', week: '1' }].map(chosen), ['2024-W02', '2023-W01', '2024-W01']) // prettier-ignore
})

test('a week that is not there, and one without its season, are refused with what there is', () => {
  const refused = (named: Record<string, string>) => () => chooseWeek(readNamedWeek(named), WEEKS)

  assert.throws(refused({ season: '2024', week: '3' }), /^.*2024-W03 cannot be replayed: .* those of 2023-W01 to 2024-W02$/) // prettier-ignore
  assert.throws(refused({ week: '3' }), /--week needs --season/)
  assert.throws(refused({ season: 'twenty' }), /--season "twenty": expected a number/)
})

test('what begins on a Tuesday is the week whose games are still to come', () => {
  const { period, window } = weekFrom(new Date('2024-11-19T13:00Z'))

  assert.deepEqual([period.key, window.to.toISOString()], ['2024-W12', '2024-11-26T13:00:00.000Z'])
})
