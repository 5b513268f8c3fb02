// Runs fantasy/import by hand on a test database with a small schedule: weeks of the 2025 season, every team at home or
// away, and who has a bye.

import type { JobReturn } from '../../../src/core/job.ts'
import { fantasyImport } from '../../../src/leagues/fantasy/jobs.ts'
import { aWeek, type Week } from '../../../src/leagues/nfl/calendar.ts'
import { nflBronze, nflSilver } from '../../../src/leagues/nfl/jobs.ts'
import { FRANCHISES } from '../../../src/leagues/nfl/lake/teams.ts'
import type { Sql } from '../../../src/lib/db.ts'

import { aGameRow, anUnplayedGameRow, gamesCsv } from '../../helpers/games-csv.ts'
import { aJobContext, type Said } from '../../helpers/job-context.ts'
import { aGamesFile, runJobAt } from '../../helpers/nfl-week.ts'
import { aServerOf } from './files.ts'

/** Tuesday morning after week 5. */
export const TUESDAY = new Date('2025-10-07T08:07:00Z')
export const THURSDAY = new Date('2025-10-09T12:07:00Z')

// Sundays of weeks 1 to 7; 13:00 in New York.
const SUNDAYS = ['2025-09-07', '2025-09-14', '2025-09-21', '2025-09-28', '2025-10-05', '2025-10-12', '2025-10-19']

/** Lands a schedule of weeks 1 to 7: `byes` are who does not play in week 6, `games` how many games of it are listed. */
export async function aSchedule(sql: Sql, wish: { byes?: readonly string[]; games?: number } = {}): Promise<void> {
  const rows = SUNDAYS.flatMap((gameday, i) => {
    const week = i + 1
    const teams = FRANCHISES.filter((team) => week !== 6 || !(wish.byes ?? []).includes(team))
    const pairs = teams.flatMap((away, j) => (j % 2 === 0 && teams[j + 1] ? [[away, teams[j + 1]!] as const] : []))
    return pairs.slice(0, week === 6 ? wish.games : undefined).map(([away_team, home_team]) => {
      const cells = { week: String(week), gameday, away_team, home_team }
      return week <= 5 ? aGameRow(cells) : anUnplayedGameRow(cells)
    })
  })
  const at = { sql, now: TUESDAY, games: aGamesFile(gamesCsv(rows)) }
  await runJobAt(nflBronze, at)
  await runJobAt(nflSilver, at)
}

export interface ImportWish {
  readonly sql: Sql
  readonly now?: Date
  readonly week?: number
  readonly source?: string[]
  /** Files by path on the servers of nflverse and of NFL.com's archive. */
  readonly files: Readonly<Record<string, string>>
}

type Imported = Said & { returned: JobReturn; result: Record<string, unknown> }

/** Imports a week of 2025 from local servers. */
export async function runImport({ sql, now, week, source, files }: ImportWish): Promise<Imported> {
  const base = await aServerOf(files)
  const sourceUrls = { 'nflverse-data': base, 'nfl-com': `${base}/nfl-com/{season}` }
  return await runImportOf(aWeek(2025, week ?? 5), { sql, now: now ?? TUESDAY, source, sourceUrls })
}

/** Imports any week from anywhere. */
export async function runImportOf(
  week: Week,
  at: { sql: Sql; now: Date; source?: string[] | undefined; sourceUrls: Readonly<Record<string, string>> },
): Promise<Imported> {
  const { ctx, said } = aJobContext({ ...at, params: { source: at.source ?? ['matchday', 'nfl-com'] } })
  const returned = await fantasyImport.run(week, ctx as never)
  const result = returned && 'result' in returned ? returned.result : {}
  return { ...said, returned, result }
}

/** Empties what the import writes, past the triggers that freeze it. */
export async function clearFantasy(sql: Sql): Promise<void> {
  const tables = ['bronze.nfl_player_weeks', 'predictions.fantasy']
  await sql.begin(async (tx) => {
    for (const table of tables) await tx.unsafe(`alter table ${table} disable trigger user`)
    await tx.unsafe(`truncate ${tables.join(', ')}`)
    await tx`delete from bronze.files where source like 'nflverse/%'`
    for (const table of tables) await tx.unsafe(`alter table ${table} enable trigger user`)
  })
}
