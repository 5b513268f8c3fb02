// The end of a run whose details the database refuses: the same outcome, in words that every database can hold.

import type { ErrorRecord } from '../core/errors.ts'
import type { RunEnd } from '../ledger/run-end.ts'

const LONGEST = 500

/** The same end with its details left out, and a note that says which and why. */
export function withoutDetails(end: RunEnd, left: { refusal: string; letters: number }): RunEnd {
  const what = [
    ...(end.errors.length > 0 ? ['stacks and facts of errors'] : []),
    ...(end.result === null ? [] : ['result']),
    ...(isEmpty(end.notes) ? [] : ['notes']),
    ...(isEmpty(end.tables) ? [] : ['tables']),
    ...(end.progress ? ['progress'] : []),
    ...(end.logTail ? ['log'] : []),
    ...(left.letters > 0 ? [`${left.letters} dead letters`] : []),
  ]
  const note = plain(`the database refused them: ${left.refusal}`)
  return {
    ...end,
    reason: end.reason === undefined ? undefined : plain(end.reason),
    durationMs: countable(end.durationMs),
    items: {
      read: countable(end.items.read),
      written: countable(end.items.written),
      skipped: countable(end.items.skipped),
      failed: countable(end.items.failed),
    },
    errors: end.errors.map(bareError),
    result: null,
    notes: { 'left out': what.join(', ') || 'nothing but signs that it cannot hold', because: note },
    tables: [],
    progress: undefined,
    logTail: undefined,
  }
}

function bareError({ kind, code, retryable, message, retryAfterSeconds }: ErrorRecord): ErrorRecord {
  const asked = retryAfterSeconds === undefined ? {} : { retryAfterSeconds }
  return {
    kind: plain(kind),
    code: plain(code),
    retryable,
    message: plain(message),
    stack: null,
    context: {},
    ...asked,
  }
}

/** A database that is not in UTF-8 refuses signs that it has no place for. */
function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, '?').slice(0, LONGEST)
}

/** A job may count anything; a column holds whole numbers. */
function countable(count: number): number {
  return Number.isSafeInteger(Math.round(count)) ? Math.round(count) : 0
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}
