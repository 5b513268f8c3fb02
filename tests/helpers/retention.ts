// A ledger full of old runs and a cleanup to meet them: on the 29th at 04:07, fourteen days after the cutoff.

import { randomUUID } from 'node:crypto'

import type { Outcome } from '../../src/core/run.ts'
import { opsCleanup } from '../../src/leagues/ops/jobs.ts'
import type { Sql } from '../../src/lib/db.ts'
import type { RunReport } from '../../src/runner/types.ts'

import { at } from './builders.ts'
import { aWorld, type WakeWish } from './world.ts'

const NOW = '29 04:07'
/** Fourteen days before the cleanup. */
export const CUTOFF = at('15 04:07')

/** An instant some seconds after (or before) another. */
export function seconds(count: number, from = CUTOFF): Date {
  return new Date(from.getTime() + count * 1000)
}

/** So many days before the cleanup. */
export function days(count: number): Date {
  return new Date(at(NOW).getTime() - count * 86_400_000)
}

export interface OldRun {
  outcome?: Outcome
  endedAt?: Date
  startedAt?: Date
  retryOf?: string
  slotDueAt?: Date
}

export interface RetentionWorld extends AsyncDisposable {
  readonly sql: Sql
  clean(wish?: WakeWish): Promise<RunReport>
  aJobId(): string
  /** A job whose newest success is of today, so that nothing older is kept for its sake. */
  aLivelyJob(): Promise<string>
  /** A run of a minute that ended a day too early to stay; returns its id. */
  aRun(job: string, wish?: OldRun): Promise<string>
  /** Runs a minute apart, written by the database itself. */
  someRuns(job: string, wish: { count: number; from: string; outcome: Outcome }): Promise<void>
  /** Which of these runs are still there? */
  stay(...ids: string[]): Promise<boolean[]>
}

/** Opens it; nothing has run yet. */
export async function aRetentionWorld(): Promise<RetentionWorld> {
  const world = await aWorld({ job: opsCleanup, cron: ['7 17 * * *'] })
  const { sql } = world
  let jobs = 0
  const retention: RetentionWorld = {
    sql,
    clean: (wish = {}) => world.wake(opsCleanup, NOW, { trigger: 'manual', ...wish }),
    aJobId: () => `test/job${++jobs}`,
    async aLivelyJob() {
      const job = retention.aJobId()
      await retention.aRun(job, { endedAt: at('29 01:00') })
      return job
    },
    aRun: (job, wish = {}) => insertRun(sql, job, wish),
    async someRuns(job, { count, from, outcome }) {
      await sql`
        insert into ledger.runs (
          job, environment, trigger, outcome, correlation_id, started_at, finished_at, host, pid, process_start
        )
        select ${job}, 'test', 'schedule', ${outcome}, gen_random_uuid(), began, began, 'another-host', 1, '1'
        from generate_series(1, ${count}::integer) n, lateral (select ${from}::timestamptz + n * interval '1 minute' as began) b
      `
    },
    async stay(...ids) {
      const rows = await sql<{ id: string }[]>`select id from ledger.runs where id = any(${ids}::uuid[])`
      return ids.map((id) => rows.some((row) => row.id === id))
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
  return retention
}

async function insertRun(sql: Sql, job: string, wish: OldRun): Promise<string> {
  const { outcome = 'succeeded', endedAt = seconds(-86_400) } = wish
  const id = randomUUID()
  await sql`
    insert into ledger.runs (
      id, job, environment, trigger, outcome, retry_of, slot_due_at, correlation_id, started_at, finished_at, host, pid,
      process_start
    )
    values (${id}, ${job}, 'test', 'schedule', ${outcome}, ${wish.retryOf ?? null}, ${wish.slotDueAt ?? null},
      gen_random_uuid(), ${wish.startedAt ?? seconds(-60, endedAt)}, ${outcome === 'running' ? null : endedAt},
      'another-host', 1, '1')
  `
  return id
}
