// Weeks as people watch them: Tuesday to Monday, with the NFL's numbers while there is a season.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { plainCalendar } from '../../../src/core/calendar.ts'
import { calendar } from '../../../src/leagues/nfl/calendar.ts'
import { gameWeekAt, weeksOfSeason } from '../../../src/views/week/game-week.ts'

const weekOf = (instant: string) => gameWeekAt(new Date(instant), calendar)

test('a week begins on Tuesday at midnight where the league is, and ends with Monday', () => {
  const week = weekOf('2026-11-22T12:00Z')

  assert.equal(week.key, '2026-W11')
  assert.equal(week.from.toISOString(), '2026-11-17T05:00:00.000Z')
  assert.equal(week.to.toISOString(), '2026-11-24T05:00:00.000Z')
  assert.equal(weekOf('2026-11-24T04:59Z').key, '2026-W11')
  assert.equal(weekOf('2026-11-24T05:00Z').key, '2026-W12')
})

test('a week in which the clocks go back is an hour longer, and each of its days begins at midnight', () => {
  const week = weekOf('2026-10-29T12:00Z')

  assert.equal((week.to.getTime() - week.from.getTime()) / 3_600_000, 7 * 24 + 1)
  assert.deepEqual(week.days.map((day) => day.toISOString().slice(11, 13)), ['04', '04', '04', '04', '04', '04', '05']) // prettier-ignore
})

test('out of season a week is called after its Tuesday', () => {
  const week = weekOf('2026-07-01T12:00Z')

  assert.deepEqual([week.key, week.week, week.season], ['2026-06-30', undefined, 2025])
})

test('a season’s weeks go on to the present one, and never end before the Super Bowl’s', () => {
  const during = weeksOfSeason(new Date('2026-11-22T12:00Z'), calendar)
  const after = weeksOfSeason(new Date('2026-03-01T12:00Z'), calendar)

  assert.deepEqual([during[0]?.key, during.at(-1)?.key, during.length], ['2026-W01', '2026-W22', 23])
  assert.deepEqual([after[0]?.key, after[22]?.key, after.at(-1)?.key], ['2025-W01', '2025-W22', '2026-02-24'])
})

test('the Super Bowl’s week is the one that it is played in, not the idle one before it', () => {
  const [idle, played, over] = ['2026-01-29T12:00Z', '2026-02-08T23:30Z', '2026-02-12T12:00Z'].map(weekOf)

  assert.deepEqual([idle?.key, idle?.week], ['2026-01-27', undefined])
  assert.deepEqual([played?.key, played?.week, played?.firstDay], ['2025-W22', 22, '2026-02-03'])
  assert.deepEqual([over?.key, over?.week], ['2026-02-10', undefined])
})

test('the season to come ends with the week in which the Super Bowl is played', () => {
  const weeks = weeksOfSeason(new Date('2026-11-22T12:00Z'), calendar)

  assert.deepEqual(weeks.slice(-3).map(({ firstDay, week }) => [firstDay, week]), [['2027-01-26', 21], ['2027-02-02', undefined], ['2027-02-09', 22]]) // prettier-ignore
})

test('where no league has a calendar weeks begin on Monday, are called after it, and those of a year are one season', () => {
  const weeks = weeksOfSeason(new Date('2026-11-22T12:00Z'), plainCalendar)

  assert.deepEqual([weeks[0]?.key, weeks.at(-1)?.key], ['2026-01-05', '2026-12-28'])
  assert.equal(gameWeekAt(new Date('2026-11-22T12:00Z'), plainCalendar).from.toISOString(), '2026-11-16T00:00:00.000Z')
})
