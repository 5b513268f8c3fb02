// The Schedule page: its sentence, and what tables say that are empty or full.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { renderSchedule } from '../../dashboards/site/pages/schedule.tsx'
import type { Override, ScheduleView } from '../../src/views/schedule/schedule.ts'
import { at } from '../helpers/builders.ts'
import { aSite } from '../helpers/site.ts'

const EMPTY: ScheduleView = {
  agenda: [],
  lines: [],
  clocks: [],
  minutes: { days: 28, onGithub: true, jobs: [], aMonth: 0 },
  inForce: [],
  audit: [],
  past: [],
}
const ENTRY = { job: 'nfl/results', dueAt: at('26 07:07'), lastAt: at('26 07:07'), count: 1, zone: 'America/Los_Angeles', note: undefined, open: true } // prettier-ignore
const DAY = { day: '2024-11-26', entries: [ENTRY] }
const PAUSE: Override = {
  id: '1',
  job: '*',
  kind: 'pause',
  reason: 'the database moves house <b>',
  actor: 'ann',
  createdAt: at('19 08:00'),
  expiresAt: at('20 08:00'),
  endedAt: undefined,
  endedBy: undefined,
  slotDueAt: undefined,
  runId: undefined,
}

const render = (wish: Partial<ScheduleView>, site = aSite()) =>
  renderSchedule(site, { ...EMPTY, ...wish })[0]?.text ?? ''
const h1 = (html: string) => /<h1>(.*?)<\/h1>/.exec(html)?.[1]

test('without a cron line the page says so, and every empty table what will be in it', () => {
  const html = render({})

  assert.match(h1(html) ?? '', /^Nothing is due in the coming 14 days/)
  assert.equal(html.match(/class="empty"/g)?.length, 7)
  assert.doesNotMatch(html, /class="calendar"/)
})

test('the next slot is said in the zone of its line, with the weekday where that is another one', () => {
  const html = render({ agenda: [DAY] })

  assert.equal(h1(html), '1 slot is due in the coming 14 days, next nfl/results, Mon 25 Nov 23:07 Los Angeles.')
  assert.match(html, />Mon 23:07 Los Angeles<\/time>/)
})

test('what is out of season is in the table, and is not counted as due', () => {
  const out = { ...ENTRY, job: 'nfl/predict', dueAt: at('25 08:07'), note: 'out of season', open: false }
  const mixed = render({ agenda: [{ day: '2024-11-25', entries: [out] }, DAY] })

  assert.match(h1(mixed) ?? '', /^1 slot is due in the coming 14 days, next nfl\/results/)
  assert.match(mixed, /nfl\/predict[\s\S]*>out of season</)
  assert.equal(h1(render({ agenda: [{ day: '2024-11-25', entries: [out] }] })), 'Nothing is due in the coming 14 days: 1 slot out of season, waived or served already.') // prettier-ignore
})

test('a pause has a line of its own, shortened and escaped, and the record of it stands below', () => {
  const html = render({ agenda: [DAY], inForce: [PAUSE], audit: [PAUSE] })

  assert.match(h1(html) ?? '', /^1 slot is due/)
  assert.match(html, /<p class="lead">Every job is paused until Wed 20 Nov 08:00 UTC: the database moves house &lt;b>\.<\/p>/) // prettier-ignore
  assert.match(html, /in force until <time dateTime="2024-11-20|in force until <time datetime="2024-11-20/)
})

test('a night in which clocks move within the fortnight is said in the first line', () => {
  const clocks = [{ zone: 'America/New_York', at: at('24 06:00'), minutes: -60, moves: [] }]

  assert.match(h1(render({ agenda: [DAY], clocks })) ?? '', /Clocks in New York go back on Sun 24 Nov\.$/)
})

test('minutes are held against what GitHub includes', () => {
  const said = (aMonth: number) => {
    const jobs = [{ job: 'nfl/bronze', runs: 1, minutes: 1, aMonth }]
    return /<p class="lead">(.*?)<\/p>/.exec(render({ minutes: { ...EMPTY.minutes, jobs, aMonth } }))?.[1]
  }

  assert.match(said(1_240) ?? '', /^About 1,240 minutes in 30 days: within the 2,000/)
  assert.match(said(2_500) ?? '', /more than the 2,000 of GitHub Free, within the 3,000/)
  assert.match(said(9_000) ?? '', /more than the 3,000 that Pro and Team include/)
})

test('a commit is a link only where the repository is known and it is one', () => {
  const line = { job: 'nfl/bronze', cron: '7 8 * * 2', words: 'Tue 08:07', zone: 'UTC', validFrom: at('01 00:00'), validTo: at('10 00:00') } // prettier-ignore
  const site = aSite({ repositoryUrl: 'https://github.com/acme/league' })

  assert.match(render({ past: [{ ...line, commit: 'c0ffee0123' }] }, site), /href="https:\/\/github\.com\/acme\/league\/commit\/c0ffee0123"/) // prettier-ignore
  assert.doesNotMatch(render({ past: [{ ...line, commit: 'local' }] }, site), /\/commit\//)
  assert.doesNotMatch(render({ past: [{ ...line, commit: 'c0ffee0123' }] }), /\/commit\//)
})

test('the calendar says times on the page’s clock, and behind the job on the line’s own', () => {
  const often = { ...ENTRY, job: 'mlb/odds', zone: 'UTC', dueAt: at('26 00:00'), lastAt: at('26 23:55'), count: 288 }
  const waived = { ...ENTRY, job: 'nfl/train', zone: 'UTC', note: 'waived: no games', open: false }
  const html = render({ agenda: [{ day: '2024-11-25', entries: [] }, { day: '2024-11-26', entries: [often, ENTRY, waived] }] }) // prettier-ignore
  const calendar = /<ol class="calendar">(.*?)<\/ol>/.exec(html)?.[1]?.replaceAll(/<[^>]+>/g, '') ?? ''

  assert.match(calendar, /^Mon 25 Nov todaynothing moreTue 26 Nov/)
  assert.match(calendar, /00:00–23:55 mlb\/odds 288 times/)
  assert.match(calendar, /07:07 nfl\/results Mon 23:07 Los Angeles/)
  assert.match(calendar, /07:07 – nfl\/train waived: no games/)
})
