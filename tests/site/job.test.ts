// A job as a page: its first line, its history with the files of older runs, its empty state; nothing breaks out of its place.

import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import { test } from 'node:test'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { unpack, type PackedLine } from '../../dashboards/site/kit/history.ts'
import { renderJobs } from '../../dashboards/site/pages/job.tsx'
import type { JobView } from '../../src/views/job/job.ts'
import { at } from '../helpers/builders.ts'
import { aSite, aViewJob } from '../helpers/site.ts'

type Run = JobView['history']['runs'][number]
type Standing = JobView['standing']
type TodaySlot = NonNullable<Standing['today']['slot']>

const EVIL = '<script>alert(1)</script>'

function aStanding(wish: Partial<Standing> = {}): Standing {
  const today = { job: 'test/one', league: 'test', slot: undefined, items: [], next: undefined, nextWaived: undefined }
  return { today, slot: undefined, running: [], endedToday: {}, incidents: [], pause: undefined, ...wish }
}

/** A standing whose newest slot, of 08:07, is in this state. */
function standingWith(slot: Partial<TodaySlot>, own: Partial<NonNullable<Standing['slot']>>): Standing {
  const base = aStanding()
  const today: TodaySlot = { dueAt: at('19 08:07'), zone: 'UTC', state: 'on time', startedAt: at('19 08:09'), latenessMs: 120_000, itemsWritten: 7, runId: undefined, reason: undefined, ...slot } // prettier-ignore
  return {
    ...base,
    today: { ...base.today, slot: today },
    slot: {
      state: 'served',
      period: 'p',
      tries: 0,
      deadlineAt: at('19 14:07'),
      durationMs: 3200,
      itemsFailed: 0,
      ...own,
    },
  }
}

function aRun(wish: Partial<Run> = {}): Run {
  return { id: anId(1), outcome: 'succeeded', trigger: 'schedule', period: 'p', dueAt: at('19 08:07'), startedAt: at('19 08:09'), durationMs: 3200, itemsWritten: 7, itemsFailed: 0, attempt: 1, code: undefined, why: undefined, github: undefined, ...wish } // prettier-ignore
}

