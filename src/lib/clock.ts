// The only place that reads the clock or rolls dice; everything else is handed the result.

import { performance } from 'node:perf_hooks'

/** The machine's wall clock. Schedule time comes from the database instead (see the runner). */
export function systemNow(): Date {
  return new Date(Date.now())
}

/** Milliseconds on a clock that is never set back; only differences mean anything. */
export function monotonicMs(): number {
  return performance.now()
}

/** What this machine's wall clock says, and what it would say had nobody set it since the process began: where either is right,
 *  the machine's time is known. */
export function ownClocks(): readonly Date[] {
  return [systemNow(), new Date(performance.timeOrigin + performance.now())]
}

/** A number in [0, 1) that keeps two processes from returning together. Never for secrets. */
export function randomSpread(): number {
  return Math.random()
}
