// What every source of projections takes and gives.

import type { Position, StatLine } from '../../stats.ts'

export interface ProjectionRequest {
  readonly season: number
  readonly week: number
  /** Where the source is reached. */
  readonly base: string
  readonly signal: AbortSignal
}

/** What a source expects of a player in one week, as a stat line, so that every scoring can be applied to it. */
export interface ProjectedLine {
  readonly sourceId: string
  readonly name: string
  readonly position: Position
  /** As received. */
  readonly team: string
  readonly line: StatLine
}
