// Our own projection of a player's next game: an exponentially weighted mean of his games this season, shrunk to what he
// was worth last season, scaled by what the market expects his team to score.
// Its numbers are ours: searched on the weeks of 2024, and left alone when 2025 was looked at.

import type { Position } from '../stats.ts'

const ALPHA = 0.15 // weight of the newest game
const MOST_GAMES = 6 // an EWMA of that alpha never knows more than about so many games
const PRIOR_GAMES = 3 // how many games the prior is worth
const TOTAL_EXPONENT = 0.5 // a team expected to score a tenth more gives its players half of that
const PRIOR_MIN_GAMES = 4 // fewer games last season say too little
const NEWCOMER_SHARE = 0.6 // of the position's mean, for who has no last season

/** A game that was played: points in one scoring, and the points the market expected of his team; null without a line. */
export interface PastGame {
  readonly points: number
  readonly impliedTotal: number | null
}

/** A player's last season. */
export interface LastSeason {
  readonly position: Position
  readonly games: number
  /** Points per game in the same scoring. */
  readonly perGame: number
}

/** Expected points of his next game. `past` is in order of play, this season's only. */
export function projectPoints(past: readonly PastGame[], next: { prior: number; impliedTotal: number | null }): number {
  const weight = Math.min(past.length, MOST_GAMES)
  const shrunk = (weight * ewma(past) + PRIOR_GAMES * next.prior) / (weight + PRIOR_GAMES)
  return shrunk * totalFactor(past, next.impliedTotal)
}

/** What a player is taken for before he has played: his last season, or a share of his position's mean. */
export function priorOf(last: LastSeason | undefined, positionMean: number): number {
  return last && last.games >= PRIOR_MIN_GAMES ? last.perGame : NEWCOMER_SHARE * positionMean
}

/** Mean points per game of a position's players, of those with enough games to be a prior; 0 when nobody has. */
export function positionMean(seasons: readonly LastSeason[], position: Position): number {
  const counted = seasons.filter((season) => season.position === position && season.games >= PRIOR_MIN_GAMES)
  return mean(counted.map((season) => season.perGame)) ?? 0
}

/** Points the market expects of each side; null without a line. `spreadHome` is positive when the home side is favoured. */
export function impliedTotals(game: { spreadHome: number | null; totalLine: number | null }) {
  if (game.spreadHome === null || game.totalLine === null) return { home: null, away: null }
  return { home: (game.totalLine + game.spreadHome) / 2, away: (game.totalLine - game.spreadHome) / 2 }
}

function ewma(past: readonly PastGame[]): number {
  const [first, ...later] = past
  return later.reduce((level, game) => level + ALPHA * (game.points - level), first?.points ?? 0)
}

function totalFactor(past: readonly PastGame[], expected: number | null): number {
  const usual = mean(past.flatMap((game) => game.impliedTotal ?? []))
  if (expected === null || usual === undefined || usual <= 0 || expected <= 0) return 1
  return (expected / usual) ** TOTAL_EXPONENT
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length
}
