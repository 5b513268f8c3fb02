// The lanes of a week's timeline: what was planned, what ran, and which run woke which.

import type { Sql } from 'postgres'

import { countAll, type SlotShown, type StateCounts, worstOf } from '../../core/slot-shown.ts'
import { dueBetween, nextDue, type CronLine } from '../../schedule/cron.ts'
import type { ViewContext, ViewJob } from '../context.ts'
import { groupBy } from '../group-by.ts'
import type { OutOfSeason } from '../out-of-season.ts'
import { slotReason } from '../quoting.ts'
import { heldSince, shownState } from '../slot-state.ts'
import type { GameWeek } from './game-week.ts'

/** Of a week, one by one: more would make its page too large to be published. */
const MOST_OF_A_WEEK = 1000
const MOST_OF_A_JOB = 80

/** A job that is due more often in a week is drawn by the hour; the more jobs there are, the sooner. */
export function mostSlots({ jobs }: Pick<ViewContext, 'jobs'>): number {
  return Math.min(MOST_OF_A_JOB, Math.floor(MOST_OF_A_WEEK / Math.max(1, jobs.length)))
}

/** Of six weeks and all jobs that are not drawn by the hour; the newest are drawn. */
const MOST_RUNS = 5000
const HOUR_MS = 3_600_000

/** One moment at which a job was, or will be, due; or the hour's slots of a job that is due all the time. */
export interface PlannedSlot {
  readonly dueAt: Date
  readonly graceUntil: Date
  readonly state: SlotShown
  /** Of the run that holds or ended it; of a slot that waits or was lost it is undefined, whatever was tried. */
  readonly startedAt: Date | undefined
  /** When it was due, where its grace is over and nobody has served it; of an hour's slots the oldest such. */
  readonly waitsSince: Date | undefined
  readonly runId: string | undefined
  readonly reason: string | undefined
  readonly count: number
  /** Of all that were due in the hour from `dueAt`, how many ended how; `state` is the worst of them. Undefined: it is one
   *  slot. */
  readonly byState: StateCounts | undefined
}

export interface ActualRun {
  readonly id: string
  readonly startedAt: Date
  /** Undefined: it runs. */
  readonly endedAt: Date | undefined
  readonly outcome: 'running' | 'succeeded' | 'partial' | 'not_ready' | 'failed' | 'cancelled' | 'abandoned'
  /** Null of a run that retention has removed: its slot alone remembers it, and there is nothing to lead to. */
  readonly trigger: string | null
  readonly attempt: number
  readonly slotDueAt: Date | undefined
  readonly itemsWritten: number
}

export interface Lane {
  readonly job: string
  readonly slots: readonly PlannedSlot[]
  readonly runs: readonly ActualRun[]
}

/** A run that another woke: drawn as a line from the end of the one to the start of the other. */
export interface ChainLink {
  readonly parent: string
  readonly parentRun: string
  readonly child: string
  readonly childRun: string
}

export interface NextSlot {
  readonly job: string
  readonly dueAt: Date
}

/** Everything to be drawn, of all weeks and jobs. */
export interface Lanes {
  readonly slots: readonly (PlannedSlot & { job: string })[]
  readonly runs: readonly (ActualRun & { job: string; correlationId: string | null })[]
}

/** Reads what was planned and what ran, from the oldest week on; `dense` jobs by the hour and without their runs. */
export async function readLanes(
  sql: Sql,
  site: ViewContext,
  { weeks, dense }: { weeks: readonly GameWeek[]; dense: readonly string[] },
): Promise<Lanes> {
  const { jobs, now } = site
  const from = weeks.at(-1)?.from ?? now
  const sparse = jobs.map(({ id }) => id).filter((id) => !dense.includes(id))
  const [single, hourly, runs] = await Promise.all([
    listSlots(sql, sparse, { from, now, site }),
    listHours(sql, dense, { from, now }),
    listRuns(sql, sparse, { from, now }),
  ])
  return { slots: [...single, ...hourly], runs }
}

interface SlotRow {
  job: string
  due_at: Date
  grace_until: Date
  state: SlotShown
  started_at: Date | null
  waits_since: Date | null
  run_id: string | null
  reason: string | null
}

