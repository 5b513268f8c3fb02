// The Week page: its sentence, what the timeline says, and the season's table.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderWeek } from '../../dashboards/site/pages/week.tsx'
import { countAll, type StateCounts } from '../../src/core/slot-shown.ts'
import { calendar } from '../../src/leagues/nfl/calendar.ts'
import { weeksOfSeason } from '../../src/views/week/game-week.ts'
import type { ActualRun, Lane, PlannedSlot } from '../../src/views/week/lanes.ts'
import type { WeekTimeline, WeekView } from '../../src/views/week/week.ts'
import { at } from '../helpers/builders.ts'
import { aPlan, anActual, CALENDAR, site, WEEK } from '../helpers/week-page.ts'

function render(
  lanes: readonly Lane[],
  counts: StateCounts = {},
  { next, ...wish }: Partial<WeekTimeline> & Partial<Pick<WeekView, 'next'>> = {},
): string {
  const timeline = { ...WEEK, counts, lanes, chains: [], ...wish }
  const view: WeekView = {
    weeks: CALENDAR.weeks,
    leagues: ['test'],
    season: [{ ...WEEK, leagues: [countAll(counts) > 0 ? counts : undefined], all: counts, planned: [0] }],
    timelines: [timeline],
    next,
  }
  return renderWeek(site, view)[0]?.text ?? ''
}

const h1 = (html: string) => /<h1>(.*?)<\/h1>/.exec(html)?.[1]

test('a week without a slot says so, and draws nothing', () => {
  const html = render([])

  assert.equal(h1(html), 'Week 12: nothing has come due yet.')
  assert.match(html, /Nothing was due and nothing ran\./)
})

test('a week that went well says that all are served in time, and what is next', () => {
  // Drawn by the hour, as what is due all the time: no moment to be named.
  const lane = { job: 'test/one', slots: [aPlan(), aPlan({ dueAt: at('22 08:00'), state: 'waiting', startedAt: undefined, count: 12 })], runs: [anActual()] } // prettier-ignore
  const next = { job: 'test/one', dueAt: at('22 08:07') }

  assert.equal(h1(render([lane], { 'on time': 2 }, { next })), 'Week 12: all 2 slots so far are served, all on time or early. Next: test/one, Fri 22 Nov 08:07 UTC.') // prettier-ignore
})

test('what was not served comes first, by name and day, or by name where it is much', () => {
  const lost = [19, 20, 21].map((day) => aPlan({ dueAt: at(`${day} 08:07`), state: 'missed', startedAt: undefined, reason: 'its deadline passed' })) // prettier-ignore

  const html = render([{ job: 'test/one', slots: lost, runs: [] }], { 'on time': 1, missed: 3 })
  const two = render([{ job: 'test/one', slots: lost.slice(1), runs: [] }], { 'on time': 1, missed: 1, failed: 1 })

  assert.equal(h1(html), 'Week 12: 3 of 4 slots were not served, all of test/one.')
  assert.equal(h1(two), 'Week 12: 2 of 3 slots were not served: test/one of Wed 20 Nov and test/one of Thu 21 Nov.')
  assert.match(html, /<text class="mark bad"[^>]*><title>test\/one, due Tue 19 Nov 08:07 UTC: missed, its deadline passed<\/title>✕/) // prettier-ignore
})

test('the latest of the late is named, and so is what still waits', () => {
  const late = aPlan({ state: 'late', startedAt: at('19 10:31') })
  const waits = aPlan({ dueAt: at('21 10:00'), state: 'late', startedAt: undefined, waitsSince: at('21 10:00'), runId: undefined }) // prettier-ignore

  assert.equal(
    h1(render([{ job: 'test/one', slots: [late, waits], runs: [] }], { late: 1, waiting: 1 })),
    'Week 12: the one slot so far is served, late; the latest was test/one, by 2 h 24 m. test/one has waited for 2 h.',
  )
})

test('what waits is no late success, and a lost slot is not the latest of the late', () => {
  const waits = aPlan({ dueAt: at('21 10:57'), state: 'late', startedAt: undefined, waitsSince: at('21 10:57') })
  const lane = { job: 'test/one', slots: [aPlan(), waits], runs: [] }
  const gone = aPlan({ state: 'failed', startedAt: at('20 18:07') })
  const late = { job: 'test/two', slots: [aPlan({ state: 'late', startedAt: at('19 08:31') })], runs: [] }

  assert.equal(h1(render([lane], { 'on time': 1, waiting: 1 })), 'Week 12: the one slot so far is served, on time. test/one has waited for 1 h 3 m.') // prettier-ignore
  assert.match(h1(render([late, { ...lane, slots: [gone] }], { 'on time': 1, late: 1 })) ?? '', /served: 1 on time or early, 1 late; the latest was test\/two, by 24 m\.$/) // prettier-ignore
})

