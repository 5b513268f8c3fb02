// The lake as it has to be whatever went wrong on the way: every row's content, without what tells when it was written, by
// which run, and how often it was seen meanwhile.

import type { ChaosServer } from './server.ts'

/** Later is not other: a run that came late has other instants, and a landing that was passed over one revision less. */
const WHEN = ['run_id', 'landed_at', 'updated_at', 'recorded_at', 'fitted_at', 'as_of', 'graded_as_of', 'data_as_of', 'id', 'revision', 'bronze_revision', 'lead_days', 'commit'] // prettier-ignore

const CONTENT = [
  'bronze.nfl_games_newest',
  'silver.nfl_games',
  'features.nfl_games',
  'models.nfl_fits',
  'predictions.nfl',
  'predictions.nfl_grades',
]

export type Lake = ReadonlyMap<string, ReadonlySet<string>>

/** The different rows of each table. */
export async function readContent(server: ChaosServer, database: string): Promise<Lake> {
  const lake = new Map<string, Set<string>>()
  await server.asAdmin(async (sql) => {
    for (const table of CONTENT) {
      const rows = await sql.unsafe<{ row: string }[]>(
        `select distinct (to_jsonb(t) - '{${WHEN.join(',')}}'::text[])::text as row from ${table} t`,
      )
      lake.set(table, new Set(rows.map(({ row }) => row)))
    }
  }, database)
  return lake
}

export interface Difference {
  readonly table: string
  /** Rows that only a calm run has, and that only this one has. */
  readonly lost: number
  readonly extra: number
  readonly example: string
}

/** Tables whose rows differ from those of a calm run. */
export function differences(calm: Lake, found: Lake): Difference[] {
  return CONTENT.flatMap((table) => {
    const [before, now] = [calm.get(table) ?? new Set<string>(), found.get(table) ?? new Set<string>()]
    const lost = [...before].filter((row) => !now.has(row))
    const extra = [...now].filter((row) => !before.has(row))
    if (lost.length + extra.length === 0) return []
    return [{ table, lost: lost.length, extra: extra.length, example: `${lost[0] ?? ''} / ${extra[0] ?? ''}` }]
  })
}

/** How many different rows there are. */
export function countRows(lake: Lake): number {
  return [...lake.values()].reduce((sum, rows) => sum + rows.size, 0)
}
