// Pictures of every kind of page in both themes and three widths, for people to look at. Not a test:
// node --import tsx tests/e2e/screenshots.ts --out ../shots [--site FOLDER] [--only slots] [--full]
// Without --site, the site is built from the embedded server's history (npm run history).

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

import { buildSite, writeSite } from '../../scripts/dashboard/build-site.ts'
import { localDatabase } from '../../src/app.ts'
import { openDatabase } from '../../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { openBrowser } from '../helpers/browser.ts'
import { PROJECT_ROOT } from '../helpers/test-server.ts'
import { ENVIRONMENT } from '../history/database.ts'
import { readSite } from '../history/site.ts'

import { pageKinds } from './site-pages.ts'

const WIDTHS = [380, 1280, 2560]

const { values } = parseArgs({
  options: { out: { type: 'string' }, site: { type: 'string' }, only: { type: 'string' }, full: { type: 'boolean' } },
})
const out = path.resolve(values.out ?? 'screenshots')
const folder = path.resolve(values.site ?? (await buildFromHistory(path.join(out, 'site'))))
await mkdir(out, { recursive: true })
await takeAll()

async function takeAll(): Promise<void> {
  const kinds = (await pageKinds(folder)).filter(({ page }) => page.includes(values.only ?? ''))
  const browser = await openBrowser()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of WIDTHS) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
      for (const kind of kinds) {
        await page.goto(pathToFileURL(path.join(folder, kind.page)).href)
        const picture = path.join(out, `${kind.kind}-${colorScheme}-${width}.png`)
        // As tall as a person would scroll; whole with --full, however long.
        const height = await page.evaluate(() => document.documentElement.scrollHeight)
        const clip = { x: 0, y: 0, width, height: values.full ? height : Math.min(height, 4_000) }
        await page.screenshot({ path: picture, fullPage: true, clip })
      }
      await page.close()
    }
  }
  await browser.close()
  console.log(`● ${kinds.length} pages, each ${2 * WIDTHS.length} times, in ${out}`)
}

async function buildFromHistory(into: string): Promise<string> {
  await using server = await joinEmbeddedPostgres({ projectRoot: PROJECT_ROOT })
  await using database = openDatabase(server.urlOf(localDatabase(ENVIRONMENT)))
  const { sql } = database
  const [row] = await sql<{ now: Date }[]>`select looked_at + interval '4 minutes' as now from ledger.watch`
  const files = await buildSite(sql, await readSite(sql, row!.now))
  await mkdir(into, { recursive: true })
  await writeSite(into, files)
  return into
}
