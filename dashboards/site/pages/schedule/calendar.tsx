// What is due in the coming days, a cell a day: the picture of which agenda.tsx is the table.

import type { ViewContext } from '../../../../src/views/context.ts'
import type { AgendaDay, AgendaEntry } from '../../../../src/views/schedule/agenda.ts'
import { sayDate } from '../../kit/dates.ts'
import { JobName } from '../../kit/job-name.tsx'
import { placeOf, sayDay, sayTime } from '../../kit/time.tsx'

export interface CalendarProps {
  readonly site: ViewContext
  readonly days: readonly AgendaDay[]
}

export function Calendar({ site, days }: CalendarProps) {
  return (
    <ol class="calendar">
      {days.map(({ day, entries }, i) => (
        <li class={i === 0 ? 'present' : undefined}>
          <h3>
            {sayDate(day)}
            {i === 0 && <span class="faint"> today</span>}
          </h3>
          {entries.length === 0 ? (
            <p class="faint">{i === 0 ? 'nothing more' : 'nothing'}</p>
          ) : (
            <ul>
              {entries.map((entry) => (
                <Entry site={site} entry={entry} />
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  )
}

function Entry({ site, entry }: { site: ViewContext; entry: AgendaEntry }) {
  const { job, dueAt, lastAt, count, open, note } = entry
  return (
    <li class={open ? undefined : 'faint'}>
      <time dateTime={dueAt.toISOString()}>{sayTime(dueAt, site.zone)}</time>
      {count > 1 && (
        <>
          –<time dateTime={lastAt.toISOString()}>{sayTime(lastAt, site.zone)}</time>
        </>
      )}{' '}
      {!open && (
        <span title={note}>
          <span aria-hidden="true">– </span>
        </span>
      )}
      <JobName site={site} job={job} />
      <span class="faint">
        {count > 1 && ` ${count.toLocaleString('en-US')} times`}
        {saidElsewhere(site, entry)}
        {!open && note !== undefined && ` ${note}`}
      </span>
    </li>
  )
}

/** ` Sat 04:07 Sydney`, where the line is in another zone than the page: the weekday only where that is another one there. */
function saidElsewhere({ zone: home }: ViewContext, { dueAt, zone, count }: AgendaEntry): string {
  if (zone === home || count > 1) return ''
  const [weekday] = sayDay(dueAt, zone) === sayDay(dueAt, home) ? [] : sayDay(dueAt, zone).split(' ')
  return ` ${[weekday, sayTime(dueAt, zone), placeOf(zone)].filter(Boolean).join(' ')}`
}
