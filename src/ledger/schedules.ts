// The table of cron lines in force: written at merge (or at a local start), read by every other run.

import type { Sql, TransactionSql } from 'postgres'

import { acceptSchedules, type Version } from './versions.ts'
import type { AnyJob } from '../core/job.ts'
import type { Need } from '../core/slot.ts'

export interface ScheduleLine {
  readonly job: string
  readonly cron: string
  readonly zone: string
}

/** A job that waits for another. */
export interface NeedLine {
  readonly job: string
  readonly parent: string
  readonly need: Need
}

export interface ScheduleChange {
  readonly added: readonly ScheduleLine[]
  readonly ended: readonly ScheduleLine[]
  /** Slots waived because their line ended before they were served. */
  readonly waived: number
  /** Slots that wait again, because the line that they were waived with is back. */
  readonly returned: number
}

/** Which of these jobs waits for which, as their definitions say. */
export function needsOf(jobs: readonly Pick<AnyJob, 'id' | 'needs'>[]): NeedLine[] {
  return jobs.flatMap(({ id, needs }) =>
    Object.entries(needs).flatMap(([parent, need]) => (need ? [{ job: id, parent, need }] : [])),
  )
}

/** The lines that are in force. */
export async function listLinesInForce(sql: Sql): Promise<ScheduleLine[]> {
  return await sql<ScheduleLine[]>`select job, cron, zone from ledger.schedules where valid_to is null order by job, id`
}

interface NewSchedule {
  readonly lines: readonly ScheduleLine[]
  readonly needs?: readonly NeedLine[]
  readonly commit: string
  readonly at: Date
  /** Jobs whose lines end for another reason than a commit. */
  readonly switchedOff?: { readonly jobs: readonly string[]; readonly reason: string } | undefined
  /** On a laptop nothing has a number: its database is its own. */
  readonly version?: Version | undefined
}

/** Makes the table follow the workflow files of one commit: new lines begin at `at` (no slot before it: no surprise
 *  backfill), lines that are gone end at `at`, and their unserved slots are waived with the commit. */
export async function registerSchedules(sql: Sql, change: NewSchedule): Promise<ScheduleChange> {
  return await sql.begin(async (tx) => {
    await tx`lock table ledger.schedules in share row exclusive mode`
    if (change.version) await acceptSchedules(tx, change.version, change.at)
    const current = await listInForce(tx)
    const added = change.lines.filter((line) => !current.some((row) => sameLine(row, line)))
    const ended = current.filter((row) => !change.lines.some((line) => sameLine(row, line)))
    for (const line of added) await insertLine(tx, line, change)
    const waived = await endLines(tx, ended.map(({ id }) => id), change) // prettier-ignore
    if (change.needs) await replaceNeeds(tx, change.needs)
    // A new line has no slot yet, and a pass writes its first one down.
    if (added.length > 0) await tx`update ledger.watch set next_action_at = least(next_action_at, ${change.at})`
    const returned = await takeSlotsBack(tx, change.at)
    return { added, ended, waived, returned }
  })
}

const sameLine = (a: ScheduleLine, b: ScheduleLine) => a.job === b.job && a.cron === b.cron && a.zone === b.zone

async function replaceNeeds(tx: TransactionSql, needs: readonly NeedLine[]): Promise<void> {
  const rows = tx.json(needs as never)
  await tx`
    delete from ledger.needs n
    where not exists (
      select 1 from jsonb_to_recordset(${rows}::jsonb) as need (job text, parent text)
      where need.job = n.job and need.parent = n.parent
    )
  `
  await tx`
    insert into ledger.needs (job, parent, need)
    select job, parent, need from jsonb_to_recordset(${rows}::jsonb) as need (job text, parent text, need text)
    on conflict (job, parent) do update set need = excluded.need where ledger.needs.need <> excluded.need
  `
}

async function listInForce(tx: TransactionSql): Promise<(ScheduleLine & { id: string })[]> {
  return await tx<(ScheduleLine & { id: string })[]>`
    select id, job, cron, zone from ledger.schedules where valid_to is null
  `
}

async function insertLine(tx: TransactionSql, line: ScheduleLine, change: { commit: string; at: Date }): Promise<void> {
  await tx`
    insert into ledger.schedules (job, cron, zone, valid_from, commit)
    values (${line.job}, ${line.cron}, ${line.zone}, ${change.at}, ${change.commit})
    on conflict on constraint schedules_line do update set valid_to = null, commit = excluded.commit
  `
}

/** All at once, because their slots lie between each other in the order in which slots are locked. */
async function endLines(tx: TransactionSql, ids: readonly string[], change: NewSchedule): Promise<number> {
  if (ids.length === 0) return 0
  const ended = tx.array([...ids])
  const off = tx.array([...(change.switchedOff?.jobs ?? [])])
  await tx`
    update ledger.schedules set valid_to = greatest(valid_from, ${change.at})
    where id = any(${ended}::bigint[]) and valid_to is null
  `
  const waived = await tx`
    with unserved as (
      select s.job, s.due_at, line.cron, line.zone
      from ledger.slots s join ledger.schedules line on line.id = s.schedule_id
      where s.schedule_id = any(${ended}::bigint[]) and s.state = 'due'
      order by s.job, s.due_at
      for update of s
    )
    update ledger.slots s
    set state = 'waived', changed_at = ${change.at},
      reason = 'the schedule "' || unserved.cron || '" (' || unserved.zone || ') ended with ' || -- takeSlotsBack reads it
        case when s.job = any(${off}::text[]) then ${change.switchedOff?.reason ?? ''}::text
          else 'commit ' || ${change.commit.slice(0, 12)}::text end
    from unserved
    where s.job = unserved.job and s.due_at = unserved.due_at and s.state = 'due'
  `
  return waived.count
}

/** Slots that were waived only because their line had ended wait again once it is in force, unless their deadline has passed or a
 *  newer slot of the job was served. */
async function takeSlotsBack(tx: TransactionSql, at: Date): Promise<number> {
  const back = await tx`
    with back as (
      select s.job, s.due_at, now.id
      from ledger.schedules now
      join ledger.schedules old on old.job = now.job and old.cron = now.cron and old.zone = now.zone
      join ledger.slots s on s.schedule_id = old.id and s.state = 'waived' and s.deadline_at > ${at}
        and starts_with(s.reason, 'the schedule "' || old.cron || '" (' || old.zone || ') ended')
      where now.valid_to is null and not exists (
        select 1 from ledger.slots newer where newer.job = s.job and newer.due_at > s.due_at and newer.state = 'served'
      )
      order by s.job, s.due_at
      for update of s
    )
    update ledger.slots s set state = 'due', reason = null, changed_at = ${at}, schedule_id = back.id
    from back
    where s.job = back.job and s.due_at = back.due_at and s.state = 'waived'
  `
  return back.count
}
