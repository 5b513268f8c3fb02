// Removes what the ledger keeps beside runs and forgets in time: requests, passes, ghosts, incidents with all that was told of
// them. Each function removes a batch and returns how many went; fewer than the limit means that no more are left.

import type { TransactionSql } from 'postgres'

export interface Batch {
  readonly before: Date
  readonly limit: number
}

/** Requests that ended before an instant. */
export async function deleteRequests(tx: TransactionSql, { before, limit }: Batch): Promise<number> {
  const done = await tx`
    delete from ledger.requests where id in (
      select id from ledger.requests
      where state in ('done', 'dropped') and coalesce(ended_at, created_at) < ${before}
      order by id limit ${limit}
    )
  `
  return done.count
}

/** Passes of ops-watch that began before an instant. */
export async function deletePasses(tx: TransactionSql, { before, limit }: Batch): Promise<number> {
  const done = await tx`
    delete from ledger.passes where id in (
      select id from ledger.passes where began_at < ${before} order by began_at limit ${limit}
    )
  `
  return done.count
}

/** Runs that only GitHub knew, of before an instant. */
export async function deleteGhosts(tx: TransactionSql, { before, limit }: Batch): Promise<number> {
  const done = await tx`
    delete from ledger.ghosts where (github_run_id, github_attempt) in (
      select github_run_id, github_attempt from ledger.ghosts where created_at < ${before} order by created_at limit ${limit}
    )
  `
  return done.count
}

/** Letters that were closed before an instant and whose run went while they were still open. */
export async function deleteLostLetters(tx: TransactionSql, { before, limit }: Batch): Promise<number> {
  const done = await tx`
    delete from ledger.dead_letters where id in (
      select id from ledger.dead_letters letter
      where closed_at < ${before} and not exists (select 1 from ledger.runs where id = letter.run_id)
      order by id limit ${limit}
    )
  `
  return done.count
}

/** Incidents that were closed before an instant, with their flips and what was told of them. */
export async function deleteIncidents(tx: TransactionSql, { before, limit }: Batch): Promise<number> {
  const rows = await tx<{ id: string }[]>`
    select id from ledger.incidents
    where opened_at < ${before} and closed_at < ${before}
    order by opened_at limit ${limit}
    for update
  `
  const gone = tx.array(rows.map((row) => row.id))
  await tx`
    delete from ledger.deliveries where flip_id in (
      select id from ledger.flips where incident_id = any(${gone}::bigint[])
    )
  `
  await tx`delete from ledger.flips where incident_id = any(${gone}::bigint[])`
  await tx`delete from ledger.incidents where id = any(${gone}::bigint[])`
  return rows.length
}
