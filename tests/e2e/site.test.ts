// The site over a made-up year, before a real browser: it opens from a file and below a path, with and without scripts, in
// both themes and on a telephone, and says the same in print.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { noBrowser, openBrowser } from '../helpers/browser.ts'
import { aDatabase } from '../helpers/database.ts'
import { fillHistory } from '../history/fill.ts'

import { linksOf } from './site-links.ts'
import { relativeTimes, saidAt, someOfEachPath, violations } from './site-looks.ts'
import { buildStage, NOW, openWatched, type Stage } from './site-stage.ts'

const HOUR = 3_600_000
const inBrowser = { skip: noBrowser }

let stage: Stage
let browser: Browser

before(async () => {
  await using database = await aDatabase()
  await fillHistory(database.sql, { runs: 12_000, seed: 7, now: NOW, years: 1 })
  stage = await buildStage(database.sql)
  if (!noBrowser) browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await stage?.[Symbol.asyncDispose]()
})

test('there are all seven pages and one of every kind below them', () => {
  const kinds = stage.kinds.map(({ kind }) => kind)

  const expected = ['404', 'failures', 'freshness', 'index', 'job', 'predictions', 'run', 'schedule', 'slots', 'week']
  assert.deepEqual([...new Set(kinds)].sort(), expected)
})

for (const way of ['fromFile', 'overHttp'] as const) {
  test(
    `every kind of page opens ${way === 'fromFile' ? 'from a file' : 'below a path'} without a complaint`,
    inBrowser,
    async () => {
      await using watched = await openWatched(browser)
      for (const { page: file } of stage.kinds) {
        await watched.page.goto(stage[way] + file)
        assert.equal(await watched.page.locator('h1').count(), 1, file)
      }

      assert.deepEqual(watched.complaints, [])
    },
  )
}

