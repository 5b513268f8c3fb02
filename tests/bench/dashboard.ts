// `npm run bench:dashboard`: how long the site takes to build from 5,000, 100,000 and 1,000,000 runs, what it weighs, and how
// soon its first pages stand on a slow machine. `--sizes 5000,100000` for other sizes. Not part of CI.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { buildSite, writeSite } from '../../scripts/dashboard/build-site.ts'
import { openDatabase, type Sql } from '../../src/lib/db.ts'
import { joinEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts'
import { ROOT } from '../checks/files.ts'
import { pageKinds } from '../e2e/site-pages.ts'
import { noBrowser } from '../helpers/browser.ts'
import { refill } from '../history/database.ts'
import { readSite } from '../history/site.ts'

import { measurePages, type PageFigures } from './dashboard-pages.ts'
import { toFigure } from './figures.ts'

const DATABASE = 'matchday_bench_dashboard'
const NOW = new Date('2026-11-22T12:00:00Z')
const MEGABYTE = 1_000_000

interface SiteFigures {
  readonly runs: number
  readonly buildMs: number
  /** Of the last build: page groups by name. */
  readonly groups: ReadonlyMap<string, number>
  readonly files: number
  readonly bytes: number
  readonly firstPageGzip: number
  readonly pages: readonly PageFigures[]
}

const { values } = parseArgs({ options: { sizes: { type: 'string' }, json: { type: 'boolean' } } })
const sizes = (values.sizes ?? '5000,100000,1000000').split(',').map(Number)

await using server = await joinEmbeddedPostgres({ projectRoot: ROOT, name: 'bench', durable: true })
await server.dropDatabase(DATABASE)
await server.ensureDatabase(DATABASE)
const figures: SiteFigures[] = []
for (const size of sizes) figures.push(await benchSize(server.urlOf(DATABASE), size))
if (values.json)
  console.log(JSON.stringify(figures.map((one) => ({ ...one, groups: Object.fromEntries(one.groups) })), null, 2)) // prettier-ignore
else console.log(toText(figures))

async function benchSize(url: string, size: number): Promise<SiteFigures> {
  console.error(`○ ${size} runs: filling`)
  const runs = await refill(url, { runs: size, seed: 7, now: NOW })
  await using database = openDatabase(url, { max: 2 })
  const folder = join(await mkdtemp(join(tmpdir(), 'matchday-bench-')), 'site')
  const times: number[] = []
  let built = { files: [] as SiteFile[], groups: new Map<string, number>() }
  for (let i = 0; i < (size > 500_000 ? 1 : 3); i += 1) {
    const start = performance.now()
    built = await build(database.sql)
    await writeSite(folder, built.files)
    times.push(performance.now() - start)
  }
  console.error(`○ ${size} runs: built, now in a browser`)
  const kinds = (await pageKinds(folder)).filter(({ page }) => !['404.html', 'run.html'].includes(page))
  const pages = noBrowser ? [] : await measurePages(folder, kinds)
  await rm(join(folder, '..'), { recursive: true, force: true })
  const { files, groups } = built
  return { runs, buildMs: toFigure('', times).medianMs, groups, files: files.length, ...weigh(files), pages }
}

/** With each page group's time. */
async function build(sql: Sql): Promise<{ files: SiteFile[]; groups: Map<string, number> }> {
  const groups = new Map<string, number>()
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const result = await work()
    groups.set(name, Math.round(performance.now() - start))
    return result
  }
  return { files: await buildSite(sql, await readSite(sql, NOW), { timed }), groups }
}

function weigh(files: readonly SiteFile[]): { bytes: number; firstPageGzip: number } {
  const first = files.filter(({ path }) => path === 'index.html' || path.startsWith('assets/'))
  return {
    bytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    firstPageGzip: first.reduce((sum, { text }) => sum + gzipSync(text).length, 0),
  }
}

function toText(all: readonly SiteFigures[]): string {
  const line = (what: string, say: (one: SiteFigures) => string) =>
    `  ${what.padEnd(38)}${all.map((one) => say(one).padStart(14)).join('')}`
  const seconds = (ms: number | undefined) => (ms === undefined ? '-' : `${(ms / 1000).toFixed(2)} s`)
  const names = [...(all[0]?.groups.keys() ?? [])]
  const kinds = all[0]?.pages.map(({ kind }) => kind) ?? []
  return [
    line('runs', ({ runs }) => runs.toLocaleString('en')),
    line('build', ({ buildMs }) => seconds(buildMs)),
    ...names.map((name) => line(`  ${name}`, ({ groups }) => seconds(groups.get(name)))),
    line('files', ({ files }) => files.toLocaleString('en')),
    line('shipped in all', ({ bytes }) => `${(bytes / MEGABYTE).toFixed(2)} MB`),
    line('first page, gzip', ({ firstPageGzip }) => `${(firstPageGzip / 1000).toFixed(1)} kB`),
    ...kinds.flatMap((name, i) => [
      line(`${name}, first paint, CPU 4x slower`, (one) => seconds(one.pages[i]?.firstPaintMs)),
      line(`${name}, last long task ends`, (one) => seconds(one.pages[i]?.settledMs)),
    ]),
  ].join('\n')
}
