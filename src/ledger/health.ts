// Reads the facts of everybody's health now, in few statements that indexes answer. Judged by src/observe.

import type { Sql } from 'postgres'

import type { SlotState } from '../core/slot.ts'
import { serving } from './outcomes.ts'
import { readOutsideClock, type OutsideClock } from './outside-clock.ts'
import { listJobHealth, type JobHealth } from './job-health.ts'

/** A run that is under way. */
export interface RunningRun {
  readonly id: string
  readonly job: string
  readonly slotDueAt: Date | undefined
  readonly progress: { readonly done: number; readonly total: number; readonly unit: string } | undefined
  /** By the database's clock: since its last heartbeat, and since it last came further (or began). */
  readonly silentMs: number
  readonly idleMs: number
  /** The median of its job's last 20 served slots. */
  readonly usualMs: number | undefined
}

/** A cron line in force none of whose slots was ever served, with the first one that counts: neither waived nor covered. */
export interface UnservedLine {
  readonly job: string
  readonly cron: string
  readonly zone: string
  readonly firstSlot: { readonly dueAt: Date; readonly graceUntil: Date; readonly state: SlotState }
}

/** A source that is not called, or only by a run that tries. */
export interface OpenBreaker {
  readonly source: string
  readonly failures: number
  readonly openedAt: Date | undefined
  readonly tryAt: Date | undefined
  readonly reason: string | undefined
}

/** A run of the last 24 hours that GitHub knows, that failed before it wrote itself down, and after which no run came. */
export interface Ghost {
  readonly job: string
  readonly conclusion: string
  readonly createdAt: Date
  readonly url: string
}

export interface LedgerHealth {
  readonly jobs: readonly JobHealth[]
  readonly running: readonly RunningRun[]
  readonly unservedLines: readonly UnservedLine[]
  readonly breakers: readonly OpenBreaker[]
  readonly ghosts: readonly Ghost[]
  /** Of more than five minutes, ended in the last 24 hours, newest first. */
  readonly wakeUpGaps: readonly { readonly beganAt: Date; readonly endedAt: Date }[]
  readonly outsideClock: OutsideClock
  /** Workflow files that GitHub has disabled for inactivity. */
  readonly disabledWorkflows: readonly { readonly file: string; readonly sinceAt: Date }[]
  /** Of the default branch; undefined while GitHub has not been asked. */
  readonly lastCommitAt: Date | undefined
  /** As GitHub last said; undefined while it has not been asked. */
  readonly publicRepository: boolean | undefined
  /** When active workflows were last enabled all the same, so that GitHub does not disable them. */
  readonly keptAwakeAt: Date | undefined
  /** As of when the site was last built, and since when a newer one has been wanted; undefined: never. */
  readonly site: { readonly builtAt: Date | undefined; readonly wantedAt: Date | undefined }
  /** Jobs whose pause is in force; '*' is all of them. */
  readonly paused: readonly string[]
}

/** Everything about health that the ledger knows. Reads only; `now` is schedule time. */
export async function readHealth(sql: Sql, now: Date): Promise<LedgerHealth> {
  const [jobs, running, unservedLines, breakers, ghosts, wakeUpGaps, outsideClock, disabledWorkflows, watch, paused] =
    await Promise.all([
      listJobHealth(sql, now),
      listRunning(sql),
      listUnservedLines(sql),
      listOpenBreakers(sql),
      listGhosts(sql, now),
      listRecentGaps(sql, now),
      readOutsideClock(sql, now),
      listDisabledWorkflows(sql),
      readWatch(sql),
      listPaused(sql, now),
    ])
  return {
    jobs,
    running,
    unservedLines,
    breakers,
    ghosts,
    wakeUpGaps,
    outsideClock,
    disabledWorkflows,
    ...watch,
    paused,
  }
}

async function listRunning(sql: Sql): Promise<RunningRun[]> {
  const rows = await sql<
    {
      id: string
      job: string
      slot_due_at: Date | null
      progress_done: number | null
      progress_total: number | null
      progress_unit: string | null
      silent: number
      idle: number
      usual: number | null
    }[]
  >`
    select r.id, r.job, r.slot_due_at, r.progress_done, r.progress_total, r.progress_unit, usual.duration_ms as usual,
      extract(epoch from clock_timestamp() - r.heartbeat_at)::double precision as silent,
      extract(epoch from clock_timestamp() - coalesce(r.progressed_at, r.recorded_at))::double precision as idle
    from ledger.runs r
    left join lateral (
      select percentile_cont(0.5) within group (order by duration_ms) as duration_ms
      from (
        select duration_ms from ledger.slots
        where job between r.job and r.job and state = 'served' -- see job-health.ts for the "between"
        order by job, due_at desc limit 20
      ) newest
    ) usual on true
    where r.outcome = 'running'
    order by r.job, r.started_at
  `
  return rows.map((row) => ({
    id: row.id,
    job: row.job,
    slotDueAt: row.slot_due_at ?? undefined,
    progress:
      row.progress_done === null || row.progress_total === null
        ? undefined
        : { done: row.progress_done, total: row.progress_total, unit: row.progress_unit ?? '' },
    silentMs: row.silent * 1000,
    idleMs: row.idle * 1000,
    usualMs: row.usual ?? undefined,
  }))
}

