// Calendar days and months as pages say them: they have no time, and so no zone.

import { MONTHS, sayDayOf } from '../../../src/core/wording.ts'

/** `2026-11-19` as `Thu 19 Nov`, or its month as `Nov 2026` or `Nov`. */
export function sayDate(day: string, as: 'day' | 'month' | 'bare month' = 'day'): string {
  const date = new Date(`${day}T00:00Z`)
  const month = MONTHS[date.getUTCMonth()] ?? ''
  if (as === 'bare month') return month
  if (as === 'month') return `${month} ${date.getUTCFullYear()}`
  return sayDayOf(date)
}
