// The coming nights in which clocks are moved, in every zone that a cron line is in, and what that does to the lines.

import { Temporal } from 'temporal-polyfill'

import { dueBetween, latestDue, nextDue, type CronLine } from '../../schedule/cron.ts'
import type { ViewJob } from '../context.ts'

const HOUR_MS = 3_600_000

export interface ClockChange {
  readonly zone: string
  /** The instant at which the clocks are moved; undefined: this zone moves none. */
  readonly at: Date | undefined
  /** By how many minutes they are moved: 60 is forward. */
  readonly minutes: number
  readonly moves: readonly MovedLine[]
}

/** A line of that zone: it keeps its local time, so by UTC it moves. */
export interface MovedLine {
  readonly job: string
  readonly cron: string
  readonly lastBefore: Date | undefined
  readonly firstAfter: Date | undefined
  /** Slots within an hour of the jump: of a skipped minute the first valid instant, of a repeated one the first. */
  readonly thatNight: readonly Date[]
}

/** One entry a zone, those whose clocks move first. */
export function listClockChanges(jobs: readonly ViewJob[], now: Date): ClockChange[] {
  const lines = jobs.flatMap(({ id, workflow }) =>
    (workflow?.schedules ?? []).map(({ cron, zone }) => ({ job: id, cron, zone })),
  )
  const zones = [...new Set(lines.map(({ zone }) => zone))]
  const changes = zones.map((zone) =>
    changeOf(
      zone,
      lines.filter((line) => line.zone === zone),
      now,
    ),
  )
  return changes.sort((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity))
}

function changeOf(zone: string, lines: readonly (CronLine & { job: string })[], now: Date): ClockChange {
  const there = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone)
  const next = there.getTimeZoneTransition('next')
  if (!next) return { zone, at: undefined, minutes: 0, moves: [] }
  const at = new Date(next.epochMilliseconds)
  const before = next.subtract({ nanoseconds: 1 })
  return {
    zone,
    at,
    minutes: (next.offsetNanoseconds - before.offsetNanoseconds) / 60e9,
    moves: lines.map((line) => ({
      job: line.job,
      cron: line.cron,
      lastBefore: latestDue(line, new Date(at.getTime() - 1)),
      firstAfter: nextDue(line, at),
      thatNight: dueBetween(line, new Date(at.getTime() - HOUR_MS), new Date(at.getTime() + HOUR_MS)),
    })),
  }
}
