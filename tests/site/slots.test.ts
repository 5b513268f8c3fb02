// The Slots page: what cells and rows say and where they lead, and what is loaded later.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderSlots } from '../../dashboards/site/pages/slots.tsx'
import type { SlotRow, SlotsView } from '../../src/views/slots/slots.ts'
import { at } from '../helpers/builders.ts'
import { aSite } from '../helpers/site.ts'

const DAYS = ['2024-11-17', '2024-11-18', '2024-11-19']

function aRow(wish: Partial<SlotRow> = {}): SlotRow {
  return {
    job: 'nfl/bronze',
    dueAt: at('19 08:07'),
    zone: 'UTC',
    day: '2024-11-19',
    state: 'on time',
    lateness: 2,
    runId: undefined,
    reason: undefined,
    ...wish,
  }
}

function render(slots: SlotRow[], wish: Partial<SlotsView> = {}) {
  const gaps = { days: [], gaps: 0, median: undefined, worst: undefined }
  const view = { days: DAYS, jobs: ['nfl/bronze'], slots, months: [], gaps, words: [], ...wish }
  const files = renderSlots(aSite({ runsWithPages: new Set(['r1']), runsTold: new Set(['r1', 'r0']) }), view)
  return { html: files[0]?.text ?? '', files }
}

test('an empty account says what will appear, and where', () => {
  const { html } = render([], { jobs: [] })
  assert.match(html, /No slot has ended yet\./)
  assert.match(html, /No gap of more than five minutes in 3 days/)
  assert.match(html, /The first appears here with the first cron line/)
})

test('the first line says what share was served, or that all were', () => {
  assert.match(render([aRow(), aRow({ state: 'missed' })]).html, /<h1>50\.0 % of 2 slots of the last 3 days were served; 1 was lost\./) // prettier-ignore
  assert.match(render([aRow(), aRow({ state: 'late' })]).html, /<h1>All 2 slots of the last 3 days were served, 50\.0 % on time or early\./) // prettier-ignore
})

test('the heatmap says in words how many slots ended how', () => {
  assert.match(render([aRow(), aRow(), aRow({ state: 'missed' })]).html, /Slots: ● 2 on time, ✕ 1 missed</)
})

test('a cell with one slot leads to its run’s page, or to what is known of an older run', () => {
  assert.match(render([aRow({ runId: 'r1' })]).html, /<a class="cell" href="runs\/r1\.html" title=/)
  assert.match(render([aRow({ runId: 'r0' })]).html, /<a class="cell" href="run\.html\?id=r0" title=/)
})

test('a cell without a run, and one with several slots, lead to the day in the table', () => {
  const day = /href="slots\.html\?job=nfl%2Fbronze&amp;day=2024-11-19#table" title="nfl\/bronze Tue 19 Nov: ([^"]*)"/
  assert.equal(day.exec(render([aRow({ state: 'missed', lateness: undefined })]).html)?.[1], 'missed, due 08:07 UTC')
  assert.equal(
    day.exec(render([aRow({ runId: 'r1' }), aRow({ state: 'missed' })]).html)?.[1],
    '● 1 on time, ✕ 1 missed',
  )
})

test('a cell with one slot says when it was due and when it began, with the day where that is another', () => {
  const titleOf = (wish: Partial<SlotRow>) => />?title="(nfl[^"]*)"/.exec(render([aRow(wish)]).html)?.[1]
  assert.equal(titleOf({ state: 'late', lateness: 11 }), 'nfl/bronze Tue 19 Nov: late, due 08:07 UTC, began 08:18, +11 m') // prettier-ignore
  assert.equal(titleOf({ state: 'early', lateness: -600 }), 'nfl/bronze Tue 19 Nov: early, due 08:07 UTC, began Mon 18 Nov 22:07, −10 h') // prettier-ignore
})

