// Freshness: is every data set as new as the schedule says it should be, how much of the time was it, and do the sources
// answer.

import type { Sql } from 'postgres'

import type { SlotShown } from '../../core/slot-shown.ts'
import { FRESH_DAYS } from '../../core/windows.ts'
import type { ViewContext } from '../context.ts'
import { mayQuoteSource, UNQUOTED } from '../quoting.ts'
import { shownState } from '../slot-state.ts'
import { OBJECTIVE } from '../word-kept.ts'
import { readLakeTables, type LakeTable } from './lake-tables.ts'

const DAY_MS = 86_400_000
/** Of one job; the longest are kept. */
const MOST_INTERVALS = 40
/** Served slots that are looked through for the last change: a job that never writes would have all of its history read. */
const CHANGES_SOUGHT = 2000

/** A job's data: when it was due, looked at and changed, and how long it was behind. */
export interface JobFreshness {
  readonly job: string
  /** The newest slot whose grace is over or that was served ahead of it: by then new data was expected. Undefined: none yet. */
  readonly expected: { readonly dueAt: Date; readonly graceUntil: Date; readonly state: SlotShown } | undefined
  /** Since when it is behind; undefined: it is fresh. */
  readonly behindSince: Date | undefined
  /** When a run last served a slot, changed or not. */
  readonly checkedAt: Date | undefined
  /** When one last wrote anything; undefined: none of the newest 2,000 did. */
  readonly changedAt: Date | undefined
  readonly nextAt: Date | undefined
  /** Of the last FRESH_DAYS (or since the first slot in them), the part in which it was fresh. */
  readonly freshShare: number | undefined
  readonly staleMs: number
  /** Since when it is judged: the first slot of the window. */
  readonly judgedFrom: Date | undefined
  /** The longest stretches in which it was behind, in order. */
  readonly stale: readonly { readonly from: Date; readonly to: Date }[]
}

export interface Watermark {
  readonly stage: string
  readonly key: string
  readonly value: string
  readonly updatedAt: Date
}

/** A provider, its breaker, and the last file that came from it. */
export interface SourceHealth {
  readonly source: string
  readonly jobs: readonly string[]
  readonly state: 'closed' | 'open' | 'half_open'
  /** Failed runs in a row. */
  readonly failures: number
  readonly openedAt: Date | undefined
  readonly tryAt: Date | undefined
  readonly reason: string | undefined
  /** The newest files that differed from what was there, one a kind. */
  readonly files: readonly ReceivedFile[]
}

export interface ReceivedFile {
  readonly name: string
  readonly asOf: Date
  readonly bytes: number
  readonly rows: number
  readonly etag: string | undefined
  readonly simulated: boolean
}

export interface FreshnessView {
  readonly objective: number
  readonly days: number
  readonly tables: readonly LakeTable[]
  readonly jobs: readonly JobFreshness[]
  readonly watermarks: readonly Watermark[]
  readonly sources: readonly SourceHealth[]
}

/** Reads the view of Freshness. */
export async function readFreshness(sql: Sql, site: ViewContext): Promise<FreshnessView> {
  const tables = await readLakeTables(sql, site.jobs.map(({ id }) => id)) // prettier-ignore
  const keepers = site.jobs.map(({ id }) => id).filter((id) => tables.some(({ job }) => job === id))
  const [jobs, watermarks, sources] = await Promise.all([
    readJobs(sql, keepers, site.now),
    sql<Watermark[]>`
      select stage, key, value, updated_at as "updatedAt" from ledger.watermarks order by stage, key limit 500
    `,
    readSources(sql, site),
  ])
  return { objective: OBJECTIVE, days: FRESH_DAYS, tables, jobs, watermarks: [...watermarks], sources }
}

interface JobRow {
  job: string
  due_at: Date | null
  grace_until: Date | null
  state: SlotShown | null
  served_at: Date | null
  changed_at: Date | null
  next_at: Date | null
}

// "between" where "=" would do: see src/ledger/job-health.ts.
async function readJobs(sql: Sql, jobs: readonly string[], now: Date): Promise<JobFreshness[]> {
  const [rows, stretches] = await Promise.all([
    sql<JobRow[]>`
      select wanted.job, expected.*, served.started_at as served_at, changed.started_at as changed_at,
        coming.due_at as next_at
      from unnest(${[...jobs]}::text[]) as wanted (job)
      left join lateral (
        select slot.due_at, slot.grace_until, ${shownState(sql, now)} as state
        from ledger.slots slot
        where slot.job between wanted.job and wanted.job and slot.state <> 'waived'
          and (slot.state = 'served' or slot.due_at <= ${now} and slot.grace_until <= ${now})
        order by slot.job desc, slot.due_at desc limit 1
      ) expected on true
      left join lateral (
        select started_at from ledger.slots
        where job between wanted.job and wanted.job and state = 'served' order by job desc, due_at desc limit 1
      ) served on true
      left join lateral (
        select max(started_at) as started_at from (
          select started_at, items_written from ledger.slots
          where job between wanted.job and wanted.job and state = 'served'
          order by job desc, due_at desc limit ${CHANGES_SOUGHT}
        ) newest
        where items_written > 0
      ) changed on true
      left join lateral (
        select due_at from ledger.slots
        where job between wanted.job and wanted.job and due_at > ${now} and state = 'due' order by job, due_at limit 1
      ) coming on true
    `,
    readStretches(sql, jobs, now),
  ])
  return jobs.flatMap((job) => {
    const row = rows.find((one) => one.job === job)
    return row ? [toFreshness(row, stretches.filter((one) => one.job === job), now)] : [] // prettier-ignore
  })
}

