// Player weeks in the shape of nflverse's releases, as the tests' internet has them.

// Columns that fantasy does not read stand in for the hundred others.
const NEWER = ['player_id', 'player_display_name', 'position', 'season', 'week', 'season_type', 'team', 'opponent_team', 'passing_yards', 'passing_tds', 'passing_interceptions', 'passing_epa', 'rushing_yards', 'rushing_tds', 'receptions', 'receiving_yards', 'receiving_tds', 'special_teams_tds', 'passing_2pt_conversions', 'rushing_2pt_conversions', 'receiving_2pt_conversions', 'sack_fumbles_lost', 'rushing_fumbles_lost', 'receiving_fumbles_lost', 'fantasy_points_ppr'] // prettier-ignore

export type Cells = Readonly<Record<string, string | number>>

/** A player's week: a receiver with six catches for 80 yards unless wished otherwise. */
export function aPlayerWeek(wish: Cells = {}): Cells {
  return {
    player_id: '00-0000001', player_display_name: 'Ann Able', position: 'WR', season: 2025, week: 5, season_type: 'REG',
    team: 'BAL', opponent_team: 'CLE', receptions: 6, receiving_yards: 80, ...wish,
  } // prettier-ignore
}

/** stats_player_week_{season}.csv in the newer layout, or rows of other columns. */
export function playersCsv(rows: readonly Cells[], columns: readonly string[] = NEWER): string {
  return csv(rows, columns)
}

function csv(rows: readonly Cells[], columns: readonly string[]): string {
  return (
    [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))].map((line) => line.join(',')).join('\n') +
    '\n'
  )
}
