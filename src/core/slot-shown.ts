// Names the states that a slot is shown as, and counts slots by them: which are served, lost, covered or open, the same on every
// page. views/slot-state.ts works the state out, in SQL.

/** Words of the site's states that a slot can have. */
export type SlotShown =
  | 'on time'
  | 'early'
  | 'late'
  | 'rescued'
  | 'partial'
  | 'missed'
  | 'failed'
  | 'waived'
  | 'coalesced'
  | 'waiting'
  | 'running'

export const IN_TIME: readonly SlotShown[] = ['on time', 'early']
export const SERVED: readonly SlotShown[] = [...IN_TIME, 'late', 'rescued', 'partial']
export const LOST: readonly SlotShown[] = ['missed', 'failed']
/** Not to be served: waived, or covered by a later one. */
export const COVERED: readonly SlotShown[] = ['waived', 'coalesced']
export const OPEN: readonly SlotShown[] = ['running', 'waiting']

/** What went well comes first. */
export const BEST_FIRST: readonly SlotShown[] = [...SERVED, ...LOST, ...COVERED, ...OPEN]
export const WORST_FIRST: readonly SlotShown[] = [
  ...LOST,
  'late',
  'partial',
  'rescued',
  ...IN_TIME,
  ...OPEN,
  ...COVERED,
]

/** How many slots ended how, of a week, an hour or a league. */
export type StateCounts = Readonly<Partial<Record<SlotShown, number>>>

/** What many are called by. Undefined: there is none. */
export function worstOf(counts: StateCounts): SlotShown | undefined {
  return WORST_FIRST.find((state) => (counts[state] ?? 0) > 0)
}

/** How many are in one of the states. */
export function countOf(counts: StateCounts, states: readonly SlotShown[]): number {
  return states.reduce((all, state) => all + (counts[state] ?? 0), 0)
}

export function countAll(counts: StateCounts): number {
  return countOf(counts, BEST_FIRST)
}

/** Each as one, or as many as it stands for. */
export function countStates(slots: readonly { readonly state: SlotShown; readonly count?: number }[]): StateCounts {
  const counts: Partial<Record<SlotShown, number>> = {}
  for (const { state, count = 1 } of slots) counts[state] = (counts[state] ?? 0) + count
  return counts
}

export function addCounts(all: readonly StateCounts[]): StateCounts {
  const entries = all.flatMap((counts) => Object.entries(counts) as [SlotShown, number][])
  return countStates(entries.map(([state, count]) => ({ state, count })))
}
