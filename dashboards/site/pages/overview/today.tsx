// Today's timetable: a row a job, as a printed timetable has it.

import { sayCount } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { TodayRow, TodaySlot } from '../../../../src/views/today.ts'
import { Sparkline } from '../../kit/chart.tsx'
import { sayLateMinutes } from '../../kit/durations.ts'
import { jobLink } from '../../kit/links.ts'
import { RunLink } from '../../kit/run-link.tsx'
import { State } from '../../kit/state.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Instant, placeOf, sayDay, sayTime } from '../../kit/time.tsx'

/** The table of today. */
export function Today({ site, rows }: { site: ViewContext; rows: readonly TodayRow[] }) {
  return (
    <section aria-labelledby="today" class="today-table">
      <h2 id="today">Today</h2>
      <Table
        caption={`Every job’s newest slot, and its next one. Times of ${placeOf(site.zone)}, unless another place is named.`}
        captionHidden
        columns={columns(site)}
        rows={rows}
        empty="No job yet. A job appears here with its first cron line."
      />
    </section>
  )
}

function columns(site: ViewContext): Column<TodayRow>[] {
  return [
    { head: 'job', cell: ({ job }) => <LeagueAndName job={job} />, sort: ({ job }) => job },
    {
      head: 'state',
      cell: ({ slot }) =>
        slot ? <State state={slot.state} {...(isOverdue(slot) && { word: 'overdue' })} /> : <span class="faint">nothing due yet</span>, // prettier-ignore
      sort: ({ slot }) => slot?.state ?? '',
    },
    {
      head: `due (${placeOf(site.zone)})`,
      cell: ({ slot }) => slot && <At at={slot.dueAt} zone={slot.zone} site={site} />,
      sort: ({ slot }) => slot?.dueAt.getTime() ?? '',
      weight: 2,
    },
    {
      head: 'ran',
      cell: ({ slot }) => slot && <Ran slot={slot} site={site} />,
      sort: ({ slot }) => slot?.startedAt?.getTime() ?? 0,
      weight: 3,
    },
    {
      head: 'late',
      right: true,
      cell: ({ slot }) => slot && <Lateness slot={slot} now={site.now} />,
      sort: ({ slot }) => (slot && lateBy(slot, site.now)) ?? -Infinity,
    },
    {
      head: 'items',
      right: true,
      cell: ({ slot, items }) => (
        <>
          {slot?.itemsWritten !== undefined && sayCount(slot.itemsWritten)}
          <Sparkline values={items} />
        </>
      ),
      sort: ({ slot }) => slot?.itemsWritten ?? '',
      weight: 2,
    },
    {
      head: 'next',
      cell: (row) => <Next row={row} site={site} />,
      sort: ({ next }) => next?.dueAt.getTime() ?? Infinity,
    },
  ]
}

/** Its grace is over and nobody has begun it. */
const isOverdue = ({ state, startedAt }: TodaySlot) => state === 'late' && startedAt === undefined

/** Milliseconds; of one that nobody has begun so far. */
function lateBy(slot: TodaySlot, now: Date): number | undefined {
  return slot.latenessMs ?? (isOverdue(slot) ? now.getTime() - slot.dueAt.getTime() : undefined)
}

function Lateness({ slot, now }: { slot: TodaySlot; now: Date }) {
  const late = lateBy(slot, now)
  if (late === undefined) return null
  return isOverdue(slot) ? <span class="warn">{sayLateMinutes(late / 60_000)} so far</span> : <>{sayLateMinutes(late / 60_000)}</> // prettier-ignore
}

/** `nfl/` quietly, then the name, as a link to the job. */
function LeagueAndName({ job }: { job: string }) {
  const [league = '', name = ''] = job.split('/')
  return (
    <a class="job" href={jobLink('', job)}>
      <span class="faint">{league}/</span>
      {name}
    </a>
  )
}

const NEAR_MS = 6 * 24 * 60 * 60_000

/** `Tue 08:07` within six days, for then the weekday says which; with its date beyond. */
function At({ at, zone, site }: { at: Date; zone: string; site: ViewContext }) {
  const bare = zone === site.zone
  if (Math.abs(at.getTime() - site.now.getTime()) > NEAR_MS) return <Instant at={at} zone={zone} bare={bare} />
  const weekday = sayDay(at, zone).slice(0, 3)
  return <time dateTime={at.toISOString()}>{`${weekday} ${sayTime(at, zone)}${bare ? '' : ` ${placeOf(zone)}`}`}</time>
}

function Ran({ slot, site }: { slot: TodaySlot; site: ViewContext }) {
  if (slot.startedAt === undefined) return null
  const sameDay = sayDay(slot.startedAt, slot.zone) === sayDay(slot.dueAt, slot.zone)
  const time = sameDay ? (
    <Instant at={slot.startedAt} zone={slot.zone} show="time" bare />
  ) : (
    <At at={slot.startedAt} zone={slot.zone} site={{ ...site, zone: slot.zone }} />
  )
  return slot.runId === undefined ? (
    time
  ) : (
    <RunLink site={site} root="" id={slot.runId}>
      {time}
    </RunLink>
  )
}

function Next({ row, site }: { row: TodayRow; site: ViewContext }) {
  // With its date: the weekday is often that of the slot before it.
  if (row.next) return <Instant at={row.next.dueAt} zone={row.next.zone} bare={row.next.zone === site.zone} />
  return <span class="faint">{row.nextWaived ?? 'no schedule'}</span>
}
