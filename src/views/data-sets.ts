// How old the data is: of every data set of the lake the newest thing in it.

import type { Sql } from 'postgres'

export interface DataSet {
  readonly name: string
  /** Schedule time of the newest change; undefined: nothing has landed yet. */
  readonly changedAt: Date | undefined
  /** When a run last looked and was served, changed or not; undefined: none has. */
  readonly checkedAt: Date | undefined
}

/** Data sets in the order in which they are made, and the jobs that keep each. A new one is a line here and in the query. */
const KEPT_BY: Readonly<Record<string, readonly string[]>> = {
  games: ['nfl/bronze', 'nfl/predict', 'nfl/results'],
  'clean games': ['nfl/silver', 'nfl/predict', 'nfl/results'],
  predictions: ['nfl/predict'],
  grades: ['nfl/results'],
  players: ['fantasy/import'],
  projections: ['fantasy/import'],
}

/** The age of every data set. The tables asked have some thousand rows a season. */
export async function readDataSets(sql: Sql): Promise<DataSet[]> {
  const [changes, checks] = await Promise.all([
    sql<{ name: string; at: Date | null }[]>`
      select 'games' as name, max(as_of) as at from bronze.files where source = 'nflverse'
      union all select 'clean games', max(as_of) from silver.nfl_games
      union all select 'predictions', max(as_of) from predictions.nfl
      union all select 'grades', max(graded_as_of) from predictions.nfl_grades
      union all select 'players', max(as_of) from bronze.files where source like 'nflverse/%'
      union all select 'projections', max(as_of) from predictions.fantasy
    `,
    sql<{ job: string; at: Date | null }[]>`
      select wanted.job, served.changed_at as at
      from unnest(${[...new Set(Object.values(KEPT_BY).flat())]}::text[]) as wanted (job)
      left join lateral (
        select changed_at from ledger.slots
        where job between wanted.job and wanted.job and state = 'served' order by job desc, due_at desc limit 1
      ) served on true
    `,
  ])
  return Object.entries(KEPT_BY).map(([name, jobs]) => ({
    name,
    changedAt: changes.find((row) => row.name === name)?.at ?? undefined,
    checkedAt: newest(checks.filter(({ job }) => jobs.includes(job)).map(({ at }) => at)),
  }))
}

function newest(instants: readonly (Date | null)[]): Date | undefined {
  return instants.flatMap((at) => at ?? []).sort((a, b) => b.getTime() - a.getTime())[0]
}
