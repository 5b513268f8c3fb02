// Elo ratings as FiveThirtyEight published them for the NFL (fivethirtyeight/nfl-elo-game, 2023-01): numbers in, numbers out.

/** Ratings by team. A team without one is new and starts at `START`, or `EXPANSION` when it joins a running league. */
export type EloRatings = Map<string, number>

const K = 20
/** Home field in Elo points: 2.6 points of score. Nearer 2.0 nowadays; kept as published. */
const HOME_FIELD = 65
const START = 1500
const MEAN = 1505
const EXPANSION = 1300
const REVERT = 1 / 3
/** Elo points to one point of score. */
const POINTS = 25

/** A team's rating. `isNewLeague`: no ratings at all yet, so nobody is an expansion team. */
export function eloOf(ratings: EloRatings, team: string, options: { isNewLeague: boolean }): number {
  return ratings.get(team) ?? (options.isNewLeague ? START : EXPANSION)
}

/** How much the home side is stronger, home field included, in Elo points. */
export function eloDifference(ratings: { home: number; away: number }, game: { neutral: boolean }): number {
  return ratings.home - ratings.away + (game.neutral ? 0 : HOME_FIELD)
}

/** P(home wins) of a difference: 1 / (1 + 10^(-d/400)). */
export function eloProbability(difference: number): number {
  return 1 / (1 + 10 ** (-difference / 400))
}

/** The home margin, in points, that a difference means. */
export function eloMargin(difference: number): number {
  return difference / POINTS
}

/** How many Elo points the home side takes from the away side for winning by `margin` (negative: for losing).
 *  Margin of victory: ln(|m| + 1) · 2.2 / (0.001 · d_winner + 2.2), which keeps favourites from rising by blow-outs. A tie
 *  has no winner: the published program takes |m| = 1 and divides by 1. */
export function eloShift(difference: number, margin: number): number {
  const winnersDifference = margin > 0 ? difference : -difference
  const divisor = margin === 0 ? 1 : 0.001 * winnersDifference + 2.2
  const multiplier = Math.log(Math.max(Math.abs(margin), 1) + 1) * (2.2 / divisor)
  const score = margin > 0 ? 1 : margin < 0 ? 0 : 0.5
  return K * multiplier * (score - eloProbability(difference))
}

/** Ratings at the start of the next season: a third of the way back to 1505. */
export function revertElo(ratings: EloRatings): EloRatings {
  return new Map([...ratings].map(([team, rating]) => [team, MEAN * REVERT + rating * (1 - REVERT)]))
}