/** A job that wants some success of another could not be served before that other had one, and its grace is counted from there:
 *  until then that other is in trouble, or still to come. */
async function listUnservedLines(sql: Sql): Promise<UnservedLine[]> {
  const rows = await sql<
    { job: string; cron: string; zone: string; due_at: Date; grace_until: Date; state: SlotState }[]
  >`
    select s.job, s.cron, s.zone, first.due_at, first.state,
      greatest(first.grace_until, parents.at + (first.grace_until - first.due_at)) as grace_until
    from ledger.schedules s
    left join lateral (
      select due_at from ledger.slots
      where schedule_id between s.id and s.id and state = 'served' order by schedule_id, due_at desc limit 1
    ) served on true
    join lateral (
      select due_at, grace_until, state from ledger.slots
      where served.due_at is null and schedule_id between s.id and s.id and state not in ('waived', 'coalesced')
      order by schedule_id desc, due_at limit 1
    ) first on true
    cross join lateral (
      select bool_or(at is null) is true as never, max(at) as at
      from (
        select least( -- of those that there are
          (
            select finished_at from ledger.runs where job = n.parent and outcome in ${serving(sql)}
            order by started_at limit 1
          ),
          (select changed_at from ledger.slots where job = n.parent and state = 'served' order by due_at limit 1)
        ) as at
        from ledger.needs n where n.job = s.job and n.need = 'any'
      ) firsts
    ) parents
    where s.valid_to is null and not parents.never
    order by s.job, first.due_at
  `
  return rows.map(({ job, cron, zone, due_at, grace_until, state }) => ({
    job,
    cron,
    zone,
    firstSlot: { dueAt: due_at, graceUntil: grace_until, state },
  }))
}

async function listOpenBreakers(sql: Sql): Promise<OpenBreaker[]> {
  const rows = await sql<
    { source: string; failures: number; opened_at: Date | null; try_at: Date | null; reason: string | null }[]
  >`
    select source, failures, opened_at, try_at, reason from ledger.breakers
    where state in ('open', 'half_open')
    order by source
  `
  return rows.map((row) => ({
    source: row.source,
    failures: row.failures,
    openedAt: row.opened_at ?? undefined,
    tryAt: row.try_at ?? undefined,
    reason: row.reason ?? undefined,
  }))
}

async function listGhosts(sql: Sql, now: Date): Promise<Ghost[]> {
  const rows = await sql<{ job: string; conclusion: string; created_at: Date; url: string }[]>`
    select g.job, g.conclusion, g.created_at, g.url
    from ledger.ghosts g
    left join lateral (
      select true as came from ledger.runs where job = g.job and started_at > g.created_at order by started_at desc limit 1
    ) later on true
    where g.created_at > ${now}::timestamptz - interval '1 day' and g.job is not null and later.came is null
      -- A run cancelled while it was pending has a slot that is still due, and is told of as overdue.
      and g.conclusion in ('startup_failure', 'failure', 'timed_out')
    order by g.job, g.created_at
  `
  return rows.map((row) => ({ job: row.job, conclusion: row.conclusion, createdAt: row.created_at, url: row.url }))
}

/** Gaps do not overlap and are longer than five minutes, so that 24 hours hold no more than 288 ends of one. */
async function listRecentGaps(sql: Sql, now: Date): Promise<{ beganAt: Date; endedAt: Date }[]> {
  const rows = await sql<{ began_at: Date; ended_at: Date }[]>`
    select began_at, ended_at
    from (select began_at, ended_at from ledger.wake_up_gaps order by began_at desc limit 288) newest
    where ended_at > ${now}::timestamptz - interval '1 day'
    order by began_at desc
  `
  return rows.map((row) => ({ beganAt: row.began_at, endedAt: row.ended_at }))
}

async function listDisabledWorkflows(sql: Sql): Promise<{ file: string; sinceAt: Date }[]> {
  const rows = await sql<{ file: string; since_at: Date }[]>`
    select file, since_at from ledger.workflow_states where state = 'disabled_inactivity' order by file
  `
  return rows.map((row) => ({ file: row.file, sinceAt: row.since_at }))
}

type OfWatch = Pick<LedgerHealth, 'lastCommitAt' | 'publicRepository' | 'keptAwakeAt' | 'site'>

async function readWatch(sql: Sql): Promise<OfWatch> {
  const [row] = await sql<
    {
      last_commit_at: Date | null
      public_repository: boolean | null
      kept_awake_at: Date | null
      site_built_at: Date | null
      site_wanted_at: Date | null
    }[]
  >`select last_commit_at, public_repository, kept_awake_at, site_built_at, site_wanted_at from ledger.watch`
  return {
    lastCommitAt: row?.last_commit_at ?? undefined,
    publicRepository: row?.public_repository ?? undefined,
    keptAwakeAt: row?.kept_awake_at ?? undefined,
    site: { builtAt: row?.site_built_at ?? undefined, wantedAt: row?.site_wanted_at ?? undefined },
  }
}

async function listPaused(sql: Sql, now: Date): Promise<string[]> {
  const rows = await sql<{ job: string }[]>`
    select distinct job from ledger.overrides
    where kind = 'pause' and slot_due_at is null and ended_at is null and created_at <= ${now} and expires_at > ${now}
    order by job
  `
  return rows.map((row) => row.job)
}
