// Keeps what was to be told to which channel, and what became of it. A delivery is claimed before anything is sent: `tries` is
// the token of every compare-and-set here, so that two passes never send twice, and a crash between claim and record
// only delays.

import type { Sql } from 'postgres'

import type { Severity } from '../core/incident.ts'

/** How a subject is, as flips say it. */
export type Health = 'well' | Severity

/** A flip that no delivery was written for yet. */
export interface UntoldFlip {
  readonly id: string
  readonly incidentId: string
  readonly subject: string
  readonly cause: string
  /** What the incident became since it last opened, one flip after the other, down to this one. */
  readonly healths: readonly Health[]
  /** The channels that have heard of the trouble since it opened: whatever its cause is by now, they hear how it goes on. */
  readonly heard: readonly string[]
}

/** Flips that nobody has been told of and that no delivery was written for, oldest first. */
export async function listUntoldFlips(sql: Sql, limit: number): Promise<UntoldFlip[]> {
  const rows = await sql<
    { id: string; incident_id: string; subject: string; cause: string; healths: Health[]; heard: string[] }[]
  >`
    select f.id, f.incident_id, i.subject, i.cause, array(
        select h.new_health from ledger.flips h
        where h.incident_id = f.incident_id and h.id <= f.id and h.id >= opening.id
        order by h.id
      ) as healths, array(
        select distinct d.channel from ledger.deliveries d
        where d.incident_id = f.incident_id and d.flip_id < f.id and d.flip_id >= opening.id and d.state in ('due', 'sent')
      ) as heard
    from ledger.flips f join ledger.incidents i on i.id = f.incident_id
    cross join lateral (
      select coalesce(max(o.id), 0) as id from ledger.flips o
      where o.incident_id = f.incident_id and o.id <= f.id and o.old_health = 'well'
    ) opening
    where f.told_at is null and not exists (select 1 from ledger.deliveries d where d.flip_id = f.id)
    order by f.id
    limit ${limit}
  `
  return rows.map(({ incident_id, ...row }) => ({ ...row, incidentId: incident_id }))
}

/** Writes one due delivery per flip and channel; a flip that no channel wants counts as told. Whoever writes second writes
 *  nothing. */
export async function writeDeliveries(
  sql: Sql,
  flips: readonly { readonly id: string; readonly incidentId: string; readonly channels: readonly string[] }[],
  at: Date,
): Promise<void> {
  const rows = flips.flatMap(({ id, incidentId, channels }) =>
    channels.map((channel) => ({ flip_id: id, incident_id: incidentId, channel })),
  )
  const unwanted = flips.filter(({ channels }) => channels.length === 0).map(({ id }) => id)
  await sql.begin(async (tx) => {
    await tx`
      insert into ledger.deliveries (flip_id, incident_id, channel, next_try_at)
      select flip_id, incident_id, channel, ${at}::timestamptz
      from jsonb_to_recordset(${tx.json(rows)}::jsonb) as row (flip_id bigint, incident_id bigint, channel text)
      order by flip_id, channel
      on conflict on constraint deliveries_once do nothing
    `
    await tx`
      update ledger.flips set told_at = ${at}
      where id = any(${tx.array(unwanted as never[])}::bigint[]) and told_at is null
    `
  })
}

/** A delivery as it was seen: whoever changes it finds it so, or changes nothing. */
interface Seen {
  readonly id: string
  readonly tries: number
}

/** Takes a delivery for sending; false when another pass has. Until `nextTryAt` nobody else will. */
export async function claimDelivery(sql: Sql, seen: Seen, nextTryAt: Date): Promise<boolean> {
  const done = await sql`
    update ledger.deliveries set tries = tries + 1, next_try_at = ${nextTryAt}, error = null
    where id = ${seen.id} and state = 'due' and tries = ${seen.tries}
  `
  return done.count === 1
}

/** Keeps what a channel answered as soon as it is known, so that a message which fails halfway is not begun anew. */
export async function keepReference(sql: Sql, id: string, reference: string): Promise<void> {
  await sql`update ledger.deliveries set reference = ${reference} where id = ${id} and reference is distinct from ${reference}`
}

/** A claimed delivery was sent. */
export async function recordSent(sql: Sql, claimed: Seen, sentAt: Date): Promise<boolean> {
  const done = await sql`
    update ledger.deliveries set state = 'sent', sent_at = ${sentAt}, error = null, refused_by = null
    where id = ${claimed.id} and state = 'due' and tries = ${claimed.tries}
  `
  return done.count === 1
}

/** A delivery could not be sent for now: by a trouble that passes, or by the channel as it is set (its fingerprint). */
export async function recordUnsent(
  sql: Sql,
  claimed: Seen,
  failure: { readonly error: string; readonly nextTryAt: Date; readonly refusedBy: string | undefined },
): Promise<boolean> {
  const done = await sql`
    update ledger.deliveries
    set error = ${failure.error}, next_try_at = ${failure.nextTryAt}, refused_by = ${failure.refusedBy ?? null}
    where id = ${claimed.id} and state = 'due' and tries = ${claimed.tries}
  `
  return done.count === 1
}

/** A delivery need not be sent any more; false when another pass has it in hand. */
export async function dropDelivery(sql: Sql, seen: Seen, why: string): Promise<boolean> {
  const done = await sql`
    update ledger.deliveries set state = 'dropped', error = ${why}
    where id = ${seen.id} and state = 'due' and tries = ${seen.tries}
  `
  return done.count === 1
}

/** A delivery waits for a later moment; that is no try. */
export async function postponeDelivery(sql: Sql, seen: Seen, until: Date): Promise<void> {
  await sql`
    update ledger.deliveries set next_try_at = ${until}
    where id = ${seen.id} and state = 'due' and tries = ${seen.tries} and next_try_at < ${until}
  `
}

/** Marks the flips of which nothing waits any more. */
export async function markFlipsTold(sql: Sql, at: Date): Promise<void> {
  await sql`
    update ledger.flips f set told_at = ${at}
    where told_at is null and exists (select 1 from ledger.deliveries d where d.flip_id = f.id)
      and not exists (select 1 from ledger.deliveries d where d.flip_id = f.id and d.state = 'due')
  `
}

/** When the next delivery wants to be sent; undefined when none waits. */
export async function findNextDeliveryAt(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql<{ at: Date | null }[]>`
    select min(next_try_at) as at from ledger.deliveries where state = 'due'
  `
  return row?.at ?? undefined
}

/** The issues of open incidents that nobody has acknowledged yet, the newest incidents first; 30 at most, for each costs a
 *  question to GitHub. */
export async function listIssuesOfOpen(sql: Sql): Promise<{ incidentId: string; reference: string }[]> {
  const rows = await sql<{ incident_id: string; reference: string }[]>`
    select distinct on (i.id) i.id as incident_id, d.reference
    from ledger.incidents i join ledger.flips f on f.incident_id = i.id join ledger.deliveries d on d.flip_id = f.id
    where i.closed_at is null and i.acknowledged_at is null and d.channel = 'github-issue' and d.reference is not null
    order by i.id desc, f.id desc
    limit 30
  `
  return rows.map((row) => ({ incidentId: row.incident_id, reference: row.reference }))
}
