// The registry of page groups: each reads its view and makes its files. A new one is two files and a line here.

import type { Sql } from 'postgres'

import type { SiteFile } from '../../dashboards/site/build.ts'
import { renderFailures } from '../../dashboards/site/pages/failures.tsx'
import { renderJobs } from '../../dashboards/site/pages/job.tsx'
import { renderOverview } from '../../dashboards/site/pages/overview.tsx'
import { renderPredictions } from '../../dashboards/site/pages/predictions.tsx'
import { renderSlots } from '../../dashboards/site/pages/slots.tsx'
import { renderFeeds } from '../../dashboards/site/pages/feeds.ts'
import { renderFreshness } from '../../dashboards/site/pages/freshness.tsx'
import { renderSchedule } from '../../dashboards/site/pages/schedule.tsx'
import { renderWeek } from '../../dashboards/site/pages/week.tsx'
import { renderRuns } from '../../dashboards/site/pages/run.tsx'
import type { ViewContext } from '../../src/views/context.ts'
import { readFailures } from '../../src/views/failures.ts'
import { readJobs } from '../../src/views/job.ts'
import { readOverview } from '../../src/views/overview.ts'
import { readRuns } from '../../src/views/run.ts'
import { readPredictions } from '../../src/views/predictions.ts'
import { readSlots } from '../../src/views/slots.ts'
import { readFeeds } from '../../src/views/feeds.ts'
import { readFreshness } from '../../src/views/freshness.ts'
import { readSchedule } from '../../src/views/schedule.ts'
import { readWeek } from '../../src/views/week.ts'

export interface PageGroup {
  readonly name: string
  build(sql: Sql, site: ViewContext): Promise<SiteFile[]>
}

export const PAGE_GROUPS: readonly PageGroup[] = [
  { name: 'overview', build: async (sql, site) => renderOverview(site, await readOverview(sql, site)) },
  { name: 'slots', build: async (sql, site) => renderSlots(site, await readSlots(sql, site)) },
  { name: 'week', build: async (sql, site) => renderWeek(site, await readWeek(sql, site)) },
  { name: 'schedule', build: async (sql, site) => renderSchedule(site, await readSchedule(sql, site)) },
  { name: 'predictions', build: async (sql, site) => renderPredictions(site, await readPredictions(sql, site)) },
  { name: 'freshness', build: async (sql, site) => renderFreshness(site, await readFreshness(sql, site)) },
  { name: 'jobs', build: async (sql, site) => renderJobs(site, await readJobs(sql, site)) },
  { name: 'runs', build: async (sql, site) => renderRuns(site, await readRuns(sql, site)) },
  { name: 'failures', build: async (sql, site) => renderFailures(site, await readFailures(sql, site)) },
  { name: 'feeds', build: async (sql, site) => renderFeeds(site, await readFeeds(sql, site)) },
]
