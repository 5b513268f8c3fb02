// Requests: wishes that a job be started, written down before anything acts on them. One outstanding per job.

import type { TransactionSql } from 'postgres'

/** A wish that a job be started because the one it needs has just run with `cascade`. */
export interface CascadeRequest {
  readonly job: string
  readonly reason: string
  /** Inputs for the dispatch: the period and `cascade` itself, so that the wave goes on. */
  readonly parameters: Record<string, unknown>
  /** Schedule time. */
  readonly at: Date
}

/** Writes a request down; a job that is asked for already is not asked for twice. */
export async function insertCascadeRequest(tx: TransactionSql, request: CascadeRequest): Promise<void> {
  await tx`
    insert into ledger.requests (job, kind, reason, parameters, next_try_at, created_at)
    values (${request.job}, 'cascade', ${request.reason}, ${tx.json(request.parameters as never)}, ${request.at}, ${request.at})
    on conflict (job) where state in ('open', 'sent') do nothing
  `
}
