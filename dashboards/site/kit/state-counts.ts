import { BEST_FIRST, type SlotShown, type StateCounts } from '../../../src/core/slot-shown.ts'
// How many slots ended how, in words.

import { sayCount } from '../../../src/core/wording.ts'

import { lookOf } from './state.tsx'

/** `● 1,021 on time, ✕ 2 missed`: what the glyphs mean is said with the counts. */
export function sayCounts(counts: StateCounts): string {
  return listCounts(counts)
    .map(({ state, count }) => `${lookOf(state).glyph} ${sayCount(count)} ${state}`)
    .join(', ')
}

/** `10 on time, 1 rescued, 1 missed`. */
export function sayPlainCounts(counts: StateCounts): string {
  return listCounts(counts)
    .map(({ state, count }) => `${sayCount(count)} ${state}`)
    .join(', ')
}

/** What is none is left out; what went well comes first. */
export function listCounts(counts: StateCounts): { state: SlotShown; count: number }[] {
  return BEST_FIRST.flatMap((state) => (counts[state] ? [{ state, count: counts[state] }] : []))
}
