// When the site was last asked to be built anew. One row for all, changed by compare-and-set, so that of many who would ask
// one does.

import type { Sql } from 'postgres'

const MINUTE_MS = 60_000

/** A claim that was won: `before` is what stood there, to be given back. */
export interface SiteClaim {
  readonly at: Date
  readonly before: Date | null
}

/** Claims the build, where an incident has opened, closed or changed since the last one was asked for, and that is longer
 *  ago than `minutes`. Undefined: nothing has changed, it is too soon, or somebody else was first. */
export async function claimSiteBuild(
  sql: Sql,
  { at, minutes }: { at: Date; minutes: number },
): Promise<SiteClaim | undefined> {
  const [row] = await sql<{ before: Date | null }[]>`
    update ledger.watch watch
    set site_asked_at = ${at}
    from (select site_asked_at as before from ledger.watch) old
    where watch.site_asked_at is not distinct from old.before
      and coalesce(old.before <= ${new Date(at.getTime() - minutes * MINUTE_MS)}, true)
      -- Every change of an incident leaves a flip; by id, for its instants have no index of their own.
      and exists (
        select 1 from (select flipped_at from ledger.flips order by id desc limit 20) newest
        where newest.flipped_at > coalesce(old.before, '-infinity')
      )
    returning old.before
  `
  return row && { at, before: row.before }
}

/** Gives a claim back that led to nothing, so that the next pass may try. */
export async function returnSiteBuild(sql: Sql, { at, before }: SiteClaim): Promise<void> {
  await sql`update ledger.watch set site_asked_at = ${before} where site_asked_at = ${at}`
}
