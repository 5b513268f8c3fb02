// Local time in IANA zones, as pure arithmetic: which day is it there, and which instant is 13:00 there.

import { Temporal } from 'temporal-polyfill'

/** The calendar day, `YYYY-MM-DD`, at an instant in a zone. */
export function localDay(at: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString()
}

/** The instant of a wall-clock time (`HH:MM`) on a day (`YYYY-MM-DD`) in a zone. In a skipped hour it moves forward by
 *  the gap, of a repeated hour it is the first ("compatible" in Temporal's words). Throws RangeError on nonsense. */
export function instantAt(day: string, time: string, zone: string): Date {
  const local = Temporal.PlainDateTime.from(`${day}T${time}`)
  return new Date(local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
}

/** The day `count` days after (or before, if negative) a `YYYY-MM-DD` day. */
export function addDays(day: string, count: number): string {
  return Temporal.PlainDate.from(day).add({ days: count }).toString()
}

/** Whole days from one `YYYY-MM-DD` day to another. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days
}

/** Does the running JavaScript engine know this IANA zone? */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false // RangeError is how Intl says no
  }
}
