// All SQL about the life of a run but its end (run-end.ts, and silent.ts for those that are given up): take, heartbeat. A run
// and the slot it holds change together, in one statement or one transaction, so that a process killed between two lines can
// leave no lie.

import type { Sql, TransactionSql } from 'postgres'

import type { Period } from '../core/period.ts'
import type { Trigger } from '../core/run.ts'
import type { ProcessIdentity } from '../lib/process-identity.ts'

/** A run about to begin. */
export interface NewRun {
  readonly id: string
  readonly job: string
  readonly period: Period
  /** The slot it takes, if it takes one. */
  readonly slotDueAt: Date | undefined
  readonly environment: string
  readonly trigger: Trigger
  readonly startedAt: Date
  readonly attempt: number
  readonly retryOf: string | undefined
  readonly correlationId: string
  readonly parameters: Record<string, unknown>
  readonly dryRun: boolean
  readonly origin: RunOrigin
}

/** Which process, and which GitHub run, commit and person, a run comes from. */
export interface RunOrigin {
  readonly identity: ProcessIdentity
  readonly githubRunId: string | undefined
  readonly githubAttempt: number | undefined
  readonly commit: string | undefined
  readonly actor: string | undefined
}

export type Taken = { taken: true } | { taken: false; why: 'slot_gone' | 'already_running' }

/** Inserts the run, takes its slot and closes the older slots that it covers, in one statement. Not taken: another run was
 *  first, for the slot or the period; then nothing is changed. */
export async function takeRun(sql: Sql | TransactionSql, run: NewRun, covered: readonly Date[] = []): Promise<Taken> {
  const due = run.slotDueAt ?? null
  const slots = run.slotDueAt ? [run.slotDueAt, ...covered] : []
  try {
    // The slots first and from the oldest on, as everybody locks them (see src/README.md), then the run.
    const inserted = await sql`
      with waiting as (
        select due_at from ledger.slots
        where job = ${run.job} and due_at = any(${sql.array(slots as never[])}::timestamptz[]) and state = 'due'
        order by due_at
        for update
      ), slot as (
        update ledger.slots s
        set state = 'running', run_id = ${run.id}, changed_at = ${run.startedAt}, started_at = ${run.startedAt},
          reason = null, outcome = null, duration_ms = null, items_written = null, items_failed = null
        from waiting
        where s.job = ${run.job} and s.due_at = waiting.due_at and waiting.due_at = ${due} and s.state = 'due'
        returning 1
      ), passed_over as (
        update ledger.slots s
        set state = 'coalesced', changed_at = ${run.startedAt},
          reason = ${`the slot of ${run.slotDueAt?.toISOString() ?? ''} covers it`}
        from waiting
        where s.job = ${run.job} and s.due_at = waiting.due_at and waiting.due_at <> ${due} and s.state = 'due'
          and exists (select 1 from slot)
      )
      insert into ledger.runs (
        id, job, slot_due_at, period, season, environment, trigger, attempt, retry_of, correlation_id, started_at,
        parameters, dry_run, github_run_id, github_attempt, commit, actor, host, pid, process_start
      )
      select ${run.id}::uuid, ${run.job}, ${due}::timestamptz, ${run.period.key}, ${run.period.season}::integer,
        ${run.environment}, ${run.trigger}, ${run.attempt}::integer,
        ${run.retryOf ?? null}::uuid, ${run.correlationId}::uuid, ${run.startedAt}::timestamptz,
        ${sql.json(run.parameters as never)}::jsonb, ${run.dryRun}::boolean, ${run.origin.githubRunId ?? null}::bigint,
        ${run.origin.githubAttempt ?? null}::integer, ${run.origin.commit ?? null}, ${run.origin.actor ?? null},
        ${run.origin.identity.host}, ${run.origin.identity.pid}::integer, ${run.origin.identity.startedTicks}
      where ${due}::timestamptz is null or exists (select 1 from slot)
      returning id
    `
    return inserted.count === 1 ? { taken: true } : { taken: false, why: 'slot_gone' }
  } catch (error) {
    if (isAlreadyRunning(error)) return { taken: false, why: 'already_running' }
    throw error
  }
}

/** Another run of its period, or this very run: a try whose answer was lost had taken it. */
function isAlreadyRunning(error: unknown): boolean {
  const { code, constraint_name: name = '' } = error as { code?: string; constraint_name?: string }
  return code === '23505' && ['runs_one_running', 'runs_pkey'].includes(name)
}

