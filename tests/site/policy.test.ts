// What a page lets a browser run: the site's own scripts, from a file and below a path, and nothing that got into its text.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'

import type { Browser } from 'playwright-core'

import { buildAssets, type SiteFile } from '../../dashboards/site/build.ts'
import { renderRuns } from '../../dashboards/site/pages/run.tsx'
import { noBrowser, openBrowser, serveFolder } from '../helpers/browser.ts'
import { aSite } from '../helpers/site.ts'

const ID = '00000001-0000-4000-8000-000000000000'
const PLANTED = `<script>document.title = 'planted'</script><img src="nowhere" onerror="document.title = 'planted'"><form action="https://evil.example"></form>`

const pages = renderRuns(aSite({ repositoryUrl: 'https://github.com/o/matchday' }), [])
let folder: string
let browser: Browser
let server: Awaited<ReturnType<typeof serveFolder>>

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'matchday-policy-'))
  const shard = { path: 'data/runs/find-0.js', text: `matchday.shard("runs/find-0", [])\n` }
  const [older, gone] = pages
  const planted = { path: 'planted.html', text: older?.text.replace('<main', `${PLANTED}<main`) ?? '' }
  for (const file of [...(await buildAssets()), older, gone, shard, planted] as SiteFile[]) {
    await mkdir(path.dirname(path.join(folder, file.path)), { recursive: true })
    await writeFile(path.join(folder, file.path), file.text)
  }
  server = await serveFolder(folder)
  if (!noBrowser) browser = await openBrowser()
})

after(async () => {
  await browser?.close()
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

test('every page has a policy before its first script, and names each script that stands in it', () => {
  for (const { path: name, text } of pages) {
    const [, policy = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? []
    const inline = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = '']) => script)
    const hashes = inline.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)

    assert.match(policy, /^default-src 'none'; script-src 'self'/, name)
    assert.doesNotMatch(policy, /script-src[^;]*unsafe/, name)
    assert.ok(text.indexOf('Content-Security-Policy') < text.indexOf('<script'), name)
    assert.deepEqual(hashes.filter((hash) => !policy.includes(hash)), [], name) // prettier-ignore
  }
  assert.match(pages.at(-1)?.text ?? '', /script-src 'self' file: 'sha256-/)
})

for (const way of ['from a file', 'below a path'] as const) {
  test(`the site’s styles, script and data are loaded ${way}`, { skip: noBrowser }, async () => {
    const { page, root, complaints } = await aPage(way)
    await page.goto(`${root}run.html?id=${ID}`)
    await page.locator('button.theme').waitFor()
    const family = await page.evaluate(() => getComputedStyle(document.body).fontFamily)
    await page.waitForFunction(() => document.querySelector('script[src*="find-0"]') === null)

    assert.match(family, /system-ui/)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  test(`no script and no handler that got into a page runs ${way}`, { skip: noBrowser }, async () => {
    const { page, root, complaints } = await aPage(way)
    await page.goto(`${root}planted.html`)
    await page.locator('button.theme').waitFor()

    assert.match(await page.title(), /^An older run/)
    assert.ok(complaints.some((text) => text.includes('Content Security Policy')))
    await page.context().close()
  })
}

test('the script of 404.html runs', { skip: noBrowser }, async () => {
  const { page, root, complaints } = await aPage('below a path')
  await page.goto(`${root}runs/${ID}.html`)
  await page.waitForURL(`${root}run.html?id=${ID}`)

  assert.deepEqual(complaints.filter((text) => text.includes('Policy')), []) // prettier-ignore
  await page.context().close()
})

async function aPage(way: 'from a file' | 'below a path') {
  const page = await (await browser.newContext()).newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  return { page, complaints, root: way === 'from a file' ? `${pathToFileURL(folder).href}/` : server.url }
}
