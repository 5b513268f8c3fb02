// What a wall clock shows at an instant, in any zone: by Intl, which the browser has too, and which is quick enough for every
// slot of a frequent job (a conversion takes about 3 us; by Temporal's polyfill it takes 80).

export interface WallClock {
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

/** UTC where the zone is unknown: one that a line was in once may be none by today's rules, and must not stop a build. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: isZone(zone) ? zone : 'UTC', weekday: 'short', day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) // prettier-ignore
  formats.set(zone, format)
  return format
}

const zones = new Map<string, boolean>()

/** Does this machine know the zone? */
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

/** The clock of a zone at an instant. */
export function clockAt(at: Date | number, zone: string): WallClock {
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
