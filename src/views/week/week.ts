// The Week: the season's weeks with what became of their slots, and for each of the last six what was planned beside what
// happened.

import type { Sql } from 'postgres'

import type { CalendarWeeks } from '../../core/calendar.ts'
import { addCounts, countAll, type SlotShown, type StateCounts } from '../../core/slot-shown.ts'
import { addDays } from '../../core/zone.ts'
import { pageCalendar } from '../../leagues/index.ts'
import { dueBetween } from '../../schedule/cron.ts'
import type { ViewContext, ViewJob } from '../context.ts'
import { groupBy } from '../group-by.ts'
import { readOutOfSeason, type OutOfSeason } from '../out-of-season.ts'
import { shownState } from '../slot-state.ts'
import { gameWeekAt, gameWeekFrom, weeksOfSeason, type GameWeek, type WeekCalendar } from './game-week.ts'
import {
  asJudged,
  chainsOf,
  comingSlots,
  findNext,
  mostSlots,
  readLanes,
  type ChainLink,
  type Lane,
  type Lanes,
  type NextSlot,
} from './lanes.ts'

const WEEKS_SHOWN = 6

export interface SeasonWeek extends GameWeek {
  /** How many slots ended how, by league, in the order of `WeekView.leagues`; undefined: it had no slot. One that is overdue
   *  and not lost yet waits. */
  readonly leagues: readonly (StateCounts | undefined)[]
  readonly all: StateCounts
  /** Moments that the workflow files still have for it, by league; none of a week that is over. */
  readonly planned: readonly number[]
}

export interface WeekTimeline extends GameWeek {
  readonly counts: StateCounts
  readonly lanes: readonly Lane[]
  readonly chains: readonly ChainLink[]
}

export interface WeekView {
  /** By whose weeks it counts. */
  readonly weeks: Pick<CalendarWeeks, 'begin' | 'reach'>
  readonly leagues: readonly string[]
  readonly season: readonly SeasonWeek[]
  /** The present week first. */
  readonly timelines: readonly WeekTimeline[]
  /** What is due next of all jobs; undefined: nothing is scheduled. */
  readonly next: NextSlot | undefined
}

interface WeekOfJob {
  readonly job: string
  readonly firstDay: string
  readonly byState: StateCounts
}

/** Reads the Week's view: two statements over the season's slots, four over the last six weeks and the coming one. */
export async function readWeek(sql: Sql, site: ViewContext): Promise<WeekView> {
  const calendar = { zone: site.zone, weeks: pageCalendar.weeks }
  const weeks = weeksOfSeason(site.now, calendar)
  const shown = lastWeeks(site.now, calendar)
  const from = new Date(Math.min(...[weeks[0], shown.at(-1)].map((week) => week?.from.getTime() ?? Infinity)))
  const [counted, out] = await Promise.all([countByWeek(sql, site, from), readOutOfSeason(sql, site)])
  const leagues = [...new Set(site.jobs.map(({ league }) => league))]
  const lanes = await readLanes(sql, site, {
    weeks: shown,
    dense: denseJobs(counted, { shown, most: mostSlots(site) }),
  })
  return {
    weeks: pageCalendar.weeks,
    leagues,
    season: fromFirstSlot(
      weeks.map((week) => toSeasonWeek(week, { counted, leagues, site, out })),
      site.now,
    ),
    timelines: shown.map((week) => toTimeline(week, { lanes, counted, site, out })),
    next: await findNext(sql, site, out),
  }
}

function lastWeeks(now: Date, calendar: WeekCalendar): GameWeek[] {
  const { firstDay } = gameWeekAt(now, calendar)
  return Array.from({ length: WEEKS_SHOWN }, (_, back) => gameWeekFrom(addDays(firstDay, -7 * back), calendar))
}

/** Some day on which weeks begin: the first of 2001 was a Monday. */
const FIRST_DAY = addDays('2001-01-01', (pageCalendar.weeks.begin + 6) % 7)

async function countByWeek(sql: Sql, { jobs, now, zone }: ViewContext, from: Date): Promise<WeekOfJob[]> {
  const rows = await sql<{ job: string; firstDay: string; shown: SlotShown; count: number }[]>`
    select job, to_char(date_bin('7 days', due_at at time zone ${zone}, ${FIRST_DAY}::timestamp), 'YYYY-MM-DD') as "firstDay",
      case when state = 'due' and shown = 'late' then 'waiting' else shown end as shown, count(*)::integer as count
    from (
      select job, due_at, state, ${shownState(sql, now)} as shown
      from ledger.slots slot
      where job = any(${jobs.map(({ id }) => id)}) and due_at >= ${from} and due_at <= ${now}
    ) slots
    group by 1, 2, 3
  `
  const weeks = groupBy(rows, ({ job, firstDay }) => `${firstDay} ${job}`, (own) => ({
    job: own[0]?.job ?? '',
    firstDay: own[0]?.firstDay ?? '',
    byState: Object.fromEntries(own.map(({ shown, count }) => [shown, count])),
  })) // prettier-ignore
  return [...weeks.values()]
}

interface Given {
  readonly counted: readonly WeekOfJob[]
  readonly site: ViewContext
  readonly out: OutOfSeason
}

function sum(weeks: readonly WeekOfJob[]): StateCounts {
  return addCounts(weeks.map(({ byState }) => byState))
}

function toSeasonWeek(
  week: GameWeek,
  { counted, leagues, site, out }: Given & { readonly leagues: readonly string[] },
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
  const first = weeks.findIndex(({ all, to }) => countAll(all) > 0 || to > now)
  return weeks.slice(Math.max(0, first))
}

function denseJobs(
  counted: readonly WeekOfJob[],
  { shown, most }: { shown: readonly GameWeek[]; most: number },
): string[] {
  const days = shown.map(({ firstDay }) => firstDay)
  const dense = counted.filter(({ byState, firstDay }) => countAll(byState) > most && days.includes(firstDay))
  return [...new Set(dense.map(({ job }) => job))]
}

function toTimeline(week: GameWeek, { lanes, counted, site, out }: Given & { readonly lanes: Lanes }): WeekTimeline {
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
