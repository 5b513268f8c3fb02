// What a wall clock shows at an instant, in any zone, and how pages say it: by Intl, which the browser has too, and which is
// quick enough for every slot of a frequent job (a conversion takes about 3 us; by Temporal's polyfill it takes 80).

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

interface WallClock {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** `Tue`. */
  readonly weekday: string
  /** `08:07`. */
  readonly time: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** UTC where the zone is unknown: one that a line was in once may be none by today's rules, or newer than a reader's browser. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: isZone(zone) ? zone : 'UTC', weekday: 'short', day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) // prettier-ignore
  formats.set(zone, format)
  return format
}

const zones = new Map<string, boolean>()

/** Does this machine know the zone? */
function isZone(zone: string): boolean {
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

function clockAt(at: Date, zone: string): WallClock {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    weekday: parts.weekday ?? '',
    time: `${parts.hour ?? ''}:${parts.minute ?? ''}`,
  }
}

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
