// Open dead letters: items that failed, until somebody tries them again or dismisses them.

import type { Sql } from 'postgres'

import type { DeadLetter } from '../ledger/dead-letters.ts'
import type { ViewContext } from './context.ts'
import { groupBy } from './group-by.ts'

const SHOWN = 20

export type OpenLetter = Omit<DeadLetter, 'job'>

export interface OpenLetters {
  readonly count: number
  /** At most twenty. */
  readonly newest: readonly OpenLetter[]
}

type Row = Omit<DeadLetter, 'failedAt' | 'runId'> & {
  readonly count: number
  readonly failed_at: Date
  readonly run_id: string
}

/** The open letters of every job that has any. */
export async function readLetters(sql: Sql, { now }: Pick<ViewContext, 'now'>): Promise<Map<string, OpenLetters>> {
  const rows = await sql<Row[]>`
    select job, count, id, kind, key, code, message, retryable, times, failed_at, run_id
    from (
      select job, id, kind, key, code, message, retryable, times, failed_at, run_id,
        count(*) over (partition by job)::integer as count,
        row_number() over (partition by job order by failed_at desc, id desc) as place
      from ledger.dead_letters where closed_at is null and failed_at <= ${now}
    ) open
    where place <= ${SHOWN}
    order by job, place
  `
  return groupBy(rows, ({ job }) => job, (own) => ({ count: own[0]?.count ?? 0, newest: own.map(toLetter) })) // prettier-ignore
}

function toLetter({
  id,
  kind,
  key,
  code,
  message,
  retryable,
  times,
  failed_at: failedAt,
  run_id: runId,
}: Row): OpenLetter {
  return { id, kind, key, code, message: message.slice(0, 500), retryable, times, failedAt, runId }
}
