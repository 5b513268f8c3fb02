// nflverse's releases and NFL.com's archive as small files in the shape of the real ones, served by a real web server.

import { createServer } from 'node:http'
import { after } from 'node:test'

import { playersCsv as csv, type Cells } from '../../helpers/player-weeks.ts'

const NEWER = csv([]).trim().split(',')
const RENAMED: Readonly<Record<string, string>> = { team: 'recent_team', passing_interceptions: 'interceptions' }
const THEIRS = ['PlayerName', 'PlayerId', 'Pos', 'Team', 'PlayerOpponent', 'PassingYDS', 'PassingTD', 'PassingInt', 'RushingYDS', 'RushingTD', 'ReceivingRec', 'ReceivingYDS', 'ReceivingTD', 'RetTD', 'FumTD', '2PT', 'Fum', 'PlayerWeekProjectedPts'] // prettier-ignore

/** The same in the layout until 2025. */
export function olderPlayersCsv(rows: readonly Cells[]): string {
  const old = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [RENAMED[name] ?? name, cell])),
  )
  return csv(
    old,
    NEWER.map((name) => RENAMED[name] ?? name),
  )
}

/** As playersCsv, without some columns. */
export function playersCsvWithout(rows: readonly Cells[], lost: readonly string[]): string {
  return csv(
    rows,
    NEWER.filter((name) => !lost.includes(name)),
  )
}

/** injuries_{season}.csv. */
export function injuriesCsv(rows: readonly Cells[]): string {
  return csv(rows, ['season', 'week', 'gsis_id', 'report_status', 'date_modified'])
}

/** roster_{season}.csv. */
export function rosterCsv(rows: readonly Cells[]): string {
  return csv(rows, ['season', 'team', 'position', 'status', 'full_name', 'gsis_id'])
}

/** `{position}_projected.csv` of NFL.com's archive; empty cells are 0 there. */
export function theirsCsv(rows: readonly Cells[]): string {
  return csv(rows, THEIRS)
}

/** A web server with these files by path; whatever else is asked for is 404, as on GitHub. */
export async function aServerOf(files: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const text = files[request.url ?? '']
    if (text === undefined) response.writeHead(404).end('Not Found')
    else response.end(text)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

/** Where the files of 2025 lie on the two servers. */
export const PATHS = {
  players: '/stats_player/stats_player_week_2025.csv',
  lastSeason: '/stats_player/stats_player_week_2024.csv',
  injuries: '/injuries/injuries_2025.csv',
  roster: '/rosters/roster_2025.csv',
  theirs: (week: number, position: string) => `/nfl-com/2025/${week}/projected/${position}_projected.csv`,
} as const
