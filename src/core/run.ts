// What a run is, in words: its outcomes, its triggers, and what they mean for slots and exit codes.

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

/** Does a run that ends so serve its slot? */
export function serves(outcome: Outcome): boolean {
  return outcome === 'succeeded' || outcome === 'partial'
}

/** 0 the run did what it should, or rightly did nothing; 1 it failed. Misuse (2) never becomes a run. */
export function exitCodeOf(outcome: FinalOutcome): 0 | 1 {
  return outcome === 'failed' || outcome === 'cancelled' || outcome === 'abandoned' ? 1 : 0
}
