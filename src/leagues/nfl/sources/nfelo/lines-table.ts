// Parses nfelo's public table of opening and last lines (greerreNFL/nfelomarket_data, Data/lines.csv), for tests against the
// opener. Its spreads are written as books write them, home-NEGATIVE: here they are turned to nflverse's sign.

import { parse } from 'csv-parse/sync'

import { DataFailure } from '../../../../core/errors.ts'

/** Opening lines of one game; teams by the codes that the table uses (`OAK`, `LAR`). */
export interface OpeningLines {
  readonly season: number
  readonly week: number
  readonly home: string
  readonly away: string
  /** Positive when the home side is favoured. */
  readonly spreadHome: number | null
  readonly totalLine: number | null
}

const COLUMNS = ['season', 'week', 'home_team', 'away_team', 'home_spread_open', 'total_line_open'] as const

/** The table's games. Throws DataFailure for a table without the columns or with a number that is none. */
export function parseOpeningLines(text: string): OpeningLines[] {
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true, skip_empty_lines: true })
  const missing = COLUMNS.filter((column) => rows[0] !== undefined && !(column in rows[0]))
  if (rows.length === 0 || missing.length > 0) {
    throw new DataFailure(
      `the file of opening lines has ${rows.length} rows and no column ${missing.join(', ') || 'at all'}: expected nfelo's lines.csv`,
      { code: 'bad_lines' },
    )
  }
  return rows.map((row) => {
    const spread = toNumber(row, 'home_spread_open')
    return {
      season: toNumber(row, 'season') ?? 0,
      week: toNumber(row, 'week') ?? 0,
      home: row['home_team'] ?? '',
      away: row['away_team'] ?? '',
      // Nought is not turned, for there is a -0.
      spreadHome: spread === null || spread === 0 ? spread : -spread,
      totalLine: toNumber(row, 'total_line_open'),
    }
  })
}

function toNumber(row: Readonly<Record<string, string>>, column: string): number | null {
  const text = row[column]?.trim() ?? ''
  if (text === '') return null
  const value = Number(text)
  if (Number.isFinite(value)) return value
  throw new DataFailure(`${row['game_id'] ?? 'a game'} of the opening lines has ${column} "${text}": expected a number`)
}
