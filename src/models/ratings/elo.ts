// Elo as FiveThirtyEight published it for the NFL (fivethirtyeight/nfl-elo-game, 2023-01), and the two formulas that every
// Elo here shares. The published ratings predict nothing any more: they are the yardstick that other ratings are held to.

import { weekSteps, type PlayedGame, type RatedGame } from './weeks.ts'

const K = 20
/** Home field in Elo points: 2.6 points of score. Nearer 2.0 nowadays; kept as published. */
const HOME_FIELD = 65
const START = 1500
const MEAN = 1505
const EXPANSION = 1300 // of a team that joins a running league
const REVERT = 1 / 3
/** Elo points to one point of score. */
const POINTS = 25

/** P(home wins) of a difference in Elo points: 1 / (1 + 10^(-d/400)). */
export function eloProbability(difference: number): number {
  return 1 / (1 + 10 ** (-difference / 400))
}

/** The home margin, in points of score, that a difference in Elo points means. */
export function eloMargin(difference: number): number {
  return difference / POINTS
}

/** By how much a result surprised, from -1 to 1 and times the margin's weight: what K is multiplied with. `margin` is the
 *  home side's, in points. Margin of victory: ln(|m| + 1) · 2.2 / (0.001 · d_winner + 2.2), which keeps favourites from
 *  rising by blow-outs. A tie has no winner: the published program takes |m| = 1 and divides by 1. */
export function eloSurprise(difference: number, margin: number): number {
  const winnersDifference = margin > 0 ? difference : -difference
  const divisor = margin === 0 ? 1 : 0.001 * winnersDifference + 2.2
  const multiplier = Math.log(Math.max(Math.abs(margin), 1) + 1) * (2.2 / divisor)
  const score = margin > 0 ? 1 : margin < 0 ? 0 : 0.5
  return multiplier * (score - eloProbability(difference))
}

type Ratings = ReadonlyMap<string, number>

/** P(home wins) of every game by id, from the ratings before its week. */
export function publishedElo(games: readonly RatedGame[]): Map<string, number> {
  const forecasts = new Map<string, number>()
  const firstSeason = Math.min(...games.map((game) => game.season))
  let ratings: Ratings = new Map()
  for (const step of weekSteps(games)) {
    ratings = afterGames(ratings, step.ended)
    if (step.opensSeason) ratings = reverted(ratings)
    ratings = withNewTeams(ratings, step.week, step.season === firstSeason ? START : EXPANSION)
    for (const game of step.week) forecasts.set(game.gameId, eloProbability(differenceOf(game, ratings)))
  }
  return forecasts
}

function differenceOf(game: RatedGame, ratings: Ratings): number {
  return (ratings.get(game.home) ?? NaN) - (ratings.get(game.away) ?? NaN) + (game.neutral ? 0 : HOME_FIELD)
}

function afterGames(before: Ratings, games: readonly PlayedGame[]): Ratings {
  const after = new Map(before)
  for (const game of games) {
    const shift = K * eloSurprise(differenceOf(game, before), game.homeScore - game.awayScore)
    after.set(game.home, (after.get(game.home) ?? NaN) + shift)
    after.set(game.away, (after.get(game.away) ?? NaN) - shift)
  }
  return after
}

/** A third of the way back to 1505. */
function reverted(ratings: Ratings): Ratings {
  return new Map([...ratings].map(([team, rating]) => [team, MEAN * REVERT + rating * (1 - REVERT)]))
}

function withNewTeams(ratings: Ratings, week: readonly RatedGame[], start: number): Ratings {
  const teams = week.flatMap((game) => [game.home, game.away]).filter((team) => !ratings.has(team))
  return new Map([...ratings, ...teams.map((team) => [team, start] as const)])
}
