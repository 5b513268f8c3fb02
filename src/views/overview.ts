// The Overview: is everything fine, what is late, what failed and why, what runs next, how good are the predictions.

import type { Sql } from 'postgres'

import type { ViewContext } from './context.ts'

export interface OverviewView {
  readonly runs: number
}

/** Reads the Overview's view. */
export async function readOverview(sql: Sql, _site: ViewContext): Promise<OverviewView> {
  const [row] = await sql<{ runs: number }[]>`
    select reltuples::integer as runs from pg_class where oid = 'ledger.runs'::regclass
  `
  return { runs: row?.runs ?? 0 }
}
