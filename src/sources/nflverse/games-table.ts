// Parses nflverse's games.csv: text cells as received, with the checks that keep a broken file from being landed by half.

import { parse } from 'csv-parse/sync'

import { DataFailure, SourceFailure } from '../../core/errors.ts'

/** One game's cells by column, as received: every column of the file, '' and 'NA' where nothing is known. */
export type GameCells = Readonly<Record<string, string>>

export interface GamesTable {
  readonly columns: readonly string[]
  readonly rows: readonly GameCells[]
}

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

const SHOWN = 5

/** The table in `text`. Throws SourceFailure for what is no whole CSV file (which passes) and DataFailure for a table that
 *  breaks its rules (which does not); lists every problem it sees, the first few of each kind by game. */
export function parseGamesTable(text: string, source: string): GamesTable {
  refuseHtml(text, source)
  const [header = [], ...lines] = parseCells(text, source)
  const missing = REQUIRED_COLUMNS.filter((column) => !header.includes(column))
  if (missing.length > 0) throw lostColumns(source, missing, header)
  const twice = header.filter((column, i) => header.indexOf(column) !== i)
  if (twice.length > 0) throw broken(source, `the column "${twice[0]}" appears twice`)
  if (lines.length === 0) throw broken(source, 'it has a header and no games')
  const rows = lines.map((cells) => toRow(header, cells))
  const problems = [...repeatedIds(rows), ...scoresWithoutGame(rows), ...gamesWithoutId(rows)]
  if (problems.length > 0) throw broken(source, problems.join('; '))
  return { columns: header, rows }
}

/** '' and 'NA' both mean: not known. */
export function isMissing(cell: string | undefined): boolean {
  return cell === undefined || cell === '' || cell === 'NA'
}

function refuseHtml(text: string, source: string): void {
  if (!/^\s*</.test(text.slice(0, 200))) return
  throw new SourceFailure(
    `${source} sent a web page where games.csv should be ("${text.trim().slice(0, 40)}..."): nothing was landed. Open the address in a browser; if it shows the table, run again.`,
    // A page with status 200 is mostly a provider's or proxy's passing trouble.
    { code: 'not_csv', retryable: true, context: { source } },
  )
}

function parseCells(text: string, source: string): string[][] {
  // Every record of a sound file ends its line: a file without the last newline may have been cut within a number.
  if (!text.endsWith('\n')) throw cutOff(source, 'the last line has no end')
  try {
    return parse(text, { bom: true, skip_empty_lines: true, relax_column_count: false })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new SourceFailure(
      `${source} sent a games.csv that is not sound CSV: ${message}. Nothing was landed; if a second run finds the same, look at that line of the file.`,
      { code: 'bad_csv', retryable: true, context: { source }, cause: error },
    )
  }
}

function toRow(header: readonly string[], cells: readonly string[]): GameCells {
  const row: Record<string, string> = {}
  for (let i = 0; i < header.length; i += 1) row[header[i]!] = cells[i]!
  return row
}

function repeatedIds(rows: readonly GameCells[]): string[] {
  const seen = new Set<string>()
  const again = new Set<string>()
  for (const row of rows) {
    const id = row['game_id'] ?? ''
    if (seen.has(id) && id !== '') again.add(id)
    seen.add(id)
  }
  return again.size === 0 ? [] : [`a game id appears more than once: ${some([...again])}`]
}

function scoresWithoutGame(rows: readonly GameCells[]): string[] {
  const scored = (row: GameCells) => !isMissing(row['home_score']) || !isMissing(row['away_score'])
  const lines = lineNumbers(rows, (row) => scored(row) && lacksGame(row))
  return lines.length === 0 ? [] : [`a score without a game (no game_id or team) in line ${some(lines)}`]
}

function gamesWithoutId(rows: readonly GameCells[]): string[] {
  const lines = lineNumbers(rows, (row) => isMissing(row['game_id']))
  return lines.length === 0 ? [] : [`no game_id in line ${some(lines)}`]
}

function lacksGame(row: GameCells): boolean {
  return isMissing(row['game_id']) || isMissing(row['home_team']) || isMissing(row['away_team'])
}

function lineNumbers(rows: readonly GameCells[], matches: (row: GameCells) => boolean): string[] {
  // The header is line 1.
  return rows.flatMap((row, i) => (matches(row) ? [String(i + 2)] : []))
}

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return names.slice(0, SHOWN).join(', ') + more
}

function lostColumns(source: string, missing: readonly string[], header: readonly string[]): DataFailure {
  return new DataFailure(
    `${source} sent a games.csv without the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}: found ${header.join(', ').slice(0, 300)}. Nothing was landed; if the provider renamed a column, change its name in src/sources/nflverse/games-table.ts.`,
    { code: 'lost_column', context: { source, missing: missing.join(',') } },
  )
}

function broken(source: string, what: string): DataFailure {
  return new DataFailure(
    `${source} sent a games.csv that breaks its own rules: ${what}. Nothing was landed; it will be right again when the provider mends the file.`,
    { code: 'broken_table', context: { source } },
  )
}

function cutOff(source: string, what: string): SourceFailure {
  return new SourceFailure(
    `${source} sent a games.csv that seems to be cut off: ${what}. Nothing was landed; it will be tried again.`,
    { code: 'cut_off', retryable: true, context: { source } },
  )
}
