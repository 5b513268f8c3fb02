// What the passes show of an outside clock: a dispatch that no bot sent is a clock's, or a person's.

import type { Sql } from 'postgres'

import { CLOCK_DAYS } from '../core/windows.ts'

/** People start a pass now and then; what has started one on so many days is a clock. */
const DAYS_OF_A_CLOCK = 3

export interface OutsideClock {
  /** When a dispatch that no bot sent last began a pass; undefined: none did in CLOCK_DAYS. */
  readonly lastAt: Date | undefined
  /** On how many of the last CLOCK_DAYS one did. */
  readonly days: number
  /** Passes of the last 24 hours that came more than an hour after they were wanted, newest first. */
  readonly latePasses: readonly { readonly beganAt: Date; readonly wantedAt: Date }[]
}

/** Is there a clock, by what the passes show? */
export function isClock({ days }: Pick<OutsideClock, 'days'>): boolean {
  return days >= DAYS_OF_A_CLOCK
}

/** Reads it as of an instant of schedule time. */
export async function readOutsideClock(sql: Sql, now: Date): Promise<OutsideClock> {
  const [[seen], late] = await Promise.all([readSeen(sql, now), listLate(sql, now)])
  return {
    lastAt: seen?.last_at ?? undefined,
    days: seen?.days ?? 0,
    latePasses: late.map(({ began_at, wanted_at }) => ({ beganAt: began_at, wantedAt: wanted_at })),
  }
}

/** The newest of each day: a clock that asks nobody starts 360 passes a day. */
function readSeen(sql: Sql, now: Date): Promise<{ last_at: Date | null; days: number }[]> {
  return sql`
    select max(newest.began_at) as last_at, count(*)::integer as days
    from generate_series(0, ${CLOCK_DAYS - 1}::integer) ago
    cross join lateral (
      select began_at from ledger.passes
      where began_at > ${now}::timestamptz - make_interval(hours => 24 * (ago + 1))
        and began_at <= ${now}::timestamptz - make_interval(hours => 24 * ago)
        and trigger = 'dispatch' and coalesce(actor, '') not like '%[bot]'
      order by began_at desc limit 1
    ) newest
  `
}

/** No more than 24: between two of them lies an hour. */
function listLate(sql: Sql, now: Date): Promise<{ began_at: Date; wanted_at: Date }[]> {
  return sql`
    select began_at, wanted_at from ledger.passes
    where began_at > ${now}::timestamptz - interval '1 day' and began_at <= ${now}
      and wanted_at < began_at - interval '1 hour'
    order by began_at desc
  `
}
