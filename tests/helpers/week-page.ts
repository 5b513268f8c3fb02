// What the Week page is given, for tests to change.

import { calendar } from '../../src/leagues/nfl/calendar.ts'
import { gameWeekAt } from '../../src/views/week/game-week.ts'
import type { ActualRun, PlannedSlot } from '../../src/views/week/lanes.ts'

import { at } from './builders.ts'
import { aSite } from './site.ts'

export const site = aSite({ now: at('21 12:00'), runsWithPages: new Set(['r1']) })
/** The NFL's, on the site's clock. */
export const CALENDAR = { ...calendar, zone: site.zone }
export const WEEK = gameWeekAt(site.now, CALENDAR)

export function aPlan(wish: Partial<PlannedSlot> = {}): PlannedSlot {
  const dueAt = wish.dueAt ?? at('19 08:07')
  return {
    dueAt,
    graceUntil: new Date(dueAt.getTime() + 1_800_000),
    state: 'on time',
    startedAt: at('19 08:09'),
    waitsSince: undefined,
    runId: 'r1',
    reason: undefined,
    count: 1,
    byState: undefined,
    ...wish,
  }
}

export function anActual(wish: Partial<ActualRun> = {}): ActualRun {
  return {
    id: 'r1',
    startedAt: at('19 08:09'),
    endedAt: at('19 08:12'),
    outcome: 'succeeded',
    trigger: 'schedule',
    attempt: 1,
    slotDueAt: at('19 08:07'),
    itemsWritten: 2,
    ...wish,
  }
}
