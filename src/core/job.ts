// A job: the smallest thing that is scheduled, run and retried alone. It says how, never when.
//
//   slot       one moment at which a schedule says its job is due
//   period     what a slot is about: an NFL season and week, an NBA day
//   run        one execution; it serves at most one slot
//   wake-up    anything that starts a job's workflow; it means only: look at your slots
//   span       a timed step inside a run          item       a counted thing it reads, writes, skips or fails on
//   gate       a reason not to run now            watermark  the end of the unbroken prefix known to be saved

import type { Sql, TransactionSql } from 'postgres'

import type { ErrorContext } from './errors.ts'
import type { Period } from './period.ts'
import type { Readers, ValuesOf } from './reader.ts'
import type { RetryPolicy } from './retry.ts'
import type { MissedPolicy, Need } from './slot.ts'

/** `sport/name`: also `scripts/sport/name.ts` and `.github/workflows/sport-name.yml`. */
export type JobId = `${string}/${string}`

/** Inputs every job understands; a job adds readers of its own (see core/reader.ts). */
export interface CommonParams {
  environment?: string | undefined
  dryRun: boolean
  force: boolean
  cascade: boolean
  /** A run's id, or ids of dead letters with commas: their failed items are tried again, in a new run of that chain. */
  retry?: string | undefined
}

export interface Counts {
  read?: number
  written?: number
  skipped?: number
}

/** An item that failed: kept as a dead letter, so that only it need be tried again. */
export interface FailedItem {
  /** What kind of thing: `game`, `player`. */
  kind: string
  /** Which one, in the provider's or our own id. */
  key: string
  code: string
  message: string
  retryable?: boolean
  context?: ErrorContext
}

/** The lake as a run may touch it. */
export interface LakeAccess {
  /** For reading. */
  readonly sql: Sql
  /** Runs `work` in a transaction that first locks the run's own row as still running (fencing), so that an abandoned
   *  run changes nothing. With `dryRun` it is rolled back. Throws FencedFailure. */
  write<T>(work: (tx: TransactionSql) => Promise<T>): Promise<T>
}

/** All that a job gets from outside. It knows no clock, no environment and no ledger. */
export interface JobContext<P = CommonParams> {
  readonly runId: string
  /** The commit of the code that runs, where it is known: on Actions. */
  readonly commit: string | undefined
  /** Schedule time at which the run was opened; in a replay the virtual instant. The only "now" a job knows. */
  readonly now: Date
  readonly params: P & CommonParams
  /** The failed items of an earlier run that are to be tried again; undefined: everything. A job that cannot pick single
   *  items does its whole work. */
  readonly only: readonly Pick<FailedItem, 'kind' | 'key'>[] | undefined
  /** Aborted when the run is to end: pass it to everything that waits. */
  readonly signal: AbortSignal
  /** Where each provider is reached, by its name; undefined means the provider's own address. */
  readonly sourceUrls: Readonly<Record<string, string | undefined>>
  /** The key of one of the job's own sources. Throws ConfigFailure where it is none of them, or not set. */
  secret(source: string): string
  readonly lake: LakeAccess
  /** Times a step and keeps it as a span; a thrown error is kept with it. */
  span<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Like span, but retryable failures are tried again after the job's in-process delays, each try a span of its own. */
  attempt<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Adds to the counts of a kind of item. */
  count(kind: string, counts: Counts): void
  /** Keeps one failed item as a dead letter and counts it; the run ends partial. */
  fail(item: FailedItem): void
  /** A fact for the run page. */
  note(key: string, value: unknown): void
  /** A table for people: shown in the summary and on the run page. At most 50 rows are kept. */
  table(title: string, rows: readonly Record<string, string | number | null>[]): void
  progress(done: number, total: number, unit: string): void
  /** Everything this run touches comes from the simulator. */
  markSimulated(): void
  readonly watermark: {
    read(key: string): Promise<string | undefined>
    /** Forward only, by compare-and-set; false when another process is already at or past `to`. */
    advance(key: string, to: string): Promise<boolean>
  }
  readonly seasons: {
    /** Says when a league's season opens and closes, as its schedule shows. */
    record(season: { season: number; opensAt: Date; closesAt: Date }): Promise<void>
    /** Says when games are on from `from` on; what was said of that time before is forgotten. */
    recordGames(from: Date, windows: readonly { opensAt: Date; closesAt: Date }[]): Promise<void>
  }
  readonly log: {
    info(message: string, facts?: Record<string, unknown>): void
    warn(message: string, facts?: Record<string, unknown>): void
  }
}

/** What a job may return: nothing, a result to keep, or that the source has nothing yet. */
export type JobReturn = { notReady: string } | { result: Record<string, unknown> } | void

/** The inputs by which a person names a period, and what each is of one: `{ day: ({ key }) => key }`. */
export type NamedBy = Readonly<Record<string, (period: Period) => string | number>>

export interface Job<S extends Readers = Readers> {
  readonly id: JobId
  /** The pipeline and the league switch, `nfl`. */
  readonly league: string
  /** A sentence's worth: what it leaves behind. */
  readonly title: string
  readonly needs: Readonly<Record<JobId, Need>>
  /** Jobs of other leagues whose rows it reads, where those leagues are on. They are no parents: its slots do not wait for
   *  them, and without their rows it says itself that it is not ready. */
  readonly reads?: readonly JobId[]
  /** The providers without which it cannot do its work: behind an open breaker of one of them it is gated. */
  readonly sources?: readonly string[]
  /** Waits while its league's games are on. */
  readonly notDuringGames?: boolean
  readonly onMissed: MissedPolicy
  /** How late a slot may be served before it counts as overdue. */
  readonly graceMinutes: number
  /** How late a slot may be served at all; then it is missed. */
  readonly deadlineMinutes: number
  /** In-process retries of `ctx.attempt`. */
  readonly retry: RetryPolicy
  /** May the job run while its league has no season? */
  readonly seasonal: boolean
  /** The job's own inputs, shared by flags and dispatch inputs. */
  readonly params: S
  /** The period that a slot due at this instant is about. */
  period(dueAt: Date): Period
  /** The period a person named in the inputs, if any; throws ConfigFailure on nonsense. */
  namedPeriod(params: ValuesOf<S>, now: Date): Period | undefined
  /** What names a period to the jobs that follow. */
  readonly namedBy: NamedBy
  run(period: Period, ctx: JobContext<ValuesOf<S>>): Promise<JobReturn>
}

/** Any job, with its own types forgotten: what registries, doors and the runner hold. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- S stands in argument positions, so only `any` takes every job
export type AnyJob = Job<any>

/** States a job and lets TypeScript infer its inputs. */
export function defineJob<S extends Readers>(job: Job<S>): Job<S> {
  return job
}

interface Work<P, C> {
  run(period: P, ctx: C): Promise<JobReturn>
}

/** The work of a job, loaded when it is first done: whoever only asks when a job is due loads none. `read` makes of a stored
 *  period what the work wants to know of it. */
export function later<C>(load: () => Promise<Work<Period, C>>): Work<Period, C>['run']
export function later<P, C>(load: () => Promise<Work<P, C>>, read: (period: Period) => P): Work<Period, C>['run']
export function later<C>(
  load: () => Promise<Work<unknown, C>>,
  read: (period: Period) => unknown = (period) => period,
): Work<Period, C>['run'] {
  return async (period, ctx) => (await load()).run(read(period), ctx)
}
