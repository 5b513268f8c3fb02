// The slow, obvious way to find slots, for comparison: walk through every minute, look at the wall clock, and remember
// which wall-clock minutes have been shown. It shares no code and no library with src/schedule/cron.ts.

/** A cron line as sets; undefined days stand for "*". */
export interface PlainFields {
  minutes: number[]
  hours: number[]
  days: number[] | undefined
  weekdays: number[] | undefined
}

const MINUTE = 60_000

/** Slots after `after` and up to `until`, found by walking from a day before. */
export function slotsByWalking(fields: PlainFields, zone: string, span: { after: Date; until: Date }): Date[] {
  const slots: Date[] = []
  const start = Math.floor(span.after.getTime() / MINUTE) * MINUTE - 1440 * MINUTE
  let shown = wallMinute(start - MINUTE, zone)
  for (let at = start; at <= span.until.getTime(); at += MINUTE) {
    const wall = wallMinute(at, zone)
    // Every wall-clock minute up to this one that was not shown yet is shown, or skipped, now.
    const fresh = Array.from({ length: Math.max(0, wall - shown) }, (_, index) => shown + 1 + index)
    if (at > span.after.getTime() && fresh.some((minute) => matches(fields, minute))) slots.push(new Date(at))
    shown = Math.max(shown, wall)
  }
  return slots
}

function matches({ minutes, hours, days, weekdays }: PlainFields, wall: number): boolean {
  const date = new Date(wall * MINUTE)
  if (!minutes.includes(date.getUTCMinutes()) || !hours.includes(date.getUTCHours())) return false
  const onDay = days?.includes(date.getUTCDate())
  const onWeekday = weekdays?.includes(date.getUTCDay())
  if (onDay === undefined) return onWeekday ?? true
  return onDay || (onWeekday ?? false)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The wall clock at an instant, as minutes since 1970 of a clock that shows the same in UTC. */
function wallMinute(at: number, zone: string): number {
  const format = formats.get(zone) ?? newFormat(zone)
  formats.set(zone, format)
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute) / MINUTE
}

function newFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
}
