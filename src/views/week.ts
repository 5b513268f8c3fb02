// The Week: the season's weeks with what became of their slots, and for each of the last six what was planned beside what
// happened.

import type { Sql } from 'postgres'

import { addDays } from '../core/zone.ts'
import { dueBetween } from '../schedule/cron.ts'
import type { ViewContext, ViewJob } from './context.ts'
import { gameWeekAt, gameWeekFrom, weeksOfSeason, type GameWeek } from './game-week.ts'
import { readOutOfSeason, type OutOfSeason } from './out-of-season.ts'
import { shownState } from './slot-state.ts'
import {
  asJudged,
  chainsOf,
  comingSlots,
  findNext,
  MOST_SLOTS,
  readLanes,
  type ChainLink,
  type Lane,
  type Lanes,
  type NextSlot,
} from './week-lanes.ts'

const WEEKS_SHOWN = 6

/** How many slots of one week ended how. `late` ones were served; `missed` are lost, those among them whose deadline is over
 *  and that nobody has looked at since; `open` are due or running. */
export interface SlotCounts {
  readonly slots: number
  readonly served: number
  readonly late: number
  readonly missed: number
  readonly covered: number
  readonly open: number
}

export interface SeasonWeek extends GameWeek {
  /** By league, in the order of `WeekView.leagues`; undefined: it had no slot. */
  readonly leagues: readonly (SlotCounts | undefined)[]
  readonly all: SlotCounts
  /** Moments that the workflow files still have for it, by league; none of a week that is over. */
  readonly planned: readonly number[]
}

export interface WeekTimeline extends GameWeek {
  readonly counts: SlotCounts
  readonly lanes: readonly Lane[]
  readonly chains: readonly ChainLink[]
}

export interface WeekView {
  readonly leagues: readonly string[]
  readonly season: readonly SeasonWeek[]
  /** The present week first. */
  readonly timelines: readonly WeekTimeline[]
  /** What is due next of all jobs; undefined: nothing is scheduled. */
  readonly next: NextSlot | undefined
}

interface WeekOfJob extends SlotCounts {
  readonly job: string
  readonly firstDay: string
}

/** Reads the Week's view: two statements over the season's slots, four over the last six weeks and the coming one. */
export async function readWeek(sql: Sql, site: ViewContext): Promise<WeekView> {
  const weeks = weeksOfSeason(site.now, site.zone)
  const shown = lastWeeks(site)
  const from = new Date(Math.min(...[weeks[0], shown.at(-1)].map((week) => week?.from.getTime() ?? Infinity)))
  const [counted, out] = await Promise.all([countByWeek(sql, site, from), readOutOfSeason(sql, site)])
  const leagues = [...new Set(site.jobs.map(({ league }) => league))]
  const lanes = await readLanes(sql, site, { weeks: shown, dense: denseJobs(counted, shown) })
  return {
    leagues,
    season: fromFirstSlot(
      weeks.map((week) => toSeasonWeek(week, { counted, leagues, site, out })),
      site.now,
    ),
    timelines: shown.map((week) => toTimeline(week, { lanes, counted, site, out })),
    next: await findNext(sql, site, out),
  }
}

function lastWeeks({ now, zone }: ViewContext): GameWeek[] {
  const { firstDay } = gameWeekAt(now, zone)
  return Array.from({ length: WEEKS_SHOWN }, (_, back) => gameWeekFrom(addDays(firstDay, -7 * back), zone))
}

async function countByWeek(sql: Sql, { jobs, now, zone }: ViewContext, from: Date): Promise<WeekOfJob[]> {
  return await sql<WeekOfJob[]>`
    select job, to_char(date_bin('7 days', due_at at time zone ${zone}, timestamp '2001-01-02'), 'YYYY-MM-DD') as "firstDay",
      count(*)::integer as slots,
      count(*) filter (where state = 'served')::integer as served,
      count(*) filter (where state = 'served' and shown = 'late')::integer as late,
      count(*) filter (where shown in ('missed', 'failed'))::integer as missed,
      count(*) filter (where state in ('coalesced', 'waived'))::integer as covered,
      count(*) filter (where state in ('due', 'running') and shown <> 'missed')::integer as open
    from (
      select job, due_at, state, ${shownState(sql, now, { rescues: false })} as shown
      from ledger.slots slot
      where job = any(${jobs.map(({ id }) => id)}) and due_at >= ${from} and due_at <= ${now}
    ) slots
    group by 1, 2
  `
}

