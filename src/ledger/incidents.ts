// All SQL about incidents. One function brings them in line with the conditions of a pass, and writes a flip for everything
// that people are to be told. Every change of state is compare-and-set.

import type { Sql, TransactionSql } from 'postgres'

import { foldConditions } from '../core/fold-conditions.ts'
import { isJob, type Cause, type Condition, type Severity } from '../core/incident.ts'
import { sayDuration } from '../core/wording.ts'
import { inTurn } from './turn.ts'

/** One trouble of one subject, from its beginning to its end. Of a job there is one at a time, whose cause may change; of
 *  everything else one a cause. */
export interface Incident extends Condition {
  readonly id: string
  readonly openedAt: Date
  /** How often it was opened: once, and again for each return within a day. */
  readonly times: number
  readonly acknowledged: { readonly by: string; readonly at: Date } | undefined
}

/** What a pass could look at, and when (schedule time). */
export interface Judged {
  /** The causes that it could judge. Of the others nothing is opened, changed or closed, whatever it found. */
  readonly judged: readonly Cause[]
  /** Jobs that it could not judge: what is open of them stays open, and as it is. */
  readonly blind?: readonly string[]
  readonly now: Date
}

/** How many incidents did what; `changed` are those that became more or less grave, or of which another cause leads now. The
 *  sum is the number of flips. */
export interface Synced {
  readonly opened: number
  readonly reopened: number
  readonly changed: number
  readonly closed: number
}

/** For another pass to write its own. */
const WAIT_MS = 10_000
/** A trouble that comes back within this time is the same one. */
const SAME_TROUBLE_MS = 24 * 60 * 60_000

/** Makes the open incidents of the judged causes those of the conditions, in one transaction. Two passes at once take
 *  turns. */
export async function syncIncidents(
  sql: Sql,
  conditions: readonly Condition[],
  { judged, blind = [], now }: Judged,
): Promise<Synced> {
  const found = foldConditions(conditions.filter(({ cause }) => judged.includes(cause)))
  return await inTurn(sql, { what: 'writing incidents', table: 'ledger.stamp', waitMs: WAIT_MS }, async (tx) => {
    const open = await listOpenIncidents(tx)
    const left = new Set(open.filter(({ subject, cause }) => judged.includes(cause) && !blind.includes(subject)))
    const done = { opened: 0, reopened: 0, changed: 0, closed: 0 }
    for (const condition of found) {
      const incident = findOpen(open, condition)
      // What is open for a cause that nobody could judge, or of a job that nobody could see, stays as it is.
      if (incident && !left.delete(incident)) continue
      const did = incident ? await update(tx, incident, { condition, now }) : await openOne(tx, condition, now)
      if (did) done[did] += 1
      else if (incident) await remind(tx, incident, { condition, now })
    }
    for (const incident of left) if (await close(tx, incident, now)) done.closed += 1
    return done
  })
}

/** Of a job whichever is open, should its cause have changed since. */
function findOpen(open: readonly Incident[], { subject, cause }: Condition): Incident | undefined {
  const ofSubject = open.filter((incident) => incident.subject === subject)
  return ofSubject.find((incident) => incident.cause === cause) ?? (isJob(subject) ? ofSubject[0] : undefined)
}

async function openOne(
  tx: TransactionSql,
  condition: Condition,
  now: Date,
): Promise<'opened' | 'reopened' | undefined> {
  if (await reopen(tx, condition, now)) return 'reopened'
  const { subject, cause, severity, title, detail, knowableAt } = condition
  const done = await tx`
    with opened as (
      insert into ledger.incidents (
        subject, cause, severity, title, detail, run_id, slot_due_at, knowable_at, opened_at
      )
      values (
        ${subject}, ${cause}, ${severity}, ${title}, ${detail}, ${condition.runId ?? null},
        ${condition.slotDueAt ?? null}, ${knowableAt}, ${now}
      )
      on conflict (subject, cause) where closed_at is null do nothing
      returning id, subject, severity, title, run_id
    )
    insert into ledger.flips (subject, old_health, new_health, reason, run_id, flipped_at, incident_id)
    select subject, 'well', severity, title, run_id, ${now}::timestamptz, id from opened
  `
  return done.count > 0 ? 'opened' : undefined
}

/** Whoever acknowledged it did so of the trouble that had ended: it is nobody's again. */
async function reopen(tx: TransactionSql, condition: Condition, now: Date): Promise<boolean> {
  const { subject, cause, severity, title, detail, knowableAt } = condition
  const done = await tx`
    with latest as (
      select id from ledger.incidents
      where subject = ${subject} and cause = ${cause} and closed_at > ${new Date(now.getTime() - SAME_TROUBLE_MS)}
      order by closed_at desc limit 1
    ), reopened as (
      update ledger.incidents i
      set closed_at = null, times = times + 1, severity = ${severity}, title = ${title}, detail = ${detail},
        run_id = ${condition.runId ?? null}, slot_due_at = ${condition.slotDueAt ?? null}, knowable_at = ${knowableAt},
        acknowledged_at = null, acknowledged_by = null
      from latest
      where i.id = latest.id and i.closed_at is not null
      returning i.id, i.subject, i.severity, i.title, i.run_id
    )
    insert into ledger.flips (subject, old_health, new_health, reason, run_id, flipped_at, incident_id)
    select subject, 'well', severity, title, run_id, ${now}::timestamptz, id from reopened
  `
  return done.count > 0
}

