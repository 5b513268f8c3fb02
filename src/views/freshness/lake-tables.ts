// The tables of the lake: who keeps each, how much is in it, and the newest thing in it.

import type { Sql } from 'postgres'

import type { LakeTable as Kept } from '../../core/league.ts'
import { leagues } from '../../leagues/index.ts'

export interface LakeTable extends Kept {
  readonly rows: number
  /** Up to when its newest row knows; undefined: it is empty, or its rows do not say. */
  readonly asOf: Date | undefined
  /** `2026 week 11`: the newest period that it is about. */
  readonly newest: string | undefined
}

/** Every table that one of these jobs keeps. They grow by some thousand rows a season, and are counted. */
export async function readLakeTables(sql: Sql, jobs: readonly string[]): Promise<LakeTable[]> {
  const found: LakeTable[] = []
  for (const { lake } of leagues) {
    if (lake === undefined) continue
    const { tables, count } = await lake()
    const counts = await count(sql)
    for (const kept of tables.filter(({ job }) => jobs.includes(job))) {
      const row = counts.find(({ table }) => table === kept.table)
      found.push({ ...kept, rows: row?.rows ?? 0, asOf: row?.as_of ?? undefined, newest: row?.newest ?? undefined })
    }
  }
  return found
}
