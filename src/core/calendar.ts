// A league's calendar: the zone of its days, what its periods are called, and the weeks by which pages count.

import type { Period } from './period.ts'

export interface Calendar {
  /** The zone of its days: `America/New_York`. */
  readonly zone: string
  /** What people call a period. */
  readonly period: 'week' | 'day'
  /** The period of an instant. */
  periodAt(at: Date): Period
  readonly weeks: CalendarWeeks
}

/** Stretches of seven days, as people watch them. */
export interface CalendarWeeks {
  /** The weekday on which they begin: 0 is Sunday. */
  readonly begin: 0 | 1 | 2 | 3 | 4 | 5 | 6
  /** What they reach from and to: `from the first stage to Monday night's grading`; undefined: from midnight to midnight. */
  readonly reach: string | undefined
  /** The week that begins on a day, `YYYY-MM-DD`. */
  named(firstDay: string): NamedWeek
}

export interface NamedWeek {
  /** Unique, and what people see: `2026-W11`, or its first day. */
  readonly key: string
  /** The season that it belongs to, or follows. */
  readonly season: number
  /** Its place in the season; undefined while there are no games. */
  readonly week: number | undefined
  /** The season's last one with games. */
  readonly isLast: boolean
}

/** Where no league has a calendar: weeks from Monday to Sunday, called after their first day. */
export const plainCalendar: Calendar = {
  zone: 'UTC',
  period: 'day',
  periodAt: (at) => ({ key: at.toISOString().slice(0, 10), season: null }),
  weeks: {
    begin: 1,
    reach: undefined,
    named: (firstDay) => ({ key: firstDay, season: Number(firstDay.slice(0, 4)), week: undefined, isLast: false }),
  },
}
