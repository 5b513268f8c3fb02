// Runs that are over, for pages to show: one row each, in any shape, without a runner.

import { randomUUID } from 'node:crypto'

import type { Sql } from '../../src/lib/db.ts'
import type { Outcome, Trigger } from '../../src/core/run.ts'

import { at } from './builders.ts'

export interface EndedWish {
  readonly id?: string
  readonly job?: string
  readonly outcome?: Outcome
  readonly trigger?: Trigger
  readonly startedAt?: Date
  readonly slotDueAt?: Date
  readonly durationMs?: number
  readonly attempt?: number
  readonly retryOf?: string
  readonly correlationId?: string
  readonly reason?: string
  /** Code and message of its error. */
  readonly error?: readonly [code: string, message: string]
  readonly written?: number
  readonly failed?: number
  readonly githubRunId?: number
}

/** Inserts the row of a run that ended, or of one at work; returns its id. */
export async function anEndedRun(sql: Sql, wish: EndedWish = {}): Promise<string> {
  const run = { id: randomUUID(), outcome: 'succeeded', startedAt: at('19 08:09'), durationMs: 3200, ...wish } as const
  const ended = run.outcome !== 'running'
  await sql`
    insert into ledger.runs ${sql({
      ...PLAIN,
      ...given(wish),
      id: run.id,
      period: `p ${run.id.slice(0, 8)}`,
      outcome: run.outcome,
      correlation_id: wish.correlationId ?? randomUUID(),
      started_at: run.startedAt,
      finished_at: ended ? new Date(run.startedAt.getTime() + run.durationMs) : null,
      duration_ms: ended ? run.durationMs : null,
      errors: sql.json(wish.error ? [anError(wish.error)] : []) as never,
    })}
  `
  return run.id
}

const PLAIN = {
  job: 'test/one',
  environment: 'test',
  trigger: 'schedule',
  attempt: 1,
  items_written: 0,
  items_failed: 0,
  host: 'h',
  pid: 1,
  process_start: '1',
}

/** The columns that a wish names outright. */
function given(wish: EndedWish) {
  const { job, trigger, attempt, reason, written, failed, retryOf, slotDueAt, githubRunId } = wish
  return {
    ...(job !== undefined && { job }),
    ...(trigger && { trigger }),
    ...(attempt !== undefined && { attempt }),
    ...(written !== undefined && { items_written: written }),
    ...(failed !== undefined && { items_failed: failed }),
    reason: reason ?? null,
    retry_of: retryOf ?? null,
    slot_due_at: slotDueAt ?? null,
    github_run_id: githubRunId ?? null,
  }
}

function anError([code, message]: readonly [string, string]) {
  return { kind: 'SourceFailure', code, retryable: true, message, stack: null, context: {} }
}