test('slots that are due and not served yet are no week in which nothing came due', () => {
  const waits = aPlan({ dueAt: at('21 10:57'), state: 'late', startedAt: undefined, waitsSince: at('21 10:57') })
  const html = render([{ job: 'test/one', slots: [waits], runs: [] }], { waiting: 6 })

  assert.equal(h1(html), 'Week 12: 6 slots are due, none served yet. test/one has waited for 1 h 3 m.')
  assert.match(html, /Week 12: 6 slots due; none served; 6 open/)
  assert.equal(h1(render([], { waived: 2, coalesced: 1 })), 'Week 12: 3 slots waived or covered by a later one, and no other was due.') // prettier-ignore
})

test('thousands are set apart in what a week says', () => {
  const html = render([{ job: 'test/one', slots: [aPlan()], runs: [] }], {
    'on time': 1000,
    early: 31,
    late: 65,
    rescued: 490,
    missed: 26,
  })

  assert.match(
    html,
    /Week 12: 1,612 slots due; 1,586 served: 1,031 on time or early, 65 late, 490 rescued; 26 not served</,
  )
})

test('the idle week before the Super Bowl’s has no games, those after it are off season', () => {
  const weeks = weeksOfSeason(new Date('2026-03-08T12:00Z'), calendar)
  const season = weeks.map((week) => ({ ...week, leagues: [undefined], all: {}, planned: [week.week ?? 50] }))
  const html =
    renderWeek(site, { weeks: CALENDAR.weeks, leagues: ['test'], season, timelines: [], next: undefined })[0]?.text ??
    ''
  const names = [...html.matchAll(/>(\d+|no games|off season)<\/span>/g)].map(([, name]) => name)

  assert.deepEqual(names.slice(20), ['21', 'no games', '22', 'off season'])
})

test('a run is a bar that leads to its page, in the tone of what became of its slot', () => {
  const html = render([{ job: 'test/one', slots: [aPlan({ state: 'rescued' })], runs: [anActual({ trigger: 'request' })] }], { rescued: 1 }) // prettier-ignore

  assert.match(html, /<a href="runs\/r1\.html"><rect class="fill-info"/)
})

test('a chain is a line from the end of the parent’s run to the start of the child’s', () => {
  const parent = { job: 'test/one', slots: [], runs: [anActual()] }
  const child = { job: 'test/two', slots: [], runs: [anActual({ id: 'r2', startedAt: at('19 08:13'), trigger: 'chain' })] } // prettier-ignore
  const chains = [{ parent: 'test/one', parentRun: 'r1', child: 'test/two', childRun: 'r2' }]

  assert.match(render([parent, child], {}, { chains }), /<line class="stroke-faint" x1="[\d.]+%" y1="33" x2="[\d.]+%" y2="59"/) // prettier-ignore
  assert.doesNotMatch(render([parent, child]), /stroke-faint" x1="[\d.]+%/)
})

test('a reason from outside is text, wherever it stands', () => {
  const html = render([{ job: 'test/one', slots: [aPlan({ state: 'failed', reason: '<script>alert(1)</script>' })], runs: [] }], { failed: 1 }) // prettier-ignore

  assert.doesNotMatch(html, /<script>alert/)
  assert.match(html, /&lt;script>alert\(1\)/)
})

test('the season’s table leads to the weeks that are drawn, and says the worst of each', () => {
  assert.match(render([], { 'on time': 1, late: 1, missed: 1 }), /<a href="#2024-W12">12<\/a>[\s\S]*✕<\/span>1<span> not served/) // prettier-ignore
  assert.match(render([], { 'on time': 3 }), /●<\/span>3<span> served/)
})

const anHour = (hour: string, byState: StateCounts, state: PlannedSlot['state']) =>
  aPlan({
    dueAt: at(`19 ${hour}:00`),
    startedAt: undefined,
    runId: undefined,
    state,
    byState,
    count: countAll(byState),
  })

test('hours of a frequent job that came to the same are one stretch, and say how many of it ended how', () => {
  const late = { 'on time': 10, late: 2 }
  const hours = [anHour('08', late, 'late'), anHour('09', late, 'late'), anHour('10', { 'on time': 10, rescued: 1, missed: 1 }, 'missed'), anHour('12', late, 'late')] // prettier-ignore

  const html = render([{ job: 'test/one', slots: hours, runs: [] }], { 'on time': 40, late: 6, rescued: 1, missed: 1 })

  const titles = new Set(
    [...html.matchAll(/<title>(test\/one, .*? slots from .*?)<\/title>/g)].map(([, title]) => title),
  )
  assert.deepEqual([...titles], [
    'test/one, 24 slots from Tue 19 Nov 08:00 UTC to Tue 19 Nov 10:00 UTC: 20 on time, 4 late',
    'test/one, 12 slots from Tue 19 Nov 10:00 UTC to Tue 19 Nov 11:00 UTC: 10 on time, 1 rescued, 1 missed',
    'test/one, 12 slots from Tue 19 Nov 12:00 UTC to Tue 19 Nov 13:00 UTC: 10 on time, 2 late',
  ]) // prettier-ignore
  assert.match(html, /<td[^>]*>test\/one, 24 slots<\/td>.*?20 on time, 4 late<\/span>/)
})

