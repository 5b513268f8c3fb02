import { addCounts } from '../../../../src/core/slot-shown.ts'
// Hours of a job that is due all the time, joined where they came to the same.

import type { PlannedSlot } from '../../../../src/views/week/lanes.ts'

const HOUR_MS = 3_600_000

/** A slot, or hours of slots in a row that came to the same: `until` is the end of the last of them. */
export interface Stretch extends PlannedSlot {
  readonly until: Date | undefined
}

/** Six weeks of hours would be thousands of marks: a stretch of hours that came to the same is one. */
export function joinHours(slots: readonly PlannedSlot[]): Stretch[] {
  const joined: Stretch[] = []
  for (const slot of slots) {
    const before = joined.at(-1)
    if (slot.byState === undefined) joined.push({ ...slot, until: undefined })
    else if (before?.byState && before.until && before.until >= slot.dueAt && before.state === slot.state)
      joined.splice(-1, 1, {
        ...before,
        until: endOfHour(slot.dueAt),
        count: before.count + slot.count,
        byState: addCounts([before.byState, slot.byState]),
        waitsSince: before.waitsSince ?? slot.waitsSince,
      })
    else {
      // The hour of now has two parts: what was due in it, and what is to come.
      if (before?.until && before.until > slot.dueAt) joined.splice(-1, 1, { ...before, until: slot.dueAt })
      joined.push({ ...slot, until: endOfHour(slot.dueAt) })
    }
  }
  return joined
}

function endOfHour(at: Date): Date {
  return new Date((Math.floor(at.getTime() / HOUR_MS) + 1) * HOUR_MS)
}