test('every link of every kind of page opens a page without a complaint', inBrowser, async () => {
  await using watched = await openWatched(browser)
  const targets = new Set<string>()
  for (const { page: file } of stage.kinds) {
    const html = await readFile(path.join(stage.folder, file), 'utf8')
    for (const link of linksOf(html)) targets.add(new URL(link, stage.overHttp + file).href.replace(/#.*/, ''))
  }

  for (const target of someOfEachPath([...targets])) {
    await watched.page.goto(target)
    assert.notEqual(await watched.page.locator('h1').first().textContent(), '', target)
  }

  assert.deepEqual(watched.complaints, [])
})

for (const colorScheme of ['light', 'dark'] as const) {
  // Only colours differ in the dark, and all that axe knows takes a minute.
  const rules = colorScheme === 'dark' ? ['color-contrast'] : []
  for (const width of [380, 1280]) {
    test(`axe finds nothing on any kind of page, ${colorScheme}, ${width} px wide`, inBrowser, async () => {
      await using watched = await openWatched(browser, { colorScheme, viewport: { width, height: 800 } })
      const found: string[] = []
      for (const { page: file } of stage.kinds) {
        await watched.page.goto(stage.overHttp + file)
        found.push(...(await violations(watched.page, rules)))
      }

      assert.deepEqual(found, [])
    })
  }
}

test('no kind of page is wider than a telephone', inBrowser, async () => {
  await using watched = await openWatched(browser, { viewport: { width: 380, height: 800 } })
  for (const { page: file } of stage.kinds) {
    await watched.page.goto(stage.overHttp + file)
    const wide = await watched.page.evaluate(() => document.documentElement.scrollWidth)
    assert.equal(wide, 380, file)
  }
})

test('every kind of page says the same without scripts', inBrowser, async () => {
  await using plain = await openWatched(browser, { javaScriptEnabled: false })
  await using scripted = await openWatched(browser)
  for (const { page: file } of stage.kinds.filter(({ kind }) => kind !== 'run' && kind !== '404')) {
    await plain.page.goto(stage.fromFile + file)
    await scripted.page.goto(stage.fromFile + file)
    const words = await plain.page.locator('main').innerText()

    assert.ok(words.length > 200, `${file} has ${words.length} characters`)
    assert.equal(await plain.page.locator('h1').innerText(), await scripted.page.locator('h1').innerText(), file)
  }
})

test('the Overview answers its five questions at 1280 by 800 without scrolling', inBrowser, async () => {
  await using watched = await openWatched(browser)
  await watched.page.goto(stage.overHttp)
  for (const question of ['fine', 'late', 'failed', 'next', 'predictions']) {
    const answer = watched.page.locator(`[data-answers=${question}]`)
    const box = await answer.boundingBox()

    assert.notEqual(await answer.innerText(), '', question)
    assert.ok(box && box.y >= 0 && box.y + box.height <= 800, `${question} lies at ${JSON.stringify(box)}`)
  }
})

test('the chosen theme is remembered on every page', inBrowser, async () => {
  await using watched = await openWatched(browser, { colorScheme: 'light' })
  const paper = () => watched.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  await watched.page.goto(stage.overHttp)
  const light = await paper()
  await watched.page.locator('button.theme').click()
  const dark = await paper()
  await watched.page.goto(`${stage.overHttp}slots.html`)

  assert.notEqual(dark, light)
  assert.equal(await paper(), dark)
})

test('a table sorts by a click on a heading, up and then down', inBrowser, async () => {
  await using watched = await openWatched(browser)
  await watched.page.goto(stage.overHttp)
  const table = watched.page.locator('table.sortable').first()
  const names = () => table.locator('tbody tr > :first-child').allInnerTexts()
  const head = table.locator('thead th').first()
  const inOrder = [...(await names())].sort((a, b) => a.localeCompare(b))

  await head.locator('button').click()
  assert.deepEqual(await names(), inOrder)
  assert.equal(await head.getAttribute('aria-sort'), 'ascending')
  await head.locator('button').click()
  assert.deepEqual(await names(), [...inOrder].reverse())
  assert.equal(await head.getAttribute('aria-sort'), 'descending')
})

test('a table is copied as cells between tabs, by a press of its button', inBrowser, async () => {
  await using watched = await openWatched(browser, { permissions: ['clipboard-read', 'clipboard-write'] })
  await watched.page.goto(stage.overHttp)
  const rows = await watched.page.locator('.today-table tbody tr').count()
  await watched.page.locator('.today-table .copy').press('Enter')
  await watched.page.locator('.copy', { hasText: 'copied' }).waitFor()
  const lines = (await watched.page.evaluate(() => navigator.clipboard.readText())).split('\n')

  assert.equal(lines.length, 1 + rows)
  assert.deepEqual(lines[0]?.split('\t'), ['job', 'state', 'due (New York)', 'ran', 'late', 'items', 'next'])
  assert.match(lines[1] ?? '', /^nfl\/bronze\t/)
  assert.deepEqual(watched.complaints, [])
})

test('relative times are true at once, and stay true', inBrowser, async () => {
  await using watched = await openWatched(browser, { at: new Date(NOW.getTime() + 2 * HOUR), ticking: true })
  await watched.page.goto(stage.overHttp)
  const first = await relativeTimes(watched.page)
  await watched.page.clock.fastForward('05:00:00')
  const later = await relativeTimes(watched.page)

  assert.ok(first.length > 0)
  assert.deepEqual(first.map(({ text }) => text), first.map(({ at }) => saidAt(at, NOW.getTime() + 2 * HOUR))) // prettier-ignore
  assert.deepEqual(later.map(({ text }) => text), later.map(({ at }) => saidAt(at, NOW.getTime() + 7 * HOUR))) // prettier-ignore
})

test('a site that was not rebuilt says so, and a fresh one does not', inBrowser, async () => {
  await using fresh = await openWatched(browser, { at: new Date(NOW.getTime() + 25 * HOUR) })
  await using old = await openWatched(browser, { at: new Date(NOW.getTime() + 30 * HOUR) })
  await fresh.page.goto(stage.overHttp)
  await old.page.goto(stage.overHttp)

  assert.equal(await fresh.page.locator('.stale').isVisible(), false)
  assert.match(await old.page.locator('.stale').innerText(), /was built 30 h ago/)
})

test('in print there is the page without its navigation', inBrowser, async () => {
  await using watched = await openWatched(browser)
  await watched.page.emulateMedia({ media: 'print' })
  for (const { page: file } of stage.kinds) {
    await watched.page.goto(stage.overHttp + file)
    assert.equal(await watched.page.locator('nav').first().isVisible(), false, file)
    assert.equal(await watched.page.locator('h1').isVisible(), true, file)
  }
})

test('what came from outside is text: no script, no handler, no picture of it', inBrowser, async () => {
  await using watched = await openWatched(browser)
  let seen = 0
  for (const { page: file } of stage.kinds) {
    await watched.page.goto(stage.overHttp + file)
    const strange = await watched.page.evaluate(() => {
      const scripts = [...document.scripts].filter(({ src, text }) => !/\/(assets|data)\//.test(src) && !text.startsWith('var path = ')) // prettier-ignore
      const handlers = [...document.querySelectorAll('*')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))) // prettier-ignore
      return [...scripts, ...handlers, ...document.images].map((element) => element.outerHTML)
    })
    assert.deepEqual(strange, [], file)
    if ((await watched.page.locator('main').innerText()).includes('<script>alert(1)</script>')) seen += 1
  }

  assert.ok(seen >= 3, `hostile texts are shown on ${seen} kinds of page`)
  assert.deepEqual(watched.complaints, [])
})

test('a job shows its older runs on a press, and an older run has a page at its old address', inBrowser, async () => {
  await using watched = await openWatched(browser)
  const { page } = watched
  await page.goto(`${stage.overHttp}jobs/mlb/odds.html`)
  const rows = page.locator('[data-older] tbody tr')
  const shown = await rows.count()
  await page.locator('[data-older] button.press').click()
  await rows.nth(shown).waitFor()
  const older = page.locator('[data-older] a[href*="run.html?id="]').last()
  const [address, started] = [await older.getAttribute('href'), await older.innerText()]
  assert.deepEqual(watched.complaints, [])

  await page.goto(`${stage.overHttp}runs/${address?.replace(/.*=/, '') ?? ''}.html`)
  await page.locator('#older-run dl').waitFor()
  assert.match(page.url(), /run\.html\?id=[0-9a-f-]{36}$/)
  assert.match(await page.locator('h1').innerText(), new RegExp(`^mlb/odds, .*${started} UTC: `))
})

test('a page that is not there, in any folder, is styled and leads back into the site', inBrowser, async () => {
  await using watched = await openWatched(browser)
  const { page } = watched
  await page.goto(`${stage.overHttp}jobs/nfl/gone.html`)
  await page.locator('button.theme').waitFor() // shown by the script
  const body = await page.evaluate(() => getComputedStyle(document.body).fontFamily)
  await page.locator('main a').click()

  assert.match(body, /system-ui/)
  assert.equal(page.url(), `${stage.overHttp}index.html`)
})

test('the Slots page shows the day, the state and the job that its address asks for', inBrowser, async () => {
  await using watched = await openWatched(browser)
  await watched.page.goto(`${stage.fromFile}slots.html?job=mlb/odds&day=2026-11-20&state=missed`)
  const rows = watched.page.locator('.last-slots tbody tr:visible')
  await watched.page.locator('.last-slots .filtered').waitFor()

  assert.ok((await rows.count()) > 0)
  for (const text of await rows.allInnerTexts()) assert.match(text, /mlb\/odds.*20 Nov.*missed/s)
  assert.deepEqual(watched.complaints, [])
})

test('the feed of incidents is well-formed, and links back into the site', inBrowser, async () => {
  await using watched = await openWatched(browser)
  await watched.page.goto(stage.overHttp)
  const text = await readFile(path.join(stage.folder, 'incidents.atom'), 'utf8')
  const feed = await watched.page.evaluate((atom) => {
    const parsed = new DOMParser().parseFromString(atom, 'application/xml')
    const [error, titles, ids] = ['parsererror', 'title', 'id'].map((name) =>
      [...parsed.getElementsByTagName(name)].map((element) => element.textContent),
    )
    return { root: parsed.documentElement.localName, error, titles, ids }
  }, text)

  assert.deepEqual(feed.error, [])
  assert.equal(feed.root, 'feed')
  assert.ok((feed.titles?.length ?? 0) > 5)
  assert.equal(new Set(feed.ids).size, feed.ids?.length)
})
