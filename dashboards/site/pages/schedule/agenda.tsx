// What is due in the coming days: as a calendar, and behind it as a timetable in every zone.

import { CALENDAR_DAYS, COMING_DAYS } from '../../../../src/core/windows.ts'
import type { ViewContext } from '../../../../src/views/context.ts'
import type { AgendaEntry } from '../../../../src/views/schedule/agenda.ts'
import type { ScheduleView } from '../../../../src/views/schedule/schedule.ts'
import { JobName } from '../../kit/job-name.tsx'
import { Table, type Column } from '../../kit/table.tsx'
import { Instant, placeOf, sayDay, sayTime } from '../../kit/time.tsx'

import { Calendar } from './calendar.tsx'

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
    {
      head: 'due, on its own clock',
      cell: (entry) => sayThere(entry, site.zone),
      sort: ({ dueAt }) => dueAt.getTime(),
    },
    { head: 'UTC', cell: ({ dueAt }) => <Instant at={dueAt} zone="UTC" show="time" bare />, weight: 2 },
    { head: 'job', cell: (entry) => <JobAndNote site={site} entry={entry} /> },
    { head: 'how often', cell: sayMore, weight: 2 },
  ]
  return (
    <section id="agenda" data-own-times>
      <h2>The coming {COMING_DAYS} days</h2>
      <p class="small faint">
        Days and times are those of {placeOf(site.zone)}; where a line is in another zone, its own time stands behind
        the job. ops-watch and the site's own build are not in it: they have no slots.{' '}
        <a href="calendar.ics">calendar.ics</a> has the coming {CALENDAR_DAYS} days, for any calendar.
      </p>
      {rows.length === 0 ? (
        <p class="empty">Slots appear here as soon as a workflow has a cron line in force.</p>
      ) : (
        <>
          <Calendar site={site} days={view.agenda} />
          <details>
            <summary>The same as a table, in each line’s own zone and UTC</summary>
            <Table
              caption={`What is due in the coming ${COMING_DAYS} days`}
              captionHidden
              columns={columns}
              rows={rows}
              empty=""
            />
          </details>
        </>
      )}
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
  return count > 1 ? `${count} times, the last ${sayTime(lastAt, zone)} ${placeOf(zone)}` : ''
}
