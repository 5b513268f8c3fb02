// The feeds, read as strictly as their formats are written.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { renderFeeds } from '../../dashboards/site/pages/feeds.ts'
import type { FeedIncident, FeedJob, FeedRun, FeedsView } from '../../src/views/feeds/feeds.ts'
import { at } from '../helpers/builders.ts'
import { aSite, aViewJob } from '../helpers/site.ts'
import { readCalendar, readXml, type Xml } from '../helpers/strict-readers.ts'

const HOSTILE = '<script>alert("1")</script> & \'x\', y; z\\ \u0007 🏈 ]]> {{x}}'

function aFeedRun(wish: Partial<FeedRun> = {}): FeedRun {
  return {
    id: 'r1',
    outcome: 'succeeded',
    trigger: 'schedule',
    attempt: 1,
    slotDueAt: at('19 08:07'),
    period: '2024-W12',
    startedAt: at('19 08:09'),
    finishedAt: at('19 08:10'),
    durationMs: 60_000,
    items: { read: 3, written: 2, skipped: 1, failed: 0 },
    reason: undefined,
    error: undefined,
    github: undefined,
    ...wish,
  }
}

function aFeedJob(wish: Partial<FeedJob> = {}): FeedJob {
  const job = aViewJob('nfl/bronze')
  const slot = { dueAt: at('19 08:07'), zone: 'UTC', state: 'on time', startedAt: at('19 08:09'), latenessMs: 120_000, itemsWritten: 2, runId: 'r1', reason: undefined } as const // prettier-ignore
  const today = { job: job.id, league: 'nfl', slot, items: [], next: { dueAt: at('26 08:07'), zone: 'UTC' }, nextWaived: undefined } // prettier-ignore
  return { job, today, runs: [aFeedRun()], lastSuccessAt: at('19 08:09'), paused: undefined, ...wish }
}

function anEntry(wish: Partial<FeedIncident> = {}): FeedIncident {
  return {
    id: '7',
    subject: 'nfl/bronze',
    cause: 'failed',
    severity: 'warning',
    title: HOSTILE,
    detail: HOSTILE,
    runId: undefined,
    openedAt: at('19 08:40'),
    closedAt: undefined,
    changedAt: wish.closedAt ?? at('19 08:40'),
    ...wish,
  }
}

const FINE = { state: 'on time', sentence: 'All on time.', detail: '', others: 0 } as const

function render(wish: Partial<FeedsView> = {}, site = aSite({ repositoryUrl: 'https://github.com/acme/league' })) {
  const view = { headline: FINE, jobs: [aFeedJob()], open: [], incidents: [], calendar: [], tooOften: [], ...wish }
  const files = renderFeeds(site, view)
  return { files, text: (path: string) => textOf(files, path), json: (path: string) => JSON.parse(textOf(files, path)) as Record<string, unknown> } // prettier-ignore
}

function textOf(files: readonly SiteFile[], path: string): string {
  const file = files.find((one) => one.path === path)
  assert.ok(file, `${path} is not among ${files.map((one) => one.path).join(', ')}`)
  return file.text
}

test('status.json has the promised shape, every instant in UTC and no field left out', () => {
  const { json } = render()

  assert.deepEqual(json('status.json'), {
    version: 1,
    built_at: '2024-11-19T12:00:00.000Z',
    environment: 'test',
    commit: null,
    simulated: false,
    state: 'fine',
    sentence: 'All on time.',
    detail: '',
    jobs: [
      {
        id: 'nfl/bronze',
        title: 'a job of a test',
        state: 'on time',
        paused_until: null,
        last_slot: { due_at: '2024-11-19T08:07:00.000Z', state: 'on time', started_at: '2024-11-19T08:09:00.000Z', run_id: 'r1' }, // prettier-ignore
        last_run: {
          id: 'r1',
          outcome: 'succeeded',
          trigger: 'schedule',
          attempt: 1,
          period: '2024-W12',
          slot_due_at: '2024-11-19T08:07:00.000Z',
          started_at: '2024-11-19T08:09:00.000Z',
          finished_at: '2024-11-19T08:10:00.000Z',
          duration_ms: 60_000,
          items: { read: 3, written: 2, skipped: 1, failed: 0 },
          reason: null,
          error: null,
          github: null,
        },
        last_success_at: '2024-11-19T08:09:00.000Z',
        next_due_at: '2024-11-26T08:07:00.000Z',
        history: 'jobs/nfl/bronze.json',
      },
    ],
    incidents: [],
  })
})

