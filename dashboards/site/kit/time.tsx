// Instants and durations as every page says them: with zone and unit, machine-readable beside it.

import { Temporal } from 'temporal-polyfill'

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function inZone(at: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
}

/** `New York` for America/New_York. */
export function placeOf(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
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

/** `3 m ago`, `in 3 h 12 m`. */
function sayRelative(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 1) return 'now'
  const text = sayMinutes(minutes)
  return ms < 0 ? `${text} ago` : `in ${text}`
}

/** `41 m`, `2 h 40 m`, `3 d 2 h`. */
export function sayMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} m`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} m` : ''}`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ''}`
}
