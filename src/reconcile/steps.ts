// The steps of a pass, each alone: what one throws is kept as a sentence, and the others go on.

import { toErrorRecord } from '../core/errors.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

/** A step that failed: what it was, as a noun, and why. */
export interface StepFailure {
  readonly step: string
  readonly why: string
  /** A question that GitHub did not answer, which may be temporary; everything else is the pass's own trouble. */
  readonly ofGithub: boolean
}

export interface Steps {
  /** In the order in which they came. */
  readonly failures: readonly StepFailure[]
  /** Does a step. Gives `otherwise` when it threw, or when the time of the pass is over. */
  take<T, U>(step: string, work: () => Promise<T>, otherwise: U): Promise<T | U>
  /** Asks GitHub something. When it has not answered for some questions in a row, it is asked no more. */
  askGithub<T, U>(step: string, work: () => Promise<T>, otherwise: U): Promise<T | U>
  /** Does a step however late it is: telling people, and letting the lease go. */
  takeLast<T, U>(step: string, work: () => Promise<T>, otherwise: U): Promise<T | U>
}

export interface StepsParts {
  /** An error as a person reads it. */
  readonly explain: (error: unknown) => string
  readonly log: Log
}

/** Each unanswered question may take its whole deadline. */
const UNANSWERED_IN_A_ROW = 3
/** GitHub ends a pass after ten minutes, and people are to be told within five. */
const BUDGET_MS = 4 * 60_000

/** Steps that begin now. */
export function createSteps({ explain, log }: StepsParts): Steps {
  const failures: StepFailure[] = []
  const began = monotonicMs()
  let unanswered = 0
  const fail = (failure: StepFailure) => {
    failures.push(failure)
    log.warn('a step of the pass failed; the others go on', { step: failure.step, cause: failure.why })
  }
  const attempt = async <T, U>(step: string, work: () => Promise<T>, otherwise: U): Promise<T | U> => {
    try {
      return await work()
    } catch (error) {
      fail({ step, why: explain(error), ofGithub: false })
      return otherwise
    }
  }
  return {
    failures,
    takeLast: attempt,
    async take(step, work, otherwise) {
      if (monotonicMs() - began < BUDGET_MS) return await attempt(step, work, otherwise)
      fail({ step, why: `the pass had no time left for it: expected less than ${BUDGET_MS / 60_000} minutes until here. The next pass does it.`, ofGithub: false }) // prettier-ignore
      return otherwise
    },
    async askGithub(step, work, otherwise) {
      if (unanswered >= UNANSWERED_IN_A_ROW || monotonicMs() - began >= BUDGET_MS) return otherwise
      try {
        const answer = await work()
        unanswered = 0
        return answer
      } catch (error) {
        const { kind, retryable } = toErrorRecord(error)
        const ofGithub = kind === 'SourceFailure'
        if (ofGithub && retryable) unanswered += 1
        fail({ step, why: explain(error), ofGithub })
        return otherwise
      }
    },
  }
}