interface Stretch {
  job: string
  /** Of all its slots in the window. */
  first_due_at: Date
  stale_ms: number
  from: Date | null
  to: Date | null
}

function toFreshness(row: JobRow, stretches: readonly Stretch[], now: Date): JobFreshness {
  const [any] = stretches
  const stale = stretches.flatMap(({ from, to }) => (from && to ? [{ from, to }] : []))
  const observed = any ? now.getTime() - any.first_due_at.getTime() : 0
  return {
    job: row.job,
    expected: expectedOf(row),
    behindSince: stale.at(-1)?.to.getTime() === now.getTime() ? stale.at(-1)?.from : undefined,
    checkedAt: row.served_at ?? undefined,
    changedAt: row.changed_at ?? undefined,
    nextAt: row.next_at ?? undefined,
    freshShare: observed > 0 ? 1 - (any?.stale_ms ?? 0) / observed : undefined,
    staleMs: any?.stale_ms ?? 0,
    judgedFrom: any?.first_due_at,
    stale,
  }
}

function expectedOf({ due_at, grace_until, state }: JobRow): JobFreshness['expected'] {
  return due_at && grace_until && state ? { dueAt: due_at, graceUntil: grace_until, state } : undefined
}

/** From the end of a slot's grace until it or the next one is served, the data is behind; after the next one's grace
 *  that is the next one's account. Accounts that touch are one stretch. */
async function readStretches(sql: Sql, jobs: readonly string[], now: Date): Promise<Stretch[]> {
  const since = new Date(now.getTime() - FRESH_DAYS * DAY_MS)
  return await sql<Stretch[]>`
    with seen as (
      select job, due_at, grace_until,
        case when state = 'served' then started_at + make_interval(secs => coalesce(duration_ms, 0) / 1000.0) end as fresh_at
      from ledger.slots
      where job = any(${jobs}) and due_at > ${since} and (due_at <= ${now} or state = 'served') and state <> 'waived'
    ), slot as (
      select job, due_at, grace_until, least(
          fresh_at, lead(fresh_at) over later, lead(grace_until) over later, ${now}::timestamptz
        ) as until
      from seen window later as (partition by job order by due_at)
    ), account as (
      select job, grace_until as began, until as ended from slot where grace_until < until
    ), marked as (
      select *, began > max(ended) over (
          partition by job order by began, ended rows between unbounded preceding and 1 preceding
        ) as is_new
      from account
    ), numbered as (
      select *, count(*) filter (where is_new) over (partition by job order by began, ended) as number from marked
    ), stretch as (
      select job, min(began) as began, max(ended) as ended from numbered group by job, number
    ), longest as (
      select job, began, ended, row_number() over (partition by job order by ended - began desc) as place from stretch
    ), total as (
      select job, min(due_at) as first_due_at, coalesce((
          select extract(epoch from sum(ended - began)) * 1000 from stretch where stretch.job = slot.job
        ), 0)::double precision as stale_ms
      from slot group by job
    )
    select total.job, total.first_due_at, total.stale_ms, longest.began as "from", longest.ended as "to"
    from total
    left join longest on longest.job = total.job and (longest.place <= ${MOST_INTERVALS} or longest.ended = ${now}::timestamptz)
    order by total.job, longest.began
  `
}

interface BreakerRow {
  source: string
  state: SourceHealth['state']
  failures: number
  opened_at: Date | null
  try_at: Date | null
  reason: string | null
}

async function readSources(sql: Sql, site: ViewContext): Promise<SourceHealth[]> {
  const [breakers, files] = await Promise.all([
    sql<BreakerRow[]>`select source, state, failures, opened_at, try_at, reason from ledger.breakers`,
    sql<
      {
        source: string
        address: string
        as_of: Date
        bytes: string
        row_count: number
        etag: string | null
        simulated: boolean
      }[]
    >`
      select distinct on (source) source, address, as_of, bytes, row_count, etag, simulated
      from bronze.files order by source, id desc
    `,
  ])
  const { jobs } = site
  const names = new Set([
    ...jobs.flatMap(({ sources }) => sources),
    ...breakers.map(({ source }) => source),
    ...files.map(({ source }) => source.split('/')[0] ?? source),
  ])
  return [...names].sort().map((source) => {
    const breaker = breakers.find((one) => one.source === source)
    return {
      source,
      jobs: jobs.filter(({ sources }) => sources.includes(source)).map(({ id }) => id),
      state: breaker?.state ?? 'closed',
      failures: breaker?.failures ?? 0,
      openedAt: breaker?.opened_at ?? undefined,
      tryAt: breaker?.try_at ?? undefined,
      reason: breaker?.reason && !mayQuoteSource(site, source) ? UNQUOTED : (breaker?.reason ?? undefined),
      files: files
        .filter((file) => file.source === source || file.source.startsWith(`${source}/`))
        .map((file) => ({
          name: file.address.split('/').at(-1) || file.source,
          asOf: file.as_of,
          bytes: Number(file.bytes),
          rows: file.row_count,
          etag: file.etag ?? undefined,
          simulated: file.simulated,
        })),
    }
  })
}
