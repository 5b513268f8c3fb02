// Reads the deliveries that are due, with everything that a message needs: the incident, the flip, the run, and what the channel
// has heard of it before.

import type { Sql } from 'postgres'

import type { Cause, Severity } from '../core/incident.ts'
import type { SlotState } from '../core/slot.ts'
import type { Health } from './deliveries.ts'
import type { Incident } from './incidents.ts'

/** Something that waits to be told, with all that a message needs. */
export interface DueDelivery {
  readonly id: string
  readonly flipId: string
  readonly channel: string
  readonly tries: number
  readonly nextTryAt: Date
  /** Of the last try; undefined on a delivery that was tried means: being sent now, or the sender died. */
  readonly error: string | undefined
  /** Was the last try refused by the channel as it is set, rather than by a trouble that passes? */
  readonly refused: boolean
  readonly oldHealth: Health
  readonly newHealth: Health
  readonly flippedAt: Date
  /** Nothing changed: people are told again that it is still so. */
  readonly reminder: boolean
  /** When the incident last opened, up to this flip; and when it had last closed before that. */
  readonly opening: { readonly at: Date; readonly wellSince: Date | undefined }
  /** What this channel was last told of this incident. */
  readonly told: { readonly at: Date; readonly health: Health } | undefined
  /** What this channel answered to an earlier message of this incident: an issue's number. */
  readonly reference: string | undefined
  readonly incident: ToldIncident
  /** What became of the incident's slot, and when the run began that served it. */
  readonly slot: { readonly state: SlotState; readonly startedAt: Date | undefined } | undefined
  /** The run that served the slot, or else the one that the flip or the incident is about. */
  readonly run:
    { readonly id: string; readonly githubRunId: string | undefined; readonly simulated: boolean } | undefined
}

/** An incident as messages tell it. */
export type ToldIncident = Omit<Incident, 'runId' | 'remindEveryMs' | 'acknowledged'> & {
  readonly closedAt: Date | undefined
  readonly acknowledgedAt: Date | undefined
  readonly acknowledgedBy: string | undefined
}

interface DueRow {
  id: string
  flip_id: string
  channel: string
  tries: number
  next_try_at: Date
  error: string | null
  refused: boolean
  old_health: Health
  new_health: Health
  flipped_at: Date
  reminder: boolean
  opening_at: Date | null
  well_since: Date | null
  told_at: Date | null
  told_health: Health | null
  reference: string | null
  incident_id: string
  subject: string
  cause: Cause
  severity: Severity
  title: string
  detail: string
  slot_due_at: Date | null
  knowable_at: Date
  opened_at: Date
  times: number
  closed_at: Date | null
  acknowledged_at: Date | null
  acknowledged_by: string | null
  slot_state: SlotState | null
  slot_started_at: Date | null
  run_id: string | null
  github_run_id: string | null
  simulated: boolean | null
}

/** All deliveries that wait, oldest flip first: those whose time has not come too, for the newest of an incident speaks for
 *  the others. */
export async function listDueDeliveries(sql: Sql, limit: number): Promise<DueDelivery[]> {
  const rows = await sql<DueRow[]>`
    select d.id, d.flip_id, d.channel, d.tries, d.next_try_at, d.error, d.refused_by is not null as refused,
      f.old_health, f.new_health, f.flipped_at, f.reminder, opening.flipped_at as opening_at,
      (
        select max(w.flipped_at) from ledger.flips w
        where w.incident_id = i.id and w.id < opening.id and w.new_health = 'well'
      ) as well_since,
      told.sent_at as told_at, told.new_health as told_health,
      (
        select r.reference from ledger.flips e join ledger.deliveries r on r.flip_id = e.id
        where e.incident_id = i.id and r.channel = d.channel and r.reference is not null
        order by e.id desc limit 1
      ) as reference,
      i.id as incident_id, i.subject, i.cause, i.severity, i.title, i.detail, i.slot_due_at, i.knowable_at, i.opened_at,
      i.times, i.closed_at, i.acknowledged_at, i.acknowledged_by,
      slot.state as slot_state, case when slot.state = 'served' then slot.started_at end as slot_started_at,
      run.id as run_id, run.github_run_id, run.simulated
    from ledger.deliveries d
    join ledger.flips f on f.id = d.flip_id
    join ledger.incidents i on i.id = d.incident_id
    left join ledger.slots slot on slot.job = i.subject and slot.due_at = i.slot_due_at
    left join ledger.runs run
      on run.id = coalesce(case when f.new_health = 'well' and slot.state = 'served' then slot.run_id end, f.run_id, i.run_id)
    left join lateral (
      select o.id, o.flipped_at from ledger.flips o
      where o.incident_id = i.id and o.id <= f.id and o.old_health = 'well'
      order by o.id desc limit 1
    ) opening on true
    left join lateral (
      select s.sent_at, sf.new_health from ledger.deliveries s join ledger.flips sf on sf.id = s.flip_id
      where s.incident_id = i.id and s.channel = d.channel and s.state = 'sent'
      order by s.sent_at desc, s.flip_id desc limit 1
    ) told on true
    where d.state = 'due'
    order by d.flip_id, d.id
    limit ${limit}
  `
  return rows.map(toDueDelivery)
}

function toDueDelivery(row: DueRow): DueDelivery {
  return {
    id: row.id,
    flipId: row.flip_id,
    channel: row.channel,
    tries: row.tries,
    nextTryAt: row.next_try_at,
    error: row.error ?? undefined,
    refused: row.refused,
    oldHealth: row.old_health,
    newHealth: row.new_health,
    flippedAt: row.flipped_at,
    reminder: row.reminder,
    opening: { at: row.opening_at ?? row.opened_at, wellSince: row.well_since ?? undefined },
    told: row.told_at && row.told_health ? { at: row.told_at, health: row.told_health } : undefined,
    reference: row.reference ?? undefined,
    incident: toIncident(row),
    slot: row.slot_state === null ? undefined : { state: row.slot_state, startedAt: row.slot_started_at ?? undefined },
    run: toRun(row),
  }
}

function toIncident(row: DueRow): ToldIncident {
  return {
    id: row.incident_id,
    subject: row.subject,
    cause: row.cause,
    severity: row.severity,
    title: row.title,
    detail: row.detail,
    slotDueAt: row.slot_due_at ?? undefined,
    knowableAt: row.knowable_at,
    openedAt: row.opened_at,
    times: row.times,
    closedAt: row.closed_at ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
    acknowledgedBy: row.acknowledged_by ?? undefined,
  }
}

function toRun(row: DueRow): DueDelivery['run'] {
  if (row.run_id === null) return undefined
  return { id: row.run_id, githubRunId: row.github_run_id ?? undefined, simulated: row.simulated ?? false }
}
