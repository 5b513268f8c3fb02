// The Week: what was planned beside what happened, and the season week by week.

import type { ViewContext } from '../../../src/views/context.ts'
import type { Lane, PlannedSlot } from '../../../src/views/week-lanes.ts'
import type { SeasonWeek, SlotCounts, WeekTimeline, WeekView } from '../../../src/views/week.ts'
import { bytesOf, toPage, type SiteFile } from '../build.ts'
import { Frame } from '../kit/layout.tsx'
import { jobLink, runLink } from '../kit/links.ts'
import { RunLink } from '../kit/run-link.tsx'
import { lookOf, State } from '../kit/state.tsx'
import { Table, type Column } from '../kit/table.tsx'
import { Instant, placeOf, sayDay, sayMinutes, sayTime } from '../kit/time.tsx'
import { Timeline, type TimelineLane } from '../kit/timeline.tsx'
import { count, listed } from '../kit/words.ts'

import { sayDrawn, weeksThatFit } from './week/fitting.ts'
import { joinHours } from './week/stretches.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

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
      {present && <WeekSection site={site} week={present} />}
      <Season site={site} view={view} drawn={drawn} />
      {earlier.filter(isDrawn).map((week) => (
        <WeekSection site={site} week={week} />
      ))}
    </Frame>
  )
  return [toPage('week.html', page)]
}

/** `Week 11`, or `The week of Tue 10 Mar`. */
function nameOf({ week, from }: Pick<SeasonWeek, 'week' | 'from'>, zone: string): string {
  return week === undefined ? `The week of ${sayDay(from, zone)}` : `Week ${week}`
}

function sayWeek(site: ViewContext, week: WeekTimeline, coming: WeekView['next']): string {
  const told = week.counts.missed > 0 ? sayLost(site, week) : sayServed(site, week)
  return `${nameOf(week, site.zone)}: ${told}${sayNext(site, coming)}`
}

function settledOf({ slots, open, covered }: SlotCounts): number {
  return slots - open - covered
}

function sayLost({ zone }: ViewContext, { counts, lanes }: WeekTimeline): string {
  const lost = lanes.flatMap((lane) => lane.slots.filter(({ state }) => state === 'missed' || state === 'failed').map((slot) => ({ job: lane.job, slot }))) // prettier-ignore
  const days = [...new Set(lost.map(({ job, slot }) => `${job} of ${sayDay(slot.dueAt, zone)}`))]
  const jobs = [...new Set(lost.map(({ job }) => job))]
  const which = days.length <= 2 ? `: ${listed(days)}` : `, ${jobs.length === 1 ? 'all of' : 'of'} ${listed(jobs)}`
  const was = counts.missed === 1 ? 'was' : 'were'
  return `${counts.missed.toLocaleString('en-US')} of ${count(settledOf(counts), 'slot')} ${was} not served${which}.`
}

function sayServed(site: ViewContext, { counts, lanes }: WeekTimeline): string {
  const overdue = sayOverdue(site, lanes)
  const settled = settledOf(counts)
  if (counts.slots === 0) return 'nothing has come due yet.'
  if (settled === 0 && counts.open > 0)
    return `${count(counts.open, 'slot')} ${counts.open === 1 ? 'is' : 'are'} due, none served yet.${overdue}`
  if (settled === 0) return `${count(counts.covered, 'slot')} waived or covered by a later one, and no other was due.`
  const all = settled === 1 ? 'the one slot is' : `all ${settled.toLocaleString('en-US')} slots so far are`
  const how = settled === 1 ? 'late' : `${counts.late.toLocaleString('en-US')} of them late`
  const late = counts.late === 0 ? (settled === 1 ? 'not late' : 'none late') : `${how}, ${sayWorst(lanes)}`
  return `${all} served, ${late}.${overdue}`
}

/** What is overdue, or runs: the longest wait first. */
function sayOverdue(site: ViewContext, lanes: readonly Lane[]): string {
  const waiting = lanes
    .flatMap(({ job, slots }) => slots.flatMap(({ state, dueAt, waitsSince }) => {
      const runs = state === 'running'
      const since = runs ? dueAt : waitsSince
      return since ? [{ job, runs, since }] : []
    }))
    .sort((a, b) => a.since.getTime() - b.since.getTime()) // prettier-ignore
  const [first] = waiting
  if (!first) return ''
  const minutes = Math.round((site.now.getTime() - first.since.getTime()) / MINUTE_MS)
  const more = waiting.length > 1 ? `, and ${count(waiting.length - 1, 'other')}` : ''
  return ` ${first.job} ${first.runs ? 'is running' : `has waited for ${sayMinutes(minutes)}`}${more}.`
}

