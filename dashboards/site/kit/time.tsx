// Instants and durations as every page says them: with zone and unit, machine-readable beside it.

import { placeOf, sayDay, sayTime } from './clock.ts'
import { sayRelative } from './relative.ts'

export { isOtherYear, placeOf, sayDay, sayTime } from './clock.ts'

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