test('only cells that ask for a look are stops of the Tab key', () => {
  assert.match(render([aRow({ state: 'missed', lateness: undefined })]).html, /nfl\/bronze Tue 19 Nov: missed, due 08:07 UTC">/) // prettier-ignore
  assert.match(render([aRow()]).html, /Tue 19 Nov: on time, [^"]*" tabindex="-1"/)
})

const cellsOf = (slots: SlotRow[]) => /<tbody>.*?<td class="today"><a [^>]*>(.*?)<\/a>/s.exec(render(slots).html)?.[1]
const several = (count: number, wish: Partial<SlotRow> = {}) => Array.from({ length: count }, () => aRow(wish))

test('many slots a day are one cell: a band a state, the worst at the top, and one glyph for all', () => {
  const often = [
    ...several(200),
    ...several(86, { state: 'late' }),
    aRow({ state: 'missed' }),
    aRow({ state: 'failed' }),
  ]
  assert.equal(
    cellsOf(often)?.replaceAll(' aria-hidden="true"', ''),
    '<i class="bad" style="flex-grow:2;"></i><i class="warn" style="flex-grow:86;"></i><i class="good" style="flex-grow:200;"></i><b class="bad below">✕</b>',
  )
  assert.match(cellsOf([...several(5), ...several(200, { state: 'missed' })]) ?? '', /<b class="bad on"/)
  assert.doesNotMatch(cellsOf(several(288)) ?? '', /<b/)
})

test('few slots a day are a band each, and two of them have a glyph each', () => {
  assert.equal(cellsOf([...several(2), ...several(1, { state: 'late' })])?.match(/<i/g)?.length, 3)
  assert.deepEqual(cellsOf([aRow({ state: 'early' }), aRow({ state: 'missed' })])?.match(/✕|◐/g), ['✕', '◐'])
})

test('what is not on time has a glyph in its cell, what waits an empty frame', () => {
  const glyphOf = (state: SlotRow['state']) =>
    /<i class="([^"]*)"[^>]*>(.?)</.exec(cellsOf([aRow({ state })]) ?? '')?.slice(1)
  assert.deepEqual(['on time', 'early', 'late', 'rescued', 'partial', 'waived', 'coalesced', 'waiting'].map((state) => glyphOf(state as SlotRow['state'])?.[1]), ['', '◐', '▲', '↻', '◩', '–', '–', '']) // prettier-ignore
  assert.equal(glyphOf('waiting')?.[0], 'quiet ring')
})

test('the key shows the cells that it explains, with how many there are', () => {
  const key = /<ul class="heat-key.*?<\/ul>/s.exec(render([...several(1200), aRow({ state: 'early' })]).html)?.[0] ?? ''
  assert.match(key, /<span class="cell"><i class="good" aria-hidden="true"><\/i><\/span> 1,200 on time/)
  assert.match(key, /<i class="early" aria-hidden="true">◐<\/i><\/span> 1 early/)
})

test('a row ends with what was not on time, each by its own sign', () => {
  const rows = [aRow({ state: 'missed' }), aRow({ state: 'failed' }), ...several(3, { state: 'rescued' }), aRow({ state: 'late' })] // prettier-ignore
  const tail = /<td class="tail">(.*?)<\/td>/.exec(render(rows).html)?.[1]
  assert.equal(tail?.replaceAll(/<[^>]*>/g, ''), '✕2 missed or failed ▲1 late ↻3 rescued ')
})

test('today has its name at the head of its column', () => {
  assert.match(render([aRow()]).html, /<td class="today"><span>today<\/span><\/td>/)
})

test('what is overdue and waits is not told as served', () => {
  const { html } = render([aRow(), aRow({ state: 'late', lateness: undefined })])
  assert.match(html, /<h1>The one slot of the last 3 days was served/)
})

test('a year says its answer, and its bars say shares with how many slots they are of', () => {
  const months = [
    { month: '2024-10', byState: { 'on time': 400, late: 580, missed: 20 } },
    { month: '2024-11', byState: { 'on time': 9, early: 1 } },
  ]
  const { html } = render([aRow()], { months })
  assert.match(html, /<figcaption>2 months: 98\.0 % of 1,010 slots served; worst month Oct, 40\.0 % on time or early</)
  const labels = [...html.matchAll(/text-anchor="middle">([^<]*)</g)].map(([, label]) => label)
  assert.deepEqual(labels, ['40.0', '100', '58.0', '2.0', 'Oct', '1,000', 'Nov', '10'])
  assert.match(html, /<span class="day">Oct 2024<\/span>/)
})

