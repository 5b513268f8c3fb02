// The lake as it has to be whatever went wrong on the way: every row's content, without what tells when it was written, by
// which run, and how often it was seen meanwhile.

import type { ChaosServer } from './server.ts'

/** Later is not other: a run that came late has other instants, and a landing that was passed over one revision less. */
const WHEN = ['run_id', 'landed_at', 'updated_at', 'recorded_at', 'fitted_at', 'as_of', 'graded_as_of', 'data_as_of', 'id', 'revision', 'bronze_revision', 'commit'] // prettier-ignore

// A forecast may count on the fit of the week before, where training came late (nfl/predict needs any fit, not a fresh one): of
// forecasts, what they are about and what they saw is compared, and of grades what happened.
const CONTENT: Readonly<Record<string, readonly string[] | 'all'>> = {
  'bronze.nfl_games_newest': 'all',
  'silver.nfl_games': 'all',
  'features.nfl_games': 'all',
  'models.nfl_fits': 'all',
  'predictions.games': ['game_id', 'market', 'season', 'period', 'starts_at', 'line', 'price_for', 'price_against'],
  'predictions.grades': ['game_id', 'market', 'home_score', 'away_score', 'close_line', 'p_close'],
}

export type Lake = ReadonlyMap<string, ReadonlySet<string>>

/** The different rows of each table. */
export async function readContent(server: ChaosServer, database: string): Promise<Lake> {
  const lake = new Map<string, Set<string>>()
  await server.asAdmin(async (sql) => {
    for (const [table, columns] of Object.entries(CONTENT)) {
      const row =
        columns === 'all' ? `to_jsonb(t) - '{${WHEN.join(',')}}'::text[]` : `jsonb_build_array(${columns.join(', ')})`
      const rows = await sql.unsafe<{ row: string }[]>(`select distinct (${row})::text as row from ${table} t`)
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
  return Object.keys(CONTENT).flatMap((table) => {
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
