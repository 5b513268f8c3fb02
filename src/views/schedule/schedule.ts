// The Schedule: what is due when and what each line promises, when the clocks move, what it costs, and who interfered.

import type { Sql } from 'postgres'

import { listOverrides, type Override } from '../../ledger/overrides.ts'
import { checkCron } from '../../schedule/cron-dialect.ts'
import { sayCron } from '../../schedule/cron-words.ts'
import { nextDue } from '../../schedule/cron.ts'
import { nextDependent } from '../../schedule/deadlines.ts'
import type { ViewContext } from '../context.ts'
import { readOutOfSeason, type OutOfSeason } from '../out-of-season.ts'
import { readAgenda, type AgendaDay } from './agenda.ts'
import { listClockChanges, type ClockChange } from './clock-changes.ts'
import { readMinutes, type MinutesForecast } from './minutes.ts'

const AUDITED = 20
const PAST_LINES = 50

/** One cron line with what its job promises. */
export interface LinePromise {
  readonly job: string
  readonly cron: string
  readonly words: string
  readonly zone: string
  /** The workflow's file and the line in it. */
  readonly file: string
  readonly line: number
  readonly nextAt: Date | undefined
  /** Of `nextAt`: `out of season`. */
  readonly outOfSeason: string | undefined
  readonly graceMinutes: number
  readonly deadlineMinutes: number
  /** Who needs it fresh soonest after one of its slots. */
  readonly dependent: { readonly job: string; readonly minutes: number } | undefined
  readonly needs: readonly string[]
  /** Since when it is in force and by which commit, as the ledger knows. */
  readonly since: Date | undefined
  readonly commit: string | undefined
}

/** A line that is in force no more. */
export interface PastLine {
  readonly job: string
  readonly cron: string
  readonly words: string
  readonly zone: string
  readonly validFrom: Date
  readonly validTo: Date
  readonly commit: string
}

export type { Override } from '../../ledger/overrides.ts'

export interface ScheduleView {
  readonly agenda: readonly AgendaDay[]
  readonly lines: readonly LinePromise[]
  readonly clocks: readonly ClockChange[]
  readonly minutes: MinutesForecast
  /** Pauses and waives in force now. */
  readonly inForce: readonly Override[]
  /** The newest 20 of all that ever were. */
  readonly audit: readonly Override[]
  readonly past: readonly PastLine[]
}

interface LineRow {
  job: string
  cron: string
  zone: string
  valid_from: Date
  valid_to: Date | null
  commit: string
}

/** Reads the Schedule's view. */
export async function readSchedule(sql: Sql, site: ViewContext): Promise<ScheduleView> {
  const [agenda, out, minutes, inForce, audit, rows] = await Promise.all([
    readAgenda(sql, site),
    readOutOfSeason(sql, site),
    readMinutes(sql, site.now),
    listOverrides(sql, { inForceAt: site.now, limit: AUDITED }),
    listOverrides(sql, { limit: AUDITED }),
    sql<LineRow[]>`
      (select job, cron, zone, valid_from, valid_to, commit from ledger.schedules where valid_to is null)
      union all
      (select job, cron, zone, valid_from, valid_to, commit from ledger.schedules where valid_to is not null
        order by valid_to desc, id desc limit ${PAST_LINES})
    `,
  ])
  return {
    agenda,
    minutes,
    inForce,
    audit,
    lines: promisesOf(site, rows, out),
    clocks: listClockChanges(site.jobs, site.now),
    past: rows.flatMap((row) => toPast(row) ?? []),
  }
}

function promisesOf({ jobs, now }: ViewContext, rows: readonly LineRow[], out: OutOfSeason): LinePromise[] {
  const all = jobs.map(({ id, workflow }) => ({ id, schedules: workflow?.schedules ?? [] }))
  return jobs.flatMap((job) => {
    const { workflow } = job
    if (workflow === undefined) return []
    const dependent = nextDependent({ id: job.id, schedules: workflow.schedules }, { jobs, stated: all })
    const { unregistered = [] } = workflow
    return [...workflow.schedules, ...unregistered].map((stated) => {
      const { cron, zone, line } = stated
      const row = rows.find((one) => one.job === job.id && one.cron === cron && one.zone === zone && !one.valid_to)
      const nextAt = unregistered.includes(stated) ? undefined : nextDue({ cron, zone }, now)
      return {
        job: job.id,
        cron,
        words: sayCron(cron),
        zone,
        file: workflow.file,
        line,
        nextAt,
        outOfSeason: nextAt && out(job, nextAt),
        graceMinutes: job.graceMinutes,
        deadlineMinutes: job.deadlineMinutes,
        dependent,
        needs: Object.keys(job.needs),
        since: row?.valid_from,
        commit: row?.commit,
      }
    })
  })
}

function toPast({ job, cron, zone, valid_from, valid_to, commit }: LineRow): PastLine | undefined {
  if (valid_to === null) return undefined
  // What was a line once may be none by today's rules.
  const words = checkCron(cron) === undefined ? sayCron(cron) : cron
  return { job, cron, words, zone, validFrom: valid_from, validTo: valid_to, commit }
}
