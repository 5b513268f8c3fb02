// calendar.ics, as RFC 5545 has it: an event a slot, in UTC, with an id that stays.

import { CALENDAR_DAYS } from '../../../src/core/windows.ts'
import { sayMinutes } from '../../../src/core/wording.ts'
import type { ViewContext } from '../../../src/views/context.ts'
import type { CalendarSlot, FeedsView } from '../../../src/views/feeds/feeds.ts'
import type { SiteFile } from '../build.ts'
import { placeOf, sayTime } from '../kit/time.tsx'

/** Of a content line, without its end (RFC 5545, 3.1). */
const MOST_OCTETS = 75

/** `calendar.ics`. */
export function renderCalendar(site: ViewContext, { calendar, tooOften }: FeedsView): SiteFile {
  const about = [
    `What is due in the coming ${CALENDAR_DAYS} days.`,
    ...(tooOften.length > 0 ? [`Left out, for being due all day long: ${tooOften.join(', ')}.`] : []),
    ...(site.simulated ? ['Simulated.'] : []),
  ].join(' ')
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Matchday//Schedule//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escape(`Matchday ${site.environment}`)}`,
    `X-WR-CALDESC:${escape(about)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:P1D',
    ...calendar.flatMap((slot) => eventOf(site, slot)),
    'END:VCALENDAR',
  ]
  return { path: 'calendar.ics', text: lines.map((line) => `${fold(line)}\r\n`).join('') }
}

function eventOf(site: ViewContext, slot: CalendarSlot): string[] {
  const { job, title, dueAt, zone, graceMinutes, deadlineMinutes } = slot
  const description = [
    `${title}.`,
    `Due ${sayTime(dueAt, zone)} ${placeOf(zone)}.`,
    `Started by then or rescued after ${sayMinutes(graceMinutes)}; missed after ${sayMinutes(deadlineMinutes)}.`,
  ].join('\n')
  return [
    'BEGIN:VEVENT',
    // A slot is a job and a moment: the same event in every build.
    `UID:${job.replace('/', '-')}-${toUtc(dueAt)}@${site.environment}.matchday`,
    `DTSTAMP:${toUtc(site.now)}`,
    `DTSTART:${toUtc(dueAt)}`,
    `DTEND:${toUtc(new Date(dueAt.getTime() + graceMinutes * 60_000))}`,
    `SUMMARY:${escape(job)}`,
    `DESCRIPTION:${escape(description)}`,
    `CATEGORIES:${escape(job.split('/')[0] ?? job)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ]
}

/** `20261124T130700Z`. */
const toUtc = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')

/** Of a text value: backslash, semicolon, comma and line breaks (RFC 5545, 3.3.11); other control characters may not be. */
function escape(text: string): string {
  return text
    .replaceAll(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}

/** Breaks a line after at most 75 octets, never within a character; what follows begins with a space. */
function fold(line: string): string {
  const lines: string[] = []
  let current = ''
  let octets = 0
  for (const character of line) {
    const size = new TextEncoder().encode(character).length
    if (octets + size > MOST_OCTETS) {
      lines.push(current)
      current = ' '
      octets = 1
    }
    current += character
    octets += size
  }
  return [...lines, current].join('\r\n')
}
