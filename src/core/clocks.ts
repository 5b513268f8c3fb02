// Compares the clocks that a process can read. Schedule time is the database's; where that is a day ahead, a day of slots
// would be missed for good, so beyond a bound nothing is judged. Pure.

import { sayDuration, sayInstant } from './wording.ts'

/** Clocks that are kept by NTP differ by less than a second; who judges slots by a clock that is this wrong misses some. */
export const MOST_APART_MS = 15 * 60_000

/** A clock beside the database's, at the same moment. */
export interface OtherClock {
  /** Completes "... says": `this machine's`. */
  readonly whose: string
  readonly at: Date
}

/** Clocks that disagree. */
export interface ClocksApart {
  /** For people: which clocks, how far apart, and what to do. */
  readonly why: string
  /** The earliest of them: what is written down by it lies in nobody's future. */
  readonly earliest: Date
}

/** Undefined while the clocks agree. `seenAt` is when the account was last looked at, which tells a person which clock to look
 *  at first. */
export function compareClocks(
  database: Date,
  others: readonly OtherClock[],
  seenAt?: Date | undefined,
): ClocksApart | undefined {
  const far = others.find(({ at }) => Math.abs(at.getTime() - database.getTime()) > MOST_APART_MS)
  if (far === undefined) return undefined
  const apart = sayDuration(Math.abs(far.at.getTime() - database.getTime()))
  const seen = seenAt === undefined ? '' : ` The account was last looked at on ${sayInstant(seenAt)}.`
  return {
    why: `the database's clock says ${sayInstant(database)} and ${far.whose} says ${sayInstant(far.at)}, ${apart} apart: expected at most ${sayDuration(MOST_APART_MS)}.${seen} Nothing was judged, started or closed. Set the wrong one right, then run again; slots that wait are served then.`,
    earliest: new Date(Math.min(database.getTime(), ...others.map(({ at }) => at.getTime()))),
  }
}