/** Of those that were served: one that still waits is said apart, and a lost one was not late. */
function sayWorst(lanes: readonly Lane[]): string {
  const late = lanes.flatMap(
    (lane) =>
    lane.slots
      .filter(({ state }) => state === 'late' || state === 'rescued')
      .flatMap(({ startedAt, dueAt }) => (startedAt ? [{ job: lane.job, ms: startedAt.getTime() - dueAt.getTime() }] : [])), // prettier-ignore
  )
  const worst = late.reduce((most, one) => (one.ms > most.ms ? one : most), { job: '', ms: 0 })
  return worst.ms > 0 ? `${worst.job} by ${sayMinutes(Math.round(worst.ms / MINUTE_MS))}` : 'by minutes'
}

function sayNext({ zone }: ViewContext, next: WeekView['next']): string {
  if (!next) return ''
  return ` Next: ${next.job}, ${sayDay(next.dueAt, zone)} ${sayTime(next.dueAt, zone)} ${placeOf(zone)}.`
}

function WeekSection({ site, week }: { site: ViewContext; week: WeekTimeline }) {
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
          lanes={week.lanes.map((lane) => toLane(site, lane))}
          links={week.chains.flatMap((chain) => toLink(week, chain))}
          table={<SlotTable site={site} week={week} />}
        />
      )}
    </section>
  )
}

function sayCounts(name: string, { slots, served, late, missed, covered, open }: SlotCounts): string {
  if (slots === 0) return `${name}: nothing has come due yet`
  const said = (number: number) => number.toLocaleString('en-US')
  const parts = [
    `${said(served)} served`,
    served === 0 ? '' : late > 0 ? `${said(late)} of them late` : 'none late',
    missed > 0 ? `${said(missed)} not served` : '',
    covered > 0 ? `${said(covered)} waived or covered by a later one` : '',
    open > 0 ? `${said(open)} open` : '',
  ]
  return `${name}: ${count(slots, 'slot')} due, ${parts.filter(Boolean).join(', ')}`
}

function toLane(site: ViewContext, { job, slots, runs }: Lane): TimelineLane {
  const said = (at: Date) => `${sayDay(at, site.zone)} ${sayTime(at, site.zone)} ${placeOf(site.zone)}`
  return {
    name: job,
    href: jobLink('', job),
    bars: [
      ...joinHours(slots).map((slot) => ({
        from: slot.dueAt,
        ...(slot.until
          ? { to: slot.until, tone: lookOf(slot.state).tone, kind: 'stretch' as const, title: `${job}: ${sayPlan(slot)} from ${said(slot.dueAt)} to ${said(slot.until)}, at worst ${slot.state}` } // prettier-ignore
          : { to: slot.graceUntil, tone: 'quiet' as const, kind: 'grace' as const, title: `${job}: ${sayPlan(slot)} due ${said(slot.dueAt)}, in time until ${said(slot.graceUntil)}` }), // prettier-ignore
      })),
      ...runs.map((run) => ({
        from: run.startedAt,
        to: run.endedAt ?? site.now,
        tone: toneOfRun(run, slots),
        kind: 'run' as const,
        title: `${job}: ${run.outcome.replace('_', ' ')}, started ${said(run.startedAt)}${run.trigger === null ? '' : ` by ${run.trigger}`}`,
        href: run.trigger === null ? undefined : runLink(site, '', run.id),
      })),
    ],
    marks: joinHours(slots).map((slot) => toMark(job, slot, said(slot.dueAt))),
  }
}

const sayPlan = ({ count: slots }: PlannedSlot) => (slots > 1 ? count(slots, 'slot') : 'a slot')

/** A run that served its slot late shows as late; otherwise as it ended. */
function toneOfRun({ outcome, id }: Lane['runs'][number], slots: readonly PlannedSlot[]) {
  const slot = slots.find(({ runId }) => runId === id)
  if (outcome === 'not_ready') return lookOf('not ready').tone
  return lookOf(outcome === 'succeeded' && slot ? slot.state : outcome).tone
}

/** What went as planned is a tick; what did not stands out. */
function toMark(job: string, slot: PlannedSlot, due: string) {
  const { glyph, tone } = lookOf(slot.state)
  const title = `${job}: ${sayPlan(slot)} due ${due}, ${slot.state}${slot.reason ? `: ${slot.reason}` : ''}`
  const stands = slot.count > 1 || ['missed', 'failed', 'waived', 'coalesced'].includes(slot.state)
  return { at: slot.dueAt, tone, title, glyph: stands ? glyph : undefined }
}

