// Patience: work that is tried again on whatever may be temporary, with growing pauses, until a moment. In real time, also in a
// replay: what is away is away whatever its clock says.

import { setTimeout as wait } from 'node:timers/promises'

import { mayPass } from '../core/finality.ts'
import { monotonicMs } from './clock.ts'

export interface Pauses {
  readonly firstMs: number
  /** Each pause is twice the one before it, up to this. */
  readonly longestMs: number
}

/** A quarter of a second, doubled up to a quarter of a minute: a server that restarts is met soon after it is back. */
const PAUSES: Pauses = { firstMs: 250, longestMs: 15_000 }

export interface PatienceOptions {
  readonly pauses?: Pauses | undefined
  /** For how long, from the first failure on. Asked for only then: most work needs no patience. */
  readonly forMs: () => number | Promise<number>
  /** Is this worth another try? Whatever may be temporary, unless told otherwise. */
  readonly worthIt?: (error: unknown) => boolean
  /** Told of every failure that another try follows. */
  readonly onFailure: (error: unknown, pauseMs: number) => void
  /** When it is aborted no more than `lastWordsMs` are left. */
  readonly signal: AbortSignal
  readonly lastWordsMs: number
}

/** Does the work until it succeeds and returns what it returned; `attempt` counts from 1. Throws what the last try threw,
 *  once that is final or the time is over. */
export type Patience = <T>(work: (attempt: number) => Promise<T>) => Promise<T>

/** Makes patience. Its time begins with the first failure of any work that it is used for, and is for all of it. */
export function createPatience(options: PatienceOptions): Patience {
  const { pauses = PAUSES, worthIt = mayPass, signal, lastWordsMs } = options
  let until: number | undefined
  const timeLeft = async () => {
    until ??= monotonicMs() + (await options.forMs())
    if (signal.aborted) until = Math.min(until, monotonicMs() + lastWordsMs)
    return until - monotonicMs()
  }
  return async (work) => {
    let pauseMs = pauses.firstMs
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(attempt)
      } catch (error) {
        if (!worthIt(error) || (await timeLeft()) <= pauseMs) throw error
        options.onFailure(error, pauseMs)
      }
      const wasAborted = signal.aborted
      await pause(pauseMs, signal)
      // Told to stop in the middle of a pause: what is left of the time is for as many tries as at the beginning.
      const [grown, fresh] = [Math.min(pauseMs * 2, pauses.longestMs), pauses.firstMs]
      pauseMs = signal.aborted && !wasAborted ? fresh : grown
    }
  }
}

/** Ends early when it is aborted meanwhile. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return await wait(ms)
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
