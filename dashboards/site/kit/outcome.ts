// How a run ended, as a state that pages show.

import type { ShownState } from './state.tsx'

/** The state that an outcome of the ledger shows as. */
export function shownOutcome(outcome: string): ShownState {
  return (outcome === 'not_ready' ? 'not ready' : outcome) as ShownState
}
