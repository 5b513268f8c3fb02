// The present moment of a history: one job that is late and failing, one run under way, people at work, a source that is
// not called.

import { after, HOUR, MINUTE, type Book } from './book.ts'
import { HOSTILE } from './failures.ts'
import type { Row } from './insert.ts'
import { writeRun } from './runs.ts'

const LATE_JOB = 'ops/cleanup'

/** Turns the newest slot of one job into one that failed and waits for its retry, and starts a run that has not ended. */
export function writePresent(book: Book): { failedRun: string; lateSlot: Row | undefined } {
  const failedRun = failNewest(book)
  const running = { job: 'nfl/train', period: { key: '2026-W11', season: 2026, week: 11 }, slotDueAt: undefined, attempt: 1, retryOf: undefined } // prettier-ignore
  writeRun(book, { ...running, id: book.chance.uuid(), trigger: 'manual', outcome: 'running', startedAt: after(book.now, -90_000), correlationId: book.chance.uuid() }) // prettier-ignore
  const hostile = {
    ...running,
    job: 'nfl/predict',
    trigger: 'manual' as const,
    outcome: 'cancelled' as const,
    reason: HOSTILE,
  }
  writeRun(book, { ...hostile, id: book.chance.uuid(), startedAt: after(book.now, -26 * HOUR), correlationId: book.chance.uuid() }) // prettier-ignore
  return failedRun
}

function failNewest(book: Book): { failedRun: string; lateSlot: Row | undefined } {
  const failedRun = book.chance.uuid()
  const place = book.slots.findLastIndex((slot) => slot['job'] === LATE_JOB && (slot['due_at'] as Date) <= book.now)
  const slot = book.slots[place]
  if (slot === undefined || (slot['deadline_at'] as Date) <= book.now) return { failedRun, lateSlot: undefined }
  const dueAt = slot['due_at'] as Date
  const startedAt = after(book.now, -25 * MINUTE) > dueAt ? after(book.now, -25 * MINUTE) : dueAt
  const period = { key: slot['period'] as string, season: null, week: null }
  const reason = 'the database closed the connection: it is usually back within a minute'
  const run = writeRun(book, { id: failedRun, job: LATE_JOB, period, slotDueAt: dueAt, trigger: 'schedule', outcome: 'failed', reason, startedAt, attempt: 1, retryOf: undefined, correlationId: book.chance.uuid() }) // prettier-ignore
  const lateSlot: Row = {
    ...slot,
    state: 'due',
    run_id: null,
    changed_at: run.finishedAt,
    reason,
    outcome: 'failed',
    started_at: startedAt,
    duration_ms: run.durationMs,
    tries: 1,
    not_before: after(book.now, 12 * MINUTE),
  }
  book.slots[place] = lateSlot
  return { failedRun, lateSlot }
}
