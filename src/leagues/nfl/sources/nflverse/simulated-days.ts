// Arithmetic of `YYYY-MM-DD` days, as in core/zone.ts but a hundred times as fast: a simulated league asks it 20,000 times.

const DAY_MS = 86_400_000

/** Days since 1970. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS
}

/** The day `count` days later. */
export function addDays(day: string, count: number): string {
  return new Date((dayNumber(day) + count) * DAY_MS).toISOString().slice(0, 10)
}
