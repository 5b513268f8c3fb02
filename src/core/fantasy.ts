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

/** `FB` is `RB`; undefined for who earns no points here: kickers, defenders, linemen. */
export function toPosition(code: string): Position | undefined {
  return code === 'FB' ? 'RB' : POSITIONS.find((position) => position === code)
}
