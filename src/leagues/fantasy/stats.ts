// The words of fantasy football: what is counted of a player's week, under which positions, by which scorings.

export const POSITIONS = ['QB', 'RB', 'WR', 'TE'] as const
export type Position = (typeof POSITIONS)[number]

/** What is counted, in units of one yard, one catch, one touchdown. `otherTouchdowns` are returns and recovered fumbles;
 *  `fumblesLost` are those after a sack, a run and a catch together. */
export const STATS = [
  'passingYards', 'passingTouchdowns', 'interceptions', 'rushingYards', 'rushingTouchdowns', 'receptions',
  'receivingYards', 'receivingTouchdowns', 'otherTouchdowns', 'twoPointConversions', 'fumblesLost',
] as const // prettier-ignore
export type Stat = (typeof STATS)[number]
export type StatLine = Readonly<Record<Stat, number>>

export const SCORINGS = ['ppr', 'half', 'standard'] as const
export type Scoring = (typeof SCORINGS)[number]

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

/** A scoring is a table of points per unit, so that a new one is data, not code. Origin: nflverse's own fantasy_points and
 *  fantasy_points_ppr. */
export const POINTS_PER_UNIT: Readonly<Record<Scoring, StatLine>> = {
  ppr: { ...STANDARD, receptions: 1 },
  half: { ...STANDARD, receptions: 0.5 },
  standard: STANDARD,
}

/** `FB` is `RB`; undefined for who earns no points here: kickers, defenders, linemen. */
export function toPosition(code: string): Position | undefined {
  return code === 'FB' ? 'RB' : POSITIONS.find((position) => position === code)
}
