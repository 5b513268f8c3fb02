// The site over a made-up year, before a real browser: pages fit on paper, pictures open where now is, and the Slots page finds
// what lies beyond its table.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { noBrowser, openBrowser } from '../helpers/browser.ts'
import { aDatabase } from '../helpers/database.ts'
import { fillHistory } from '../history/fill.ts'

import { buildStage, NOW, openWatched, type Stage } from './site-stage.ts'

const inBrowser = { skip: noBrowser }

let stage: Stage
let browser: Browser

before(async () => {
  if (noBrowser) return
  await using database = await aDatabase()
  await fillHistory(database.sql, { runs: 5_000, seed: 5, now: NOW, years: 1 })
  stage = await buildStage(database.sql)
  browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stage?.[Symbol.asyncDispose]()
})

test('on paper nothing is cut off at the right, and a dark theme stays on the screen', inBrowser, async () => {
  await using watched = await openWatched(browser)
  const { page } = watched
  // A4 less its margins.
  await page.setViewportSize({ width: 703, height: 1_000 })
  await page.goto(stage.overHttp)
  await page.evaluate(() => localStorage.setItem('matchday-theme', 'dark'))
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  for (const { page: file } of stage.kinds) {
    await page.goto(stage.overHttp + file)
    const [cutOff, paper] = await page.evaluate(() => {
      const edge = document.documentElement.clientWidth
      const cells = [...document.querySelectorAll('main :is(td, th, figure)')]
      const printed = cells.filter((cell) => !cell.closest('details:not([open])'))
      const beyond = printed.filter((cell) => cell.getBoundingClientRect().right > edge + 1)
      return [beyond.map((cell) => cell.outerHTML.slice(0, 120)), getComputedStyle(document.documentElement).backgroundColor] // prettier-ignore
    })
    assert.deepEqual(cutOff, [], file)
    assert.equal(paper, 'rgb(255, 255, 255)', file)
  }
})

test('a timeline wider than the screen opens with the present in view', inBrowser, async () => {
  await using watched = await openWatched(browser, { viewport: { width: 380, height: 800 } })
  for (const file of ['week.html', 'freshness.html']) {
    await watched.page.goto(stage.overHttp + file)
    const now = await watched.page.locator('.timeline .now').first().boundingBox()

    assert.ok(now && now.x > 120 && now.x < 366, `${file}: ${JSON.stringify(now)}`)
  }
})

test('the Slots page finds the slots of a job through all its days', inBrowser, async () => {
  await using watched = await openWatched(browser)
  await watched.page.goto(`${stage.fromFile}slots.html?job=nfl/bronze`)
  const status = watched.page.locator('.last-slots .filtered')
  await status.getByText('Show all').waitFor()
  const rows = await watched.page.locator('.last-slots tbody tr:visible').allInnerTexts()

  assert.ok(rows.length > 3)
  for (const text of rows) assert.match(text, /^nfl\/bronze/)
  assert.match(await status.innerText(), new RegExp(`^(The newest )?${rows.length} slots of nfl/bronze`))
  assert.deepEqual(watched.complaints, [])
})