test('what was due in this hour and what is to come in it do not lie on each other', () => {
  const hours = [anHour('12', { 'on time': 3 }, 'on time'), { ...anHour('12', { waiting: 9 }, 'waiting'), dueAt: at('19 12:15') }] // prettier-ignore

  const html = render([{ job: 'test/one', slots: hours, runs: [] }], { 'on time': 3 })

  assert.match(html, /3 slots from Tue 19 Nov 12:00 UTC to Tue 19 Nov 12:15 UTC: 3 on time</)
  assert.match(html, /9 slots from Tue 19 Nov 12:15 UTC to Tue 19 Nov 13:00 UTC: 9 waiting</)
})

test('the worse an hour, the thicker it is drawn, and only what did not go well has a glyph', () => {
  const hours = [anHour('08', { 'on time': 12 }, 'on time'), anHour('12', { rescued: 12 }, 'rescued'), anHour('20', { missed: 12 }, 'missed')] // prettier-ignore

  const html = render([{ job: 'test/one', slots: hours, runs: [] }], { 'on time': 12, rescued: 12, missed: 12 })

  assert.deepEqual([...html.matchAll(/<rect class="fill-(\w+)" x="[\d.]+%" y="\d+" width="[\d.]+%" height="(\d+)"><title>test\/one, 12/g)].map(([, tone, height]) => `${tone} ${height}`), ['good 2', 'info 5', 'bad 8']) // prettier-ignore
  assert.deepEqual(
    [...html.matchAll(/<text class="ended (\w+)"/g)].map(([, tone]) => tone),
    ['bad', 'info'],
  )
})

test('hours close to each other have one glyph, that of the lost ones first', () => {
  const hours = ['08', '09', '10'].map((hour, i) => anHour(hour, { 'on time': 1, late: i }, 'late'))
  const lane = { job: 'test/one', slots: [...hours, anHour('11', { missed: 12 }, 'missed')], runs: [] }

  const glyphs = [...render([lane], { missed: 12 }).matchAll(/<text class="ended (\w+)"/g)].map(([, tone]) => tone)

  assert.deepEqual(glyphs, ['bad', 'warn'])
})

test('a bar that did not go well has its glyph behind it, one that did has none', () => {
  const lane = (wish: Partial<ActualRun>) => ({ job: 'test/one', slots: [], runs: [anActual(wish)] })

  assert.match(render([lane({ outcome: 'failed' })]), /<text class="ended bad"[^>]*><title>test\/one: failed, started Tue 19 Nov 08:09 UTC by schedule<\/title>✕</) // prettier-ignore
  assert.doesNotMatch(render([lane({})]), /<text class="ended/)
})

test('the first picture has a key to its signs, and opens at its end when that is nearer to now', () => {
  const html = render([{ job: 'test/one', slots: [aPlan()], runs: [] }], { 'on time': 1 })
  const late = renderWeek({ ...site, now: at('24 12:00') }, { weeks: CALENDAR.weeks, leagues: [], season: [], timelines: [{ ...WEEK, counts: {}, lanes: [{ job: 'test/one', slots: [aPlan()], runs: [] }], chains: [] }], next: undefined })[0]?.text ?? '' // prettier-ignore

  assert.match(html, /What the signs mean.*a slot is due.*so long a start is in time.*which run woke which.*rescued/)
  assert.match(html, /<div class="scroll" role="region"[^>]*><div class="lanes"/)
  assert.match(late, /<div class="scroll from-right" role="region"[^>]*><div class="lanes"/)
})

test('a slot that was served in part is not told as on time, nor one that began late and runs as not late', () => {
  const partial = { job: 'test/one', slots: [aPlan({ state: 'partial', startedAt: at('19 08:37') })], runs: [] }
  const running = { job: 'test/two', slots: [aPlan({ dueAt: at('21 11:07'), state: 'running', startedAt: at('21 11:31') })], runs: [] } // prettier-ignore

  assert.equal(
    h1(render([partial, running], { partial: 1, running: 1 })),
    'Week 12: the one slot so far is served, in part; the latest was test/one, by 30 m. test/two is running, begun 24 m late.',
  )
})

test('weeks to come for which the same is planned are one row', () => {
  const weeks = weeksOfSeason(new Date('2026-11-27T12:00Z'), calendar)
  const season = weeks.map((week) => ({ ...week, leagues: [undefined], all: {}, planned: [week.week === 22 ? 9 : 2016] })) // prettier-ignore
  const html =
    renderWeek(site, { weeks: CALENDAR.weeks, leagues: ['test'], season, timelines: [], next: undefined })[0]?.text ??
    ''

  const names = [...html.matchAll(/<span class="day">([^<]*)<\/span>/g)].map(([, name]) => name)
  assert.deepEqual(names, ['1 to 21', 'no games', '22'])
  assert.match(html, /2,016 a week planned/)
  assert.match(html, />9 planned</)
})
