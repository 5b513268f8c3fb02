// The outcomes of runs as SQL, to stand behind "outcome in": written once, from the lists of core. Words of ours in the
// statement's own text, for by parameters the planner would not know that the partial index runs_by_outcome has them all.

import type { Sql, TransactionSql } from 'postgres'

import { SERVING, UNWELL, type Outcome } from '../core/run.ts'

const ENDED = [...new Set([...SERVING, ...UNWELL])]

/** Those of runs that served their slot. */
export const serving = (sql: Sql | TransactionSql) => listed(sql, SERVING)

/** Those that tell how a job fares: who was cancelled says nothing of it. */
export const telling = (sql: Sql | TransactionSql) =>
  listed(
    sql,
    ENDED.filter((outcome) => outcome !== 'cancelled'),
  )

/** Those of runs that did not end well. */
export const unwell = (sql: Sql | TransactionSql) => listed(sql, UNWELL)

/** Those of runs that ended and had something to do. */
export const ended = (sql: Sql | TransactionSql) => listed(sql, ENDED)

function listed(sql: Sql | TransactionSql, outcomes: readonly Outcome[]) {
  return sql.unsafe(`(${outcomes.map((outcome) => `'${outcome}'`).join(', ')})`)
}
