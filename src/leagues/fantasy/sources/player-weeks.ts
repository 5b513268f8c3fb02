// nflverse's stats_player_week_{season}.csv: one row per player who recorded a stat in a game, for those who earn fantasy
// points. It has had two layouts (until 2025 `recent_team` and `interceptions`); both come out alike.

import { brokenTable, isMissing, some, type Row, type Table } from '../../../sources/csv-table.ts'
import { STATS, toPosition, type Position, type Stat, type StatLine } from '../stats.ts'
import { originOf, type Release } from './releases.ts'

type Columns = readonly (string | readonly string[])[]

/** The columns that add up to each thing we count; of those in one list the first that the file has. */
const COUNTED: Readonly<Record<Stat, Columns>> = {
  passingYards: ['passing_yards'],
  passingTouchdowns: ['passing_tds'],
  interceptions: [['passing_interceptions', 'interceptions']],
  rushingYards: ['rushing_yards'],
  rushingTouchdowns: ['rushing_tds'],
  receptions: ['receptions'],
  receivingYards: ['receiving_yards'],
  receivingTouchdowns: ['receiving_tds'],
  otherTouchdowns: ['special_teams_tds'],
  twoPointConversions: ['passing_2pt_conversions', 'rushing_2pt_conversions', 'receiving_2pt_conversions'],
  fumblesLost: ['sack_fumbles_lost', 'rushing_fumbles_lost', 'receiving_fumbles_lost'],
}
const TEAM = ['team', 'recent_team']
const IDENTITY = ['player_id', 'player_display_name', 'position', 'season', 'week', 'opponent_team']

export const PLAYER_WEEKS: Release = {
  tag: 'stats_player',
  file: 'stats_player_week',
  rows: 'player weeks',
  reader: 'src/leagues/fantasy/sources/player-weeks.ts',
  required: [...IDENTITY, TEAM, ...Object.values(COUNTED).flat()],
}

export interface PlayerWeek {
  readonly playerId: string
  readonly season: number
  readonly week: number
  readonly name: string
  readonly position: Position
  /** As received: teams that moved have had several codes. */
  readonly team: string
  readonly opponent: string
  readonly line: StatLine
  /** The file's own PPR points, to check ours against; null where it has none. */
  readonly givenPpr: number | null
}

/** The rows that count. Throws DataFailure with all problems of a table that breaks its rules. */
export function toPlayerWeeks(table: Table, season: number): PlayerWeek[] {
  const problems: string[] = []
  const weeks = table.rows.flatMap((row, i) => {
    const position = toPosition(row['position'] ?? '')
    return position
      ? [toPlayerWeek(row, { position, problem: (what) => problems.push(`${what} in line ${i + 2}`) })]
      : []
  })
  problems.push(...foreignSeasons(weeks, season), ...repeated(weeks))
  if (problems.length > 0) throw brokenTable(some(problems), originOf(PLAYER_WEEKS, season))
  return weeks
}

function toPlayerWeek(row: Row, by: { position: Position; problem: (what: string) => void }): PlayerWeek {
  const number = (column: string): number => {
    const cell = row[column]
    if (isMissing(cell)) return 0
    const value = Number(cell)
    if (!Number.isFinite(value)) by.problem(`${column} is "${cell}" where a number should be,`)
    return value
  }
  const first = (names: string | readonly string[]) => [names].flat().find((name) => name in row) ?? ''
  const count = (stat: Stat) => COUNTED[stat].reduce((sum, names) => sum + number(first(names)), 0)
  if (isMissing(row['player_id'])) by.problem('no player_id')
  return {
    playerId: row['player_id'] ?? '',
    season: number('season'),
    week: number('week'),
    name: row['player_display_name'] ?? '',
    position: by.position,
    team: row[first(TEAM)] ?? '',
    opponent: row['opponent_team'] ?? '',
    line: Object.fromEntries(STATS.map((stat) => [stat, count(stat)])) as StatLine,
    givenPpr: isMissing(row['fantasy_points_ppr']) ? null : number('fantasy_points_ppr'),
  }
}

/** A provider that answers with another season than was asked for must not overwrite it. */
function foreignSeasons(weeks: readonly PlayerWeek[], season: number): string[] {
  const foreign = weeks.find((week) => week.season !== season || week.week < 1 || week.week > 22)
  return foreign ? [`a row of season ${foreign.season}, week ${foreign.week} stands in the file of ${season}`] : []
}

function repeated(weeks: readonly PlayerWeek[]): string[] {
  const seen = new Set<string>()
  const again = weeks.filter(({ playerId, week }) => {
    const key = `${playerId} in week ${week}`
    const twice = seen.has(key)
    seen.add(key)
    return twice
  })
  return again.length === 0 ? [] : [`${again[0]?.playerId} appears twice in week ${again[0]?.week}`]
}
