// Freshness: is every data set as new as the schedule says it should be.

import { count, firstSentence, sayList, sayMinutes } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { FreshnessView, JobFreshness, SourceHealth, Watermark } from '../../../src/views/freshness/freshness.ts'
import { toPage, type SiteFile } from '../build.ts'
import { Frame } from '../kit/layout.tsx'
import { Table, type Column } from '../kit/table.tsx'
import { placeOf, sayDay, sayTime } from '../kit/time.tsx'
import { When } from '../kit/when.tsx'
import { DataSets } from './freshness/data-sets.tsx'
import { Kept } from './freshness/kept.tsx'
import { Sources } from './freshness/sources.tsx'

/** `freshness.html`. */
export function renderFreshness(site: ViewContext, view: FreshnessView): SiteFile[] {
  const { sentence, detail } = sayFreshness(site, view)
  const page = (
    <Frame
      site={site}
      path="freshness.html"
      title="Freshness"
      description="How old every data set is against what the schedule promises, and whether the sources answer."
    >
      <h1>{sentence}</h1>
      {detail !== '' && <p class="lead">{detail}</p>}
      <DataSets site={site} view={view} />
      <Kept site={site} view={view} />
      <Sources site={site} view={view} />
      <Watermarks site={site} watermarks={view.watermarks} />
    </Frame>
  )
  return [toPage('freshness.html', page)]
}

/** The answer as a headline, and what else is known. What is behind comes before a source that is not called: it may be
 *  why. */
function sayFreshness(site: ViewContext, view: FreshnessView): { sentence: string; detail: string } {
  const closed = view.sources.filter(({ state }) => state !== 'closed')
  const behind = view.jobs
    .filter(({ behindSince }) => behindSince !== undefined)
    .sort((a, b) => (a.behindSince?.getTime() ?? 0) - (b.behindSince?.getTime() ?? 0))
  const of = closed.map((source) => saySource(site, source))
  if (behind.length > 0) {
    const [sentence, whichSlot] = sayBehind(site, behind)
    return { sentence, detail: [whichSlot, ...of.flat()].filter(Boolean).join(' ') }
  }
  const [first, ...others] = of
  if (first) return { sentence: first[0], detail: [first[1], ...others.flat()].filter(Boolean).join(' ') }
  return sayFresh(site, view)
}

function sayFresh(site: ViewContext, { jobs, tables }: FreshnessView) {
  if (jobs.every(({ expected }) => expected === undefined))
    return {
      sentence: 'No data has been due yet.',
      detail: 'What each job leaves behind appears here after its first slot.',
    }
  const rows = tables.reduce((all, table) => all + table.rows, 0)
  const oldest = jobs.filter(({ checkedAt }) => checkedAt !== undefined).sort((a, b) => (a.checkedAt?.getTime() ?? 0) - (b.checkedAt?.getTime() ?? 0))[0] // prettier-ignore
  return {
    sentence: 'All data is as new as the schedule promises.',
    detail: `${count(rows, 'row')} in ${count(tables.length, 'table')}.${oldest?.checkedAt ? ` Looked at longest ago: what ${oldest.job} leaves behind, ${sayMinutes(minutesBetween(oldest.checkedAt, site.now))} ago.` : ''}`,
  }
}

/** What is the matter with it, and what happens next. */
function saySource(site: ViewContext, { source, state, openedAt, tryAt, reason }: SourceHealth): [string, string] {
  const why = reason ? `: ${firstSentence(reason, 100)}` : ''
  if (state === 'half_open') return [`${source} is being tried again${why}.`, '']
  const since = openedAt ? `It has not been called since ${sayMoment(site, openedAt)}.` : ''
  const next = tryAt ? `The next try is ${sayMoment(site, tryAt)}.` : ''
  return [`${source} is not called${why}.`, [since, next].filter(Boolean).join(' ')]
}

function sayBehind(site: ViewContext, behind: readonly JobFreshness[]): [string, string] {
  const [worst, ...others] = behind
  if (!worst?.behindSince || !worst.expected) return ['', '']
  const by = sayMinutes(minutesBetween(worst.behindSince, site.now))
  const also = others.length === 0 ? '' : ` Behind too: what ${sayList(others.map(({ job }) => job))} ${others.length === 1 ? 'leaves' : 'leave'} behind.` // prettier-ignore
  return [
    `What ${worst.job} leaves behind is ${by} overdue.`,
    `Its slot of ${sayMoment(site, worst.expected.dueAt)} is ${worst.expected.state}.${also}`,
  ]
}

const sayMoment = ({ zone }: ViewContext, at: Date) => `${sayDay(at, zone)} ${sayTime(at, zone)} ${placeOf(zone)}`

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