test('status.json is trouble when the first line says so, or an incident that is more than a note is open', () => {
  const open = (severity: 'info' | 'warning') => ({ open: [{ ...anEntry(), severity, times: 1, acknowledged: undefined, slotDueAt: undefined, knowableAt: at('19 08:40'), cause: 'failed' as const }] }) // prettier-ignore

  assert.equal(render({ headline: { ...FINE, state: 'late' } }).json('status.json')['state'], 'trouble')
  assert.equal(render(open('warning')).json('status.json')['state'], 'trouble')
  assert.equal(render(open('info')).json('status.json')['state'], 'fine')
})

test('a paused job says so, and a job without a slot says none', () => {
  const jobs = [aFeedJob({ paused: { reason: 'moves', until: at('20 08:00') } }), aFeedJob({ today: { ...aFeedJob().today, slot: undefined }, runs: [], lastSuccessAt: undefined })] // prettier-ignore
  const [paused, none] = render({ jobs }).json('status.json')['jobs'] as Record<string, unknown>[]

  assert.deepEqual([paused?.['state'], paused?.['paused_until']], ['paused', '2024-11-20T08:00:00.000Z'])
  assert.deepEqual([none?.['state'], none?.['last_run'], none?.['last_slot']], ['none', null, null])
})

test('a job’s history has its runs with their first error', () => {
  const error = { code: 'source_status', message: HOSTILE }
  const history = render({ jobs: [aFeedJob({ runs: [aFeedRun({ outcome: 'failed', error })] })] }).json('jobs/nfl/bronze.json') // prettier-ignore
  const [run] = history['runs'] as [{ error: unknown }]

  assert.deepEqual([history['job'], history['version'], run.error], ['nfl/bronze', 1, error])
})

const SLOT = { job: 'nfl/bronze', title: HOSTILE, dueAt: at('26 13:07'), zone: 'America/New_York', graceMinutes: 45, deadlineMinutes: 360 } // prettier-ignore

test('calendar.ics is folded at 75 octets, ends every line with CRLF and nests its parts', () => {
  const text = render({ calendar: [SLOT, { ...SLOT, title: 'é'.repeat(200) }] }).text('calendar.ics')
  const physical = text.split('\r\n')

  assert.equal(physical.pop(), '')
  assert.ok(!physical.join('').includes('\n') && !physical.join('').includes('\r'))
  assert.ok(physical.every((line) => Buffer.byteLength(line) <= 75 && line.length > 0))
  assert.ok(physical.every((line) => Buffer.from(line).toString() === line && !line.includes('\ufffd')))
  const stack: string[] = []
  for (const { name, value } of readCalendar(text)) {
    if (name === 'BEGIN') stack.push(value)
    if (name === 'END') assert.equal(stack.pop(), value)
  }
  assert.deepEqual(stack, [])
})

test('an event has its moment in UTC, an id that another build repeats, and its text unescaped is what was said', () => {
  const properties = readCalendar(render({ calendar: [SLOT] }).text('calendar.ics'))
  const valueOf = (name: string) => properties.filter((one) => one.name === name).map(({ value }) => value)
  const again = readCalendar(render({ calendar: [SLOT] }, aSite({ now: at('20 12:00') })).text('calendar.ics'))

  assert.deepEqual(valueOf('DTSTART'), ['20241126T130700Z'])
  assert.deepEqual(valueOf('DTEND'), ['20241126T135200Z'])
  assert.deepEqual(valueOf('DTSTAMP'), ['20241119T120000Z'])
  assert.deepEqual(valueOf('UID'), ['nfl-bronze-20241126T130700Z@test.matchday'])
  assert.deepEqual(again.filter(({ name }) => name === 'UID').map(({ value }) => value), valueOf('UID')) // prettier-ignore
  assert.equal(valueOf('SUMMARY')[0], 'nfl/bronze')
  const said = (valueOf('DESCRIPTION')[0] ?? '').replaceAll(/\\([\\;,nN])/g, (_, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign)) // prettier-ignore
  assert.ok(said.startsWith(`${HOSTILE.replace('\u0007', '')}.\nDue 08:07 New York.\n`), said)
  assert.doesNotMatch(valueOf('DESCRIPTION')[0] ?? '', /(?<!\\)(?:\\\\)*[;,]/)
})

