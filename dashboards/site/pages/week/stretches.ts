// Hours of a job that is due all the time, joined where they came to the same.

import type { PlannedSlot } from '../../../../src/views/week-lanes.ts'

const HOUR_MS = 3_600_000

/** A slot, or hours of slots in a row that came to the same: `until` is the end of the last of them. */
interface Stretch extends PlannedSlot {
  readonly until: Date | undefined
}

/** Six weeks of hours would be thousands of marks: a stretch of hours that came to the same is one. */
export function joinHours(slots: readonly PlannedSlot[]): Stretch[] {
  const joined: Stretch[] = []
  for (const slot of slots) {
    const before = joined.at(-1)
    const until = slot.count > 1 ? new Date(slot.dueAt.getTime() + HOUR_MS) : undefined
    if (until && before?.until?.getTime() === slot.dueAt.getTime() && before.state === slot.state)
      joined.splice(-1, 1, { ...before, until, count: before.count + slot.count })
    else joined.push({ ...slot, until })
  }
  return joined
}
