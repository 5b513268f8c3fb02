// Scores a player's week, by the scorings of ../stats.ts.

import { POINTS_PER_UNIT, STATS, type Scoring, type StatLine } from '../stats.ts'

/** Fantasy points of a line, to two decimals, as providers show them. */
export function pointsOf(line: StatLine, scoring: Scoring): number {
  const weights = POINTS_PER_UNIT[scoring]
  return toCents(STATS.reduce((sum, stat) => sum + line[stat] * weights[stat], 0))
}

/** To two decimals: sums of tenths and twenty-fifths are not exact in binary. */
export function toCents(points: number): number {
  return Math.round(points * 100 + Math.sign(points) * 1e-6) / 100
}
