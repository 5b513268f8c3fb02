// How soon a page stands in Chromium on a machine four times slower than this one.

import type { Browser } from 'playwright-core'

import { openBrowser, serveFolder } from '../helpers/browser.ts'

import { toFigure } from './figures.ts'

export interface PageFigures {
  readonly page: string
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
export async function measurePages(folder: string, pages: readonly string[]): Promise<PageFigures[]> {
  await using server = await serveFolder(folder)
  const browser = await openBrowser()
  const figures: PageFigures[] = []
  for (const page of pages) {
    const visits: Visit[] = []
    for (let i = 0; i < TIMES; i += 1) visits.push(await visit(browser, server.url + page))
    const median = (of: (one: Visit) => number) => toFigure(page, visits.map(of)).medianMs
    figures.push({ page, firstPaintMs: median(({ paint }) => paint), settledMs: median(({ settled }) => settled) })
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
  await page.addInitScript(observe)
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

/** Runs in the page before anything else. */
function observe(): void {
  const loaded = () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventEnd
  window.seen = { paint: Number.NaN, settled: 0, loaded }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('first-contentful-paint')) window.seen.paint = entry.startTime
  }).observe({ type: 'paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.settled = entry.startTime + entry.duration
  }).observe({ type: 'longtask', buffered: true })
}
