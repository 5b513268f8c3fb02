// How long ago, or in how long: the same words where a page is built and where it is read.

import { sayMinutes } from '../../../src/core/wording.ts'

/** `3 m ago`, `in 3 h 12 m`; negative is ago. */
export function sayRelative(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 1) return 'now'
  const text = sayMinutes(minutes)
  return ms < 0 ? `${text} ago` : `in ${text}`
}