interface Told {
  readonly counted: readonly WeekOfJob[]
  readonly site: ViewContext
  readonly out: OutOfSeason
}

const NONE: SlotCounts = { slots: 0, served: 0, late: 0, missed: 0, covered: 0, open: 0 }

function sum(counts: readonly SlotCounts[]): SlotCounts {
  return counts.reduce(
    (all, one) => ({
      slots: all.slots + one.slots,
      served: all.served + one.served,
      late: all.late + one.late,
      missed: all.missed + one.missed,
      covered: all.covered + one.covered,
      open: all.open + one.open,
    }),
    NONE,
  )
}

function toSeasonWeek(
  week: GameWeek,
  { counted, leagues, site, out }: Told & { readonly leagues: readonly string[] },
): SeasonWeek {
  const own = counted.filter(({ firstDay }) => firstDay === week.firstDay)
  const ofLeague = (league: string) =>
    own.filter((one) => site.jobs.some(({ id, league: other }) => id === one.job && other === league))
  return {
    ...week,
    leagues: leagues.map((league) => (ofLeague(league).length === 0 ? undefined : sum(ofLeague(league)))),
    all: sum(own),
    planned: leagues.map((league) => countPlanned(week, site.jobs.filter((job) => job.league === league), { now: site.now, out })), // prettier-ignore
  }
}

function countPlanned(
  week: GameWeek,
  jobs: readonly ViewJob[],
  { now, out }: { readonly now: Date; readonly out: OutOfSeason },
): number {
  if (week.to <= now) return 0
  const from = new Date(Math.max(week.from.getTime() - 1, now.getTime()))
  const until = new Date(week.to.getTime() - 1)
  const moments = jobs.flatMap((job) =>
    (job.workflow?.schedules ?? []).flatMap((line) => dueBetween(line, from, until).filter((at) => !out(job, at))),
  )
  return moments.length
}

/** Weeks before anything was due say nothing. */
function fromFirstSlot(weeks: readonly SeasonWeek[], now: Date): readonly SeasonWeek[] {
  const first = weeks.findIndex(({ all, to }) => all.slots > 0 || to > now)
  return weeks.slice(Math.max(0, first))
}

function denseJobs(counted: readonly WeekOfJob[], shown: readonly GameWeek[]): string[] {
  const days = shown.map(({ firstDay }) => firstDay)
  const dense = counted.filter(({ slots, firstDay }) => slots > MOST_SLOTS && days.includes(firstDay))
  return [...new Set(dense.map(({ job }) => job))]
}

function toTimeline(week: GameWeek, { lanes, counted, site, out }: Told & { readonly lanes: Lanes }): WeekTimeline {
  const within = (at: Date) => at >= week.from && at < week.to
  const runs = lanes.runs.filter(({ startedAt }) => within(startedAt))
  const slots = lanes.slots.filter(({ dueAt }) => within(dueAt))
  const ofJobs = site.jobs.map((job) => {
    const own = slots.filter((slot) => slot.job === job.id)
    const known = own.map((slot) => (slot.dueAt > site.now ? asJudged(slot, out(job, slot.dueAt)) : slot))
    const coming = week.to > site.now ? comingSlots(job, known, { site, to: week.to, out }) : []
    return { job: job.id, slots: [...known, ...coming], runs: runs.filter((run) => run.job === job.id) }
  })
  return {
    ...week,
    counts: sum(counted.filter(({ firstDay }) => firstDay === week.firstDay)),
    lanes: ofJobs.filter((lane) => lane.slots.length > 0 || lane.runs.length > 0),
    chains: chainsOf(runs, site.jobs),
  }
}
