// How many slots ended how, of a week, an hour or a league: counts by what they are shown as.

import type { SlotShown } from './slot-state.ts'

export type StateCounts = Readonly<Partial<Record<SlotShown, number>>>

/** The worst first. */
const WORST_FIRST: readonly SlotShown[] = ['missed', 'failed', 'late', 'partial', 'rescued', 'on time', 'early', 'running', 'waiting', 'waived', 'coalesced'] // prettier-ignore

/** What many are called by. Undefined: there is none. */
export function worstOf(counts: StateCounts): SlotShown | undefined {
  return WORST_FIRST.find((state) => (counts[state] ?? 0) > 0)
}

export function countAll(counts: StateCounts): number {
  return Object.values(counts).reduce((all, count) => all + count, 0)
}

export function addCounts(all: readonly StateCounts[]): StateCounts {
  const sum: Partial<Record<SlotShown, number>> = {}
  for (const counts of all)
    for (const state of WORST_FIRST) if (counts[state]) sum[state] = (sum[state] ?? 0) + counts[state]
  return sum
}
