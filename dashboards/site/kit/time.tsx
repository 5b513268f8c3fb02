// Instants and durations as every page says them: with zone and unit, machine-readable beside it.

import { clockAt, isZone } from './clock.ts'
import { sayRelative } from './relative.ts'

export { sayMinutes } from './relative.ts'

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `New York` for America/New_York; `UTC (Mars/Olympus)` of a zone that nobody knows. */
export function placeOf(zone: string): string {
  if (!isZone(zone)) return `UTC (${zone})`
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone
}

/** Is this another year there than that? */
export function isOtherYear(at: Date, other: Date, zone: string): boolean {
  return clockAt(at, zone).year !== clockAt(other, zone).year
}

/** `Tue 19 Nov`, with the year when it is asked for. */
export function sayDay(at: Date, zone: string, year = false): string {
  const there = clockAt(at, zone)
  const day = `${there.weekday} ${there.day} ${MONTHS[there.month - 1] ?? ''}`
  return year ? `${day} ${there.year}` : day
}

/** `08:07`. */
export function sayTime(at: Date, zone: string): string {
  return clockAt(at, zone).time
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
