// The breaker of a source: stops calling one that keeps failing, and lets one run try now and then. Pure.

const MINUTE = 60_000

/** Failed runs in a row after which it opens. Each of them has tried several times by itself already. */
const OPENS_AFTER = 3
const FIRST_COOL_DOWN_MS = 30 * MINUTE
const LONGEST_COOL_DOWN_MS = 6 * 60 * MINUTE

export interface Breaker {
  readonly source: string
  readonly state: 'closed' | 'open' | 'half_open'
  /** Failed runs in a row. */
  readonly failures: number
  /** Half-open trials that failed since it was last closed. */
  readonly trials: number
  readonly openedAt: Date | undefined
  /** When the next run may try. */
  readonly tryAt: Date | undefined
  readonly reason: string | undefined
}

/** What a gate has to know of a breaker: whether the run that may try is still at it. */
export interface SeenBreaker extends Breaker {
  readonly onTrial: boolean
  /** The run that may try, or tried last: whoever wants to be the next must know it. */
  readonly trialRunId: string | undefined
}

/** The breaker after a run that this source failed. */
export function afterFailure(breaker: Breaker, reason: string, at: Date): Breaker {
  const failures = breaker.failures + 1
  if (breaker.state === 'closed' && failures < OPENS_AFTER) return { ...breaker, failures, reason }
  // Of a run that was under way when it opened, nobody can say that it tried.
  const trials = breaker.state === 'half_open' ? breaker.trials + 1 : breaker.trials
  const coolDown = Math.min(FIRST_COOL_DOWN_MS * 2 ** trials, LONGEST_COOL_DOWN_MS)
  const openedAt = breaker.state === 'closed' ? at : (breaker.openedAt ?? at)
  return { ...breaker, state: 'open', failures, trials, openedAt, tryAt: new Date(at.getTime() + coolDown), reason }
}

/** The breaker of a source that answered. */
export function closedBreaker(source: string): Breaker {
  return { source, state: 'closed', failures: 0, trials: 0, openedAt: undefined, tryAt: undefined, reason: undefined }
}

/** The first breaker that is in the way now: open before its time, or open while another run tries. */
export function findBlocking(breakers: readonly SeenBreaker[], now: Date): SeenBreaker | undefined {
  return breakers.find((breaker) => {
    if (breaker.state === 'half_open') return breaker.onTrial
    return breaker.state === 'open' && breaker.tryAt !== undefined && breaker.tryAt > now
  })
}
