// Deliveries that a channel cannot take as it is set today, and incidents that a channel has yet to hear of. A refusal is no
// end: it waits for a day, for other settings, or for the channel to work again.

import { createHash } from 'node:crypto'

import type { Sql } from 'postgres'

import { lastPossible } from './ahead.ts'
import type { UntoldFlip } from './deliveries.ts'
import type { Incident } from './incidents.ts'

const DAY_MS = 24 * 60 * 60_000
const HOUR_MS = 60 * 60_000

/** The newest flip of an open incident. */
export interface OpenFlip extends UntoldFlip {
  /** The channels for which a delivery of this flip waits, or was done with while they were set up. */
  readonly settled: readonly string[]
}

/** The newest flip of every open incident, oldest first. `gone` is why a delivery was dropped whose channel was not set up. */
export async function listOpenFlips(sql: Sql, gone: string, limit: number): Promise<OpenFlip[]> {
  const rows = await sql<(Omit<OpenFlip, 'incidentId'> & { incident_id: string })[]>`
    select f.id, i.id as incident_id, i.subject, i.cause, array(
        select h.new_health from ledger.flips h
        where h.incident_id = i.id and h.id <= f.id and h.id >= opening.id
        order by h.id
      ) as healths, array(
        select distinct d.channel from ledger.deliveries d
        where d.incident_id = i.id and d.flip_id < f.id and d.flip_id >= opening.id and d.state in ('due', 'sent')
      ) as heard, array(
        select d.channel from ledger.deliveries d
        where d.flip_id = f.id and d.state <> 'failed' and not (d.state = 'dropped' and d.error = ${gone})
      ) as settled
    from ledger.incidents i
    cross join lateral (
      select n.id from ledger.flips n where n.incident_id = i.id order by n.id desc limit 1
    ) f
    cross join lateral (
      select coalesce(max(o.id), 0) as id from ledger.flips o where o.incident_id = i.id and o.old_health = 'well'
    ) opening
    where i.closed_at is null
    order by f.id
    limit ${limit}
  `
  return rows.map(({ incident_id, ...row }) => ({ ...row, incidentId: incident_id }))
}

/** Makes deliveries due whose channel has come, come back or been given up; whoever writes second writes nothing. */
export async function writeLateDeliveries(
  sql: Sql,
  flips: readonly { readonly id: string; readonly incidentId: string; readonly channels: readonly string[] }[],
  { at, gone }: { readonly at: Date; readonly gone: string },
): Promise<void> {
  const rows = flips.flatMap(({ id, incidentId, channels }) =>
    channels.map((channel) => ({ flip_id: id, incident_id: incidentId, channel })),
  )
  if (rows.length === 0) return
  await sql`
    insert into ledger.deliveries as d (flip_id, incident_id, channel, next_try_at)
    select flip_id, incident_id, channel, ${at}::timestamptz
    from jsonb_to_recordset(${sql.json(rows)}::jsonb) as row (flip_id bigint, incident_id bigint, channel text)
    order by flip_id, channel
    on conflict on constraint deliveries_once do update
    set state = 'due', tries = 0, error = null, refused_by = null, next_try_at = excluded.next_try_at
    where d.state = 'failed' or (d.state = 'dropped' and d.error = ${gone})
  `
}

/** The channels that have refused something which still waits for them, each with why it last did. */
export async function listRefusingChannels(sql: Sql): Promise<{ channel: string; error: string; waiting: number }[]> {
  return await sql<{ channel: string; error: string; waiting: number }[]>`
    select channel, coalesce((array_agg(error order by flip_id desc) filter (where error is not null))[1], '') as error,
      count(*)::integer as waiting
    from ledger.deliveries
    where state = 'due' and refused_by is not null
    group by channel order by channel
  `
}

