// Defines a run in words: its outcomes, its triggers, and what they mean for slots and exit codes.

export type Outcome =
  | 'running'
  | 'succeeded'
  | 'partial' // usable; some items failed
  | 'not_ready' // the source has nothing yet
  | 'gated' // there was a reason not to run now
  | 'failed'
  | 'cancelled'
  | 'abandoned' // silent past its lease: the process was never heard of again
export type FinalOutcome = Exclude<Outcome, 'running'>

export const TRIGGERS = ['schedule', 'chain', 'manual', 'rerun', 'request'] as const
/** What woke the job: GitHub's cron, a parent's end, a person, the Actions tab's re-run, a request of ops-watch. */
export type Trigger = (typeof TRIGGERS)[number]

/** Retention removes runs that went well, and wake-ups that were gated, after so many days; what did not end well stays. */
export const GOOD_RUN_DAYS = 14

/** A run that ends so serves its slot. */
export const SERVING: readonly Outcome[] = ['succeeded', 'partial']
/** A run that ends so did not end well: retention keeps it, and Failures tells of it. */
export const UNWELL: readonly Outcome[] = ['failed', 'partial', 'abandoned', 'cancelled']

/** Does a run that ends so serve its slot? */
export function serves(outcome: Outcome): boolean {
  return SERVING.includes(outcome)
}

/** Did a run that ends so fail, rather than serve in part? */
export function isFailure(outcome: Outcome): boolean {
  return UNWELL.includes(outcome) && !serves(outcome)
}

/** Did a run that ends so do all that there was to do? */
export function endedWell(outcome: Outcome): boolean {
  return outcome === 'succeeded' || outcome === 'not_ready'
}

/** 0 the run did what it should, or rightly did nothing; 1 it failed. Misuse (2) never becomes a run. */
export function exitCodeOf(outcome: FinalOutcome): 0 | 1 {
  return isFailure(outcome) ? 1 : 0
}
