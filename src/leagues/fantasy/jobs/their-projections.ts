// A second source's projections of a week, as rows of the lake: scored by our scorings, with our ids where a name fits.

import { findFranchise } from '../../nfl/lake/teams.ts'
import type { Projection } from '../lake/projections.ts'
import type { createPlayerFinder } from '../models/player-match.ts'
import { pointsOf } from '../models/scoring.ts'
import type { ProjectedLine } from '../sources/projections/types.ts'
import { SCORINGS } from '../stats.ts'
import type { Schedule } from './schedule.ts'

export interface TheirWeek {
  readonly source: string
  readonly season: number
  readonly week: number
  readonly now: Date
  readonly schedule: Schedule
  readonly find: ReturnType<typeof createPlayerFinder>
}

/** One row per player and scoring, for the players of teams that play: of the others the source says nothing. Whom it gives
 *  nothing and we do not know either is left out. */
export function toProjections(lines: readonly ProjectedLine[], by: TheirWeek): Projection[] {
  return lines.flatMap((line) => {
    const team = findFranchise(line.team) ?? line.team
    const kickoffAt = by.schedule.gameOf(by.week, team)?.kickoffAt
    const playerId = by.find({ ...line, team })?.playerId ?? null
    if (!kickoffAt || (playerId === null && pointsOf(line.line, 'ppr') === 0)) return []
    return SCORINGS.map((scoring) => ({
      season: by.season,
      week: by.week,
      source: by.source,
      scoring,
      sourceId: line.sourceId,
      playerId,
      name: line.name,
      position: line.position,
      team,
      kickoffAt,
      points: pointsOf(line.line, scoring),
      status: 'playing' as const,
      retrospective: kickoffAt <= by.now,
    }))
  })
}
