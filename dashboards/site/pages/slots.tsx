// The Slots page: the heatmap first, then how long nobody looked, a year by month, GitHub's cron beside ours, and the table.

import type { ViewContext } from '../../../src/views/context.ts'
import type { SlotShown } from '../../../src/views/slot-state.ts'
import type { SlotRow, SlotsView } from '../../../src/views/slots.ts'
import { toPage, type SiteFile } from '../build.ts'
import { sayDate } from '../kit/dates.ts'
import { Heatmap, type HeatCell, type HeatRow } from '../kit/heatmap.tsx'
import { Frame } from '../kit/layout.tsx'
import { JobName } from '../kit/job-name.tsx'
import { runLink } from '../kit/links.ts'
import { sayCount, sayShare } from '../kit/numbers.ts'
import { lookOf } from '../kit/state.tsx'
import { placeOf } from '../kit/time.tsx'

import { CronBeside } from './slots/cron.tsx'
import { Gaps } from './slots/gaps.tsx'
import { Months } from './slots/months.tsx'
import { LastSlots, toShards } from './slots/table.tsx'

const PATH = 'slots.html'

/** `slots.html`, and a data file a day, for what the page filters. */
export function renderSlots(site: ViewContext, view: SlotsView): SiteFile[] {
  const sentence = sentenceOf(view)
  const page = (
    <Frame site={site} path={PATH} title="Slots" description={sentence}>
      <h1>{sentence}</h1>
      <p class="faint">
        A slot is one moment at which a job is due. On time: begun from a minute before to five minutes after it. Days
        are those of {placeOf(site.zone)}.
      </p>
      {view.slots.length === 0 ? (
        <p class="empty">No slot yet. The first appears here with the first cron line that comes due.</p>
      ) : (
        <Heatmap title={heatTitle(view)} days={view.days} rows={heatRows(site, view)} tailHead="not on time" />
      )}
      <div class="columns">
        <Gaps site={site} gaps={view.gaps} days={view.days} />
        <Months months={view.months} />
      </div>
      <CronBeside site={site} words={view.words} />
      <LastSlots site={site} view={view} />
    </Frame>
  )
  return [toPage(PATH, page), ...toShards(site, view)]
}

type Counts = Partial<Record<SlotShown, number>>

function countStates(slots: readonly SlotRow[]): Counts {
  const counts: Counts = {}
  for (const { state } of slots) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

function sentenceOf({ slots, days }: SlotsView): string {
  const { missed = 0, failed = 0, ...counts } = countStates(slots)
  const served = sum(counts, ['on time', 'early', 'late', 'rescued', 'partial'])
  const ended = served + missed + failed
  if (ended === 0) return 'No slot has ended yet.'
  const lost = missed + failed
  const of = `${sayCount(ended)} ${ended === 1 ? 'slot' : 'slots'} of the last ${days.length} days`
  if (lost === 0)
    return `${ended === 1 ? 'The one slot' : `All ${sayCount(ended)} slots`} of the last ${days.length} days ${ended === 1 ? 'was' : 'were'} served, ${sayShare(sum(counts, ['on time', 'early']) / ended)} on time or early.`
  return `${sayShare(served / ended)} of ${of} ${ended === 1 ? 'was' : 'were'} served; ${sayCount(lost)} ${lost === 1 ? 'was' : 'were'} lost.`
}

const TOLD: readonly SlotShown[] = ['on time', 'early', 'late', 'rescued', 'partial', 'missed', 'failed', 'waived', 'coalesced'] // prettier-ignore

function heatTitle({ slots }: SlotsView): string {
  return `Slots: ${sayStates(countStates(slots))}`
}

/** `● 1,021 on time, ✕ 2 missed`: what the glyphs mean is said with the counts. */
function sayStates(counts: Counts): string {
  return TOLD.flatMap((state) => {
    const count = counts[state]
    return count ? `${lookOf(state).glyph} ${sayCount(count)} ${state}` : []
  }).join(', ')
}

function sum(counts: Counts, states: readonly SlotShown[]): number {
  return states.reduce((all, state) => all + (counts[state] ?? 0), 0)
}

function heatRows(site: ViewContext, view: SlotsView): HeatRow[] {
  const place = new Map(view.days.map((day, i) => [day, i]))
  const cells = new Map(view.jobs.map((job) => [job, view.days.map((): SlotRow[] => [])]))
  for (const slot of view.slots) cells.get(slot.job)?.[place.get(slot.day) ?? -1]?.push(slot)
  return view.jobs.map((job) => {
    const days = cells.get(job) ?? []
    return {
      key: job,
      head: <JobName site={site} job={job} />,
      cells: days.map((slots) => toCell(site, slots)),
      tail: tailOf(days.flat()),
    }
  })
}

function toCell(site: ViewContext, slots: readonly SlotRow[]): HeatCell | undefined {
  const [first] = slots
  if (first === undefined) return undefined
  const { job, day, runId } = first
  const runPage = slots.length === 1 && runId !== undefined ? runLink(site, '', runId) : undefined
  return {
    states: slots.map(({ state }) => state),
    href: runPage ?? `slots.html?job=${encodeURIComponent(job)}&day=${day}#table`,
    title: `${job} ${sayDate(day)}: ${slots.length === 1 ? first.state : sayStates(countStates(slots))}`,
  }
}

/** What was not on time, in few signs: the page's title says what they mean. */
function tailOf(slots: readonly SlotRow[]) {
  const counts = countStates(slots)
  const lost = sum(counts, ['missed', 'failed'])
  const late = sum(counts, ['late', 'rescued', 'partial'])
  return (
    <>
      {lost > 0 && <Tally state="missed" count={lost} word="missed or failed" />}
      {late > 0 && <Tally state="late" count={late} word="late, rescued or partial" />}
    </>
  )
}

function Tally({ state, count, word }: { state: SlotShown; count: number; word: string }) {
  const { glyph, tone } = lookOf(state)
  return (
    <span class={tone} title={word}>
      <span aria-hidden="true">{glyph}</span>
      {sayCount(count)}
      <span class="unseen"> {word} </span>
    </span>
  )
}
