// Writes down what is due: the slots of every cron line up to now, and the next one of each line that nobody has served
// early yet.

import type { Sql } from 'postgres'

import type { AnyJob } from '../core/job.ts'
import { isInSeason, type Season } from '../core/wake-up.ts'
import { listSeasons } from '../ledger/gates.ts'
import { waiveSlots } from '../ledger/overrides.ts'
import { listSchedules, writtenUpTo, type ScheduleRow } from '../ledger/schedule-lines.ts'
import { insertSlots, missExpiredSlots, type NewSlot } from '../ledger/slots.ts'

/** Brings the account of slots up to `now` for all jobs, so that whoever asks next sees everything that was due. */
export async function writeSlotsDue(sql: Sql, jobs: readonly AnyJob[], now: Date): Promise<void> {
  await insertSlotsDue(sql, jobs, now)
  await waiveSlots(sql, now)
  await missExpiredSlots(sql, now)
}

/** The first part of it: writes down the slots of these jobs, and closes none. */
export async function insertSlotsDue(sql: Sql, jobs: readonly AnyJob[], now: Date): Promise<void> {
  const lines = (await listSchedules(sql)).filter((line) => wantsSlots(line, now))
  if (lines.length === 0) return // and so the reading of cron lines is not loaded
  const { newSlots } = await import('./new-slots.ts')
  const found = lines.flatMap((line) => newSlots(line, jobs, now))
  if (found.length > 0) await insertSlots(sql, await judgeSeasons(sql, jobs, found), now)
}

/** Is a slot of this line to be written? The line's next one is written beforehand, so that it mostly is not. */
function wantsSlots(line: ScheduleRow, now: Date): boolean {
  const after = writtenUpTo(line)
  if (line.validTo) return after < line.validTo
  return line.lastDueAt === undefined || after <= now || line.lastState === 'served'
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
