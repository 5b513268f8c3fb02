// Deadlines and graces against the schedule: a slot must not still count as in time when the next slot that depends on it is
// due, and must be overdue before the job's own next one is. Says so of the workflow files, and lists what each job
// promises. Pure.

import type { AnyJob } from '../core/job.ts'
import type { Need } from '../core/slot.ts'
import type { CatalogJob, CatalogReading, JobFacts } from './catalog.ts'
import { dueBetween, type CronLine } from './cron.ts'
import type { Problem } from './workflow-yaml.ts'

const MINUTE = 60_000
/** Five weeks of autumn: every weekday's lines meet each other, and no clock is moved. */
const FROM = new Date('2026-09-07T00:00Z')
const UNTIL = new Date('2026-10-12T00:00Z')
/** A year, with both nights on which clocks are moved: what never meets in five weeks may meet in one of them. */
const YEAR = { from: new Date('2026-01-01T00:00Z'), until: new Date('2027-01-01T00:00Z') }

/** Jobs whose deadline lies after the next slot of a job that needs them fresh. */
export function deadlineProblems({ catalog }: Pick<CatalogReading, 'catalog'>, jobs: readonly JobFacts[]): Problem[] {
  return catalog.jobs.flatMap((stated) => {
    const deadline = jobs.find(({ id }) => id === stated.id)?.deadlineMinutes
    const first = nextDependent(stated, { jobs, stated: catalog.jobs })
    if (deadline === undefined || first === undefined || deadline <= first.minutes) return []
    const message = `${stated.id} may be served until ${deadline} minutes after it is due, but ${first.job} depends on it after ${first.minutes}; expected a deadline no later than that`
    return [{ file: stated.file, line: stated.schedules[0]?.line ?? 1, message }]
  })
}

/** Jobs whose grace is not over when their next slot is due: it would be superseded before anybody called it overdue. */
export function graceProblems({ catalog }: Pick<CatalogReading, 'catalog'>, jobs: readonly JobFacts[]): Problem[] {
  return catalog.jobs.flatMap((stated) => {
    const grace = jobs.find(({ id }) => id === stated.id)?.graceMinutes
    const shortest = shortestInterval(stated)
    if (grace === undefined || shortest === undefined || grace < shortest.minutes) return []
    const message = `${stated.id} has a grace of ${grace} minutes, and its slot of ${shortest.at.toISOString()} comes ${shortest.minutes} minutes after the one before; expected a shorter grace`
    return [{ file: stated.file, line: stated.schedules[0]?.line ?? 1, message }]
  })
}

/** Of all lines of a job together; two lines that name one moment make one slot. */
function shortestInterval({ schedules }: Stated): { readonly minutes: number; readonly at: Date } | undefined {
  const moments = momentsOf(schedules, YEAR)
  const distances = moments.slice(1).flatMap((moment, i) => {
    const minutes = Math.round((moment - (moments[i] ?? moment)) / MINUTE)
    return minutes === 0 ? [] : [{ minutes, at: new Date(moment) }]
  })
  return distances.sort((a, b) => a.minutes - b.minutes)[0]
}

/** What a job promises, as people are told. */
export interface JobPromise {
  readonly job: string
  readonly lines: readonly { readonly cron: string; readonly zone: string }[]
  readonly graceMinutes: number
  readonly deadlineMinutes: number
  readonly onMissed: string
  /** The shortest time from a slot to the next one that needs it fresh. */
  readonly dependent: Dependent | undefined
}

interface Dependent {
  readonly job: string
  readonly minutes: number
}

/** Every job of the catalog with its lines, grace and deadline. */
export function listPromises(stated: readonly CatalogJob[], jobs: readonly AnyJob[]): JobPromise[] {
  return stated.flatMap((one) => {
    const job = jobs.find(({ id }) => id === one.id)
    if (job === undefined) return []
    const { graceMinutes, deadlineMinutes, onMissed } = job
    const lines = one.schedules.map(({ cron, zone }) => ({ cron, zone }))
    const dependent = nextDependent(one, { jobs, stated })
    return [{ job: one.id, lines, graceMinutes, deadlineMinutes, onMissed, dependent }]
  })
}

/** A job's lines, as the workflow file states them. */
interface Stated {
  readonly id: string
  readonly schedules: readonly CronLine[]
}

/** The job that needs this one fresh soonest after one of its slots, and how soon. */
export function nextDependent(
  parent: Stated,
  all: {
    jobs: readonly { readonly id: string; readonly needs: Readonly<Record<string, Need>> }[]
    stated: readonly Stated[]
  },
): Dependent | undefined {
  const slots = momentsOf(parent.schedules)
  const children = all.jobs.filter(({ needs }) => needs[parent.id] === 'fresh')
  const distances = children.flatMap(({ id }) => {
    const stated = all.stated.find((one) => one.id === id)
    const moments = stated ? momentsOf(stated.schedules) : []
    return slots.flatMap((slot) => {
      const next = moments.find((moment) => moment > slot)
      return next === undefined ? [] : [{ job: id, minutes: Math.round((next - slot) / MINUTE) }]
    })
  })
  return distances.sort((a, b) => a.minutes - b.minutes)[0]
}

function momentsOf(lines: readonly CronLine[], { from, until } = { from: FROM, until: UNTIL }): number[] {
  return lines
    .flatMap((line) => dueBetween(line, from, until))
    .map((moment) => moment.getTime())
    .sort((a, b) => a - b)
}
