// Takes back what processes wrote while their clock was ahead and still lies in the future, so that it blinds nobody until
// then. What they have missed or served stays so.

import type { Sql } from 'postgres'

import { MOST_APART_MS } from '../core/clocks.ts'

/** When any process last looked at the account. */
export async function findLastLook(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`select looked_at as at from ledger.watch`
  return row?.at ?? undefined
}

/** The last instant that a clock which agrees with ours may have written. */
export function lastPossible(now: Date): Date {
  return new Date(now.getTime() + MOST_APART_MS)
}

/** Takes back what would otherwise hold requests, messages, retries and questions to GitHub until a future that was written by
 *  mistake. False: nothing was. Each statement is safe to be done again. */
export async function takeBackFuture(sql: Sql, now: Date): Promise<boolean> {
  const last = lastPossible(now)
  const seenAt = await findLastLook(sql)
  if (seenAt === undefined || seenAt <= last) return false
  await sql`
    update ledger.watch
    set next_action_at = null, poked_at = null, looked_at = ${now},
      judged_at = case when judged_at <= ${last} then judged_at end,
      listed_at = case when listed_at <= ${last} then listed_at end,
      listed_until = case when listed_until <= ${last} then listed_until end,
      states_at = case when states_at <= ${last} then states_at end,
      kept_awake_at = case when kept_awake_at <= ${last} then kept_awake_at end,
      site_asked_at = case when site_asked_at <= ${last} then site_asked_at end
  `
  await sql`
    update ledger.requests set next_try_at = ${now}
    where state in ('open', 'sent') and next_try_at > ${last} and coalesce(sent_at, created_at) > ${last}
  `
  await sql`
    update ledger.deliveries d set next_try_at = ${now}
    where state = 'due' and next_try_at > ${last} and (
      -- No refusal waits for longer than a day.
      next_try_at > ${last}::timestamptz + interval '1 day'
      or exists (select 1 from ledger.flips f where f.id = d.flip_id and f.flipped_at > ${last})
    )
  `
  await sql`update ledger.slots set not_before = ${now} where state = 'due' and not_before > ${last} and changed_at > ${last}`
  await sql`update ledger.breakers set try_at = ${now} where state = 'open' and opened_at > ${last}`
  await sql`
    update ledger.runs set heartbeat_at = clock_timestamp()
    where id in (
      select id from ledger.runs
      where outcome = 'running' and heartbeat_at > clock_timestamp() + make_interval(secs => ${MOST_APART_MS / 1000})
      for no key update skip locked
    )
  `
  return true
}
