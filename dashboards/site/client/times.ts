// Times in the reader's browser: "3 h ago" stays true, the reader's own time stands in the title, and a site that was not
// rebuilt says so.

import { SITE_OLD_HOURS } from '../../../src/core/windows.ts'
import { sayRelative } from '../kit/relative.ts'

const MINUTE = 60_000

/** Keeps relative times true, and gives every instant the reader's own time. */
export function keepTimesTrue(page: Document): void {
  const own = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  for (const time of page.querySelectorAll('time')) time.title = `${own.format(new Date(time.dateTime))} ${zone}`
  if (isReplay(page)) return
  for (const age of page.querySelectorAll<HTMLElement>('.age')) age.hidden = false
  const tick = () => {
    for (const time of page.querySelectorAll<HTMLTimeElement>('time[data-relative]'))
      time.textContent = sayRelative(Date.parse(time.dateTime) - Date.now())
  }
  tick()
  setInterval(tick, MINUTE)
}

/** Shows the banner when the site is older than it should be. */
export function tellStaleness(page: Document): void {
  const built = builtAt(page).getTime()
  const age = Date.now() - built
  const banner = page.querySelector<HTMLElement>('.stale')
  if (!banner || isReplay(page) || !(age > SITE_OLD_HOURS * 60 * MINUTE)) return
  banner.textContent = `This site was built ${sayRelative(-age)} and shows the state of then. It is rebuilt every night by ops-dashboard.`
  banner.hidden = false
}

/** The instant that the site shows. */
export function builtAt(page: Document): Date {
  return new Date(page.documentElement.dataset['built'] ?? '')
}

/** A replay has its own time, and it stands still. */
function isReplay(page: Document): boolean {
  return 'replay' in page.documentElement.dataset
}
