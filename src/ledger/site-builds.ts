// Keeps when a build of the site was last asked for, since when in vain, and when one came. One row for all, changed by
// compare-and-set, so that of many who would ask one does.

import type { Sql } from 'postgres'

const MINUTE_MS = 60_000

/** A claim that was won: `before` is what stood there, to be given back. */
export interface SiteClaim {
  readonly at: Date
  readonly before: Date | null
}

export interface SiteWish {
  readonly at: Date
  /** At most one build in so many minutes. */
  readonly minutes: number
  /** Or in so many hours, where the last one that was asked for never came. */
  readonly vainHours: number
  /** A site older than so many hours is to be built, whatever else. */
  readonly staleHours: number
}

/** Claims the build, where the site does not show that an incident has opened, closed or changed, or is stale, and the last
 *  build was asked for long enough ago. Undefined: nothing of that, or somebody else was first. A site that was never built is
 *  nobody's: who wants one has built it once. */
export async function claimSiteBuild(sql: Sql, wish: SiteWish): Promise<SiteClaim | undefined> {
  const { at, minutes, vainHours, staleHours } = wish
  const ago = (count: number) => sql`${new Date(at.getTime() - count * MINUTE_MS)}::timestamptz`
  const [row] = await sql<{ before: Date | null }[]>`
    update ledger.watch watch
    set site_asked_at = ${at},
      site_wanted_at = case when watch.site_wanted_at > watch.site_built_at then watch.site_wanted_at else ${at} end
    from (select site_asked_at as before from ledger.watch) old
    where watch.site_asked_at is not distinct from old.before
      and coalesce(
        -- What cannot be published fails again, and every try is billed.
        old.before <= case when watch.site_built_at >= old.before then ${ago(minutes)} else ${ago(60 * vainHours)} end,
        true
      )
      and (
        watch.site_built_at < ${ago(60 * staleHours)}
        -- Every change of an incident leaves a flip; by id, for its instants have no index of their own.
        or exists (
          select 1 from (select flipped_at from ledger.flips order by id desc limit 20) newest
          where newest.flipped_at > coalesce(watch.site_built_at, old.before, '-infinity')
        )
      )
    returning old.before
  `
  return row && { at, before: row.before }
}

/** Remembers that people can see a site that was built of what stood there at an instant. Of several the newest counts, whichever
 *  ends first. Returns as of when the site is that is remembered now. */
export async function recordSiteBuild(sql: Sql, at: Date): Promise<Date> {
  const [row] = await sql<{ at: Date }[]>`
    update ledger.watch set site_built_at = greatest(site_built_at, ${at}::timestamptz) returning site_built_at as at
  `
  return row?.at ?? at
}

/** Gives a claim back that led to nothing, so that the next pass may try. The site is wanted all the same. */
export async function returnSiteBuild(sql: Sql, { at, before }: SiteClaim): Promise<void> {
  await sql`update ledger.watch set site_asked_at = ${before} where site_asked_at = ${at}`
}
