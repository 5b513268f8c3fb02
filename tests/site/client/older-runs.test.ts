// A job's older runs as the browser loads them: what is said when a file does not come, and in a zone that it does not know.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'

import type { Page } from 'playwright-core'

import { buildAssets } from '../../../dashboards/site/build.ts'
import { pack } from '../../../dashboards/site/kit/history.ts'
import { indexFiles } from '../../../dashboards/site/pages/run/older.tsx'
import { noBrowser, openBrowser, serveFolder } from '../../helpers/browser.ts'

const inBrowser = { skip: noBrowser }
const ID = '00000000-0000-4000-8000-000000000001'
const LINE = pack({
  ...{ id: ID, outcome: 'succeeded', trigger: 'schedule', period: '2026-11-19', why: '', page: false, attempt: 1 },
  ...{
    dueAt: null,
    startedAt: Date.parse('2026-11-19T08:07:00Z'),
    durationMs: 60_000,
    itemsWritten: 1,
    itemsFailed: 0,
  },
  ...{ githubRunId: null, githubAttempt: null },
})

const PAGE = `<!doctype html><html data-built="2026-11-20T00:00:00Z"><body>
<section data-older="test-one" data-shards="2" data-zone="Mars/Olympus">
<table><tbody></tbody></table><p class="older"><span>300 older runs are kept beside this page.</span></p></section>
<div id="older-run"><h1>A run</h1><p class="found"></p><dl hidden></dl></div>
<script src="assets/site.js"></script></body></html>`

const folder = await mkdtemp(path.join(tmpdir(), 'matchday-older-runs-'))
after(() => rm(folder, { recursive: true }))

async function write(name: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
  await writeFile(path.join(folder, name), text)
}

const aShard = (name: string, rows: readonly unknown[]) =>
  write(`data/runs/${name}.js`, `matchday.shard("runs/${name}", ${JSON.stringify(rows)})\n`)

/** Opens the page in a site that has no file of older runs yet. */
async function inSite(address: string, work: (page: Page) => Promise<void>): Promise<void> {
  await rm(path.join(folder, 'data'), { recursive: true, force: true })
  for (const { path: name, text } of await buildAssets()) await write(name, text)
  await write('index.html', PAGE)
  await using server = await serveFolder(folder)
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(`${server.url}${address}`)
    await work(page)
  } finally {
    await browser.close()
  }
}

test('older runs that do not load are said to be missing, and a second press loads them', inBrowser, async () => {
  await inSite('index.html', async (page) => {
    const said = () => page.locator('.older').innerText()
    const press = page.locator('.older button')
    await press.click()
    await page.getByText('could not be loaded').waitFor()
    assert.match(await said(), /^The next of them could not be loaded.* press again\. Show older runs$/)

    await aShard('test-one-1', [LINE])
    await press.click()
    await page.locator('tbody tr').waitFor()
    assert.match(await said(), /^300 older runs are kept beside this page\. Show older runs$/)

    await write('data/runs/test-one-2.js', '<html>a page of a proxy</html>')
    await press.click()
    await page.getByText('could not be loaded').waitFor()
    await aShard('test-one-2', [])
    await press.click()
    await page.getByText('These are all that the site keeps').waitFor()
    assert.equal(await page.locator('tbody tr').count(), 1)
  })
})

test('a zone that the browser does not know ends no script: its times are said in UTC', inBrowser, async () => {
  await inSite(`index.html?id=${ID}`, async (page) => {
    await aShard('test-one-1', [LINE])
    await page.locator('.older button').click()
    await page.locator('tbody tr').waitFor()

    assert.match(await page.locator('tbody tr').innerText(), /Thu 19 Nov 08:07 UTC \(Mars\/Olympus\)/)
  })
})

test('a run whose file does not load is not said to be unknown', inBrowser, async () => {
  await inSite(`index.html?id=${ID}`, async (page) => {
    await page.locator('.found', { hasText: 'could not be loaded' }).waitFor()

    for (const { path: name, text } of indexFiles([{ path: 'runs/test-one-1', zone: 'Mars/Olympus', rows: [LINE] }]))
      await write(name, text)
    await aShard('test-one-1', [LINE])
    await page.reload()
    await page.locator('#older-run dt').first().waitFor()
    assert.equal(await page.locator('#older-run h1').innerText(), 'test/one, Thu 19 Nov 08:07 UTC (Mars/Olympus): succeeded.') // prettier-ignore
  })
})
