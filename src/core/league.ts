// A league: everything that others need to know of a sport, as data. What it does is loaded when it is done.

import type { AnyJob } from './job.ts'

/** A league's folder, `src/leagues/nfl/`. */
export interface League {
  /** The name of its folder, and of its switch in LEAGUES: `nfl`. */
  readonly id: string
  /** What switches it: the variable LEAGUES, or nothing. */
  readonly switch: 'on unless left out' | 'off unless named' | 'none'
  /** The leagues whose tables and calendar it may use. */
  readonly reads: readonly string[]
  /** In the order in which they need each other. */
  readonly jobs: readonly AnyJob[]
  /** A line of help for each parameter of its jobs that no other league has. */
  readonly help: Readonly<Record<string, string>>
}
