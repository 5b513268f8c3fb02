// Incidents and flips for tests: rows by SQL, and deliveries as values.

import type { Sql } from '../../src/lib/db.ts'
import type { Cause, Severity } from '../../src/core/incident.ts'
import type { DueDelivery } from '../../src/ledger/deliveries-due.ts'
import type { Health } from '../../src/ledger/deliveries.ts'

import { at } from './builders.ts'

interface IncidentWish {
  readonly subject?: string
  readonly cause?: Cause
  readonly severity?: Severity
  readonly title?: string
  readonly detail?: string
  readonly runId?: string
  readonly slotDueAt?: Date
  readonly knowableAt?: Date
  readonly openedAt?: Date
}

let subjects = 0

/** An open incident without flips; returns its id. Of a subject of its own, unless told. */
export async function anIncident(sql: Sql, wish: IncidentWish = {}): Promise<string> {
  const subject = wish.subject ?? `test/subject-${++subjects}`
  const openedAt = wish.openedAt ?? at('19 08:40')
  const [row] = await sql<{ id: string }[]>`
    insert into ledger.incidents (
      subject, cause, severity, title, detail, run_id, slot_due_at, knowable_at, opened_at
    )
    values (
      ${subject}, ${wish.cause ?? 'overdue'}, ${wish.severity ?? 'warning'}, ${wish.title ?? `${subject} is late`},
      ${wish.detail ?? 'A rescue was asked for.'}, ${wish.runId ?? null}, ${wish.slotDueAt ?? null},
      ${wish.knowableAt ?? openedAt}, ${openedAt}
    )
    returning id
  `
  return row!.id
}

/** What changed of an incident, `well` to `warning` unless told; returns the flip's id. Opens and closes the incident too. */
export async function aFlip(
  sql: Sql,
  incidentId: string,
  wish: { readonly from?: Health; readonly to?: Health; readonly at?: Date } = {},
): Promise<string> {
  const { from = 'well', to = 'warning', at: flippedAt = at('19 08:40') } = wish
  await sql`
    update ledger.incidents
    set closed_at = ${to === 'well' ? flippedAt : null}, severity = ${to === 'well' ? sql`severity` : to}
    where id = ${incidentId}
  `
  const [row] = await sql<{ id: string }[]>`
    insert into ledger.flips (subject, old_health, new_health, reason, flipped_at, incident_id)
    select subject, ${from}, ${to}, title, ${flippedAt}, id from ledger.incidents where id = ${incidentId}
    returning id
  `
  return row!.id
}

/** A due delivery of a warning that has just opened, for Slack. */
export function aDelivery(
  wish: Partial<Omit<DueDelivery, 'incident'>> & { readonly incident?: Partial<DueDelivery['incident']> } = {},
): DueDelivery {
  const { incident, ...rest } = wish
  return {
    id: '1',
    flipId: '1',
    channel: 'slack',
    tries: 0,
    nextTryAt: at('19 08:40'),
    error: undefined,
    refused: false,
    oldHealth: 'well',
    newHealth: 'warning',
    flippedAt: at('19 08:40'),
    reminder: false,
    opening: { at: at('19 08:40'), wellSince: undefined },
    told: undefined,
    reference: undefined,
    slot: undefined,
    run: undefined,
    ...rest,
    incident: {
      id: '1',
      subject: 'nfl/bronze',
      cause: 'overdue',
      severity: 'warning',
      title: 'nfl/bronze is late since Tue 19 Nov 08:07 UTC',
      detail: 'A rescue was asked for.',
      slotDueAt: at('19 08:07'),
      knowableAt: at('19 08:37'),
      openedAt: at('19 08:40'),
      times: 1,
      closedAt: undefined,
      acknowledgedAt: undefined,
      acknowledgedBy: undefined,
      ...incident,
    },
  }
}
