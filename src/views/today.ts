// Today's timetable: of every job its newest slot, what became of it, and its next one.

import type { Sql } from 'postgres'

import type { SlotShown } from '../core/slot-shown.ts'
import { isZone } from '../core/zone.ts'
import { checkCron } from '../schedule/cron-dialect.ts'
import { dueBetween, nextDue } from '../schedule/cron.ts'

import type { ViewContext } from './context.ts'
import { readOutOfSeason, type OutOfSeason } from './out-of-season.ts'
import { slotReason } from './quoting.ts'
import { readSettled } from './settled.ts'
import { heldSince, shownState } from './slot-state.ts'

/** How many slots its sparkline remembers. */
const REMEMBERED = 12

export interface TodayRow {
  readonly job: string
  readonly league: string
  /** Its newest slot that has come due or was taken early; undefined: it has had none. */
  readonly slot: TodaySlot | undefined
  /** Items written by its last served slots, oldest first. */
  readonly items: readonly number[]
  readonly next: { readonly dueAt: Date; readonly zone: string } | undefined
  /** Why nothing is due next, where something stands there. */
  readonly nextWaived: string | undefined
}

export interface TodaySlot {
  readonly dueAt: Date
  /** Of its cron line. */
  readonly zone: string
  readonly state: SlotShown
  /** Of the run that holds or ended it; of a slot that waits or was lost it is undefined, whatever was tried. */
  readonly startedAt: Date | undefined
  /** Negative when early; of `startedAt`. */
  readonly latenessMs: number | undefined
  readonly itemsWritten: number | undefined
  readonly runId: string | undefined
  readonly reason: string | undefined
}

export interface ComingSlot {
  readonly job: string
  readonly dueAt: Date
  readonly zone: string
}

/** As many coming slots of a job as a page may need before the next one is built. */
const COMING_OF_A_JOB = 12
const COMING_MS = 2 * 24 * 60 * 60_000

/** One row per job of the registry, in its order. */
export async function readToday(sql: Sql, site: ViewContext): Promise<TodayRow[]> {
  const ids = site.jobs.map(({ id }) => id)
  const [slots, lines, out] = await Promise.all([readSlots(sql, ids, site), listLines(sql), readOutOfSeason(sql, site)])
  return toRows(site, { slots, lines, out })
}

/** What is due next, the soonest first: enough to go on for a day after the site was built. */
export async function readComing(sql: Sql, site: ViewContext, rows: readonly TodayRow[]): Promise<ComingSlot[]> {
  const [lines, out, settled] = await Promise.all([listLines(sql), readOutOfSeason(sql, site), readSettled(sql, site)])
  const coming = site.jobs.flatMap((job) => {
    const next = rows.find((row) => row.job === job.id)?.next
    const isOpen = ({ dueAt }: ComingSlot) => !settled(job.id, dueAt) && out(job, dueAt) === undefined
    const own = comingOf(
      lines.filter((line) => line.job === job.id),
      next,
      site.now,
    )
    return own
      .map((slot) => ({ job: job.id, ...slot }))
      .filter(isOpen)
      .slice(0, COMING_OF_A_JOB)
  })
  return coming.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
}

/** Those of which it can be told when they are due: what the ledger took for a zone once may be none by today's rules. */
async function listLines(sql: Sql): Promise<Line[]> {
  const lines = await sql<Line[]>`select job, cron, zone, valid_from from ledger.schedules where valid_to is null`
  return lines.filter(({ cron, zone }) => isZone(zone) && checkCron(cron) === undefined)
}

interface Line {
  job: string
  cron: string
  zone: string
  valid_from: Date
}

/** What a job's lines name in the two days from its next slot on, each moment once, and that slot. */
function comingOf(lines: readonly Line[], next: TodayRow['next'], now: Date): Omit<ComingSlot, 'job'>[] {
  const from = next?.dueAt ?? now
  const until = new Date(from.getTime() + COMING_MS)
  const named = lines.flatMap((line) =>
    dueBetween(line, latest(from, line.valid_from), until).map((dueAt) => ({ dueAt, zone: line.zone })),
  )
  const all = next ? [next, ...named] : named
  const byMoment = new Map(all.map((slot) => [slot.dueAt.getTime(), slot]))
  return [...byMoment.values()].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
}