function toLink({ lanes }: WeekTimeline, chain: WeekTimeline['chains'][number]) {
  const find = (job: string, id: string) => lanes.find((lane) => lane.job === job)?.runs.find((run) => run.id === id)
  const parent = find(chain.parent, chain.parentRun)
  const child = find(chain.child, chain.childRun)
  if (!parent || !child) return []
  const from = { lane: chain.parent, at: parent.endedAt ?? parent.startedAt }
  return [{ from, to: { lane: chain.child, at: child.startedAt } }]
}

function SlotTable({ site, week }: { site: ViewContext; week: WeekTimeline }) {
  const rows = week.lanes
    .flatMap(({ job, slots }) => joinHours(slots).map((slot) => ({ job, ...slot })))
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  const columns: Column<(typeof rows)[number]>[] = [
    { head: 'due', cell: ({ dueAt }) => <Instant at={dueAt} zone={site.zone} />, sort: ({ dueAt }) => dueAt.getTime() },
    { head: 'until', cell: ({ until }) => (until ? <Instant at={until} zone={site.zone} bare /> : ''), sort: ({ until }) => until?.getTime() ?? '', weight: 2 }, // prettier-ignore
    { head: 'job', cell: ({ job, count: slots }) => (slots > 1 ? `${job} × ${slots}` : job) },
    { head: 'state', cell: ({ state }) => <State state={state} /> },
    {
      head: 'started',
      cell: ({ startedAt, runId }) =>
        startedAt && runId ? (
          <RunLink site={site} root="" id={runId}>
            <Instant at={startedAt} zone={site.zone} bare />
          </RunLink>
        ) : (
          ''
        ),
      sort: ({ startedAt }) => startedAt?.getTime() ?? '',
      weight: 2,
    },
    { head: 'why', cell: ({ reason }) => reason ?? '', weight: 2 },
  ]
  const caption = `Slots of ${nameOf(week, site.zone)}`
  return <Table caption={caption} captionHidden columns={columns} rows={rows} empty="No slot was due." />
}

function Season({ site, view, drawn }: { site: ViewContext; view: WeekView; drawn: readonly WeekTimeline[] }) {
  const shown = new Set(drawn.flatMap(({ key, lanes }, i) => (i === 0 || lanes.length > 0 ? [key] : [])))
  const played = view.season.findLast(({ week }) => week !== undefined)?.from ?? site.now
  const columns: Column<SeasonWeek>[] = [
    {
      head: 'week',
      cell: (week) => {
        const off = week.from < played ? 'no games' : 'off season'
        const name = week.week === undefined ? off : String(week.week)
        return shown.has(week.key) ? <a href={`#${week.key}`}>{name}</a> : name
      },
      sort: ({ from }) => from.getTime(),
    },
    { head: 'from', cell: ({ from }) => <Instant at={from} zone={site.zone} show="day" />, sort: ({ from }) => from.getTime() }, // prettier-ignore
    ...view.leagues.map((league, i) => ({
      head: league,
      cell: (week: SeasonWeek) => <Cell counts={week.leagues[i]} planned={week.planned[i] ?? 0} />,
      sort: ({ leagues }: SeasonWeek) => leagues[i]?.missed ?? -1,
    })),
    { head: 'slots', cell: ({ all }) => (all.slots === 0 ? '' : all.slots.toLocaleString('en-US')), right: true, weight: 2 }, // prettier-ignore
  ]
  return (
    <section id="season">
      <h2>The season, week by week</h2>
      <p class="small faint">
        Weeks run from Tuesday to Monday, {placeOf(site.zone)}: from the first stage to Monday night's grading.{' '}
        {sayDrawn(drawn.length, view.timelines.length)}
      </p>
      <Table
        caption="What became of each league's slots, by week"
        captionHidden
        columns={columns}
        rows={view.season}
        empty="The first week appears here when its first slot is due."
      />
    </section>
  )
}

function Cell({ counts, planned }: { counts: SlotCounts | undefined; planned: number }) {
  if (counts === undefined)
    return <span class="faint">{planned > 0 ? `${planned.toLocaleString('en-US')} planned` : '·'}</span>
  const { slots, missed, late, open, covered } = counts
  const [state, said] = ((): [Parameters<typeof lookOf>[0], string] => {
    const said = (number: number) => number.toLocaleString('en-US')
    if (missed > 0) return ['missed', `${said(missed)} not served`]
    if (late > 0) return ['late', `${said(late)} late`]
    if (open > 0) return ['waiting', `${said(open)} open`]
    if (covered === slots) return ['waived', `${said(covered)} waived`]
    return ['served', `${said(slots - covered)} served`]
  })()
  const { glyph, tone } = lookOf(state)
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{glyph}</span>
      {said}
      <span class="w2 faint"> of {slots.toLocaleString('en-US')}</span>
    </span>
  )
}
