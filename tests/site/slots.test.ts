// The Slots page: what cells and rows say and where they lead, and what is loaded later.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderSlots } from '../../dashboards/site/pages/slots.tsx'
import type { SlotRow, SlotsView } from '../../src/views/slots.ts'
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
  assert.match(render([aRow({ runId: 'r1' })]).html, /<a href="runs\/r1\.html" title="nfl\/bronze Tue 19 Nov: on time"/)
  assert.match(render([aRow({ runId: 'r0' })]).html, /<a href="run\.html\?id=r0" title=/)
})

test('a cell without a run, and one with several slots, lead to the day in the table', () => {
  const day = /href="slots\.html\?job=nfl%2Fbronze&amp;day=2024-11-19#table" title="nfl\/bronze Tue 19 Nov: ([^"]*)"/
  assert.equal(day.exec(render([aRow({ state: 'missed' })]).html)?.[1], 'missed')
  assert.equal(
    day.exec(render([aRow({ runId: 'r1' }), aRow({ state: 'missed' })]).html)?.[1],
    '● 1 on time, ✕ 1 missed',
  )
})

test('only cells that ask for a look are stops of the Tab key', () => {
  assert.match(render([aRow({ state: 'missed' })]).html, /nfl\/bronze Tue 19 Nov: missed">/)
  assert.match(render([aRow()]).html, /Tue 19 Nov: on time" tabindex="-1"/)
})

test('many slots a day are drawn by their shares, the lost ones last', () => {
  const slots = [...Array.from({ length: 5 }, () => aRow()), aRow({ state: 'missed' })]
  assert.match(render([...slots]).html, /<i class="good" style="flex-grow:5;?" aria-hidden="true"><\/i><i class="bad" aria-hidden="true">✕<\/i>/) // prettier-ignore
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
  const times = [...table.matchAll(/<td class="w1" data-sort="(\d{13})">/g)].map((match) => Number(match[1])) // prettier-ignore
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
