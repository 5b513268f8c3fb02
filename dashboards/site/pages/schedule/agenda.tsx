// What is due in the coming 14 days, as a timetable.

import type { AgendaEntry } from '../../../../src/views/agenda.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { ScheduleView } from '../../../../src/views/schedule.ts'
import { JobName } from '../../kit/job-name.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Instant, placeOf, sayDay, sayTime } from '../../kit/time.tsx'

interface Row extends AgendaEntry {
  readonly firstOfDay: boolean
}

export function Agenda({ site, view }: { site: ViewContext; view: ScheduleView }) {
  const rows = view.agenda.flatMap(({ entries }) => entries.map((entry, i): Row => ({ ...entry, firstOfDay: i === 0 })))
  const columns: Column<Row>[] = [
    {
      head: 'day',
      cell: ({ dueAt, firstOfDay }) => <span class={firstOfDay ? 'day' : 'day faint'}>{sayDay(dueAt, site.zone)}</span>,
      sort: ({ dueAt }) => dueAt.getTime(),
    },
    { head: 'where it is due', cell: (entry) => sayThere(entry, site.zone), sort: ({ dueAt }) => dueAt.getTime() },
    { head: 'UTC', cell: ({ dueAt }) => <Instant at={dueAt} zone="UTC" show="time" bare />, weight: 2 },
    { head: 'job', cell: (entry) => <JobAndNote site={site} entry={entry} /> },
    { head: 'and', cell: sayMore, weight: 2 },
  ]
  return (
    <section id="agenda" data-own-times>
      <h2>The coming 14 days</h2>
      <p class="small faint">
        Days are those of {placeOf(site.zone)}. ops-watch and the site's own build are not in it: they have no slots.
      </p>
      <Table
        caption="What is due in the coming 14 days"
        captionHidden
        columns={columns}
        rows={rows}
        empty="Slots appear here as soon as a workflow has a cron line."
      />
      <p class="small">
        <a href="calendar.ics">calendar.ics</a> has the coming 28 days, for any calendar.
      </p>
    </section>
  )
}

/** In the line's zone, with the weekday where that is another one there. */
function sayThere({ dueAt, zone }: AgendaEntry, home: string) {
  const [day] = sayDay(dueAt, zone).split(' ')
  const elsewhere = sayDay(dueAt, zone) !== sayDay(dueAt, home)
  return (
    <time dateTime={dueAt.toISOString()}>
      {elsewhere ? `${day} ` : ''}
      {sayTime(dueAt, zone)} {placeOf(zone)}
    </time>
  )
}

/** A slot that nobody is to serve says so at every width. */
function JobAndNote({ site, entry: { job, note } }: { site: ViewContext; entry: AgendaEntry }) {
  return (
    <>
      <JobName site={site} job={job} /> {note !== undefined && <span class="faint">{note}</span>}
    </>
  )
}

function sayMore({ count, lastAt, zone }: AgendaEntry): string {
  return count > 1 ? `${count} times, the last ${sayTime(lastAt, zone)}` : ''
}