test('every calendar has what RFC 5545 asks for, events or none', () => {
  const names = readCalendar(render().text('calendar.ics')).map(({ name, value }) => `${name}:${value}`)

  assert.deepEqual([names[0], names[1], names.at(-1)], ['BEGIN:VCALENDAR', 'VERSION:2.0', 'END:VCALENDAR'])
  assert.equal(names.filter((line) => line.startsWith('PRODID:')).length, 1)
})

test('jobs that are due too often for a calendar are named in it', () => {
  const [about] = readCalendar(render({ tooOften: ['racing/day'] }).text('calendar.ics')).filter(({ name }) => name === 'X-WR-CALDESC') // prettier-ignore

  assert.match(about?.value ?? '', /racing\/day/)
})

test('incidents.atom is well-formed, with the elements that RFC 4287 asks for', () => {
  const feed = readXml(render({ incidents: [anEntry(), anEntry({ id: '8', closedAt: at('19 10:00') })] }).text('incidents.atom')) // prettier-ignore
  const of = (element: Xml, name: string) => element.children.filter((child) => child.name === name)

  assert.equal(feed.attributes['xmlns'], 'http://www.w3.org/2005/Atom')
  for (const name of ['id', 'title', 'updated']) assert.equal(of(feed, name).length, 1, name)
  const entries = of(feed, 'entry')
  assert.equal(entries.length, 2)
  for (const entry of entries) {
    for (const name of ['id', 'title', 'updated', 'summary']) assert.equal(of(entry, name).length, 1, name)
    assert.match(of(entry, 'updated')[0]?.text ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.match(of(entry, 'id')[0]?.text ?? '', /^tag:github\.com,2026:acme\/league\/test\/incidents\/\d+$/)
  }
  assert.equal(of(entries[0]!, 'title')[0]?.text, HOSTILE.replace('\u0007', '\ufffd'))
  assert.equal(of(feed, 'updated')[0]?.text, '2024-11-19T10:00:00.000Z')
  assert.equal(new Set(entries.map((entry) => of(entry, 'id')[0]?.text)).size, 2)
})

test('an incident that came back is updated when it came back, and the feed with it', () => {
  const feed = readXml(render({ incidents: [anEntry({ changedAt: at('19 11:00') })] }).text('incidents.atom'))
  const updated = (element: Xml | undefined) => element?.children.find(({ name }) => name === 'updated')?.text
  const entry = feed.children.find(({ name }) => name === 'entry')

  assert.deepEqual([updated(entry), updated(feed)], ['2024-11-19T11:00:00.000Z', '2024-11-19T11:00:00.000Z'])
})

test('a feed without an incident is a feed all the same', () => {
  assert.equal(readXml(render().text('incidents.atom')).children.filter(({ name }) => name === 'entry').length, 0)
})

test('a badge says job, state and last success, in words, in its title and in what is read out', () => {
  const badge = readXml(render().text('badges/nfl-bronze.svg'))

  const said = 'nfl/bronze: ● on time · last success Tue 19 Nov'
  assert.equal(badge.attributes['aria-label'], said)
  assert.equal(badge.children.find(({ name }) => name === 'title')?.text, said)
  assert.equal(badge.attributes['role'], 'img')
})

test('the badge of all says trouble when there is', () => {
  const { text } = render({ headline: { ...FINE, state: 'failed' } })

  assert.match(text('badges/all.svg'), /<title>matchday: ✕ trouble · Tue 19 Nov<\/title>/)
})

test('white on every plate of a badge has a contrast of 4.5 or more', () => {
  const states = ['on time', 'late', 'missed', 'rescued', 'waived', 'running'] as const
  const today = aFeedJob().today
  const plates = states.flatMap((state) => {
    const job = aFeedJob({ today: { ...today, slot: { ...today.slot!, state } } })
    const text = render({ jobs: [job] }).text('badges/nfl-bronze.svg')
    return [...text.matchAll(/<rect[^>]*fill="(#[0-9a-f]{6})"/g)].map(([, fill = '']) => fill)
  })

  assert.equal(new Set(plates).size, 6)
  for (const plate of plates) assert.ok(contrastWithWhite(plate) >= 4.5, `${plate}: ${contrastWithWhite(plate)}`)
})

function contrastWithWhite(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const value = Number.parseInt(colour.slice(i, i + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
}
