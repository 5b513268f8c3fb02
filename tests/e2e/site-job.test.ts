// A job's page before a real browser: what has passed since the build, and older runs on a press.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'

import type { Browser } from 'playwright-core'

import { buildAssets } from '../../dashboards/site/build.ts'
import { renderJobs } from '../../dashboards/site/pages/job.tsx'
import { writeSite } from '../../scripts/dashboard/build-site.ts'
import type { JobView } from '../../src/views/job/job.ts'
import { noBrowser, openBrowser } from '../helpers/browser.ts'
import { at } from '../helpers/builders.ts'
import { aSite, aViewJob } from '../helpers/site.ts'

import { openWatched } from './site-stage.ts'

const inBrowser = { skip: noBrowser }
const zone = 'America/New_York'
const HOUR = 3_600_000

let folder: string
let browser: Browser

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'matchday-job-'))
  await writeSite(folder, [...(await buildAssets()), ...renderJobs(aSite({ zone: 'UTC', runsWithPages: new Set() }), [aView()])]) // prettier-ignore
  if (!noBrowser) browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Due every hour from one past noon on; it ran every hour before, and failed until 5 November. */
function aView(): JobView {
  const next = [1, 2, 3].map((hour) => ({ dueAt: new Date(at('19 12:07').getTime() + (hour - 1) * HOUR), zone, cron: '7 * * * *' })) // prettier-ignore
  const runs = Array.from({ length: 400 }, (_, i) => {
    const startedAt = new Date(at('19 11:09').getTime() - i * HOUR)
    const outcome = startedAt < at('05 12:00') ? ('failed' as const) : ('succeeded' as const)
    return { id: `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`, outcome, trigger: 'schedule' as const, period: 'p', dueAt: undefined, startedAt, durationMs: 3200, itemsWritten: 7, itemsFailed: 0, attempt: 1, code: undefined, why: undefined, github: undefined } // prettier-ignore
  })
  const today = { job: 'test/one', league: 'test', slot: undefined, items: [], next: next[0], nextWaived: undefined }
  return {
    job: aViewJob(),
    zone,
    standing: { today, slot: undefined, running: [], endedToday: {}, incidents: [], pause: undefined },
    history: { runs, goodRunDays: 14, gated: { count: 0, newest: [] } },
    trend: { since: at('01 00:00'), all: undefined, days: [], runs: undefined, hours: [] },
    chains: [],
    next,
    letters: { count: 0, newest: [] },
  }
}

const address = () => pathToFileURL(path.join(folder, 'jobs/test/one.html')).href

test('a slot that has passed since the build is not next any more', inBrowser, async () => {
  await using watched = await openWatched(browser, { at: at('19 13:00') })
  await watched.page.goto(address())

  assert.equal(await watched.page.locator('[data-due-next]').innerText(), 'Next: Tue 19 Nov 08:07 New York, in 7 m.')
  assert.deepEqual(await watched.page.locator('[data-due-list] tbody tr:visible td:first-child').allInnerTexts(), [
    'Tue 19 Nov 08:07',
    'Tue 19 Nov 09:07',
  ])
})

test('a list of slots that have all passed says so', inBrowser, async () => {
  await using watched = await openWatched(browser, { at: at('19 15:00') })
  await watched.page.goto(address())

  assert.equal(await watched.page.locator('[data-due-next]').isVisible(), false)
  assert.equal(await watched.page.locator('[data-due-list] tbody tr:visible').count(), 0)
  assert.match(await watched.page.locator('[data-due-passed]').innerText(), /have passed since the page was built/)
})

test('older runs are ruled where retention has removed good ones', inBrowser, async () => {
  await using watched = await openWatched(browser, { at: at('19 12:00') })
  const { page } = watched
  await page.goto(address())
  const rows = page.locator('#history tbody tr')
  assert.equal(await page.locator('.ruled').count(), 0)

  for (const lines of [250, 401]) {
    await page.locator('#history button.press').click()
    await rows.nth(lines - 1).waitFor()
  }

  const words = await rows.allInnerTexts()
  const place = words.findIndex((row) => row.startsWith('Before Tue 5 Nov: only what did not end well.'))
  assert.match(words[place - 1] ?? '', /succeeded/)
  assert.match(words[place + 1] ?? '', /failed/)
  assert.equal(await page.locator('.ruled').count(), 1)
})
