// The site over a made-up history, in a folder, before a browser that notes everything that it does not like.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { checkSite } from '../../dashboards/site/check.ts'
import { buildSite, writeSite } from '../../scripts/dashboard/build-site.ts'
import type { Sql } from '../../src/lib/db.ts'
import { findTokens } from '../../src/lib/secret-shapes.ts'
import { serveFolder } from '../helpers/browser.ts'
import { readSite } from '../history/site.ts'

import { pageKinds, type KindOfPage } from './site-pages.ts'

/** The instant that the site shows. */
export const NOW = new Date('2026-11-22T12:00:00Z')

export interface Stage extends AsyncDisposable {
  readonly folder: string
  /** Why ops-dashboard would not publish it. */
  readonly problems: readonly string[]
  /** One of each kind of page. */
  readonly kinds: readonly KindOfPage[]
  /** The root's address, with a slash at its end. */
  readonly overHttp: string
  readonly fromFile: string
}

/** Builds the site as of NOW and serves it below a path. */
export async function buildStage(sql: Sql): Promise<Stage> {
  const parent = await mkdtemp(path.join(tmpdir(), 'matchday-site-'))
  const folder = path.join(parent, 'site')
  const site = await readSite(sql, NOW)
  const files = await buildSite(sql, site)
  await writeSite(folder, files)
  const server = await serveFolder(folder)
  return {
    folder,
    problems: checkSite(files, { repositoryUrl: site.repositoryUrl, sources: site.sources, findSecrets: findTokens }),
    kinds: await pageKinds(folder),
    overHttp: server.url,
    fromFile: `${pathToFileURL(folder).href}/`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(parent, { recursive: true, force: true })
    },
  }
}

export interface Watched extends AsyncDisposable {
  readonly page: Page
  /** Errors and warnings of the console, crashes of scripts, requests that failed or went elsewhere, dialogs. */
  readonly complaints: string[]
}

/** A page in a context of its own, whose clock stands at NOW unless `at` says otherwise; `ticking` clocks are the test's to
 *  move. */
export async function openWatched(
  browser: Browser,
  wish: BrowserContextOptions & { at?: Date; ticking?: boolean } = {},
): Promise<Watched> {
  const { at = NOW, ticking = false, ...options } = wish
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'UTC', ...options })
  // With timers of the test's own, axe takes minutes for a page.
  if (ticking) await context.clock.install({ time: at })
  else await context.clock.setFixedTime(at)
  const page = await context.newPage()
  const complaints: string[] = []
  const complain = (what: string) => complaints.push(`${page.url()}: ${what}`)
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(message.text())
  })
  page.on('pageerror', (error) => complain(error.message))
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'no reason'
    // The test went on to the next page meanwhile.
    if (why !== 'net::ERR_ABORTED') complain(`${request.url()} failed: ${why}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.url()} answered ${response.status()}`)
  })
  page.on('request', (request) => {
    if (!/^(file:\/\/|http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) complain(`asked for ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    complain(`opened a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}
