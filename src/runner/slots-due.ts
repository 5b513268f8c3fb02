// Writes down what is due: the slots of every cron line up to now, and the next one of each line that nobody has served
// early yet.

import type { Sql } from 'postgres'

import type { AnyJob } from '../core/job.ts'
import { isInSeason, type Season } from '../core/wake-up.ts'
import { listSeasons } from '../ledger/gates.ts'
import { waiveSlots } from '../ledger/overrides.ts'
import { listSchedules, type ScheduleRow } from '../ledger/schedules.ts'
import { insertSlots, missExpiredSlots, type NewSlot } from '../ledger/slots.ts'
import { dueBetween, nextDue } from '../schedule/cron.ts'

const MINUTE = 60_000

/** Brings the account of slots up to `now` for all jobs, so that whoever asks next sees everything that was due. */
export async function writeSlotsDue(sql: Sql, jobs: readonly AnyJob[], now: Date): Promise<void> {
  await insertSlotsDue(sql, jobs, now)
  await waiveSlots(sql, now)
  await missExpiredSlots(sql, now)
}

/** The first part of it: writes down the slots of these jobs, and closes none. */
export async function insertSlotsDue(sql: Sql, jobs: readonly AnyJob[], now: Date): Promise<void> {
  const schedules = await listSchedules(sql)
  const found = schedules.flatMap((line) => newSlots(line, jobs, now))
  if (found.length > 0) await insertSlots(sql, await judgeSeasons(sql, jobs, found), now)
}

function newSlots(line: ScheduleRow, jobs: readonly AnyJob[], now: Date): NewSlot[] {
  const job = jobs.find((one) => one.id === line.job)
  if (job === undefined) return [] // a line of a league that this checkout no longer has
  // A slot that came back with its line may lie before it: what was between them nobody asked for.
  const after = line.lastDueAt && line.lastDueAt > line.validFrom ? line.lastDueAt : line.validFrom
  if (line.validTo) return dueBetween(line, after, line.validTo).map((at) => bornWaived(aNewSlot(job, line, at), line))
  if (after > now && line.lastDueAt !== undefined) {
    // The next slot is there. Served early it no longer says that the one after it is still to come, and a child due
    // after both would be taken as soon as this one is served.
    const beyond = line.lastState === 'served' ? nextDue(line, after) : undefined
    return beyond ? [aNewSlot(job, line, beyond)] : []
  }
  const next = nextDue(line, now > after ? now : after)
  return [...dueBetween(line, after, now), ...(next ? [next] : [])].map((at) => aNewSlot(job, line, at))
}

/** Nobody looked between this slot's moment and the end of its line, and now nobody is to serve it. */
function bornWaived(slot: NewSlot, line: ScheduleRow): NewSlot {
  const ended = line.validTo?.toISOString() ?? ''
  return { ...slot, state: 'waived', reason: `the schedule "${line.cron}" (${line.zone}) ended ${ended}` }
}

function aNewSlot(job: AnyJob, line: ScheduleRow, dueAt: Date): NewSlot {
  return {
    job: job.id,
    dueAt,
    scheduleId: line.id,
    period: job.period(dueAt),
    state: 'due',
    reason: null,
    graceUntil: new Date(dueAt.getTime() + job.graceMinutes * MINUTE),
    deadlineAt: new Date(dueAt.getTime() + job.deadlineMinutes * MINUTE),
  }
}

/** Out of season a slot is born waived: nobody is to wait for it. */
async function judgeSeasons(sql: Sql, jobs: readonly AnyJob[], slots: readonly NewSlot[]): Promise<NewSlot[]> {
  const leagues = new Map<string, Season[]>()
  for (const league of new Set(jobs.map((job) => job.league))) leagues.set(league, await listSeasons(sql, league))
  return slots.map((slot) => {
    const job = jobs.find((one) => one.id === slot.job)
    const open =
      slot.state === 'waived' ||
      !job?.seasonal ||
      isInSeason({ slot, period: slot.period }, leagues.get(job.league) ?? [])
    return open ? slot : { ...slot, state: 'waived', reason: 'out of season' }
  })
}
