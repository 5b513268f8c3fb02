// The feeds: what other programs read.

import type { ViewContext } from '../../../src/views/context.ts'
import type { FeedsView } from '../../../src/views/feeds/feeds.ts'
import type { SiteFile } from '../build.ts'
import { renderBadges } from '../feeds/badges.ts'
import { renderCalendar } from '../feeds/calendar.ts'
import { renderIncidents } from '../feeds/incidents.ts'
import { renderHistories, renderStatus } from '../feeds/status.ts'

/** status.json, jobs/**.json, calendar.ics, incidents.atom and badges/*.svg. */
export function renderFeeds(site: ViewContext, view: FeedsView): SiteFile[] {
  return [
    renderStatus(site, view),
    ...renderHistories(site, view),
    renderCalendar(site, view),
    renderIncidents(site, view),
    ...renderBadges(site, view),
  ]
}
