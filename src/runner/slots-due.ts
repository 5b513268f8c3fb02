// Writes down what is due: the slots of every cron line up to now, and the next one of each line after now.

import type { Sql } from 'postgres'

import type { AnyJob } from '../core/job.ts'
import { isInSeason, type Season } from '../core/wake-up.ts'
import { listSeasons } from '../ledger/gates.ts'
import { listSchedules, type ScheduleRow } from '../ledger/schedules.ts'
import { insertSlots, missExpiredSlots, type NewSlot } from '../ledger/slots.ts'
import { dueBetween, nextDue } from '../schedule/cron.ts'

const MINUTE = 60_000

/** Brings the account of slots up to `now` for all jobs, so that whoever asks next sees everything that was due. */
export async function writeSlotsDue(sql: Sql, jobs: readonly AnyJob[], now: Date): Promise<void> {
  const schedules = await listSchedules(sql)
  const wanting = schedules.filter((line) => line.lastDueAt === undefined || line.lastDueAt <= now)
  const found = wanting.flatMap((line) => newSlots(line, jobs, now))
  if (found.length > 0) await insertSlots(sql, await judgeSeasons(sql, jobs, found), now)
  await missExpiredSlots(sql, now)
}

function newSlots(line: ScheduleRow, jobs: readonly AnyJob[], now: Date): NewSlot[] {
  const job = jobs.find((one) => one.id === line.job)
  if (job === undefined) return [] // a line of a league that this checkout no longer has
  const after = line.lastDueAt ?? line.validFrom
  const next = nextDue(line, now)
  const due = [...dueBetween(line, after, now), ...(next ? [next] : [])]
  return due.filter((at) => line.validTo === undefined || at <= line.validTo).map((at) => aNewSlot(job, line, at))
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
    const open = !job?.seasonal || isInSeason({ slot, period: slot.period }, leagues.get(job.league) ?? [])
    return open ? slot : { ...slot, state: 'waived', reason: 'out of season' }
  })
}
