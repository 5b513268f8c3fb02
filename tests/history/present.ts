// The present moment of a history: one job that is late and failing, one run under way, people at work, a source that is
// not called.

import type { ErrorRecord } from '../../src/core/errors.ts'
import { nflWeekAt } from '../../src/leagues/nfl/calendar.ts'

import { after, HOUR, MINUTE, type Book } from './book.ts'
import { HOSTILE } from './failures.ts'
import type { Row } from './insert.ts'
import { writeRun } from './runs.ts'

/** A job whose newest slot failed and waits for its retry, with the run that failed it. */
export interface Failing {
  readonly job: string
  readonly runId: string
  readonly dueAt: Date
}

const ERROR: ErrorRecord = { kind: 'LedgerFailure', code: 'ledger', retryable: true, message: 'the database closed the connection: it is usually back within a minute', stack: null, context: {} } // prettier-ignore

/** Starts a run that has not ended, and turns the newest slot of some job, if one is still in time, into one that fails. */
export function writePresent(book: Book): Failing | undefined {
  const plain = { period: nflWeekAt(book.now), slotDueAt: undefined, attempt: 1, retryOf: undefined, trigger: 'manual' } as const // prettier-ignore
  const ids = () => ({ id: book.chance.uuid(), correlationId: book.chance.uuid() })
  writeRun(book, { ...plain, ...ids(), job: 'nfl/train', outcome: 'running', startedAt: after(book.now, -90_000) })
  writeRun(book, { ...plain, ...ids(), job: 'nfl/predict', outcome: 'cancelled', reason: HOSTILE, startedAt: after(book.now, -26 * HOUR) }) // prettier-ignore
  const slot = newestInTime(book)
  return slot && failSlot(book, slot)
}

/** Rather the house's own job than one that people wait for. */
function newestInTime({ slots, now }: Book): Row | undefined {
  const inTime = slots.filter((slot) => (slot['due_at'] as Date) <= now && (slot['deadline_at'] as Date) > now)
  return inTime.find((slot) => slot['job'] === 'ops/cleanup') ?? inTime.at(-1)
}

function failSlot(book: Book, slot: Row): Failing {
  const job = slot['job'] as string
  const dueAt = slot['due_at'] as Date
  removeRuns(book, job, dueAt)
  const startedAt = after(book.now, -25 * MINUTE) > dueAt ? after(book.now, -25 * MINUTE) : dueAt
  const runId = book.chance.uuid()
  const run = writeRun(book, {
    id: runId,
    job,
    period: { key: slot['period'] as string, season: slot['season'] as number | null },
    slotDueAt: dueAt,
    trigger: 'schedule',
    outcome: 'failed',
    error: ERROR,
    startedAt,
    attempt: 1,
    retryOf: undefined,
    correlationId: book.chance.uuid(),
  })
  book.slots[book.slots.indexOf(slot)] = {
    ...slot,
    state: 'due',
    run_id: null,
    changed_at: run.finishedAt,
    reason: ERROR.message,
    outcome: 'failed',
    started_at: startedAt,
    duration_ms: run.durationMs,
    tries: 1,
    not_before: after(book.now, 12 * MINUTE),
  }
  return { job, runId, dueAt }
}

/** What the slot's first story had become of it. */
function removeRuns(book: Book, job: string, dueAt: Date): void {
  const kept = book.runs.filter((run) => run['job'] !== job || (run['slot_due_at'] as Date | null)?.getTime() !== dueAt.getTime()) // prettier-ignore
  book.runs.splice(0, book.runs.length, ...kept)
}