test('the words over the line of wake-up gaps end within the picture', () => {
  const days = Array.from({ length: 90 }, (_, i) => new Date(Date.UTC(2024, 8, 1 + i)).toISOString().slice(0, 10))
  const early = days.slice(0, 30).map((day) => ({ day, gaps: 1, median: 30, worst: 300 }))
  const { html } = render([aRow()], { days, gaps: { days: early, gaps: 30, median: 30, worst: 300 } })
  assert.match(html, /<text class="halo" x="560" y="[\d.]+" text-anchor="end">people are told after 1 h 30 m</)
})

test('every day is a file that the page can load, with nothing that ends a script', () => {
  const reason = '</script><script>alert(1)</script>'
  const { files } = render([aRow({ runId: 'r1', reason })])
  const shard = files.find(({ path }) => path === 'data/slots/2024-11-19.js')?.text ?? ''
  let received: unknown[] = []
  new Function('matchday', shard)({ shard: (_: string, rows: unknown[]) => (received = rows) })
  assert.deepEqual(received, [
    [
      'nfl/bronze',
      '2024-11-19T08:07:00.000Z',
      'Tue 19 Nov 08:07 UTC',
      'on time',
      '●',
      'good',
      '+2 m',
      'runs/r1.html',
      reason,
    ],
  ])
  assert.equal(files.filter(({ path }) => path.startsWith('data/slots/')).length, 3)
})

test('what a job left as its reason stays text', () => {
  const { html } = render([aRow({ state: 'missed', reason: '<script>alert(1)</script>' })])
  assert.equal(html.includes('<script>alert'), false)
})

test('the table holds the newest slots of each job, so that a frequent one crowds nothing out', () => {
  const often = Array.from({ length: 230 }, (_, i) => aRow({ dueAt: new Date(at('19 00:00').getTime() + i * 60_000) }))
  const seldom = [1, 2, 3, 4, 5].map((hour) => aRow({ job: 'nfl/silver', dueAt: at(`18 0${hour}:00`) }))
  const { html } = render([...seldom, ...often])
  assert.match(html, /The newest 45 slots, at most 40 of a job/)
  const table = html.split('The newest 45 slots')[2] ?? html
  const times = [...table.matchAll(/<td class="w1" data-sort="(\d{13})">/g)].map((match) => Number(match[1]))
  assert.deepEqual(times, [...often.slice(-40), ...seldom].map(({ dueAt }) => dueAt.getTime()).sort((a, b) => b - a)) // prettier-ignore
})

test('cron’s share stands beside ours over the same slots, and is left open until a deadline is over', () => {
  const word = { job: 'nfl/bronze', slots: 40, served: 40, byState: {}, medianLateness: 2, judged: 0, judgedServed: 0, cronInTime: 0, cronLateness: undefined } // prettier-ignore
  assert.match(render([], { words: [word] }).html, /Nothing to compare yet/)
  const { html } = render([], { words: [word, { ...word, judged: 1204, judgedServed: 1204, cronInTime: 301, cronLateness: 95 }] }) // prettier-ignore
  assert.match(html, /GitHub’s cron alone would have served 25\.0 % of 1,204 slots in 14 days by their deadline; with rescues 100\.0 % were\./) // prettier-ignore
  assert.match(html, />1,204<.*\+1 h 35 m/)
})

test('a run that retention removed is no link: its cell leads to the slots of its day', () => {
  const { html } = render([aRow({ runId: 'removed1' })])

  assert.doesNotMatch(html, /href="run(s\/|\.html)/)
  assert.match(html, /href="slots\.html\?job=nfl%2Fbronze&amp;day=2024-11-19#table"/)
  assert.match(html, /<span class="mono">removed1<\/span>/)
})
