// predictions.fantasy: what sources expected of players, frozen. The database refuses an edit, and one that came too late
// without saying so.

import type { Sql, TransactionSql } from 'postgres'

import type { Stamp } from '../../nfl/lake/bronze-games.ts'
import type { Position, Scoring } from '../stats.ts'

export type LakeStatus = 'playing' | 'questionable' | 'doubtful' | 'out' | 'bye'

export interface Projection {
  readonly season: number
  readonly week: number
  readonly source: string
  readonly scoring: Scoring
  readonly sourceId: string
  readonly playerId: string | null
  readonly name: string
  readonly position: Position
  readonly team: string
  /** Null on a bye. */
  readonly kickoffAt: Date | null
  readonly points: number
  readonly status: LakeStatus
  /** Made after kick-off, from what was known before the week. */
  readonly retrospective: boolean
}

/** A projection as it is graded. `foresight`: on the database's own clock, too, it was there before kick-off. */
export interface GradedProjection {
  readonly source: string
  readonly playerId: string
  readonly points: number
  readonly foresight: boolean
}

/** Freezes what differs from the source's last word on that player and week; a retrospective row only where there is
 *  nothing yet. Says how many were new. */
export async function freezeProjections(
  tx: TransactionSql,
  projections: readonly Projection[],
  stamp: Stamp,
): Promise<number> {
  if (projections.length === 0) return 0
  const frozen = await tx`
    insert into predictions.fantasy (
      season, week, source, scoring, source_id, as_of, player_id, name, position, team, kickoff_at, points, status,
      retrospective, run_id, simulated
    )
    select r.season, r.week, r.source, r.scoring, r."sourceId", ${stamp.asOf}, r."playerId", r.name, r.position, r.team,
      r."kickoffAt", r.points, r.status, r.retrospective, ${stamp.runId}, ${stamp.simulated}
    from jsonb_to_recordset(${tx.json(projections as never)}) as r(
      season smallint, week smallint, source text, scoring text, "sourceId" text, "playerId" text, name text,
      position text, team text, "kickoffAt" timestamptz, points double precision, status text, retrospective boolean
    )
    left join lateral (
      select p.points, p.status, p.player_id
      from predictions.fantasy p
      where p.season = r.season and p.week = r.week and p.source = r.source and p.scoring = r.scoring
        and p.source_id = r."sourceId"
      order by p.as_of desc
      limit 1
    ) last on true
    where last.status is null
      or (not r.retrospective
        and (last.points, last.status, last.player_id) is distinct from (r.points, r.status, r."playerId"))
    on conflict (season, week, source, scoring, source_id, as_of) do nothing
    returning source_id
  `
  return frozen.length
}

/** Per source and player the last word before kick-off, or what was worked out afterwards where there was none. */
export async function listProjections(
  sql: Sql,
  week: { season: number; week: number },
  scoring: Scoring,
): Promise<GradedProjection[]> {
  return await sql<GradedProjection[]>`
    select distinct on (source, player_id) source, player_id as "playerId", points,
      not retrospective and recorded_at < coalesce(kickoff_at, 'infinity') as foresight
    from predictions.fantasy
    where season = ${week.season} and week = ${week.week} and scoring = ${scoring} and player_id is not null
    order by source, player_id, retrospective, as_of desc
  `
}
