// Local time in IANA zones, and days, as pure arithmetic: what does the clock show there, which day is it, how many days lie between.
// With nothing but Intl, because every door asks; the instant of a local time is found in local-time.ts.

const DAY_MS = 86_400_000
const clocks = new Map<string, Intl.DateTimeFormat>()

/** What the wall clock of a zone shows at an instant, to the second, as the Date that shows it in UTC. */
export function wallClock(at: Date, zone: string): Date {
  if (zone === 'UTC') return at
  const parts = clockOf(zone).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  return new Date(Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')))
}

/** Made once a zone, for it takes milliseconds. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  clocks.set(zone, made)
  return made
}

/** The calendar day, `YYYY-MM-DD`, at an instant in a zone. */
export function localDay(at: Date, zone: string): string {
  return toDay(wallClock(at, zone))
}

/** The day `count` days after (or before, if negative) a `YYYY-MM-DD` day. */
export function addDays(day: string, count: number): string {
  return toDay(new Date(startOf(day) + count * DAY_MS))
}

/** Whole days from one `YYYY-MM-DD` day to another. */
export function daysBetween(from: string, to: string): number {
  return (startOf(to) - startOf(from)) / DAY_MS
}

const toDay = (at: Date) => at.toISOString().slice(0, 10)

/** Throws RangeError on what is no day, the 30th of February among it. */
function startOf(day: string): number {
  const at = new Date(`${day}T00:00:00Z`)
  if (toDay(at) !== day) throw new RangeError(`"${day}" is no day: expected YYYY-MM-DD`)
  return at.getTime()
}

const zones = new Map<string, boolean>()

/** Does the running JavaScript engine know this IANA zone? */
export function isZone(zone: string): boolean {
  const known = zones.get(zone) ?? isKnown(zone)
  zones.set(zone, known)
  return known
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false // RangeError is how Intl says no
  }
}