/** Its knowable_at stays: it is still the same trouble. A change of gravity or of cause is a flip; of a new cause only those
 *  are told who have not heard of the trouble yet. */
async function update(
  tx: TransactionSql,
  incident: Incident,
  { condition, now }: { condition: Condition; now: Date },
): Promise<'changed' | undefined> {
  const { cause, severity, title, detail, runId, slotDueAt } = condition
  if (isSame(incident, condition)) return undefined
  const done = await tx`
    with changed as (
      update ledger.incidents
      set cause = ${cause}, severity = ${severity}, title = ${title}, detail = ${detail}, run_id = ${runId ?? null},
        slot_due_at = ${slotDueAt ?? null}
      where id = ${incident.id} and closed_at is null and severity = ${incident.severity} and cause = ${incident.cause}
      returning id, subject, severity, title, run_id
    )
    insert into ledger.flips (subject, old_health, new_health, reason, run_id, flipped_at, incident_id)
    select subject, ${incident.severity}::text, severity, title, run_id, ${now}::timestamptz, id from changed
    where severity <> ${incident.severity} or ${cause !== incident.cause}
  `
  return done.count > 0 ? 'changed' : undefined
}

/** What lasts and must not be overlooked becomes a flip again and again. */
async function remind(
  tx: TransactionSql,
  { id }: Incident,
  { condition: { remindEveryMs }, now }: { condition: Condition; now: Date },
): Promise<void> {
  if (remindEveryMs === undefined) return
  await tx`
    insert into ledger.flips (subject, old_health, new_health, reason, run_id, flipped_at, incident_id, reminder)
    select i.subject, i.severity, i.severity, i.title, i.run_id, ${now}::timestamptz, i.id, true
    from ledger.incidents i
    where i.id = ${id} and i.closed_at is null and not exists (
      select 1 from ledger.flips f where f.incident_id = i.id and f.flipped_at > ${new Date(now.getTime() - remindEveryMs)}
    )
  `
}

function isSame(incident: Incident, condition: Condition): boolean {
  return (
    incident.cause === condition.cause &&
    incident.severity === condition.severity &&
    incident.title === condition.title &&
    incident.detail === condition.detail &&
    incident.runId === condition.runId &&
    incident.slotDueAt?.getTime() === condition.slotDueAt?.getTime()
  )
}

async function close(tx: TransactionSql, incident: Incident, now: Date): Promise<boolean> {
  const lasted = sayDuration(Math.max(0, now.getTime() - incident.knowableAt.getTime()))
  const done = await tx`
    with closed as (
      update ledger.incidents set closed_at = ${now} where id = ${incident.id} and closed_at is null
      returning id, subject, severity, run_id
    )
    insert into ledger.flips (subject, old_health, new_health, reason, run_id, flipped_at, incident_id)
    select subject, severity, 'well', ${`well again after ${lasted}`}, run_id, ${now}::timestamptz, id from closed
  `
  return done.count > 0
}

/** The open incidents, the gravest first, then the oldest. */
export async function listOpenIncidents(sql: Sql | TransactionSql): Promise<Incident[]> {
  const rows = await sql<IncidentRow[]>`
    select id, subject, cause, severity, title, detail, run_id, slot_due_at, knowable_at, opened_at, times,
      acknowledged_at, acknowledged_by
    from ledger.incidents
    where closed_at is null
    order by array_position(array['critical', 'warning', 'info'], severity), opened_at, id
  `
  return rows.map(toIncident)
}

interface IncidentRow {
  id: string
  subject: string
  cause: Cause
  severity: Severity
  title: string
  detail: string
  run_id: string | null
  slot_due_at: Date | null
  knowable_at: Date
  opened_at: Date
  times: number
  acknowledged_at: Date | null
  acknowledged_by: string | null
}

function toIncident(row: IncidentRow): Incident {
  const { id, subject, cause, severity, title, detail, times } = row
  return {
    id,
    subject,
    cause,
    severity,
    title,
    detail,
    runId: row.run_id ?? undefined,
    slotDueAt: row.slot_due_at ?? undefined,
    knowableAt: row.knowable_at,
    openedAt: row.opened_at,
    times,
    acknowledged: row.acknowledged_at ? { by: row.acknowledged_by ?? '', at: row.acknowledged_at } : undefined,
  }
}

/** Somebody takes an open incident on; false when it is closed, or somebody was first. */
export async function acknowledge(
  sql: Sql,
  incidentId: string,
  { by, at }: { by: string; at: Date },
): Promise<boolean> {
  const done = await sql`
    update ledger.incidents set acknowledged_at = ${at}, acknowledged_by = ${by}
    where id = ${incidentId} and closed_at is null and acknowledged_at is null
  `
  return done.count > 0
}
