import { LOST } from '../../../../src/core/slot-shown.ts'
// A week's lanes as they are drawn, and the table behind them.

import { count } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { Lane, PlannedSlot } from '../../../../src/views/week/lanes.ts'
import type { WeekTimeline } from '../../../../src/views/week/week.ts'
import { jobLink, runLink } from '../../kit/links.ts'
import { shownOutcome } from '../../kit/outcome.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { sayPlainCounts } from '../../kit/state-counts.ts'
import { lookOf, State, type ShownState } from '../../kit/state.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Instant, placeOf, sayDay, sayTime } from '../../kit/time.tsx'
import type { Bar, TimelineLane } from '../../kit/timeline.tsx'

import { nameOf } from './sentence.ts'
import { joinHours, type Stretch } from './stretches.ts'

/** A job's lane: what was planned, what ran, and how it ended. */
export function toLane(site: ViewContext, week: WeekTimeline, { job, slots, runs }: Lane): TimelineLane {
  const said = (at: Date) => `${sayDay(at, site.zone)} ${sayTime(at, site.zone)} ${placeOf(site.zone)}`
  const stretches = joinHours(slots)
  return {
    name: job,
    href: jobLink('', job),
    bars: [
      ...stretches.map((slot) => ({
        from: slot.dueAt,
        ...(slot.until
          ? { to: slot.until, tone: lookOf(slot.state).tone, kind: weightOf(slot), title: `${job}${sayPlan(slot, said)}` }
          : { to: slot.graceUntil, tone: 'quiet' as const, kind: 'grace' as const, title: `${job}: in time until ${said(slot.graceUntil)}` }), // prettier-ignore
      })),
      ...runs.map((run) => {
        const state = stateOfRun(run, slots)
        const { glyph, tone } = lookOf(state)
        return {
          from: run.startedAt,
          to: run.endedAt ?? site.now,
          tone,
          glyph: GOOD.has(state) ? undefined : glyph,
          kind: 'run' as const,
          title: `${job}: ${state}, started ${said(run.startedAt)}${run.trigger === null ? '' : ` by ${run.trigger}`}`,
          href: run.trigger === null ? undefined : runLink(site, '', run.id),
        }
      }),
    ],
    marks: withRoom(stretches, week).map((slot) => toMark(`${job}${sayPlan(slot, said)}`, slot)),
  }
}

/** As thick as it is bad, so that its colour does not say it alone. */
function weightOf(stretch: Stretch): Bar['kind'] {
  if (isLost(stretch)) return 'lost stretch'
  return QUIET.has(stretch.state) ? 'quiet stretch' : 'stretch'
}

/** `, 12 slots from Tue 19 Nov 08:00 to Tue 19 Nov 09:00: 11 on time, 1 missed`, or `, due Tue 19 Nov 08:07: on time`. */
function sayPlan({ byState, until, dueAt, state, reason, count: slots }: Stretch, said: (at: Date) => string): string {
  const why = reason ? `, ${reason}` : ''
  if (byState && until)
    return `, ${count(slots, 'slot')} from ${said(dueAt)} to ${said(until)}: ${sayPlainCounts(byState)}${why}`
  return `, due ${said(dueAt)}: ${state}${why}`
}

const GOOD: ReadonlySet<ShownState> = new Set(['on time', 'early', 'served', 'succeeded'])

/** A run that served its slot late shows as late; otherwise as it ended. */
function stateOfRun({ outcome, id }: Lane['runs'][number], slots: readonly PlannedSlot[]): ShownState {
  const slot = slots.find(({ runId }) => runId === id)
  return outcome === 'succeeded' && slot ? slot.state : shownOutcome(outcome)
}

/** What went as planned is a tick; what did not stands out. */
function toMark(title: string, { dueAt: at, state, until }: Stretch) {
  const { glyph, tone } = lookOf(state)
  const stands = until !== undefined || ['missed', 'failed', 'waived', 'coalesced'].includes(state)
  return { at, tone, title, glyph: stands ? glyph : undefined, above: until !== undefined }
}

/** Of a week, between two signs of hours: closer ones would lie on each other. */
const ROOM = 1 / 60

/** Slots all have their mark; hours that did not go well have one as far as there is room, the lost ones first. */
function withRoom(stretches: readonly Stretch[], { from, to }: Pick<WeekTimeline, 'from' | 'to'>): Stretch[] {
  const room = (to.getTime() - from.getTime()) * ROOM
  const chosen = stretches.filter(({ until }) => until === undefined)
  const bad = stretches.filter(({ until, state }) => until && !QUIET.has(state))
  for (const stretch of [...bad.filter(isLost), ...bad.filter((one) => !isLost(one))])
    if (chosen.every(({ dueAt }) => Math.abs(dueAt.getTime() - stretch.dueAt.getTime()) > room)) chosen.push(stretch)
  return chosen
}

const QUIET: ReadonlySet<ShownState> = new Set(['on time', 'early', 'waiting', 'running'])
const isLost = ({ state }: Stretch) => LOST.includes(state)

/** The run that woke another, where both are drawn. */
export function toLink({ lanes }: WeekTimeline, chain: WeekTimeline['chains'][number]) {
  const find = (job: string, id: string) => lanes.find((lane) => lane.job === job)?.runs.find((run) => run.id === id)
  const parent = find(chain.parent, chain.parentRun)
  const child = find(chain.child, chain.childRun)
  if (!parent || !child) return []
  const from = { lane: chain.parent, at: parent.endedAt ?? parent.startedAt }
  return [{ from, to: { lane: chain.child, at: child.startedAt } }]
}

/** The slots of a week, hours of a frequent job as one row. */
export function SlotTable({ site, week }: { site: ViewContext; week: WeekTimeline }) {
  const rows = week.lanes
    .flatMap(({ job, slots }) => joinHours(slots).map((slot) => ({ job, ...slot })))
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  const columns: Column<(typeof rows)[number]>[] = [
    { head: 'due', cell: ({ dueAt }) => <Instant at={dueAt} zone={site.zone} />, sort: ({ dueAt }) => dueAt.getTime() },
    { head: 'until', cell: ({ until }) => (until ? <Instant at={until} zone={site.zone} bare /> : ''), sort: ({ until }) => until?.getTime() ?? '', weight: 2 }, // prettier-ignore
    {
      head: 'job',
      cell: ({ job, count: slots, until }) => (until ? `${job}, ${count(slots, 'slot')}` : job),
      sort: ({ job }) => job,
    },
    { head: 'state', cell: ({ state, byState }) => <State state={state} word={byState ? sayPlainCounts(byState) : state} />, sort: ({ state }) => state }, // prettier-ignore
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