/** Settings of a channel as the ledger keeps them: enough to see that they changed, and too short to guess them by. */
export async function fingerprint(sql: Sql, channel: string, settings: string): Promise<string> {
  const [row] = await sql<{ stamp: string }[]>`select stamped_at::text || environment as stamp from ledger.stamp`
  const text = JSON.stringify([row?.stamp ?? '', channel, settings])
  return createHash('sha256').update(text).digest('hex').slice(0, 4)
}

/** What a channel refused under other settings than today's is due now. Returns how many. */
export async function hastenChanged(
  sql: Sql,
  { channel, settings }: { readonly channel: string; readonly settings: string },
  now: Date,
): Promise<number> {
  return await hasten(sql, { channels: [channel], but: settings, before: undefined }, now)
}

/** What these channels refused before this instant is due now, because they have just accepted something else. */
export async function hastenWorking(sql: Sql, channels: readonly string[], now: Date): Promise<number> {
  if (channels.length === 0) return 0
  // What is refused at this instant is asked for a day later, to the millisecond.
  return await hasten(sql, { channels, but: undefined, before: new Date(now.getTime() + DAY_MS) }, now)
}

interface Which {
  readonly channels: readonly string[]
  /** Not what was refused under these settings. */
  readonly but: string | undefined
  /** Only what is asked for before this. */
  readonly before: Date | undefined
}

async function hasten(sql: Sql, { channels, but, before }: Which, now: Date): Promise<number> {
  // Without an error it is being sent.
  const done = await sql`
    with refused as (
      select id, tries from ledger.deliveries
      where state = 'due' and refused_by is not null and error is not null and channel = any(${sql.array([...channels])}::text[])
        and refused_by is distinct from ${but ?? null} and next_try_at > ${now}
        and next_try_at < coalesce(${before ?? null}::timestamptz, 'infinity')
      order by id for update
    )
    update ledger.deliveries d set next_try_at = ${now}
    from refused
    where d.id = refused.id and d.state = 'due' and d.tries = refused.tries
  `
  return done.count
}

/** An open incident that no channel has accepted since it last opened. */
export type UnheardIncident = Pick<Incident, 'id' | 'subject' | 'cause'> & {
  readonly healths: UntoldFlip['healths']
}

/** Open incidents that opened an hour ago or earlier and that no channel has accepted since. `known` is why a delivery was
 *  dropped whose channel had heard the same before. */
export async function listUnheard(sql: Sql, now: Date, known: string): Promise<UnheardIncident[]> {
  return await sql<UnheardIncident[]>`
    select i.id, i.subject, i.cause, array(
        select h.new_health from ledger.flips h where h.incident_id = i.id and h.id >= opening.id order by h.id
      ) as healths
    from ledger.incidents i
    cross join lateral (
      select o.id, o.flipped_at from ledger.flips o
      where o.incident_id = i.id and o.old_health = 'well' order by o.id desc limit 1
    ) opening
    where i.closed_at is null and opening.flipped_at <= ${new Date(now.getTime() - HOUR_MS)} and not exists (
      select 1 from ledger.deliveries d
      where d.incident_id = i.id and d.flip_id >= opening.id
        and (d.state = 'sent' or (d.state = 'dropped' and d.error = ${known}))
    )
    order by opening.flipped_at, i.id
  `
}

/** Why each channel has not accepted these incidents, as it last said. */
export async function listErrorsOf(
  sql: Sql,
  incidents: readonly string[],
): Promise<{ channel: string; error: string }[]> {
  return await sql<{ channel: string; error: string }[]>`
    select distinct on (channel) channel, error from ledger.deliveries
    where incident_id = any(${sql.array([...incidents])}::bigint[]) and state = 'due' and error is not null
    order by channel, flip_id desc
  `
}

/** Takes today's turn to be red because nobody was told; false if a pass of the last day had it. */
export async function takeUnheardTurn(sql: Sql, now: Date): Promise<boolean> {
  const done = await sql`
    update ledger.watch set unheard_at = ${now}
    where unheard_at is null or unheard_at <= ${new Date(now.getTime() - DAY_MS)} or unheard_at > ${lastPossible(now)}
  `
  return done.count === 1
}
