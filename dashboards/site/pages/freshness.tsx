// Freshness: is every data set as new as the schedule says it should be.

import type { ViewContext } from '../../../src/views/context.ts'
import type { FreshnessView, JobFreshness, SourceHealth, Watermark } from '../../../src/views/freshness.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Frame } from '../kit/layout.tsx'
import { Table, type Column } from '../kit/table.tsx'
import { placeOf, sayDay, sayMinutes, sayTime } from '../kit/time.tsx'
import { When } from '../kit/when.tsx'
import { count, listed } from '../kit/words.ts'
import { DataSets } from './freshness/data-sets.tsx'
import { Kept } from './freshness/kept.tsx'
import { Sources } from './freshness/sources.tsx'

/** `freshness.html`. */
export function renderFreshness(site: ViewContext, view: FreshnessView): SiteFile[] {
  const page = (
    <Frame
      site={site}
      path="freshness.html"
      title="Freshness"
      description="How old every data set is against what the schedule promises, and whether the sources answer."
    >
      <h1>{sayFreshness(site, view)}</h1>
      <DataSets site={site} view={view} />
      <Kept site={site} view={view} />
      <Sources site={site} view={view} />
      <Watermarks site={site} watermarks={view.watermarks} />
    </Frame>
  )
  return [toPage('freshness.html', page)]
}

function sayFreshness(site: ViewContext, { jobs, sources, tables }: FreshnessView): string {
  const closed = sources.filter(({ state }) => state !== 'closed')
  const behind = jobs.filter(({ behindSince }) => behindSince !== undefined)
  const trouble = [...closed.map((source) => saySource(site, source)), ...sayBehind(site, behind)]
  if (trouble.length > 0) return trouble.join(' ')
  const judged = jobs.filter(({ expected }) => expected !== undefined)
  if (judged.length === 0)
    return 'No data has been due yet: what each job leaves behind appears here after its first slot.'
  const rows = tables.reduce((all, table) => all + table.rows, 0)
  const oldest = jobs.filter(({ checkedAt }) => checkedAt !== undefined).sort((a, b) => (a.checkedAt?.getTime() ?? 0) - (b.checkedAt?.getTime() ?? 0))[0] // prettier-ignore
  const checked = oldest?.checkedAt
    ? ` Looked at longest ago: ${oldest.job}'s, ${sayMinutes(minutesBetween(oldest.checkedAt, site.now))} ago.`
    : ''
  return `All data is as new as the schedule promises: ${count(rows, 'row')} in ${count(tables.length, 'table')}.${checked}`
}

function saySource(site: ViewContext, { source, state, openedAt, tryAt, reason }: SourceHealth): string {
  const since = openedAt ? ` since ${sayDay(openedAt, site.zone)} ${sayTime(openedAt, site.zone)} ${placeOf(site.zone)}` : '' // prettier-ignore
  const why = reason ? ` (${reason})` : ''
  if (state === 'half_open') return `${source} is being tried again${why}.`
  const next = tryAt ? ` It is tried again ${sayDay(tryAt, site.zone)} ${sayTime(tryAt, site.zone)}.` : ''
  return `${source} is not called${since}${why}.${next}`
}

function sayBehind(site: ViewContext, behind: readonly JobFreshness[]): string[] {
  const [worst, ...others] = [...behind].sort((a, b) => (a.behindSince?.getTime() ?? 0) - (b.behindSince?.getTime() ?? 0)) // prettier-ignore
  if (!worst?.behindSince || !worst.expected) return []
  const due = worst.expected.dueAt
  const also = others.length > 0 ? `; so is what ${listed(others.map(({ job }) => job))} ${others.length === 1 ? 'leaves' : 'leave'} behind` : '' // prettier-ignore
  return [
    `What ${worst.job} leaves behind is ${sayMinutes(minutesBetween(worst.behindSince, site.now))} overdue: its slot of ${sayDay(due, site.zone)} ${sayTime(due, site.zone)} ${placeOf(site.zone)} is ${worst.expected.state}${also}.`,
  ]
}

const minutesBetween = (from: Date, to: Date) => Math.max(0, Math.round((to.getTime() - from.getTime()) / 60_000))

function Watermarks({ site, watermarks }: { site: ViewContext; watermarks: readonly Watermark[] }) {
  const columns: Column<Watermark>[] = [
    { head: 'stage', cell: ({ stage }) => stage },
    { head: 'key', cell: ({ key }) => key },
    { head: 'saved up to', cell: ({ value }) => <span class="mono">{value}</span> },
    { head: 'moved', cell: ({ updatedAt }) => <When at={updatedAt} zone={site.zone} now={site.now} />, sort: ({ updatedAt }) => updatedAt.getTime() }, // prettier-ignore
  ]
  return (
    <section id="watermarks">
      <h2>Watermarks</h2>
      <p class="small faint">The end of the unbroken prefix known to be saved, of what is loaded piece by piece.</p>
      <Table
        caption="Watermarks"
        captionHidden
        columns={columns}
        rows={watermarks}
        empty="No stage loads piece by piece yet: the first backfill leaves its mark here."
      />
    </section>
  )
}
