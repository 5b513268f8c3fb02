// What tests of the site ask of a page, and what they hold it against.

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Of addresses that differ only in their query, three. */
export function someOfEachPath(addresses: readonly string[]): string[] {
  const count = new Map<string, number>()
  return addresses.filter((address) => {
    const { pathname } = new URL(address)
    const before = count.get(pathname) ?? 0
    count.set(pathname, before + 1)
    return before < 3 && /(\.html|\/)$/.test(pathname)
  })
}

/** What axe finds on the page, by everything that it knows or by some of its rules. */
export async function violations(page: Page, rules: readonly string[] = []): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (rules.length > 0 ? axe.withRules([...rules]) : axe).analyze()
  const file = new URL(page.url()).pathname
  return found.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target }) => `${file}: ${id} at ${target.join(' ')}`),
  )
}

export async function relativeTimes(page: Page): Promise<{ at: number; text: string }[]> {
  return await page
    .locator('time[data-relative]')
    .evaluateAll((times) =>
      times.map((time) => ({ at: Date.parse((time as HTMLTimeElement).dateTime), text: time.textContent ?? '' })),
    )
}

/** Worked out anew: hours and minutes up to two days, days beyond. */
export function saidAt(at: number, now: number): string {
  const minutes = Math.round(Math.abs(at - now) / 60_000)
  if (minutes === 0) return 'now'
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60 === 0 ? '' : ` ${minutes % 60} m`
  const days = `${Math.floor(Math.round(minutes / 60) / 24)} d ${Math.round(minutes / 60) % 24} h`.replace(' 0 h', '')
  const long = minutes < 60 ? `${minutes} m` : minutes < 2_880 ? `${hours} h${rest}` : days
  return at < now ? `${long} ago` : `in ${long}`
}
