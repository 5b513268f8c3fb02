// The site of the first day, over a database in which nothing has happened yet: every page opens and says what will be there.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { noBrowser, openBrowser } from '../helpers/browser.ts'
import { aDatabase } from '../helpers/database.ts'

import { violations } from './site-looks.ts'
import { buildStage, openWatched, type Stage } from './site-stage.ts'

const inBrowser = { skip: noBrowser }

let stage: Stage
let browser: Browser

before(async () => {
  await using database = await aDatabase()
  stage = await buildStage(database.sql)
  if (!noBrowser) browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stage?.[Symbol.asyncDispose]()
})

test('there are all pages and one for every job, and the site may be published', () => {
  const kinds = stage.kinds.map(({ kind }) => kind)

  for (const kind of ['index', 'slots', 'week', 'predictions', 'failures', 'freshness', 'schedule', 'job'])
    assert.ok(kinds.includes(kind), kind)
  assert.deepEqual(stage.problems, [])
})

test('every page opens without a complaint and says something', inBrowser, async () => {
  await using watched = await openWatched(browser)
  for (const { page: file } of stage.kinds) {
    await watched.page.goto(stage.fromFile + file)
    const words = await watched.page.locator('main').innerText()

    assert.notEqual(await watched.page.locator('h1').innerText(), '', file)
    assert.doesNotMatch(words, /undefined|NaN|null|Infinity|\[object/, file)
  }
  assert.deepEqual(watched.complaints, [])
})

for (const width of [380, 1280]) {
  test(`axe finds nothing on a site without history, ${width} px wide`, inBrowser, async () => {
    await using watched = await openWatched(browser, { viewport: { width, height: 800 } })
    const found: string[] = []
    for (const { page: file } of stage.kinds) {
      await watched.page.goto(stage.overHttp + file)
      found.push(...(await violations(watched.page)))
      assert.equal(await watched.page.evaluate(() => document.documentElement.scrollWidth), width, file)
    }

    assert.deepEqual(found, [])
  })
}
