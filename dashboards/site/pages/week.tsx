// The Week: what was planned beside what happened, and the season week by week.

import type { ViewContext } from '../../../src/views/context.ts'
import type { WeekTimeline, WeekView } from '../../../src/views/week/week.ts'
import { bytesOf, toPage, type SiteFile } from '../build.ts'
import { Frame } from '../kit/layout.tsx'
import { sayDay } from '../kit/time.tsx'
import { Timeline } from '../kit/timeline.tsx'

import { weeksThatFit } from './week/fitting.ts'
import { Key } from './week/key.tsx'
import { SlotTable, toLane, toLink } from './week/lanes.tsx'
import { Season } from './week/season.tsx'
import { nameOf, sayCounts, sayWeek } from './week/sentence.ts'

const DAY_MS = 86_400_000

/** `week.html`. */
export function renderWeek(site: ViewContext, view: WeekView): SiteFile[] {
  const isDrawn = ({ lanes }: WeekTimeline) => lanes.length > 0
  const drawn = weeksThatFit(view.timelines, (week) => (isDrawn(week) ? bytesOf(<WeekSection site={site} week={week} />) : 0)) // prettier-ignore
  const [present, ...earlier] = drawn
  const page = (
    <Frame
      site={site}
      path="week.html"
      title="Week"
      description="What was planned this week and what happened, and the season week by week."
    >
      <h1>{present ? sayWeek(site, present, view.next) : 'No week has begun yet.'}</h1>
      {present && <WeekSection site={site} week={present} withKey />}
      <Season site={site} view={view} drawn={drawn} />
      {earlier.filter(isDrawn).map((week) => (
        <WeekSection site={site} week={week} />
      ))}
    </Frame>
  )
  return [toPage('week.html', page)]
}

interface SectionProps {
  readonly site: ViewContext
  readonly week: WeekTimeline
  /** Below the first picture stands what its signs mean. */
  readonly withKey?: boolean
}

function WeekSection({ site, week, withKey = false }: SectionProps) {
  const last = new Date(week.to.getTime() - DAY_MS / 2)
  return (
    <section id={week.key}>
      <h2>
        {nameOf(week, site.zone)} · {sayDay(week.from, site.zone)} to {sayDay(last, site.zone, true)}
      </h2>
      {week.lanes.length === 0 ? (
        <p class="empty">Nothing was due and nothing ran.</p>
      ) : (
        <Timeline
          title={sayCounts(nameOf(week, site.zone), week.counts)}
          from={week.from}
          to={week.to}
          now={site.now}
          ticks={week.days.map((at) => ({ at, label: sayDay(at, site.zone) }))}
          lanes={week.lanes.map((lane) => toLane(site, week, lane))}
          links={week.chains.flatMap((chain) => toLink(week, chain))}
          legend={withKey && <Key />}
          table={<SlotTable site={site} week={week} />}
        />
      )}
    </section>
  )
}
