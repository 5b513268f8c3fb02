// Retry as data and one pure function. Inside a process a retry is a span; as a new run it is the next of its chain.

const SECOND = 1000
const MINUTE = 60 * SECOND

export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attempts: number
  readonly firstDelayMs: number
  readonly factor: number
  readonly maxDelayMs: number
}

/** Inside a run, for providers that stumble: 30, 60 and 120 s between four tries. */
export const inProcess: RetryPolicy = { attempts: 4, firstDelayMs: 30 * SECOND, factor: 2, maxDelayMs: 2 * MINUTE }

/** Between runs, for whatever may be temporary: three more, half an hour apart; what goes on for longer is asked for ever more
 *  rarely, and only its deadline ends it. */
const BETWEEN_RUNS_MS = 30 * MINUTE
const HALF_HOURLY_RETRIES = 3
/** An item that failed in so many runs is tried again by itself no more. */
export const ITEM_RUNS = 3
const LONGEST_BETWEEN_RUNS_MS = 4 * 60 * MINUTE

/** Milliseconds until reconcile may start the run after this attempt. `spread` in [0, 1) keeps two jobs from returning
 *  together; what a provider asked for wins when it is longer. */
export function delayBeforeNextRun(
  ended: { attempt: number; retryAfterSeconds?: number | undefined },
  spread: number,
): number {
  const doublings = Math.max(0, ended.attempt - HALF_HOURLY_RETRIES)
  const grown = Math.min(BETWEEN_RUNS_MS * 2 ** doublings, LONGEST_BETWEEN_RUNS_MS)
  return Math.max(grown * (0.9 + 0.2 * spread), (ended.retryAfterSeconds ?? 0) * SECOND)
}

/** A dispatched run writes itself down within a minute or two; one that has not for this long does not come. */
export const RUN_COMES_WITHIN_MS = 10 * MINUTE
/** Of a request: then its runs are lost, and people have to look. */
export const ASKS_BEFORE_LOST = 3

/** Milliseconds until what was asked for so often may be asked for again: ten minutes three times, then ever more rarely. */
export function delayBeforeNextAsk(asks: number): number {
  const doublings = Math.max(0, asks - ASKS_BEFORE_LOST)
  return Math.min(RUN_COMES_WITHIN_MS * 2 ** doublings, LONGEST_BETWEEN_RUNS_MS)
}

/** A provider that asks for a longer pause is not waited for inside a run: the run fails and its slot stays due. */
const LONGEST_WAIT_MS = 10 * MINUTE

/** Milliseconds until the next try, or undefined: give up. `spread` in [0, 1) keeps two runs from returning together;
 *  `retryAfterSeconds` (what the provider asked for) wins when it is longer. */
export function delayBeforeNext(
  policy: RetryPolicy,
  failed: { attempt: number; retryable: boolean; retryAfterSeconds?: number | undefined },
  spread: number,
): number | undefined {
  if (!failed.retryable || failed.attempt >= policy.attempts) return undefined
  const grown = Math.min(policy.firstDelayMs * policy.factor ** (failed.attempt - 1), policy.maxDelayMs)
  const asked = (failed.retryAfterSeconds ?? 0) * SECOND
  if (asked > LONGEST_WAIT_MS) return undefined
  return Math.max(grown * (0.9 + 0.2 * spread), asked)
}
