// How many earlier weeks the Week page draws: as many as fit on it.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkSite } from '../../../dashboards/site/check.ts'
import { renderWeek } from '../../../dashboards/site/pages/week.tsx'
import { addDays } from '../../../src/core/zone.ts'
import { gameWeekFrom } from '../../../src/views/week/game-week.ts'
import type { WeekTimeline, WeekView } from '../../../src/views/week/week.ts'
import { aPlan, anActual, CALENDAR, site, WEEK } from '../../helpers/week-page.ts'

/** Six weeks of so many jobs, each with so many slots that a run served. */
function sixWeeks(jobs: number, perWeek: number, reason?: string): WeekView {
  const timelines = [0, 1, 2, 3, 4, 5].map((back): WeekTimeline => {
    const week = gameWeekFrom(addDays(WEEK.firstDay, -7 * back), CALENDAR)
    const instants = Array.from({ length: perWeek }, (_, i) => new Date(week.from.getTime() + ((i + 0.5) / perWeek) * (week.to.getTime() - week.from.getTime()))) // prettier-ignore
    const lanes = Array.from({ length: jobs }, (_, i) => ({
      job: `league/some-job-${i}`,
      slots: instants.map((dueAt, n) => aPlan({ dueAt, startedAt: dueAt, runId: `${ID}${n}`, reason })),
      runs: instants.map((at, n) => anActual({ id: `${ID}${n}`, startedAt: at, endedAt: new Date(at.getTime() + 60_000) })), // prettier-ignore
    }))
    const slots = jobs * perWeek
    return { ...week, counts: { 'on time': slots }, lanes, chains: [] }
  })
  const season = timelines.map((week) => ({ ...week, leagues: [week.counts], all: week.counts, planned: [0] }))
  return { weeks: CALENDAR.weeks, leagues: ['league'], season: season.toReversed(), timelines, next: undefined }
}

const ID = '00000000-0000-4000-8000-0000000000'

/** The weeks that are drawn, newest first, and what is wrong with the page's size or links. */
function drawn(view: WeekView) {
  const [page] = renderWeek(site, view)
  assert.ok(page)
  const problems = checkSite([page], { repositoryUrl: undefined, sources: [], findSecrets: () => [] })
  const wrong = problems.filter((problem) => problem.includes(' bytes;') || problem.includes('"#'))
  const weeks = [...page.text.matchAll(/<section id="(\d{4}-W\d+)">/g)].map(([, key]) => key)
  return { weeks, wrong, said: /(?:The last|Only) [^.]*drawn on this page[^.]*\./.exec(page.text)?.[0] }
}

test('weeks with so many slots that six are too large for the page are left out from the oldest on, and the page says so', () => {
  assert.deepEqual(drawn(sixWeeks(20, 14)), {
    weeks: ['2024-W12', '2024-W11', '2024-W10', '2024-W09'],
    wrong: [],
    said: 'The last four are drawn on this page: with so many slots, six would be too large to load.',
  })
  assert.deepEqual(drawn(sixWeeks(20, 60)), {
    weeks: ['2024-W12'],
    wrong: [],
    said: 'Only the present one is drawn on this page: with so many slots, six would be too large to load.',
  })
})

test('weeks weigh what they say: long reasons leave fewer of them', () => {
  assert.deepEqual(drawn(sixWeeks(20, 14, 'r'.repeat(400))).weeks, ['2024-W12', '2024-W11'])
  assert.deepEqual(drawn(sixWeeks(20, 14, 'r'.repeat(400))).wrong, [])
})

test('six weeks of a few slots are all drawn', () => {
  const { weeks, said } = drawn(sixWeeks(8, 14))

  assert.equal(weeks.length, 6)
  assert.equal(said, 'The last six are drawn on this page.')
})
