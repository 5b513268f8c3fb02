// Finds the slots that a cron line still lacks. Apart from slots-due.ts, because to read a cron line takes packages, and mostly none lacks any.

import type { AnyJob } from '../core/job.ts'
import { writtenUpTo, type ScheduleRow } from '../ledger/schedule-lines.ts'
import type { NewSlot } from '../ledger/slots.ts'
import { dueBetween, nextDue } from '../schedule/cron.ts'

const MINUTE = 60_000

/** The slots of a line that are not written yet: up to now, and the next one. Pure. */
export function newSlots(line: ScheduleRow, jobs: readonly AnyJob[], now: Date): NewSlot[] {
  const job = jobs.find((one) => one.id === line.job)
  if (job === undefined) return [] // a line of a league that this checkout no longer has
  const after = writtenUpTo(line)
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
