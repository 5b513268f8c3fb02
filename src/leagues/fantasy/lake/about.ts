// What fantasy's tables tell of themselves. A new table is an entry and a line of the query.

import type { Lake } from '../../../core/league.ts'

export const lake: Lake = {
  tables: [
    { name: 'player weeks', table: 'bronze.nfl_player_weeks', job: 'fantasy/import' },
    { name: 'projections', table: 'predictions.fantasy', job: 'fantasy/import' },
  ],
  count: (sql) => sql`
    select table_name as table, rows::integer as rows, as_of,
      (season_week / 100)::text || ' week ' || (season_week % 100)::text as newest
    from (
      select 'bronze.nfl_player_weeks' as table_name, count(*) as rows, max(as_of) as as_of,
        max(season * 100 + week) as season_week
        from bronze.nfl_player_weeks
      union all select 'predictions.fantasy', count(*), max(as_of), max(season * 100 + week) from predictions.fantasy
    ) counted
  `,
  dataSets: { players: ['fantasy/import'], projections: ['fantasy/import'] },
  age: (sql) => sql`
    select 'players' as name, max(as_of) as at from bronze.files where source like 'nflverse/%'
    union all select 'projections', max(as_of) from predictions.fantasy
  `,
}
