// Slots counted by what they are shown as: which states are served, lost, covered or open, the same on every page.

import type { StateCounts } from '../../../src/views/slot-counts.ts'
import type { SlotShown } from '../../../src/views/slot-state.ts'

export const IN_TIME: readonly SlotShown[] = ['on time', 'early']
export const SERVED: readonly SlotShown[] = [...IN_TIME, 'late', 'rescued', 'partial']
export const LOST: readonly SlotShown[] = ['missed', 'failed']
/** Not to be served: waived, or covered by a later one. */
export const COVERED: readonly SlotShown[] = ['waived', 'coalesced']
export const OPEN: readonly SlotShown[] = ['running', 'waiting']

/** How many are in one of the states. */
export function countOf(counts: StateCounts, states: readonly SlotShown[]): number {
  return states.reduce((all, state) => all + (counts[state] ?? 0), 0)
}

export function countAll(counts: StateCounts): number {
  return countOf(counts, [...SERVED, ...LOST, ...COVERED, ...OPEN])
}

/** Each as one, or as many as it stands for. */
export function countStates(slots: readonly { readonly state: SlotShown; readonly count?: number }[]): StateCounts {
  const counts: Partial<Record<SlotShown, number>> = {}
  for (const { state, count = 1 } of slots) counts[state] = (counts[state] ?? 0) + count
  return counts
}

export function addCounts(all: readonly StateCounts[]): StateCounts {
  return countStates(all.flatMap((counts) => (Object.entries(counts) as [SlotShown, number][]).map(([state, count]) => ({ state, count })))) // prettier-ignore
}
