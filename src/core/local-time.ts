// The instant of a local time in an IANA zone: at which moment is it 13:00 there on that day.

import { Temporal } from 'temporal-polyfill'

/** The instant of a wall-clock time (`HH:MM`) on a day (`YYYY-MM-DD`) in a zone. In a skipped hour it moves forward by
 *  the gap, of a repeated hour it is the first ("compatible" in Temporal's words). Throws RangeError on nonsense. */
export function instantAt(day: string, time: string, zone: string): Date {
  const local = Temporal.PlainDateTime.from(`${day}T${time}`)
  return new Date(local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
}
