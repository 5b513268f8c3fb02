// The nights in which clocks are moved: lines keep their local time, so by UTC they move.

import { sayList, sayMinutes } from '../../../../src/core/wording.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { ClockChange, MovedLine } from '../../../../src/views/schedule/clock-changes.ts'
import type { ScheduleView } from '../../../../src/views/schedule/schedule.ts'
import { Table, type Column } from '../../kit/table.tsx'
import { Relative, placeOf, sayDay, sayTime } from '../../kit/time.tsx'

export function Clocks({ site, view }: { site: ViewContext; view: ScheduleView }) {
  const moved = view.clocks.filter(({ at }) => at !== undefined)
  const still = view.clocks.filter(({ at }) => at === undefined).map(({ zone }) => placeOf(zone))
  return (
    <section id="clocks">
      <h2>When clocks move</h2>
      {moved.length === 0 && <p class="empty">No cron line is in a zone that moves its clocks.</p>}
      {moved.map((change) => (
        <Night change={change} site={site} />
      ))}
      {still.length > 0 && <p class="small faint">Clocks stay as they are in {sayList(still)}.</p>}
    </section>
  )
}

function Night({ change, site }: { change: ClockChange; site: ViewContext }) {
  const { zone, at, minutes, moves } = change
  if (at === undefined) return null
  const forward = minutes > 0
  const columns: Column<MovedLine>[] = [
    { head: 'job', cell: ({ job }) => job },
    { head: 'line', cell: ({ cron }) => <code>{cron}</code>, weight: 2 },
    { head: 'last before, UTC', cell: ({ lastBefore }) => (lastBefore ? sayUtc(lastBefore) : '') },
    { head: 'first after, UTC', cell: ({ firstAfter }) => (firstAfter ? sayUtc(firstAfter) : '') },
  ]
  const touched = moves.filter(({ thatNight }) => thatNight.length > 0)
  return (
    <>
      <h3>
        {placeOf(zone)}: {sayDay(at, zone, true)}, {sayMinutes(Math.abs(minutes))} {forward ? 'forward' : 'back'}
      </h3>
      <p>
        <Relative at={at} now={site.now} />: after {sayTime(new Date(at.getTime() - 60_000), zone)} comes{' '}
        {sayTime(at, zone)}. By UTC these lines are due {sayMinutes(Math.abs(minutes))} {forward ? 'earlier' : 'later'}{' '}
        from then on.{' '}
        {touched.length === 0
          ? 'None is due within an hour of it.'
          : `Due within an hour of it: ${sayList(touched.map(({ job, thatNight }) => `${job} ${thatNight.map((due) => sayTime(due, zone)).join(', ')}`))}.`}
      </p>
      <Table
        caption={`Lines in ${placeOf(zone)} around that night`}
        captionHidden
        columns={columns}
        rows={moves}
        empty="No line is in this zone."
      />
    </>
  )
}

const sayUtc = (at: Date) => `${sayDay(at, 'UTC')} ${sayTime(at, 'UTC')}`
