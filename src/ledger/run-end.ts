// The end of a run in the ledger: its row and its slot in one statement, by compare-and-set.

import type { Sql, TransactionSql } from 'postgres'

import type { ErrorRecord } from '../core/errors.ts'
import { serves, type FinalOutcome } from '../core/run.ts'
import type { NewRun, Progress } from './runs.ts'

/** How a run ended, as far as the row of the run itself goes. */
export interface RunEnd {
  readonly outcome: FinalOutcome
  readonly reason: string | undefined
  readonly finishedAt: Date
  readonly durationMs: number
  readonly items: { read: number; written: number; skipped: number; failed: number }
  readonly errors: readonly ErrorRecord[]
  readonly result: unknown
  readonly notes: unknown
  readonly tables: unknown
  readonly progress: Progress | undefined
  readonly logTail: readonly string[] | undefined
  readonly cpuMs: number
  readonly peakMemoryBytes: number
  readonly simulated: boolean
}

/** What becomes of a slot that its run did not serve. */
export interface Again {
  /** Has it failed for good, of an error that is final? */
  readonly givesUp?: boolean
  /** Not started again by reconcile before this. */
  readonly notBefore?: Date | undefined
}

/** Ends a running run and moves the slot that it holds to what the end makes of it, in one statement. A failed run counts
 *  as a try, and ends its slot only if it gives up: what may be temporary is ended by its deadline. False when somebody else ended
 *  the run first: then nothing is written. */
export async function endRun(
  sql: Sql | TransactionSql,
  run: Pick<NewRun, 'id' | 'job' | 'slotDueAt'>,
  end: RunEnd & Again,
): Promise<boolean> {
  const json = (value: unknown) => sql.json(value as never)
  const failed = end.outcome === 'failed'
  // The slot is locked before its run, as by who takes it (see src/README.md): the count has to be known first.
  const done = await sql`
    with slot as (
      select due_at from ledger.slots
      where job = ${run.job} and due_at = ${run.slotDueAt ?? null} and run_id = ${run.id} and state = 'running'
      for update
    ), ended as (
      update ledger.runs
      set outcome = ${end.outcome}, reason = ${end.reason ?? null}, finished_at = ${end.finishedAt},
        duration_ms = ${end.durationMs}, heartbeat_at = clock_timestamp(),
        items_read = ${end.items.read}, items_written = ${end.items.written},
        items_skipped = ${end.items.skipped}, items_failed = ${end.items.failed},
        errors = ${json(end.errors)}, result = ${end.result === null ? null : json(end.result)},
        notes = ${json(end.notes)}, tables = ${json(end.tables)},
        progress_done = ${end.progress?.done ?? null}, progress_total = ${end.progress?.total ?? null},
        progress_unit = ${end.progress?.unit ?? null},
        log_tail = ${end.logTail === undefined ? null : json(end.logTail)},
        cpu_ms = ${end.cpuMs}, peak_memory_bytes = ${end.peakMemoryBytes}, simulated = ${end.simulated}
      where id = ${run.id} and outcome = 'running' and (select count(*) from slot) >= 0
      returning id
    ), released as (
      update ledger.slots s
      set state = ${slotAfter(end)}, tries = s.tries + ${failed ? 1 : 0}, not_before = ${end.notBefore ?? null},
        outcome = ${end.outcome}, reason = ${end.reason ?? null}, changed_at = ${end.finishedAt},
        duration_ms = ${end.durationMs}, items_written = ${end.items.written}, items_failed = ${end.items.failed}
      from slot, ended
      where s.job = ${run.job} and s.due_at = slot.due_at and s.run_id = ended.id and s.state = 'running'
    )
    select id from ended
  `
  return done.count === 1
}

function slotAfter({ outcome, givesUp = false }: RunEnd & Again): 'served' | 'failed' | 'due' {
  if (serves(outcome)) return 'served'
  return outcome === 'failed' && givesUp ? 'failed' : 'due'
}

/** Has this run ended exactly so? Then it was we who wrote it, although nobody told us. */
export async function hasEndedAs(sql: Sql, runId: string, end: RunEnd): Promise<boolean> {
  const rows = await sql`
    select 1 from ledger.runs
    where id = ${runId} and outcome = ${end.outcome} and finished_at = ${end.finishedAt}
  `
  return rows.length > 0
}
