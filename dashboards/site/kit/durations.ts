// Milliseconds in the cells of tables, for pages and for the browser's side alike: a dash where there are none, lateness signed.

import { sayDuration } from '../../../src/core/wording.ts'

/** `3.2 s`, `2 h 40 m`; `–` where there is none. */
export function sayMs(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '–' : sayDuration(ms)
}

/** Lateness in a cell: `+2 m`, `−5 h 57 m`, `0 m` within half a minute; `–` where there is none. */
export function sayLate(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (Math.abs(ms) < 30_000) return '0 m'
  return `${ms > 0 ? '+' : '−'}${sayDuration(Math.max(Math.abs(ms), 60_000))}`
}

/** The same of minutes. */
export const sayLateMinutes = (minutes: number): string => sayLate(minutes * 60_000)
