// The tables of the lake: who keeps each, how much is in it, and the newest thing in it. A new table is an entry here.

import type { Sql } from 'postgres'

export interface LakeTable {
  /** As people call it. */
  readonly name: string
  /** `silver.nfl_games`. */
  readonly table: string
  /** The job that keeps it. */
  readonly job: string
  readonly rows: number
  /** Up to when its newest row knows; undefined: it is empty, or its rows do not say. */
  readonly asOf: Date | undefined
  /** `2026 week 11`: the newest week that it is about. */
  readonly newest: string | undefined
}

type Kept = Pick<LakeTable, 'name' | 'table' | 'job'>

const TABLES: readonly Kept[] = [
  { name: 'files as received', table: 'bronze.files', job: 'nfl/bronze' },
  { name: 'games as received', table: 'bronze.nfl_games', job: 'nfl/bronze' },
  { name: 'clean games', table: 'silver.nfl_games', job: 'nfl/silver' },
  { name: 'features', table: 'features.nfl_games', job: 'nfl/features' },
  { name: 'models', table: 'models.nfl_fits', job: 'nfl/train' },
  { name: 'predictions', table: 'predictions.nfl', job: 'nfl/predict' },
  { name: 'grades', table: 'predictions.nfl_grades', job: 'nfl/results' },
  { name: 'player weeks', table: 'bronze.nfl_player_weeks', job: 'fantasy/import' },
  { name: 'projections', table: 'predictions.fantasy', job: 'fantasy/import' },
]

/** Every table that one of these jobs keeps. They grow by some thousand rows a season, and are counted. */
export async function readLakeTables(sql: Sql, jobs: readonly string[]): Promise<LakeTable[]> {
  const rows = await sql<{ table: string; rows: number; as_of: Date | null; newest: string | null }[]>`
    with newest as (
      select table_name, rows, as_of, season_week from (
        select 'bronze.files' as table_name, count(*) as rows, max(as_of) as as_of, null::integer as season_week
          from bronze.files
        union all select 'bronze.nfl_games', count(*), max(as_of), null from bronze.nfl_games
        union all select 'silver.nfl_games', count(*), max(as_of), max(season * 100 + week) filter (where finished)
          from silver.nfl_games
        union all select 'features.nfl_games', count(*), null, max(season * 100 + week) from features.nfl_games
        union all select 'models.nfl_fits', count(*), max(data_as_of), max(season * 100 + week) from models.nfl_fits
        union all select 'predictions.nfl', count(*), max(as_of), max(season * 100 + week) from predictions.nfl
        union all select 'predictions.nfl_grades', count(*), max(g.graded_as_of), max(p.season * 100 + p.week)
          from predictions.nfl_grades g
          join predictions.nfl p on p.game_id = g.game_id and p.market = g.market and p.lead_days = g.lead_days
        union all select 'bronze.nfl_player_weeks', count(*), max(as_of), max(season * 100 + week)
          from bronze.nfl_player_weeks
        union all select 'predictions.fantasy', count(*), max(as_of), max(season * 100 + week) from predictions.fantasy
      ) counted
    )
    select table_name as table, rows::integer as rows, as_of,
      (season_week / 100)::text || ' week ' || (season_week % 100)::text as newest
    from newest
  `
  return TABLES.filter(({ job }) => jobs.includes(job)).map((kept) => {
    const row = rows.find(({ table }) => table === kept.table)
    return { ...kept, rows: row?.rows ?? 0, asOf: row?.as_of ?? undefined, newest: row?.newest ?? undefined }
  })
}
