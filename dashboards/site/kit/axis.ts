// Ticks at human places: durations at 1 s, 5 m or 2 h and not at 333,333 ms, counts at round numbers.

import { ticks } from 'd3-array'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 30].map((n) => n * DAY),
]

/** About `wanted` ticks between two durations, in milliseconds. */
export function durationTicks(least: number, most: number, wanted = 3): number[] {
  const step = STEPS.find((candidate) => (most - least) / candidate <= wanted) ?? 30 * DAY
  const first = Math.ceil(least / step)
  return Array.from({ length: Math.max(0, Math.floor(most / step) - first + 1) }, (_, i) => (first + i) * step)
}

/** About `wanted` ticks between two counts, whole ones only. */
export function countTicks(least: number, most: number, wanted = 3): number[] {
  return ticks(least, most, wanted).filter((tick) => Number.isInteger(tick))
}
