// Computes when a cron line is due, as instants, in any IANA zone. Every minute that the line names on the zone's wall clock is one
// slot, also in the nights when the clock jumps:
//
//   a skipped minute   moves to the first valid instant (02:30 to 03:00; GitHub's documentation says so)
//   a repeated minute  counts once, the first time
//   several minutes that land on one instant are one slot
//
// Croner reads the line on a clock without jumps, and Temporal turns that clock's times into instants. (Left to itself,
// croner 11 fires interval lines such as "*/30" in both of two repeated hours.)

import { Cron } from 'croner'
import { Temporal } from 'temporal-polyfill'

import { ConfigFailure } from '../core/errors.ts'
import { isZone } from '../core/zone.ts'
import { parseCron } from './cron-dialect.ts'

/** One cron line with the zone that its local times are in. */
export interface CronLine {
  readonly cron: string
  readonly zone: string
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The instants at which a line is due after `after` (exclusive) and up to `until` (inclusive), in order. */
export function dueBetween(line: CronLine, after: Date, until: Date): Date[] {
  const due: Date[] = []
  for (const at of dueAfter(line, after)) {
    if (at > until) break
    due.push(at)
  }
  return due
}

/** The first instant after `after` (exclusive) at which a line is due. */
export function nextDue(line: CronLine, after: Date): Date | undefined {
  for (const at of dueAfter(line, after)) return at
  return undefined
}

/** The last instant at or before `atOrBefore` at which a line was due. */
export function latestDue(line: CronLine, atOrBefore: Date): Date | undefined {
  const calendar = openCalendar(line)
  let wall = new Date(latestWallUpTo(atOrBefore, line.zone) + MINUTE_MS)
  for (;;) {
    const before = calendar.previousRuns(1, wall)[0]
    if (before === undefined) return undefined
    const at = instantOf(before, line.zone)
    if (at <= atOrBefore) return at
    wall = before
  }
}

// A wall-clock time is carried as the Date that shows it in UTC.

/** Wall-clock order is the order of slots: a slot after `after` always shows a later wall-clock time than `after` did. */
function* dueAfter(line: CronLine, after: Date): Generator<Date> {
  const calendar = openCalendar(line)
  let previous = after
  let wall = calendar.nextRun(new Date(wallOf(after, line.zone)))
  while (wall !== null) {
    const at = instantOf(wall, line.zone)
    // Not later: the first of a repeated hour when `after` is in the second, or a skipped minute that joined another.
    if (at > previous) {
      yield at
      previous = at
    }
    wall = calendar.nextRun(wall)
  }
}

// To read a line takes half a millisecond, and the same few are asked for again and again.
const calendars = new Map<string, Cron>()
const MOST_CALENDARS = 1000

function openCalendar({ cron, zone }: CronLine): Cron {
  const key = `${zone} ${cron}`
  const known = calendars.get(key)
  if (known) return known
  parseCron(cron) // throws: croner accepts much that GitHub does not
  if (!isZone(zone))
    throw new ConfigFailure(`time zone "${zone}" is unknown: expected an IANA name such as America/New_York`)
  const calendar = new Cron(cron, { mode: '5-part', utcOffset: 0 })
  if (calendars.size >= MOST_CALENDARS) calendars.clear()
  calendars.set(key, calendar)
  return calendar
}

/** What the wall clock shows at an instant. */
function wallOf(at: Date, zone: string): number {
  if (zone === 'UTC') return at.getTime()
  const offsetNs = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).offsetNanoseconds
  return at.getTime() + offsetNs / 1e6
}

/** The latest time the wall clock has shown up to an instant: more than it shows now while an hour is being repeated. */
function latestWallUpTo(at: Date, zone: string): number {
  const yesterday = new Date(at.getTime() - DAY_MS) // no zone has repeated more than a day
  return Math.max(wallOf(at, zone), wallOf(yesterday, zone) + DAY_MS)
}

/** The first instant at which the wall clock shows a time, or has passed it where it skips it. */
function instantOf(wall: Date, zone: string): Date {
  if (zone === 'UTC') return wall
  const shown = Temporal.Instant.fromEpochMilliseconds(wall.getTime()).toZonedDateTimeISO('UTC').toPlainDateTime()
  const zoned = shown.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (zoned.toPlainDateTime().equals(shown)) return new Date(zoned.epochMilliseconds)
  // Skipped. "Earlier" then lies before the jump, so the next transition is the jump: the first valid instant.
  const jump = zoned.getTimeZoneTransition('next')
  return new Date((jump ?? zoned).epochMilliseconds)
}
