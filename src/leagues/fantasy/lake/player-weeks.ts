// bronze.nfl_player_weeks: what players did, one row per revision. Appended only.

import type { Sql, TransactionSql } from 'postgres'

import type { Landing, Stamp } from '../../nfl/lake/bronze-games.ts'
import type { Position, StatLine } from '../stats.ts'

export interface PlayerWeekRow {
  readonly season: number
  readonly week: number
  readonly playerId: string
  readonly name: string
  readonly position: Position
  readonly team: string
  readonly opponent: string
  readonly line: StatLine
}

/** Appends a revision of every player week of a season that is new or differs from its newest revision; `line` is compared
 *  by value. Weeks that the file does not hold stay as they are: absence is not deletion. */
export async function landPlayerWeeks(
  tx: TransactionSql,
  rows: readonly PlayerWeekRow[],
  stamp: Stamp & { season: number },
): Promise<Landing> {
  // Two imports may land at the same time: the second waits and finds nothing new.
  await tx`lock table bronze.nfl_player_weeks in share row exclusive mode`
  const landed = await tx<{ revision: number }[]>`
    insert into bronze.nfl_player_weeks
      (season, week, player_id, revision, name, position, team, opponent, line, as_of, run_id, simulated)
    select ${stamp.season}, r.week, r."playerId", coalesce(n.revision, 0) + 1, r.name, r.position, r.team, r.opponent,
      r.line, ${stamp.asOf}, ${stamp.runId}, ${stamp.simulated}
    from jsonb_to_recordset(${tx.json(rows as never)}) as r(
      week smallint, "playerId" text, name text, position text, team text, opponent text, line jsonb
    )
    left join bronze.nfl_player_weeks_newest n
      on n.season = ${stamp.season} and n.week = r.week and n.player_id = r."playerId"
    where (n.name, n.position, n.team, n.opponent, n.line) is distinct from (r.name, r.position, r.team, r.opponent, r.line)
    returning revision
  `
  const added = landed.filter((row) => row.revision === 1).length
  return { new: added, changed: landed.length - added, same: rows.length - landed.length }
}

/** The newest revision of a season's player weeks before week `before`, in order of week; all of them by default. */
export async function listPlayerWeeks(sql: Sql, season: number, before = 99): Promise<PlayerWeekRow[]> {
  return await sql<PlayerWeekRow[]>`
    select season, week, player_id as "playerId", name, position, team, opponent, line
    from bronze.nfl_player_weeks_newest
    where season = ${season} and week < ${before}
    order by week, player_id
  `
}

/** How many player weeks of a season are known. */
export async function countPlayerWeeks(sql: Sql, season: number): Promise<number> {
  const [row] = await sql<{ rows: number }[]>`
    select count(*)::integer as rows from bronze.nfl_player_weeks where season = ${season} and revision = 1
  `
  return row?.rows ?? 0
}