const toPlanned = (row: SlotRow): PlannedSlot & { job: string } => ({
  job: row.job,
  dueAt: row.due_at,
  graceUntil: row.grace_until,
  state: row.state,
  startedAt: row.started_at ?? undefined,
  waitsSince: row.waits_since ?? undefined,
  runId: row.run_id ?? undefined,
  reason: row.reason ?? undefined,
  count: 1,
  byState: undefined,
})

interface Span {
  readonly from: Date
  readonly now: Date
}

async function listSlots(
  sql: Sql,
  jobs: readonly string[],
  { from, now, site }: Span & { site: ViewContext },
): Promise<Lanes['slots']> {
  const rows = await sql<SlotRow[]>`
    select job, due_at, grace_until, ${heldSince(sql)} as started_at, run_id, ${slotReason(sql, site)} as reason,
      ${shownState(sql, now)} as state, case when ${isOverdue(sql, now)} then due_at end as waits_since
    from ledger.slots slot
    where job = any(${jobs}) and due_at >= ${from} and due_at <= ${now}::timestamptz + interval '8 days'
    order by job, due_at
  `
  return rows.map(toPlanned)
}

async function listHours(sql: Sql, jobs: readonly string[], { from, now }: Span): Promise<Lanes['slots']> {
  if (jobs.length === 0) return []
  const rows = await sql<HourRow[]>`
    select job, date_trunc('hour', due_at) as due_at, case when overdue then 'waiting' else shown end as shown,
      max(grace_until) as grace_until, min(due_at) filter (where overdue) as waits_since, count(*)::integer as count
    from (
      select job, due_at, grace_until, ${shownState(sql, now)} as shown, ${isOverdue(sql, now)} as overdue
      from ledger.slots slot
      where job = any(${jobs}) and due_at >= ${from} and due_at <= ${now}
    ) slots
    group by 1, 2, 3
    order by 1, 2
  `
  return [...groupBy(rows, ({ job, due_at }) => `${job} ${due_at.getTime()}`, toHour).values()]
}

interface HourRow {
  job: string
  due_at: Date
  shown: SlotShown
  grace_until: Date
  waits_since: Date | null
  count: number
}

/** From its rows, one a state. */
function toHour(rows: HourRow[]): PlannedSlot & { job: string } {
  const [{ job, due_at: dueAt } = { job: '', due_at: new Date(0) }] = rows
  const byState: StateCounts = Object.fromEntries(rows.map(({ shown, count }) => [shown, count]))
  const waitsSince = rows.find(({ waits_since: since }) => since !== null)?.waits_since ?? undefined
  const worst = worstOf(byState) ?? 'waiting'
  return {
    job,
    dueAt,
    graceUntil: new Date(Math.max(...rows.map(({ grace_until: until }) => until.getTime()))),
    state: waitsSince && worst !== 'missed' && worst !== 'failed' ? 'late' : worst,
    startedAt: undefined,
    waitsSince,
    runId: undefined,
    reason: undefined,
    count: countAll(byState),
    byState,
  }
}

const isOverdue = (sql: Sql, now: Date) =>
  sql`slot.state = 'due' and slot.grace_until < ${now}::timestamptz and slot.deadline_at > ${now}::timestamptz`

async function listRuns(sql: Sql, jobs: readonly string[], { from, now }: Span): Promise<Lanes['runs']> {
  const newestFirst = await sql<(Lanes['runs'][number] & { id: string })[]>`
    select job, id, started_at as "startedAt", started_at + make_interval(secs => duration_ms / 1000.0) as "endedAt", outcome,
      trigger, attempt, slot_due_at as "slotDueAt", correlation_id as "correlationId",
      items_written::double precision as "itemsWritten"
    from (
      select job, id, started_at, duration_ms, outcome, trigger, attempt, slot_due_at, correlation_id, items_written
      from ledger.runs
      where job = any(${jobs}) and started_at >= ${from} and started_at <= ${now} and outcome <> 'gated' and not dry_run
      union all
      -- What slots remember of runs that retention has removed.
      select job, run_id, started_at, duration_ms, outcome, null, tries + 1, due_at, null, items_written
      from ledger.slots slot
      where job = any(${jobs}) and due_at >= ${from} and started_at >= ${from} and started_at <= ${now}
        and state = 'served' and not exists (select 1 from ledger.runs run where run.id = slot.run_id)
    ) ran
    order by started_at desc
    limit ${MOST_RUNS}
  `
  return newestFirst.reverse()
}

interface Ahead {
  job: string
  due: Date | null
  settled: Date[] | null
}

