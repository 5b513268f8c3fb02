// The registry of page groups: each reads its view and makes its files. A new one is two files and a line here.

import type { Sql } from 'postgres'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { renderFailures } from '../../dashboards/site/pages/failures.tsx'
import { renderFeeds } from '../../dashboards/site/pages/feeds.ts'
import { renderFreshness } from '../../dashboards/site/pages/freshness.tsx'
import { renderJobs } from '../../dashboards/site/pages/job.tsx'
import { renderOverview } from '../../dashboards/site/pages/overview.tsx'
import { renderPredictions } from '../../dashboards/site/pages/predictions.tsx'
import { renderRuns } from '../../dashboards/site/pages/run.tsx'
import { renderSchedule } from '../../dashboards/site/pages/schedule.tsx'
import { renderSlots } from '../../dashboards/site/pages/slots.tsx'
import { renderWeek } from '../../dashboards/site/pages/week.tsx'
import type { PagePart } from '../../src/core/league.ts'
import { leagues } from '../../src/leagues/index.ts'
import { clipped } from '../../src/views/clipped.ts'
import type { ViewContext } from '../../src/views/context.ts'
import { readFailures } from '../../src/views/failures/failures.ts'
import { readFeeds } from '../../src/views/feeds/feeds.ts'
import { readFreshness } from '../../src/views/freshness/freshness.ts'
import { readJobs } from '../../src/views/job/job.ts'
import { readOverview } from '../../src/views/overview/overview.ts'
import { readPredictions } from '../../src/views/predictions/predictions.ts'
import { readRuns } from '../../src/views/run/run.ts'
import { readSchedule } from '../../src/views/schedule/schedule.ts'
import { readSlots } from '../../src/views/slots/slots.ts'
import { readWeek } from '../../src/views/week/week.ts'
import { redacted } from './redacted.ts'

export interface GroupParts {
  /** Takes out of a text what is not for strangers. */
  readonly hide: (text: string) => string
  /** Told how many values in its view may have been secrets and were replaced, where any was. */
  readonly replaced: (count: number) => void
}

export interface PageGroup {
  readonly name: string
  build(sql: Sql, site: ViewContext, parts: GroupParts): Promise<SiteFile[]>
}

/** Of any text on a page. A stack trace is shorter, and no row of the ledger has a limit. */
const LONGEST_TEXT = 10_000

/** Cut, and freed of what may be a secret, in one place, so that a row of the ledger keeps no site from being published. */
function group<View>(
  name: string,
  read: (sql: Sql, site: ViewContext) => Promise<View>,
  render: (site: ViewContext, view: View) => SiteFile[] | Promise<SiteFile[]>,
): PageGroup {
  return {
    name,
    async build(sql, site, parts) {
      const { view, replaced } = redacted(await read(sql, site), parts.hide)
      if (replaced > 0) parts.replaced(replaced)
      return await render(site, clipped(view, LONGEST_TEXT))
    },
  }
}

export const PAGE_GROUPS: readonly PageGroup[] = [
  group('overview', readOverview, renderOverview),
  group('slots', readSlots, renderSlots),
  group('week', readWeek, renderWeek),
  group('schedule', readSchedule, renderSchedule),
  group('predictions', readPredictions, async (site, view) => renderPredictions(site, view, await loadParts())),
  group('freshness', readFreshness, renderFreshness),
  group('jobs', readJobs, renderJobs),
  group('runs', readRuns, renderRuns),
  group('failures', readFailures, renderFailures),
  group('feeds', readFeeds, renderFeeds),
]

/** What draws the leagues' parts of the Predictions page, by league. */
async function loadParts(): Promise<Map<string, PagePart['render']>> {
  const parts = new Map<string, PagePart['render']>()
  for (const { id, part } of leagues) if (part !== undefined) parts.set(id, (await part()).render)
  return parts
}
