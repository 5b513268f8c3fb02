// NFL.com's weekly projections as an archive keeps them: one CSV file per week and position, an empty cell meaning 0.
// Matchday brings no address for them: NFL.com permits personal use only, so whoever may use an archive names it. What is
// said of its rows may stand on a public page, and says where and how many, never what.

import { brokenTable, isMissing, parseTable, some, type Row, type TableOrigin } from '../../../../sources/csv-table.ts'
import { fetchFile, toUrl } from '../../../../sources/provider-file.ts'
import { POSITIONS, type Position, type StatLine } from '../../stats.ts'
import type { ProjectedLine, ProjectionRequest } from './types.ts'
import { isAbsent } from '../releases.ts'

const SOURCE = 'nfl-com'
const MAX_BYTES = 5 * 1024 * 1024

/** The columns that add up to each thing counted; NFL.com's `Fum` are fumbles lost. */
const COUNTED: Readonly<Record<keyof StatLine, readonly string[]>> = {
  passingYards: ['PassingYDS'],
  passingTouchdowns: ['PassingTD'],
  interceptions: ['PassingInt'],
  rushingYards: ['RushingYDS'],
  rushingTouchdowns: ['RushingTD'],
  receptions: ['ReceivingRec'],
  receivingYards: ['ReceivingYDS'],
  receivingTouchdowns: ['ReceivingTD'],
  otherTouchdowns: ['RetTD', 'FumTD'],
  twoPointConversions: ['2PT'],
  fumblesLost: ['Fum'],
}
const REQUIRED = ['PlayerName', 'PlayerId', 'Team', ...Object.values(COUNTED).flat()]

/** What NFL.com expects of a week's players; undefined while the archive has no such week. The address may hold `{season}`;
 *  below it lies `{week}/projected/{position}_projected.csv`. Throws SourceFailure or DataFailure. */
export async function fetchNflCom(request: ProjectionRequest): Promise<ProjectedLine[] | undefined> {
  const lines: ProjectedLine[] = []
  for (const position of POSITIONS) {
    const file = await fetchPosition(position, request)
    if (file === undefined) return undefined
    lines.push(...file)
  }
  return lines
}

async function fetchPosition(position: Position, request: ProjectionRequest): Promise<ProjectedLine[] | undefined> {
  const { season, week, base, signal } = request
  const file = `${week}/projected/${position}_projected.csv`
  const folder = base.replaceAll('{season}', String(season)).replace(/\/$/, '')
  const url = toUrl(`${folder}/${file}`, SOURCE)
  try {
    const answer = await fetchFile({ source: SOURCE, url, maxBytes: MAX_BYTES, signal })
    return answer.kind === 'unchanged' ? undefined : parseNflCom(answer.text, position, file)
  } catch (error) {
    // A week that is not projected yet has no file: an answer, not a failure.
    if (isAbsent(error)) return undefined
    throw error
  }
}

function parseNflCom(text: string, position: Position, file: string): ProjectedLine[] {
  const origin: TableOrigin = { source: SOURCE, file, rows: 'players', reader: 'src/leagues/fantasy/sources/projections/nfl-com.ts', unquoted: true } // prettier-ignore
  const { rows } = parseTable(text, REQUIRED, origin)
  const problems: string[] = []
  const lines = rows.map((row, i) =>
    toLine(row, { position, problem: (what) => problems.push(`${what} in line ${i + 2}`) }),
  )
  if (problems.length > 0) throw brokenTable(some(problems), origin)
  return lines
}

function toLine(row: Row, by: { position: Position; problem: (what: string) => void }): ProjectedLine {
  const number = (column: string): number => {
    const cell = row[column]
    const value = isMissing(cell) ? 0 : Number(cell)
    if (!Number.isFinite(value)) by.problem(`${column} is no number`)
    return value
  }
  const counted = Object.entries(COUNTED).map(([stat, columns]) => [
    stat,
    columns.reduce((sum, name) => sum + number(name), 0),
  ])
  if (isMissing(row['PlayerId'])) by.problem('no PlayerId')
  return {
    sourceId: row['PlayerId'] ?? '',
    name: row['PlayerName'] ?? '',
    position: by.position,
    team: row['Team'] ?? '',
    line: Object.fromEntries(counted) as StatLine,
  }
}