/** Is this run there and running? Then it is ours, although nobody told us that it was taken. */
export async function isRunning(sql: Sql, runId: string): Promise<boolean> {
  const rows = await sql`select 1 from ledger.runs where id = ${runId} and outcome = 'running'`
  return rows.length > 0
}

/** Records a wake-up that was gated: a run that began and ended at once and held nothing. May be repeated. */
export async function recordGatedRun(
  sql: Sql,
  run: Omit<NewRun, 'slotDueAt'>,
  gate: { code: string; reason: string },
): Promise<void> {
  await sql`
    insert into ledger.runs ${sql({
      id: run.id,
      job: run.job,
      period: run.period.key,
      season: run.period.season,
      environment: run.environment,
      trigger: run.trigger,
      outcome: 'gated',
      gate: gate.code,
      reason: gate.reason,
      correlation_id: run.correlationId,
      started_at: run.startedAt,
      finished_at: run.startedAt,
      duration_ms: 0,
      parameters: sql.json(run.parameters as never) as never,
      dry_run: run.dryRun,
      github_run_id: run.origin.githubRunId ?? null,
      github_attempt: run.origin.githubAttempt ?? null,
      commit: run.origin.commit ?? null,
      actor: run.origin.actor ?? null,
      host: run.origin.identity.host,
      pid: run.origin.identity.pid,
      process_start: run.origin.identity.startedTicks,
    })}
    on conflict (id) do nothing
  `
}

export interface Progress {
  readonly done: number
  readonly total: number
  readonly unit: string
}

/** Says "still alive", with how far it has come. False when the run is no longer ours: somebody abandoned it. */
export async function beat(sql: Sql, runId: string, progress: Progress | undefined): Promise<boolean> {
  const done = await sql`
    update ledger.runs
    set heartbeat_at = clock_timestamp(),
      progressed_at = case
        when progress_done is distinct from ${progress?.done ?? null} then clock_timestamp() else progressed_at end,
      progress_done = ${progress?.done ?? null}, progress_total = ${progress?.total ?? null},
      progress_unit = ${progress?.unit ?? null}
    where id = ${runId} and outcome = 'running'
  `
  return done.count === 1
}

/** Locks a run's row as still running for the rest of the transaction (fencing), and beats its heart. */
export async function lockRunning(tx: TransactionSql, runId: string): Promise<boolean> {
  const done = await tx`
    update ledger.runs set heartbeat_at = clock_timestamp() where id = ${runId} and outcome = 'running'
  `
  return done.count === 1
}

/** The earlier tries of a slot: how many failed, and the latest run, whose chain a new try continues. */
export async function findChain(
  sql: Sql,
  job: string,
  dueAt: Date,
): Promise<{ attempt: number; runId: string; correlationId: string } | undefined> {
  const [row] = await sql<{ attempt: number; id: string; correlation_id: string }[]>`
    select attempt, id, correlation_id from ledger.runs
    where job = ${job} and slot_due_at = ${dueAt} and outcome <> 'running'
    order by attempt desc, started_at desc
    limit 1
  `
  return row && { attempt: row.attempt, runId: row.id, correlationId: row.correlation_id }
}

/** The correlation id of the run that served a slot: a child continues its parent's story. */
export async function findServingCorrelation(sql: Sql, job: string, dueAt: Date): Promise<string | undefined> {
  const [row] = await sql<{ correlation_id: string }[]>`
    select r.correlation_id from ledger.slots s join ledger.runs r on r.id = s.run_id
    where s.job = ${job} and s.due_at = ${dueAt}
  `
  return row?.correlation_id
}

/** Who holds the running runs of a job, and for how long each has been silent by the database's clock. */
export async function listHolders(
  sql: Sql,
  job: string,
): Promise<{ runId: string; period: string | null; identity: ProcessIdentity; silentSeconds: number }[]> {
  const rows = await sql<
    { id: string; period: string | null; host: string; pid: number; process_start: string; silent: number }[]
  >`
    select id, period, host, pid, process_start,
      extract(epoch from clock_timestamp() - heartbeat_at)::double precision as silent
    from ledger.runs
    where job = ${job} and outcome = 'running'
  `
  return rows.map((row) => ({
    runId: row.id,
    period: row.period,
    identity: { host: row.host, pid: row.pid, startedTicks: row.process_start },
    silentSeconds: row.silent,
  }))
}
