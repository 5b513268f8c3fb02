// Slots counted by what they are shown as: which states are served, lost, covered or open, one definition for all pages.

import type { SlotShown } from './slot-state.ts'

export type StateCounts = Readonly<Partial<Record<SlotShown, number>>>

export const IN_TIME: readonly SlotShown[] = ['on time', 'early']
export const SERVED: readonly SlotShown[] = [...IN_TIME, 'late', 'rescued', 'partial']
export const LOST: readonly SlotShown[] = ['missed', 'failed']
/** Not to be served: waived, or covered by a later one. */
export const COVERED: readonly SlotShown[] = ['waived', 'coalesced']
export const OPEN: readonly SlotShown[] = ['running', 'waiting']

/** The worst first. */
export const WORST_FIRST: readonly SlotShown[] = ['missed', 'failed', 'late', 'partial', 'rescued', 'on time', 'early', 'running', 'waiting', 'waived', 'coalesced'] // prettier-ignore

/** How many are in one of the states. */
export function countOf(counts: StateCounts, states: readonly SlotShown[]): number {
  return states.reduce((all, state) => all + (counts[state] ?? 0), 0)
}

export function countAll(counts: StateCounts): number {
  return countOf(counts, WORST_FIRST)
}

/** What pages call an hour or a day of them by. Undefined: there is none. */
export function worstOf(counts: StateCounts): SlotShown | undefined {
  return WORST_FIRST.find((state) => (counts[state] ?? 0) > 0)
}

export function countStates(slots: readonly { readonly state: SlotShown }[]): StateCounts {
  const counts: Partial<Record<SlotShown, number>> = {}
  for (const { state } of slots) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

export function addCounts(all: readonly StateCounts[]): StateCounts {
  const sum: Partial<Record<SlotShown, number>> = {}
  for (const counts of all)
    for (const state of WORST_FIRST) if (counts[state]) sum[state] = (sum[state] ?? 0) + counts[state]
  return sum
}
