// How long it takes, how late it is and how much it writes, over the last ninety days.

import { HISTORY_DAYS } from '../../../../src/core/windows.ts'
import { sayCount } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { JobView } from '../../../../src/views/job/job.ts'
import { countTicks, durationTicks } from '../../kit/axis.ts'
import { sayDate } from '../../kit/dates.ts'
import { sayLate, sayMs } from '../../kit/durations.ts'
import { runLink } from '../../kit/links.ts'
import { Table } from '../../kit/table.tsx'
import { placeOf, sayDay } from '../../kit/time.tsx'
import { Trend, type TrendPoint } from '../../kit/trend.tsx'
import { DAYS_OF_WEEK, sayHour, WeekdayHours } from '../../kit/weekday-hours.tsx'
import { sayWhen } from '../../kit/when.tsx'

type TrendOf = JobView['trend']
type Run = NonNullable<TrendOf['runs']>[number]
type Day = TrendOf['days'][number]

export interface TrendsProps {
  readonly site: ViewContext
  readonly view: JobView
  readonly root: string
  readonly zone: string
}

/** One of the pictures: what it draws of a run, and of a day where runs are too many. */
interface Measure {
  readonly name: string
  readonly title: string
  readonly median: number
  readonly ofRun: (run: Run) => number | undefined
  readonly ofDay: (day: Day) => { median: number; least?: number; most?: number } | undefined
  readonly ticks: (least: number, most: number) => readonly number[]
  readonly say: (value: number) => string
  readonly toneOf?: (value: number) => TrendPoint['tone']
}

export function Trends(props: TrendsProps) {
  const { trend } = props.view
  if (!trend.all) {
    return (
      <section>
        <h2>How long it takes, and how late it is</h2>
        <p class="empty">
          No run served in the last {HISTORY_DAYS} days. The pictures appear with the first one that does.
        </p>
      </section>
    )
  }
  const measures = measuresOf(props.view, trend.all)
  return (
    <section>
      <h2>How long it takes, how late it is, how much it writes: {sayTime(props)}</h2>
      <div class="columns charts">
        {measures.map((measure) => (
          <Picture {...props} measure={measure} />
        ))}
        <Hours trend={trend} zone={props.zone} />
      </div>
    </section>
  )
}

function measuresOf(view: JobView, all: NonNullable<TrendOf['all']>): Measure[] {
  const late = view.job.graceMinutes * 60_000
  const perRun = all.items / all.runs
  const perHour = all.workMs > 0 ? all.items / (all.workMs / HOUR_MS) : 0
  const duration: Measure[] = all.durationMs
    ? [
        {
          name: 'took',
          title: `Duration: median ${sayMs(all.durationMs.median)}, longest ${sayMs(all.durationMs.most)}`,
          median: all.durationMs.median,
          ofRun: ({ durationMs }) => durationMs,
          ofDay: ({ durationMs }) => durationMs,
          ticks: durationTicks,
          say: sayMs,
        },
      ]
    : []
  const lateness: Measure[] = all.latenessMs
    ? [
        {
          name: 'late',
          title: `Lateness: median ${sayLate(all.latenessMs.median)}, worst ${sayLate(all.latenessMs.most)}`,
          median: all.latenessMs.median,
          ofRun: ({ dueAt, startedAt }) => dueAt && startedAt.getTime() - dueAt.getTime(),
          ofDay: ({ latenessMs }) => latenessMs,
          ticks: durationTicks,
          say: sayLate,
          toneOf: (value) => (value > late ? 'warn' : 'ink'),
        },
      ]
    : []
  return [
    ...duration,
    ...lateness,
    {
      name: 'items',
      title: `Items a run: ${sayCount(Math.round(perRun))} on average, ${sayCount(all.items)} in all`,
      median: perRun,
      ofRun: ({ itemsWritten }) => itemsWritten,
      ofDay: ({ items, runs }) => ({ median: items / runs }),
      ticks: countTicks,
      say: (value) => sayCount(Math.round(value)),
    },
    {
      name: 'items an hour',
      title: `Items an hour of work: ${sayCount(Math.round(perHour))} on average`,
      median: perHour,
      ofRun: ({ itemsWritten, durationMs }) => (durationMs ? itemsWritten / (durationMs / HOUR_MS) : undefined),
      ofDay: ({ items, workMs }) => (workMs > 0 ? { median: items / (workMs / HOUR_MS) } : undefined),
      ticks: countTicks,
      say: (value) => sayCount(Math.round(value)),
    },
  ]
}

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

