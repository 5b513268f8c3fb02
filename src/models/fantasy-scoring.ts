// What a player's week is worth: a scoring is a table of points per unit, so that a new one is data, not code.
// Origin: nflverse's own fantasy_points and fantasy_points_ppr (models-and-sources, section 6.1).

import { STATS, type Scoring, type StatLine } from '../core/fantasy.ts'

const STANDARD: StatLine = {
  passingYards: 1 / 25,
  passingTouchdowns: 4,
  interceptions: -2,
  rushingYards: 1 / 10,
  rushingTouchdowns: 6,
  receptions: 0,
  receivingYards: 1 / 10,
  receivingTouchdowns: 6,
  otherTouchdowns: 6,
  twoPointConversions: 2,
  fumblesLost: -2,
}

/** Points per unit. */
const WEIGHTS: Readonly<Record<Scoring, StatLine>> = {
  ppr: { ...STANDARD, receptions: 1 },
  half: { ...STANDARD, receptions: 0.5 },
  standard: STANDARD,
}

/** Fantasy points of a line, to two decimals, as providers show them. */
export function pointsOf(line: StatLine, scoring: Scoring): number {
  const weights = WEIGHTS[scoring]
  return toCents(STATS.reduce((sum, stat) => sum + line[stat] * weights[stat], 0))
}

/** To two decimals: sums of tenths and twenty-fifths are not exact in binary. */
export function toCents(points: number): number {
  return Math.round(points * 100 + Math.sign(points) * 1e-6) / 100
}
