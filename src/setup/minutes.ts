// Estimates the minutes of Actions that a month of this repository takes, by its cron lines and chains. Pure.
//
// GitHub bills every job by the whole minute. Measured are a run's script (4 s at most with real data, 1 s where it is gated) and the
// install (9 s); assumed are checkout, Node and a database far away, within half a minute: a job is a minute. All ticks are taken to
// come, half of them so late that ops-watch has started the run before: then run, pass and two builds of the site come on top.

import { dueBetween, type CronLine } from '../schedule/cron.ts'

/** A workflow as far as its runs are billed. */
export interface BilledWorkflow {
  readonly name: string
  readonly lines: readonly CronLine[]
  /** Of ops-watch: the only one of its lines that is run where OUTSIDE_CLOCK is set. */
  readonly keptLine: string | undefined
  /** The workflows whose end wakes it, by name. */
  readonly after: readonly string[]
  /** Jobs of each run, and those that come on top where there are Pages. */
  readonly jobs: number
  readonly jobsForPages: number
  /** A job's have slots; the watch and the site are those two. */
  readonly kind: 'job' | 'watch' | 'site'
}

export interface SetUp {
  /** Billed, and without Pages on Free. */
  readonly isPrivate: boolean
  /** Is there an outside clock that asks before it starts a pass? A private repository then sets OUTSIDE_CLOCK. */
  readonly hasClock: boolean
}

export interface Minutes {
  readonly jobs: number
  readonly site: number
  /** Passes of ops-watch: by its own lines, by the clock because nobody looked for an hour, and to start what is late. */
  readonly passes: number
  readonly total: number
}

const YEAR = [new Date('2027-01-01T00:00:00Z'), new Date('2028-01-01T00:00:00Z')] as const
const HOUR_MS = 3_600_000
const MONTHS = 12
/** Of the slots, those whose tick comes too late or not at all: measured are 20 to 98 of 100 ticks in 2026's autumn. */
const LATE = 0.5
/** An incident opens and closes, and the site shows both. */
const BUILDS_OF_A_LATE_SLOT = 2

/** The minutes of an average month, rounded to tens: it is an estimate. */
export function minutesAMonth(workflows: readonly BilledWorkflow[], setUp: SetUp): Minutes {
  const ticks = new Map(workflows.map((one) => [one.name, linesInForce(one, setUp).flatMap((line) => dueBetween(line, ...YEAR))])) // prettier-ignore
  const count = (name: string) => ticks.get(name)?.length ?? 0
  const of = (kind: BilledWorkflow['kind']) => workflows.filter((one) => one.kind === kind)
  const runs = (one: BilledWorkflow): number =>
    count(one.name) + sum(workflows.filter(({ name }) => one.after.includes(name)).map(runs))
  const late = LATE * sum(of('job').map(({ name }) => count(name)))
  const looks = [...of('job'), ...of('watch')].flatMap(({ name }) => ticks.get(name) ?? [])
  const builds = sum(of('site').map(({ name }) => count(name))) + BUILDS_OF_A_LATE_SLOT * late
  const jobs = sum(of('job').map((one) => one.jobs * runs(one))) + late
  const site = builds * sum(of('site').map((one) => one.jobs + (setUp.isPrivate ? 0 : one.jobsForPages)))
  const passes = sum(of('watch').map(({ name }) => count(name))) + late + (setUp.hasClock ? countUnseen(looks) : 0)
  const month = { jobs: toTens(jobs), site: toTens(site), passes: toTens(passes) }
  return { ...month, total: month.jobs + month.site + month.passes }
}

/** Where a clock asks, a private repository spares what OUTSIDE_CLOCK spares. */
function linesInForce({ lines, keptLine }: BilledWorkflow, { isPrivate, hasClock }: SetUp): readonly CronLine[] {
  return isPrivate && hasClock && keptLine !== undefined ? lines.filter(({ cron }) => cron === keptLine) : lines
}

/** At most so many passes are wanted because nobody has looked for an hour: one for every whole hour between two looks. */
function countUnseen(looks: readonly Date[]): number {
  const sorted = [...YEAR, ...looks].map((at) => at.getTime()).toSorted((a, b) => a - b)
  return sum(sorted.slice(1).map((at, i) => Math.floor((at - (sorted[i] ?? at)) / HOUR_MS)))
}

function toTens(aYear: number): number {
  return Math.round(aYear / MONTHS / 10) * 10
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