/** The first run of the ninety days: a job may be younger than that. */
function firstOf({ runs, days }: TrendOf): number {
  const starts = runs?.map(({ startedAt }) => startedAt.getTime()) ?? days.map(({ day }) => Date.parse(`${day}T12:00Z`))
  return Math.min(...starts)
}

/** Where the pictures begin. */
function beginOf(trend: TrendOf, now: Date): Date {
  const begin = Math.min(firstOf(trend) - DAY_MS / 2, now.getTime() - 3 * DAY_MS)
  return new Date(Math.max(trend.since.getTime(), begin))
}

/** `the last 90 days`, or `since Fri 13 Nov`. */
function sayTime({ view: { trend }, zone }: TrendsProps): string {
  const first = firstOf(trend)
  return first - trend.since.getTime() > 7 * DAY_MS
    ? `since ${sayDay(new Date(first), zone)}`
    : `the last ${HISTORY_DAYS} days`
}

function Picture({ site, view, root, zone, measure }: TrendsProps & { measure: Measure }) {
  const points = pointsOf({ site, view, root, zone, measure })
  const { name, title, median, ticks, say } = measure
  return (
    <Trend
      {...{ title, points, median, zone, ticks, say }}
      from={beginOf(view.trend, site.now)}
      to={site.now}
      table={
        <Table
          caption={`${name}, by day`}
          columns={[
            { head: 'day', cell: ({ day }: Day) => sayDate(day), sort: ({ day }) => Date.parse(day) },
            { head: 'runs', right: true, cell: ({ runs }) => sayCount(runs), sort: ({ runs }) => runs },
            {
              head: name,
              right: true,
              cell: (day) => saySpread(measure.ofDay(day), say),
              sort: (day) => measure.ofDay(day)?.median ?? '',
            },
          ]}
          rows={[...view.trend.days].reverse()}
          empty="No run yet."
        />
      }
    />
  )
}

/** `3.2 s (2.9 s to 41.0 s)`. */
function saySpread(spread: ReturnType<Measure['ofDay']>, say: (value: number) => string): string {
  if (!spread) return '–'
  const { median, least, most } = spread
  const ends = least === undefined || most === undefined || least === most ? '' : ` (${say(least)} to ${say(most)})`
  return say(median) + ends
}

function pointsOf({ site, view, root, zone, measure }: TrendsProps & { measure: Measure }): TrendPoint[] {
  const toneOf = measure.toneOf ?? (() => 'ink' as const)
  if (view.trend.runs) {
    return view.trend.runs.flatMap((run) => {
      const value = measure.ofRun(run)
      if (value === undefined) return []
      const when = sayWhen({ at: run.startedAt, zone, now: site.now })
      const words = `${when}: ${measure.say(value)}`
      return [{ at: run.startedAt, value, tone: toneOf(value), words, href: runLink(site, root, run.id) }]
    })
  }
  return view.trend.days.flatMap((day) => {
    const spread = measure.ofDay(day)
    if (!spread) return []
    const { median: value, ...ends } = spread
    const words = `${sayDate(day.day)}, ${day.runs} runs: ${saySpread(spread, measure.say)}`
    return [{ at: new Date(`${day.day}T12:00Z`), value, ...ends, tone: toneOf(value), words }]
  })
}

/** In the page's zone: the view counts hours on the clock of the job's schedule. */
function Hours({ trend: { hours }, zone }: { trend: TrendOf; zone: string }) {
  const longest = [...hours].sort((a, b) => b.medianMs - a.medianMs)[0]
  if (!longest) return null
  const at = `${DAYS_OF_WEEK[longest.weekday - 1] ?? ''} ${sayHour(longest.hour)}`
  if (hours.length === 1) {
    return <p>All {sayCount(longest.runs)} began on {at.replace(/ .*/, '')} between {sayHour(longest.hour)} and {sayHour((longest.hour + 1) % 24)} {placeOf(zone)}.</p> // prettier-ignore
  }
  return (
    <WeekdayHours
      title={`When runs take long: ${at} ${placeOf(zone)}, median ${sayMs(longest.medianMs)}`}
      cells={hours}
    />
  )
}
