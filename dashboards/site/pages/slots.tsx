import { countOf, countStates, IN_TIME, LOST, SERVED, type SlotShown } from '../../../src/core/slot-shown.ts'
// The Slots page: the heatmap first, then how long nobody looked, a year by month, GitHub's cron beside ours, and the table.

import { sayCount } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { SlotRow, SlotsView } from '../../../src/views/slots/slots.ts'
import { toPage, type SiteFile } from '../build.ts'
import { sayDate } from '../kit/dates.ts'
import { sayLateMinutes } from '../kit/durations.ts'
import { Heatmap, type HeatCell, type HeatRow } from '../kit/heatmap.tsx'
import { JobName } from '../kit/job-name.tsx'
import { Frame } from '../kit/layout.tsx'
import { runLink } from '../kit/links.ts'
import { sayShare } from '../kit/numbers.ts'
import { sayCounts } from '../kit/state-counts.ts'
import { lookOf } from '../kit/state.tsx'
import { placeOf, sayDay, sayTime } from '../kit/time.tsx'

import { CronBeside } from './slots/cron.tsx'
import { Gaps } from './slots/gaps.tsx'
import { Months } from './slots/months.tsx'
import { LastSlots, toShards } from './slots/table.tsx'

const PATH = 'slots.html'
const MINUTE_MS = 60_000

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
        <Heat site={site} view={view} />
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

function sentenceOf({ slots, days }: SlotsView): string {
  // What is late and waits still has no lateness: it is not served.
  const counts = countStates(slots.filter(({ state, lateness }) => state !== 'late' || lateness !== undefined))
  const [served, lost] = [countOf(counts, SERVED), countOf(counts, LOST)]
  const ended = served + lost
  if (ended === 0) return 'No slot has ended yet.'
  const of = `${sayCount(ended)} ${ended === 1 ? 'slot' : 'slots'} of the last ${days.length} days`
  if (lost === 0)
    return `${ended === 1 ? 'The one slot' : `All ${sayCount(ended)} slots`} of the last ${days.length} days ${ended === 1 ? 'was' : 'were'} served, ${sayShare(countOf(counts, IN_TIME) / ended)} on time or early.`
  return `${sayShare(served / ended)} of ${of} ${ended === 1 ? 'was' : 'were'} served; ${sayCount(lost)} ${lost === 1 ? 'was' : 'were'} lost.`
}

function Heat({ site, view }: { site: ViewContext; view: SlotsView }) {
  const counts = countStates(view.slots)
  const title = `Slots: ${sayCounts(counts)}`
  return <Heatmap title={title} counts={counts} days={view.days} rows={heatRows(site, view)} tailHead="not on time" />
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
    title: slots.length === 1 ? titleOfOne(site, first) : `${job} ${sayDate(day)}: ${sayCounts(countStates(slots))}`,
  }
}

/** `nfl/predict Thu 26 Nov: late, due 11:07 New York, began 11:18, +11 m`. */
function titleOfOne({ zone }: ViewContext, { job, day, dueAt, state, lateness }: SlotRow): string {
  const due = `${job} ${sayDate(day)}: ${state}, due ${sayTime(dueAt, zone)} ${placeOf(zone)}`
  if (lateness === undefined) return due
  const began = new Date(dueAt.getTime() + lateness * MINUTE_MS)
  const onDay = sayDay(began, zone) === sayDay(dueAt, zone) ? '' : `${sayDay(began, zone)} `
  return `${due}, began ${onDay}${sayTime(began, zone)}, ${sayLateMinutes(lateness)}`
}

const TALLIED: readonly (readonly [SlotShown, string, readonly SlotShown[]])[] = [
  ['missed', 'missed or failed', LOST],
  ['late', 'late', ['late']],
  ['rescued', 'rescued', ['rescued']],
  ['partial', 'partial', ['partial']],
]

/** What was not on time, sign by sign. */
function tailOf(slots: readonly SlotRow[]) {
  const counts = countStates(slots)
  return TALLIED.map(([state, word, states]) => {
    const count = countOf(counts, states)
    const { glyph, tone } = lookOf(state)
    return (
      count > 0 && (
        <span class={tone} title={word}>
          <span aria-hidden="true">{glyph}</span>
          {sayCount(count)}
          <span class="unseen"> {word} </span>
        </span>
      )
    )
  })
}
