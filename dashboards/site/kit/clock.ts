// What a wall clock shows at an instant, in any zone, and how pages say it, by what the browser has too.

import { sayDayOf, sayPlace, sayTimeOf } from '../../../src/core/wording.ts'
import { isZone, wallClock } from '../../../src/core/zone.ts'

/** UTC where the zone is unknown: one that a line was in once may be none by today's rules, or newer than a reader's browser. */
const shownAt = (at: Date, zone: string) => wallClock(at, isZone(zone) ? zone : 'UTC')

/** `New York` for America/New_York; `UTC (Mars/Olympus)` of a zone that nobody knows. */
export function placeOf(zone: string): string {
  if (!isZone(zone)) return `UTC (${zone})`
  return sayPlace(zone)
}

/** Is this another year there than that? */
export function isOtherYear(at: Date, other: Date, zone: string): boolean {
  return shownAt(at, zone).getUTCFullYear() !== shownAt(other, zone).getUTCFullYear()
}

/** `Tue 19 Nov`, with the year when it is asked for. */
export function sayDay(at: Date, zone: string, year = false): string {
  const there = shownAt(at, zone)
  return year ? `${sayDayOf(there)} ${there.getUTCFullYear()}` : sayDayOf(there)
}

/** `08:07`. */
export function sayTime(at: Date, zone: string): string {
  return sayTimeOf(shownAt(at, zone))
}

export interface Moment {
  readonly at: Date
  readonly zone: string
  /** The instant of the build. */
  readonly now: Date
  /** Say the place too: `New York`; that of a zone which nobody knows is said anyhow. */
  readonly placed?: boolean
}

/** `Tue 19 Nov 08:07`, or `Tue 19 Nov 2024 08:07` of another year. */
export function sayWhen({ at, zone, now, placed = false }: Moment): string {
  const place = placed || !isZone(zone) ? ` ${placeOf(zone)}` : ''
  return `${sayDay(at, zone, isOtherYear(at, now, zone))} ${sayTime(at, zone)}${place}`
}
