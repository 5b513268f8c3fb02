// Reads how old the data is: of every data set of the lake the newest thing in it.

import type { Sql } from 'postgres'

import { leagues } from '../../leagues/index.ts'

export interface DataSet {
  readonly name: string
  /** Schedule time of the newest change; undefined: nothing has landed yet. */
  readonly changedAt: Date | undefined
  /** When a run last looked and was served, changed or not; undefined: none has. */
  readonly checkedAt: Date | undefined
}

/** The age of every data set, league by league. The tables asked have some thousand rows a season. */
export async function readDataSets(sql: Sql): Promise<DataSet[]> {
  const lakes = await Promise.all(leagues.flatMap(({ lake }) => lake?.() ?? []))
  const kept = lakes.flatMap(({ dataSets }) => Object.entries(dataSets))
  const [changes, checks] = await Promise.all([
    Promise.all(lakes.map(({ age }) => age(sql))),
    listServed(sql, [...new Set(kept.flatMap(([, jobs]) => jobs))]),
  ])
  return kept.map(([name, jobs]) => ({
    name,
    changedAt: changes.flat().find((row) => row.name === name)?.at ?? undefined,
    checkedAt: newest(checks.filter(({ job }) => jobs.includes(job)).map(({ at }) => at)),
  }))
}

/** When each job last served a slot. */
async function listServed(sql: Sql, jobs: readonly string[]): Promise<{ job: string; at: Date | null }[]> {
  return await sql<{ job: string; at: Date | null }[]>`
    select wanted.job, served.changed_at as at
    from unnest(${[...jobs]}::text[]) as wanted (job)
    left join lateral (
      select changed_at from ledger.slots
      where job between wanted.job and wanted.job and state = 'served' order by job desc, due_at desc limit 1
    ) served on true
  `
}

function newest(instants: readonly (Date | null)[]): Date | undefined {
  return instants.flatMap((at) => at ?? []).sort((a, b) => b.getTime() - a.getTime())[0]
}
