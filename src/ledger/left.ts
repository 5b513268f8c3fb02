// What jobs and sources that have left the registry leave behind: closed at set-up, for nobody is there to act on it. Their past stays.

import type { Sql } from 'postgres'

/** What the code has. */
export interface Registered {
  readonly jobs: readonly string[]
  readonly sources: readonly string[]
}

/** How many of each were closed. */
export interface Left {
  readonly requests: number
  readonly letters: number
  readonly overrides: number
  readonly breakers: number
}

/** The job of an override that is for all of them. */
const ALL = '*'

/** Drops outstanding requests, dismisses open dead letters, ends overrides in force, and forgets breakers. */
export async function closeWhatLeft(
  sql: Sql,
  { jobs, sources }: Registered,
  { by, at }: { by: string; at: Date },
): Promise<Left> {
  const known = sql.array([...jobs, ALL])
  const why = 'its job has left the code'
  const requests = await sql`
    update ledger.requests set state = 'dropped', ended_at = ${at}, note = ${`no longer wanted: ${why}`}
    where state in ('open', 'sent') and job <> all(${known}::text[])
  `
  const letters = await sql`
    with open as (
      select id from ledger.dead_letters where closed_at is null and job <> all(${known}::text[])
      order by job, kind, key, code
      for update
    )
    update ledger.dead_letters letter set closed_at = ${at}, closed_by = ${by}, close_reason = ${why}
    from open
    where letter.id = open.id and letter.closed_at is null
  `
  const overrides = await sql`
    update ledger.overrides set ended_at = ${at}, ended_by = ${by}, end_reason = ${why}
    where ended_at is null and expires_at > ${at} and job <> all(${known}::text[])
  `
  const breakers = await sql`delete from ledger.breakers where source <> all(${sql.array([...sources])}::text[])`
  return { requests: requests.count, letters: letters.count, overrides: overrides.count, breakers: breakers.count }
}