/** The moment at which a job is due next: by the workflow files, but for what the ledger has settled ahead of time (served
 *  early, waived) and what is out of season, or by a slot that only the ledger knows. Undefined: nothing is scheduled. */
export async function findNext(sql: Sql, { jobs, now }: ViewContext, out: OutOfSeason): Promise<NextSlot | undefined> {
  const ahead = await sql<Ahead[]>`
    select job, min(due_at) filter (where state = 'due') as due, array_agg(due_at) filter (where state <> 'due') as settled
    from ledger.slots
    where job = any(${jobs.map(({ id }) => id)}) and due_at > ${now}::timestamptz and due_at <= ${now}::timestamptz + interval '8 days'
    group by job
  `
  const coming = jobs.flatMap((job) => {
    const known = ahead.find((one) => one.job === job.id)
    const settled = new Set((known?.settled ?? []).map((at) => at.getTime()))
    const isSettled = (at: Date) => settled.has(at.getTime()) || (out(job, at) !== undefined && isNear(at, now))
    const moments = (job.workflow?.schedules ?? []).map((line) => nextUnsettled(line, now, isSettled))
    return [known?.due ?? undefined, ...moments].flatMap((dueAt) => (dueAt && !out(job, dueAt) ? [{ job: job.id, dueAt }] : [])) // prettier-ignore
  })
  return coming.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
}

/** As far ahead as is looked for the end of a break: half a year of moments is not gone through. */
const isNear = (at: Date, now: Date) => at.getTime() - now.getTime() < 8 * 24 * HOUR_MS

function nextUnsettled(line: CronLine, now: Date, isSettled: (at: Date) => boolean): Date | undefined {
  let at = nextDue(line, now)
  while (at && isSettled(at)) at = nextDue(line, at)
  return at
}

/** What the workflow files say is still to come, beside what the ledger has already written down. */
export function comingSlots(
  job: ViewJob,
  known: readonly PlannedSlot[],
  { site, to, out }: { site: ViewContext; to: Date; out: OutOfSeason },
): PlannedSlot[] {
  const { graceMinutes, workflow } = job
  const written = new Set(known.map(({ dueAt }) => dueAt.getTime()))
  const due = (workflow?.schedules ?? []).flatMap((line) => dueBetween(line, site.now, new Date(to.getTime() - 1)))
  const fresh = [...new Set(due.map((at) => at.getTime()))].filter((ms) => !written.has(ms)).sort((a, b) => a - b)
  const hourly = fresh.length + known.length > mostSlots(site)
  const shown = hourly ? [...new Set(fresh.map((ms) => ms - (ms % HOUR_MS)))] : fresh
  return shown.map((from) => {
    const own = hourly ? fresh.filter((ms) => ms >= from && ms < from + HOUR_MS) : [from]
    const slot: PlannedSlot = {
      // What was due in this hour already stands before it.
      dueAt: new Date(hourly && from <= site.now.getTime() ? (own[0] ?? from) : from),
      graceUntil: new Date((own.at(-1) ?? from) + graceMinutes * 60_000),
      state: 'waiting',
      startedAt: undefined,
      waitsSince: undefined,
      runId: undefined,
      reason: undefined,
      count: own.length,
      byState: hourly ? { waiting: own.length } : undefined,
    }
    return asJudged(slot, out(job, slot.dueAt))
  })
}

/** A slot to come that nobody is to serve is shown as it will be written down. */
export function asJudged<S extends PlannedSlot>(slot: S, outOfSeason: string | undefined): S {
  return slot.state === 'waiting' && outOfSeason !== undefined
    ? { ...slot, state: 'waived', reason: outOfSeason, byState: slot.byState && { waived: slot.count } }
    : slot
}

/** A child that was woken by a chain carries its parent's correlation. */
export function chainsOf(runs: Lanes['runs'], jobs: readonly ViewJob[]): ChainLink[] {
  return runs
    .filter(({ trigger }) => trigger === 'chain')
    .flatMap((run) => {
      const parents = Object.keys(jobs.find(({ id }) => id === run.job)?.needs ?? {})
      const parent = runs.findLast(
        (other) =>
          parents.includes(other.job) &&
          other.correlationId === run.correlationId &&
          (other.endedAt ?? other.startedAt) <= run.startedAt,
      )
      return parent ? [{ parent: parent.job, parentRun: parent.id, child: run.job, childRun: run.id }] : []
    })
}
