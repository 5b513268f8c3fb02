// What the NFL's tables tell of themselves. A new table is an entry and a line of the query.

import type { Lake } from '../../../core/league.ts'

export const lake: Lake = {
  tables: [
    { name: 'files as received', table: 'bronze.files', job: 'nfl/bronze' },
    { name: 'games as received', table: 'bronze.nfl_games', job: 'nfl/bronze' },
    { name: 'clean games', table: 'silver.nfl_games', job: 'nfl/silver' },
    { name: 'features', table: 'features.nfl_games', job: 'nfl/features' },
    { name: 'models', table: 'models.nfl_fits', job: 'nfl/train' },
    { name: 'predictions', table: 'predictions.games', job: 'nfl/predict' },
    { name: 'grades', table: 'predictions.grades', job: 'nfl/results' },
  ],
  count: (sql) => sql`
    select table_name as table, rows::integer as rows, as_of,
      (season_week / 100)::text || ' week ' || (season_week % 100)::text as newest
    from (
      select 'bronze.files' as table_name, count(*) as rows, max(as_of) as as_of, null::integer as season_week
        from bronze.files
      union all select 'bronze.nfl_games', count(*), max(as_of), null from bronze.nfl_games
      union all select 'silver.nfl_games', count(*), max(as_of), max(season * 100 + week) filter (where finished)
        from silver.nfl_games
      union all select 'features.nfl_games', count(*), null, max(season * 100 + week) from features.nfl_games
      union all select 'models.nfl_fits', count(*), max(data_as_of), max(season * 100 + week) from models.nfl_fits
      union all select 'predictions.games', count(*), max(as_of), max(season * 100 + right(period, 2)::integer)
        from predictions.games where league = 'nfl'
      union all select 'predictions.grades', count(*), max(g.graded_as_of), max(p.season * 100 + right(p.period, 2)::integer)
        from predictions.grades g
        join predictions.games p
          on p.league = g.league and p.game_id = g.game_id and p.market = g.market and p.lead_days = g.lead_days
        where g.league = 'nfl'
    ) counted
  `,
  dataSets: {
    games: ['nfl/bronze', 'nfl/predict', 'nfl/results'],
    'clean games': ['nfl/silver', 'nfl/predict', 'nfl/results'],
    predictions: ['nfl/predict'],
    grades: ['nfl/results'],
  },
  age: (sql) => sql`
    select 'games' as name, max(as_of) as at from bronze.files where source = 'nflverse'
    union all select 'clean games', max(as_of) from silver.nfl_games
    union all select 'predictions', max(as_of) from predictions.games where league = 'nfl'
    union all select 'grades', max(graded_as_of) from predictions.grades where league = 'nfl'
  `,
}
