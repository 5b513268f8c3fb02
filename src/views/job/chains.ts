// Retries: the newest chains of each job that took more than one run, whole.

import type { Sql } from 'postgres'

import type { Outcome, Trigger } from '../../core/run.ts'
import type { ViewContext } from '../context.ts'
import { groupBy } from '../group-by.ts'
import { quotedWhy } from '../quoting.ts'

const SHOWN = 10
/** Of one chain; more are the work of somebody who tries by hand. */
const MOST_RUNS = 20

export interface ChainRun {
  readonly id: string
  readonly retryOf: string | undefined
  readonly attempt: number
  readonly outcome: Outcome
  readonly trigger: Trigger
  readonly dueAt: Date | undefined
  readonly startedAt: Date
  readonly durationMs: number | undefined
  readonly why: string | undefined
}

/** One chain: its runs from the first on. */
export type Chain = readonly ChainRun[]

interface Row {
  job: string
  chain: string
  id: string
  retry_of: string | null
  attempt: number
  outcome: Outcome
  trigger: Trigger
  slot_due_at: Date | null
  started_at: Date
  duration_ms: number | null
  code: string | null
  why: string | null
}

/** The newest chains of every job, of the last year, newest first. */
export async function readChains(sql: Sql, site: ViewContext): Promise<Map<string, Chain[]>> {
  const since = new Date(site.now.getTime() - 365 * 24 * 60 * 60_000)
  const rows = await sql<Row[]>`
    with chains as (
      select job, correlation_id, max(started_at) as newest,
        row_number() over (partition by job order by max(started_at) desc) as place
      from ledger.runs
      where retry_of is not null and outcome <> 'gated' and started_at > ${since} and started_at <= ${site.now}
      group by job, correlation_id
    )
    select chains.job, chains.correlation_id::text as chain, member.*
    from chains
    cross join lateral (
      select id, retry_of, attempt, outcome, trigger, slot_due_at, started_at, duration_ms,
        errors -> 0 ->> 'code' as code,
        left(coalesce(errors -> 0 ->> 'message', reason), 300) as why
      from ledger.runs
      where correlation_id = chains.correlation_id and runs.job = chains.job and outcome <> 'gated'
      order by started_at limit ${MOST_RUNS}
    ) member
    where chains.place <= ${SHOWN}
    order by chains.job, chains.newest desc, member.started_at
  `
  return groupBy(rows, ({ job }) => job, (own) => [...groupBy(own, ({ chain }) => chain, (runs) => runs.map((row) => toRun(row, site))).values()]) // prettier-ignore
}

function toRun(row: Row, site: ViewContext): ChainRun {
  return {
    id: row.id,
    retryOf: row.retry_of ?? undefined,
    attempt: row.attempt,
    outcome: row.outcome,
    trigger: row.trigger,
    dueAt: row.slot_due_at ?? undefined,
    startedAt: row.started_at,
    durationMs: row.duration_ms ?? undefined,
    why: quotedWhy(site, row),
  }
}
