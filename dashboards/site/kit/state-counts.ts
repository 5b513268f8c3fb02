import { sayCount } from '../../../src/core/wording.ts'
// How many slots ended how, in words.

import type { StateCounts } from '../../../src/views/slot-counts.ts'
import type { SlotShown } from '../../../src/views/slot-state.ts'

import { lookOf } from './state.tsx'

const IN_ORDER: readonly SlotShown[] = ['on time', 'early', 'late', 'rescued', 'partial', 'missed', 'failed', 'waived', 'coalesced', 'running', 'waiting'] // prettier-ignore

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
  return IN_ORDER.flatMap((state) => (counts[state] ? [{ state, count: counts[state] }] : []))
}
