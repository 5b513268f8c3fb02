// Parses nflverse's games.csv: text cells as received, with the checks that keep a broken file from being landed by half.

import {
  brokenTable,
  isMissing,
  parseTable,
  some,
  type Row,
  type Table,
  type TableOrigin,
} from '../../../../sources/csv-table.ts'

/** Without these a row is not a game. Every other column may be absent: a season's early schedule file has these and
 *  `weekday` and `result`, eleven columns of the full 46. */
const REQUIRED_COLUMNS = [
  'game_id',
  'season',
  'week',
  'gameday',
  'gametime',
  'away_team',
  'home_team',
  'away_score',
  'home_score',
] as const

/** The table in `text`. Throws SourceFailure for what is no whole CSV file (which passes) and DataFailure for a table that
 *  breaks its rules (which does not); lists every problem it sees, the first few of each kind by game. */
export function parseGamesTable(text: string, source: string): Table {
  const origin: TableOrigin = {
    source,
    file: 'games.csv',
    rows: 'games',
    reader: 'src/leagues/nfl/sources/nflverse/games-table.ts',
  }
  const table = parseTable(text, REQUIRED_COLUMNS, origin)
  const problems = [...repeatedIds(table.rows), ...scoresWithoutGame(table.rows), ...gamesWithoutId(table.rows)]
  if (problems.length > 0) throw brokenTable(problems.join('; '), origin)
  return table
}

function repeatedIds(rows: readonly Row[]): string[] {
  const seen = new Set<string>()
  const again = new Set<string>()
  for (const row of rows) {
    const id = row['game_id'] ?? ''
    if (seen.has(id) && id !== '') again.add(id)
    seen.add(id)
  }
  return again.size === 0 ? [] : [`a game id appears more than once: ${some([...again])}`]
}

function scoresWithoutGame(rows: readonly Row[]): string[] {
  const scored = (row: Row) => !isMissing(row['home_score']) || !isMissing(row['away_score'])
  const lines = lineNumbers(rows, (row) => scored(row) && lacksGame(row))
  return lines.length === 0 ? [] : [`a score without a game (no game_id or team) in line ${some(lines)}`]
}

function gamesWithoutId(rows: readonly Row[]): string[] {
  const lines = lineNumbers(rows, (row) => isMissing(row['game_id']))
  return lines.length === 0 ? [] : [`no game_id in line ${some(lines)}`]
}

function lacksGame(row: Row): boolean {
  return isMissing(row['game_id']) || isMissing(row['home_team']) || isMissing(row['away_team'])
}

function lineNumbers(rows: readonly Row[], matches: (row: Row) => boolean): string[] {
  // The header is line 1.
  return rows.flatMap((row, i) => (matches(row) ? [String(i + 2)] : []))
}
