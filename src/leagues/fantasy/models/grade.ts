// Measures how far projections were from the scores: one or several sources and their average, on the same players.

import { DataFailure } from '../../../core/errors.ts'
import type { Position } from '../stats.ts'

/** A player with a stat line: what each source expected of him, and what he scored. */
export interface Projected {
  readonly position: Position
  readonly actual: number
  readonly expected: Readonly<Record<string, number>>
}

export interface Errors {
  readonly players: number
  /** Mean absolute error, in points. */
  readonly mae: number
  readonly rmse: number
  /** Share of the variance explained, against the pool's own mean; null without any variance. */
  readonly r2: number | null
}

// About who would be started in a league of twelve.
const STARTERS: Readonly<Record<Position, number>> = { QB: 20, RB: 50, WR: 50, TE: 20 }

/** The name under which the average of several sources goes. */
export function averageName(sources: readonly string[]): string {
  return `average of ${sources.join(' and ')}`
}

/** The plain average of what each source expects. Throws DataFailure for a source averaged with itself. */
export function averageOf(expected: Readonly<Record<string, number>>, sources: readonly string[]): number {
  refuseTwice(sources)
  return sources.reduce((sum, source) => sum + (expected[source] ?? 0), 0) / sources.length
}

/** A week's players who would be started: per position the best by `rankBy`. */
export function startable(players: readonly Projected[], rankBy: string): Projected[] {
  const rank = (player: Projected) => player.expected[rankBy] ?? 0
  return Object.entries(STARTERS).flatMap(([position, count]) =>
    players
      .filter((player) => player.position === position)
      .sort((a, b) => rank(b) - rank(a))
      .slice(0, count),
  )
}

/** A source's errors on `players`; undefined for none. */
export function errorsOf(players: readonly Projected[], source: string): Errors | undefined {
  const count = players.length
  if (count === 0) return undefined
  const misses = players.map((player) => (player.expected[source] ?? 0) - player.actual)
  const center = sum(players.map((player) => player.actual)) / count
  const squares = sum(misses.map((miss) => miss ** 2))
  const variance = sum(players.map((player) => (player.actual - center) ** 2))
  return {
    players: count,
    mae: sum(misses.map(Math.abs)) / count,
    rmse: Math.sqrt(squares / count),
    r2: variance === 0 ? null : 1 - squares / variance,
  }
}

function refuseTwice(sources: readonly string[]): void {
  const twice = sources.find((source, i) => sources.indexOf(source) !== i)
  if (twice === undefined) return
  throw new DataFailure(
    `projections of "${twice}" cannot be averaged with themselves: the average would be "${twice}" again under another name. Name different sources.`,
    { code: 'averaged_with_itself', context: { source: twice } },
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
