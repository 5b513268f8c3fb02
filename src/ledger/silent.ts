// Runs that have stopped speaking: found by the database's own clock, asked about, and given up, unless a session of the
// database holds them.

import type { Sql } from 'postgres'

import type { ProcessIdentity } from '../lib/process-identity.ts'
import { settleRequests } from './request-answers.ts'

export interface SilentRun {
  readonly runId: string
  readonly job: string
  readonly slotDueAt: Date | undefined
  readonly silentSeconds: number
  readonly identity: ProcessIdentity
  readonly githubRunId: string | undefined
  readonly githubAttempt: number | undefined
  /** Was GitHub asked about it less than five minutes ago? */
  readonly askedLately: boolean
}

/** Running runs that have been silent for longer than this. */
export async function listSilentRuns(sql: Sql, seconds: number): Promise<SilentRun[]> {
  const rows = await sql<
    {
      id: string
      job: string
      slot_due_at: Date | null
      silent: number
      host: string
      pid: number
      process_start: string
      github_run_id: string | null
      github_attempt: number | null
      asked_lately: boolean
    }[]
  >`
    select id, job, slot_due_at, extract(epoch from clock_timestamp() - heartbeat_at)::double precision as silent, host, pid,
      process_start, github_run_id, github_attempt,
      coalesce(asked_at > clock_timestamp() - interval '5 minutes', false) as asked_lately
    from ledger.runs
    where outcome = 'running' and heartbeat_at <= clock_timestamp() - make_interval(secs => ${seconds})
    order by heartbeat_at
  `
  return rows.map((row) => ({
    runId: row.id,
    job: row.job,
    slotDueAt: row.slot_due_at ?? undefined,
    silentSeconds: row.silent,
    identity: { host: row.host, pid: row.pid, startedTicks: row.process_start },
    githubRunId: row.github_run_id ?? undefined,
    githubAttempt: row.github_attempt ?? undefined,
    askedLately: row.asked_lately,
  }))
}

/** Writes down that GitHub is asked about a run now; not on a row that is locked, for whose end nobody waits. */
export async function markAsked(sql: Sql, runId: string): Promise<void> {
  await sql`
    update ledger.runs set asked_at = clock_timestamp()
    where id = (select id from ledger.runs where id = ${runId} and outcome = 'running' for no key update skip locked)
  `
}

/** 'locked': a session of the database holds the row of the run or of its slot, so nobody can tell whether it is alive. */
export type Abandoned = 'abandoned' | 'locked' | 'not silent'

/** Ends a silent run as abandoned and gives its slot back; 'not silent' when it ended, or spoke up again, meanwhile. Waits
 *  for nobody: what a vanished runner left locked may stay so for hours. */
export async function abandonRun(
  sql: Sql,
  runId: string,
  end: { reason: string; at: Date; silentSeconds: number },
): Promise<Abandoned> {
  const done = await sql.begin(async (tx): Promise<Abandoned> => {
    const [seen] = await tx<{ silent: boolean; taken: boolean }[]>`
      with silent as (
        select id from ledger.runs
        where id = ${runId} and outcome = 'running'
          and heartbeat_at <= clock_timestamp() - make_interval(secs => ${end.silentSeconds})
      ), slot as (
        -- Before its run, as by whoever ends the run itself (see src/README.md).
        select job from ledger.slots where run_id = ${runId} and state = 'running' for update skip locked
      ), taken as (
        select id from ledger.runs
        where id = ${runId} and outcome = 'running'
          and heartbeat_at <= clock_timestamp() - make_interval(secs => ${end.silentSeconds})
          and (select count(*) from slot) = (
            select count(*) from ledger.slots where run_id = ${runId} and state = 'running'
          )
        for no key update skip locked
      )
      select exists (select 1 from silent) as silent, exists (select 1 from taken) as taken
    `
    if (!seen?.taken) return seen?.silent ? 'locked' : 'not silent'
    await tx`
      update ledger.runs
      set outcome = 'abandoned', reason = ${end.reason}, finished_at = greatest(started_at, ${end.at})
      where id = ${runId} and outcome = 'running'
    `
    await tx`
      update ledger.slots set state = 'due', outcome = 'abandoned', reason = ${end.reason}, changed_at = ${end.at}
      where run_id = ${runId} and state = 'running'
    `
    return 'abandoned'
  })
  // Killed before this, the next pass does it: what became of a request follows from its run.
  if (done === 'abandoned') await settleRequests(sql, end.at)
  return done
}

/** The session of the database that holds a run's row. */
export interface Holder {
  readonly pid: number
  /** What it does now: `idle in transaction`, mostly. */
  readonly state: string | undefined
  readonly address: string | undefined
  readonly sinceAt: Date | undefined
  /** For how long, by the database's clock. */
  readonly openSeconds: number | undefined
}

/** Who holds the row of a run, or its slot's; undefined when nobody does any more, or it cannot be seen (several hold it together). */
export async function findHolder(sql: Sql, runId: string): Promise<Holder | undefined> {
  const [row] = await sql<
    { pid: number; state: string | null; address: string | null; since: Date | null; open: number | null }[]
  >`
    select l.pid, a.state, host(a.client_addr) as address, a.xact_start as since,
      extract(epoch from clock_timestamp() - a.xact_start)::double precision as open
    from (
      select xmax from ledger.runs where id = ${runId}
      union all
      select xmax from ledger.slots where run_id = ${runId} and state = 'running'
    ) held
    join pg_locks l on l.locktype = 'transactionid' and l.transactionid = held.xmax and l.granted
    left join pg_stat_activity a on a.pid = l.pid
    order by a.xact_start
    limit 1
  `
  return (
    row && {
      pid: row.pid,
      state: row.state ?? undefined,
      address: row.address ?? undefined,
      sinceAt: row.since ?? undefined,
      openSeconds: row.open ?? undefined,
    }
  )
}
