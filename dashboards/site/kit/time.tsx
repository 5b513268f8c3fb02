// Instants and durations as every page says them: with zone and unit, machine-readable beside it.

import { Temporal } from 'temporal-polyfill'

import { sayRelative } from './relative.ts'

export { sayMinutes } from './relative.ts'

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** UTC where the zone is unknown: one that a line was in once may be none by today's rules, and must not stop a build. */
function inZone(at: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(isZone(zone) ? zone : 'UTC')
}

const known = new Map<string, boolean>()

function isZone(zone: string): boolean {
  const answer = known.get(zone) ?? isKnown(zone)
  known.set(zone, answer)
  return answer
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false // RangeError is how Intl says no
  }
}

/** `New York` for America/New_York; `UTC (Mars/Olympus)` of a zone that nobody knows. */
export function placeOf(zone: string): string {
  if (!isZone(zone)) return `UTC (${zone})`
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
}

/** Is this another year there than that? */
export function isOtherYear(at: Date, other: Date, zone: string): boolean {
  return inZone(at, zone).year !== inZone(other, zone).year
}

/** `Tue 19 Nov`, with the year when it is asked for. */
export function sayDay(at: Date, zone: string, year = false): string {
  const there = inZone(at, zone)
  const day = `${WEEKDAYS[there.dayOfWeek - 1] ?? ''} ${there.day} ${MONTHS[there.month - 1] ?? ''}`
  return year ? `${day} ${there.year}` : day
}

/** `08:07`. */
export function sayTime(at: Date, zone: string): string {
  return inZone(at, zone).toPlainTime().toString().slice(0, 5)
}

export interface InstantProps {
  readonly at: Date
  readonly zone: string
  /** time: 08:07; day: Tue 19 Nov; both (the default): Tue 19 Nov 08:07. */
  readonly show?: 'time' | 'day' | 'both'
  /** Leave the place out where a heading says it. */
  readonly bare?: boolean
}

/** An instant; the script adds the reader's own time to its title. */
export function Instant({ at, zone, show = 'both', bare = false }: InstantProps) {
  const day = show === 'time' ? '' : sayDay(at, zone)
  const time = show === 'day' ? '' : sayTime(at, zone)
  const place = bare || show === 'day' ? '' : placeOf(zone)
  return <time dateTime={at.toISOString()}>{[day, time, place].filter(Boolean).join(' ')}</time>
}

/** How long ago, or in how long, as of the build: the script keeps it true. */
export function Relative({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} data-relative>
      {sayRelative(at.getTime() - now.getTime())}
    </time>
  )
}