interface Known {
  readonly slots: readonly Row[]
  readonly lines: readonly Line[]
  readonly out: OutOfSeason
}

function toRows(site: ViewContext, { slots, lines, out }: Known): TodayRow[] {
  return site.jobs.map((job) => {
    const row = slots.find((one) => one.job === job.id)
    const ofJob = lines.filter((line) => line.job === job.id)
    const next = nextWritten(row) ?? nextOf(ofJob, latest(site.now, row?.next_due_at ?? row?.due_at ?? site.now))
    const known = row?.next_state === 'waived' ? (row.next_reason ?? 'waived') : undefined
    const waived = (next && out(job, next.dueAt)) ?? known
    return {
      job: job.id,
      league: job.league,
      slot: row && toSlot(row),
      items: row?.items ?? [],
      next: waived === undefined ? next : undefined,
      nextWaived: waived,
    }
  })
}

/** As the ledger has it: to be served, or waived already. */
function nextWritten(row: Row | undefined): TodayRow['next'] {
  if (!row?.next_due_at || (row.next_state !== 'due' && row.next_state !== 'waived')) return undefined
  return { dueAt: row.next_due_at, zone: row.next_zone }
}

function nextOf(lines: readonly Line[], after: Date): TodayRow['next'] {
  const coming = lines.flatMap((line) => {
    const dueAt = nextDue(line, latest(after, line.valid_from))
    return dueAt ? [{ dueAt, zone: line.zone }] : []
  })
  return coming.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
}

const latest = (one: Date, other: Date) => (one > other ? one : other)

interface Row {
  job: string
  due_at: Date | null
  zone: string
  state: SlotShown
  started_at: Date | null
  items_written: number | null
  run_id: string | null
  reason: string | null
  items: number[] | null
  next_due_at: Date | null
  next_state: string | null
  next_zone: string
  next_reason: string | null
}

// "between" where "=" would do: see src/ledger/job-health.ts.
async function readSlots(sql: Sql, jobs: readonly string[], site: ViewContext): Promise<Row[]> {
  const { now } = site
  return await sql<Row[]>`
    select wanted.job, newest.*, served.items,
      coming.due_at as next_due_at, coming.state as next_state, coming.zone as next_zone, coming.reason as next_reason
    from unnest(${[...jobs]}::text[]) as wanted (job)
    left join lateral (
      select slot.due_at, line.zone, ${shownState(sql, now)} as state, slot.run_id, ${slotReason(sql, site)} as reason,
        ${heldSince(sql)} as started_at, case when slot.state in ('running', 'served', 'failed') then slot.items_written end::double precision as items_written
      from ledger.slots slot join ledger.schedules line on line.id = slot.schedule_id
      where slot.job between wanted.job and wanted.job and (slot.due_at <= ${now} or slot.state in ('served', 'running'))
      order by slot.job desc, slot.due_at desc limit 1
    ) newest on true
    left join lateral (
      select array_agg(items_written::double precision order by due_at) as items from (
        select due_at, coalesce(items_written, 0) as items_written from ledger.slots
        where job between wanted.job and wanted.job and state = 'served'
        order by job desc, due_at desc limit ${REMEMBERED}
      ) last
    ) served on true
    left join lateral (
      select slot.due_at, slot.state, line.zone, slot.reason
      from ledger.slots slot join ledger.schedules line on line.id = slot.schedule_id
      where slot.job between wanted.job and wanted.job and slot.due_at > greatest(${now}, newest.due_at)
      order by slot.job, slot.due_at limit 1
    ) coming on true
  `
}

function toSlot(row: Row): TodaySlot | undefined {
  if (row.due_at === null) return undefined
  return {
    dueAt: row.due_at,
    zone: row.zone,
    state: row.state,
    startedAt: row.started_at ?? undefined,
    latenessMs: row.started_at ? row.started_at.getTime() - row.due_at.getTime() : undefined,
    itemsWritten: row.items_written ?? undefined,
    runId: row.run_id ?? undefined,
    reason: row.reason ?? undefined,
  }
}
