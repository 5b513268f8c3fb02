// The objective of freshness: how much of the last 28 days each job's data was as new as promised, and when it was not.

import { count, sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { FreshnessView, JobFreshness } from '../../../../src/views/freshness/freshness.ts'
import { jobLink } from '../../kit/links.ts'
import { sayShare } from '../../kit/numbers.ts'
import { Table, type Column } from '../../kit/table.tsx'
import { placeOf, sayDay, sayTime } from '../../kit/time.tsx'
import { Timeline, type TimelineLane } from '../../kit/timeline.tsx'

const DAY_MS = 86_400_000

export function Kept({ site, view }: { site: ViewContext; view: FreshnessView }) {
  const judged = view.jobs.filter(({ freshShare }) => freshShare !== undefined)
  const from = new Date(site.now.getTime() - view.days * DAY_MS)
  return (
    <section id="kept">
      <h2>
        The last {view.days} days, against {sayShare(view.objective)} of the time
      </h2>
      {judged.length === 0 ? (
        <p class="empty">No slot was due in the last {view.days} days.</p>
      ) : (
        <Timeline
          title={sayKept(judged, view.objective)}
          from={from}
          to={site.now}
          now={site.now}
          ticks={ticksOf(from, view.days, site.zone)}
          lanes={judged.map((job) => toLane(site, job))}
          links={[]}
          table={<Shares view={view} judged={judged} />}
        />
      )}
    </section>
  )
}

function sayKept(judged: readonly JobFreshness[], objective: number): string {
  const short = judged.filter(({ freshShare }) => (freshShare ?? 1) < objective)
  const [worst] = [...judged].sort((a, b) => (a.freshShare ?? 1) - (b.freshShare ?? 1))
  if (!worst || worst.freshShare === undefined) return 'Fresh: nothing to judge yet'
  const whose = judged.length === 1 ? `${worst.job} leaves` : `all ${judged.length} jobs leave`
  if (worst.staleMs === 0) return `Fresh all the time: what ${whose} behind`
  const least = `least ${worst.job}'s, ${sayShare(worst.freshShare)} of the time`
  if (short.length === 0) return `Fresh as promised: what ${whose} behind, ${least}`
  return `Not fresh enough: what ${count(short.length, 'job')} of ${judged.length} leave${short.length === 1 ? 's' : ''} behind, ${least}`
}

/** A tick a week. */
function ticksOf(from: Date, days: number, zone: string): { at: Date; label: string }[] {
  return Array.from({ length: Math.floor(days / 7) }, (_, week) => {
    const at = new Date(from.getTime() + week * 7 * DAY_MS)
    return { at, label: sayDay(at, zone) }
  })
}

function toLane(site: ViewContext, { job, stale, checkedAt, judgedFrom }: JobFreshness): TimelineLane {
  const said = (at: Date) => `${sayDay(at, site.zone)} ${sayTime(at, site.zone)} ${placeOf(site.zone)}`
  return {
    name: job,
    href: jobLink('', job),
    bars: [
      {
        from: judgedFrom ?? site.now,
        to: site.now,
        tone: 'good',
        kind: 'grace',
        title: `${job}: fresh, but for what stands out`,
      },
      ...stale.map((gap) => ({
        from: gap.from,
        to: gap.to,
        tone: 'bad' as const,
        kind: 'run' as const,
        title: `${job}: behind from ${said(gap.from)} to ${said(gap.to)}`,
      })),
    ],
    marks: checkedAt ? [{ at: checkedAt, tone: 'good', title: `${job}: last looked at ${said(checkedAt)}` }] : [],
  }
}

function Shares({ view, judged }: { view: FreshnessView; judged: readonly JobFreshness[] }) {
  const allowed = (1 - view.objective) * view.days * 24 * 60
  const columns: Column<JobFreshness>[] = [
    { head: 'job', cell: ({ job }) => job },
    { head: 'fresh', cell: ({ freshShare }) => sayShare(freshShare ?? 1), sort: ({ freshShare }) => freshShare ?? 1, right: true }, // prettier-ignore
    { head: 'behind', cell: ({ staleMs }) => sayMinutes(Math.round(staleMs / 60_000)), sort: ({ staleMs }) => staleMs, right: true }, // prettier-ignore
    { head: 'allowed', cell: () => sayMinutes(Math.round(allowed)), right: true },
    { head: 'stretches', cell: ({ stale }) => String(stale.length), sort: ({ stale }) => stale.length, right: true },
  ]
  return (
    <Table
      caption={`Time in which the newest data was older than promised, of the last ${view.days} days`}
      captionHidden
      columns={columns}
      rows={judged}
      empty="No slot was due."
    />
  )
}
