// How soon a page stands in Chromium on a machine four times slower than this one.

import type { Browser } from 'playwright-core'

import type { KindOfPage } from '../e2e/site-pages.ts'
import { openBrowser, serveFolder } from '../helpers/browser.ts'

import { toFigure } from './figures.ts'

export interface PageFigures {
  /** `index`, `job`, `run`. */
  readonly kind: string
  /** First contentful paint, from the start of the navigation. */
  readonly firstPaintMs: number
  /** When the last task of more than 50 ms ended; the first paint where there was none. */
  readonly settledMs: number
}

const SLOWER = 4
const TIMES = 5
/** After the load event, without any long task. */
const QUIET_MS = 1_500

/** Medians of five visits, each by a browser that has seen nothing yet. */
export async function measurePages(folder: string, kinds: readonly KindOfPage[]): Promise<PageFigures[]> {
  await using server = await serveFolder(folder)
  const browser = await openBrowser()
  const figures: PageFigures[] = []
  for (const { kind, page } of kinds) {
    const visits: Visit[] = []
    for (let i = 0; i < TIMES; i += 1) visits.push(await visit(browser, server.url + page))
    const median = (of: (one: Visit) => number) => toFigure(kind, visits.map(of)).medianMs
    figures.push({ kind, firstPaintMs: median(({ paint }) => paint), settledMs: median(({ settled }) => settled) })
  }
  await browser.close()
  return figures
}

interface Visit {
  readonly paint: number
  readonly settled: number
}

async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await page.addInitScript({ content: OBSERVE })
  await page.goto(address, { waitUntil: 'load' })
  await page.waitForFunction((quiet) => performance.now() - Math.max(window.seen.settled, window.seen.loaded()) > quiet, QUIET_MS) // prettier-ignore
  const { paint, settled } = await page.evaluate(() => ({ paint: window.seen.paint, settled: window.seen.settled }))
  await context.close()
  return { paint, settled: Math.max(paint, settled) }
}

declare global {
  interface Window {
    seen: { paint: number; settled: number; loaded(): number }
  }
}

/** Runs in the page before anything else. As text: what tsx makes of a function asks for helpers that no page has. */
const OBSERVE = `
  const [navigation] = performance.getEntriesByType('navigation')
  window.seen = { paint: NaN, settled: 0, loaded: () => navigation.loadEventEnd }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('first-contentful-paint')) window.seen.paint = entry.startTime
  }).observe({ type: 'paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.settled = entry.startTime + entry.duration
  }).observe({ type: 'longtask', buffered: true })
`