const anId = (n: number) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`

function aView(wish: Partial<JobView> & { runs?: Run[] } = {}): JobView {
  return {
    job: aViewJob(),
    standing: aStanding(),
    zone: 'UTC',
    history: { runs: wish.runs ?? [], goodRunDays: 14, gated: { count: 0, newest: [] } },
    trend: { since: at('01 00:00'), all: undefined, days: [], runs: undefined, hours: [] },
    chains: [],
    next: [],
    letters: { count: 0, newest: [] },
    ...wish,
  }
}

function render(view: JobView, pages: readonly string[] = []): SiteFile[] {
  return renderJobs(aSite({ runsWithPages: new Set(pages) }), [view])
}

function firstLine(view: JobView): string {
  const html = render(view)[0]?.text ?? ''
  const heading = /<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? ''
  return heading
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

test('the first line says how the newest slot was served', () => {
  assert.equal(
    firstLine(aView({ standing: standingWith({}, {}) })),
    '● test/one is on time: its slot of Tue 19 Nov 08:07 UTC was served 2 m after its time, in 3.2 s.',
  )
})

test('a slot that nobody has served yet is as late as it is now, with its cause, its tries and its deadline', () => {
  const standing = standingWith({ state: 'late', reason: 'x answered 503. It is asked again.' }, { state: 'due', tries: 1 }) // prettier-ignore
  assert.equal(
    firstLine(aView({ standing })),
    '▲ test/one is 3 h 53 m late: x answered 503. 1 try failed. Its slot of Tue 19 Nov 08:07 UTC can be served until Tue 19 Nov 14:07 UTC.',
  )
})

test('a slot that was given up says so with the error of its last run', () => {
  const standing = standingWith({ state: 'failed' }, { state: 'failed', tries: 3 })
  const view = aView({ standing, runs: [aRun({ outcome: 'failed', why: 'games.csv has no column spread_line.' })] })
  assert.equal(
    firstLine(view),
    '✕ test/one failed: its slot of Tue 19 Nov 08:07 UTC was given up: games.csv has no column spread_line.',
  )
})

test('a pause comes first, and a run at work before its slot', () => {
  const pause = { reason: 'moving house', actor: 'ann', until: at('20 08:00') }
  const running = [{ id: anId(1), startedAt: at('19 11:50'), progress: undefined }]
  assert.equal(
    firstLine(aView({ standing: aStanding({ pause, running }) })),
    '– test/one is paused until Wed 20 Nov 08:00 UTC by ann: moving house.',
  )
  assert.equal(
    firstLine(aView({ standing: aStanding({ running }) })),
    '◌ test/one is running, since Tue 19 Nov 11:50 UTC.',
  )
})

test('a job that never ran says what will stand on its page', () => {
  const html = render(aView())[0]?.text ?? ''
  assert.match(html, /test\/one has not run yet\./)
  assert.match(html, /No run served in the last 90 days\. The pictures appear with the first one that does\./)
  assert.match(html, /It has no cron line in this checkout/)
})

test('the newest sixty runs stand in the page, and all of them in files of 250', () => {
  const runs = Array.from({ length: 600 }, (_, i) => aRun({ id: anId(i), startedAt: new Date(at('19 08:09').getTime() - i * 86_400_000) })) // prettier-ignore
  const files = render(aView({ runs }), [anId(0)])
  const page = files[0]?.text ?? ''
  assert.equal(page.match(/href="\.\.\/\.\.\/run(s\/|\.html\?id=)[0-9a-f-]+/g)?.length, 60)
  assert.ok(page.includes(`../../runs/${anId(0)}.html`) && page.includes(`../../run.html?id=${anId(1)}`))
  assert.match(page, /540 older runs are kept beside this page/)
  const shards = files.filter(({ path }) => path.startsWith('data/runs/test-one-'))
  assert.deepEqual(
    shards.map((file) => load(file)).map(({ path, rows }) => [path, rows.length]),
    [['runs/test-one-1', 250], ['runs/test-one-2', 250], ['runs/test-one-3', 100]], // prettier-ignore
  )
  const line = unpack(load(shards[2]!).rows[99] as PackedLine)
  assert.equal(line.id, anId(599))
  assert.equal(line.startedAt, runs[599]?.startedAt.getTime())
  assert.equal(line.page, false)
})

test('every run is found by the first digit of its id', () => {
  const ids = [anId(1), 'a' + anId(1).slice(1), 'b' + anId(1).slice(1)]
  const files = render(aView({ runs: ids.map((id) => aRun({ id })) }))
  assert.equal(files.filter(({ path }) => path.startsWith('data/runs/find-')).length, 16)
  const found = load(files.find(({ path }) => path === 'data/runs/find-a.js')!)
  assert.deepEqual(found, { path: 'runs/find-a', rows: [['runs/test-one-1', 'a0000001', 'UTC']] })
})

test('what a provider wrote stays text, in the page and in its files', () => {
  const run = aRun({ id: anId(3), outcome: 'failed', why: EVIL, code: 'x' })
  const incident = { cause: 'failed', severity: 'critical', title: EVIL, detail: EVIL, openedAt: at('19 08:00') } as const // prettier-ignore
  const letter = { id: '1', kind: EVIL, key: EVIL, code: EVIL, message: EVIL, retryable: true, times: 1, failedAt: at('19 08:00'), runId: anId(3) } // prettier-ignore
  const standing = { ...standingWith({ state: 'missed', reason: EVIL }, { state: 'missed' }), incidents: [incident] }
  const view = aView({ runs: [run], standing, letters: { count: 1, newest: [letter] } })
  const [page, shard] = render(view)
  assert.equal(page?.text.includes(EVIL), false)
  assert.ok(page?.text.includes('&lt;script>'))
  assert.deepEqual(unpack(load(shard!).rows[0] as PackedLine).why, EVIL)
})

/** Runs a data file as the browser would. */
function load(file: SiteFile): { path: string; rows: unknown[] } {
  const seen: { path: string; rows: unknown[] }[] = []
  runInNewContext(file.text, { matchday: { shard: (path: string, rows: unknown[]) => seen.push({ path, rows: JSON.parse(JSON.stringify(rows)) as unknown[] }) } }) // prettier-ignore
  assert.equal(seen.length, 1)
  return seen[0]!
}

test('the hour at which runs take long is said in the zone it is counted in', () => {
  const day = { runs: 3, durationMs: undefined, latenessMs: undefined, items: 3, workMs: 0 }
  const hours = [{ weekday: 2, hour: 8, runs: 2, medianMs: 3200 }, { weekday: 3, hour: 9, runs: 1, medianMs: 1000 }] // prettier-ignore
  const view = aView({
    trend: { since: at('01 00:00'), all: day, days: [{ ...day, day: '2024-11-19' }], runs: undefined, hours },
  })

  const titleIn = (zone: string) =>
    /When runs take long: ([^,]*),/.exec(renderJobs(aSite(), [{ ...view, zone }])[0]?.text ?? '')?.[1]
  assert.deepEqual(['UTC', 'America/New_York'].map(titleIn), ['Tue 08:00 UTC', 'Tue 08:00 New York'])
})

function textOf(view: JobView): string {
  return (render(view)[0]?.text ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

test('where retention has removed good runs, the history says so and is ruled', () => {
  const good = [aRun({ id: anId(1) }), aRun({ id: anId(2), startedAt: at('06 08:09') })]
  const bad = aRun({ id: anId(3), startedAt: at('04 08:09'), outcome: 'failed', attempt: 2, itemsFailed: 3 })
  const view = aView({ runs: [...good, bad] })

  assert.match(textOf(view), /Every run since Tue 5 Nov; before that only what did not end well: good runs are removed after 14 days\./) // prettier-ignore
  assert.match(render(view)[0]?.text ?? '', new RegExp(`${anId(2)}[\\s\\S]*class="ruled"[\\s\\S]*${anId(3)}`))
  assert.match(textOf(view), /Before Tue 5 Nov: only what did not end well\./)
  assert.match(textOf(view), /7, 3 failed p schedule, attempt 2/)
})

test('a history of young runs alone says for how long good ones stay, and has no rule', () => {
  const text = textOf(aView({ runs: [aRun()] }))

  assert.match(text, /Every run of the last 14 days that did anything\. Good ones are removed after that\./)
  assert.doesNotMatch(text, /Before /)
})

test('good runs that nobody has removed, or that are needed, make the rule less sure', () => {
  const old = (n: number, wish: Partial<Run>) => aRun({ id: anId(n), startedAt: at('04 08:09'), ...wish })
  const well = textOf(aView({ runs: [old(1, {})] }))
  const mixed = textOf(aView({ runs: [old(1, {}), old(2, { outcome: 'failed' })] }))

  assert.match(well, /Before Tue 5 Nov: good runs may be missing\./)
  assert.match(mixed, /Before Tue 5 Nov: mostly what did not end well\./)
})

test('today stands in words, on the clock of the site', () => {
  const standing = aStanding({ endedToday: { succeeded: 2, failed: 1 } })

  assert.match(textOf(aView()), /Today: no run ended, none running\./)
  assert.match(textOf(aView({ standing, zone: 'America/New_York' })), /Today \(UTC\): 3 runs ended, 1 failed, none running\./) // prettier-ignore
})

test('pictures of a young job begin with its first run', () => {
  const day = { runs: 1, durationMs: { median: 2000, least: 2000, most: 2000 }, latenessMs: undefined, items: 3, workMs: 2000 } // prettier-ignore
  const trend = { since: new Date('2024-08-21T12:00:00Z'), all: day, days: [{ ...day, day: '2024-11-19' }], hours: [] }
  const text = textOf(aView({ trend: { ...trend, runs: [aRun({ startedAt: at('15 08:09'), durationMs: 2000 })] } }))

  assert.match(text, /how much it writes: since Fri 15 Nov/)
  assert.match(text, /15 Nov 16 Nov|16 Nov 17 Nov/)
  assert.doesNotMatch(text, /0 ms|1 Sep/)
})
