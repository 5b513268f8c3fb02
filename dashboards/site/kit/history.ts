// A run as a line of its job's history: the same columns in the page and, for older lines, in the browser; and how lines are
// packed into the files that the browser loads.

import { firstSentence } from '../../../src/core/wording.ts'
import { sayLate, sayMs } from './durations.ts'
import { shownOutcome } from './outcome.ts'
import { lookOf } from './state.tsx'

export interface HistoryLine {
  readonly id: string
  readonly outcome: string
  readonly trigger: string
  readonly period: string
  /** Instants in milliseconds. */
  readonly dueAt: number | null
  readonly startedAt: number
  readonly durationMs: number | null
  readonly itemsWritten: number
  readonly itemsFailed: number
  readonly attempt: number
  readonly why: string
  readonly githubRunId: string | null
  readonly githubAttempt: number | null
  /** Has it a page of its own? */
  readonly page: boolean
}

/** A line without the names of its parts; instants in seconds. */
export type PackedLine = readonly [
  id: string,
  outcome: string,
  trigger: string,
  period: string,
  dueAt: number | null,
  startedAt: number,
  durationMs: number | null,
  itemsWritten: number,
  itemsFailed: number,
  attempt: number,
  why: string,
  githubRunId: string | null,
  githubAttempt: number | null,
  page: 0 | 1,
]

export function pack(line: HistoryLine): PackedLine {
  const { id, outcome, trigger, period, durationMs, itemsWritten, itemsFailed, attempt, why } = line
  const dueAt = line.dueAt === null ? null : line.dueAt / 1000
  return [id, outcome, trigger, period, dueAt, Math.floor(line.startedAt / 1000), durationMs, itemsWritten, itemsFailed, attempt, why, line.githubRunId, line.githubAttempt, line.page ? 1 : 0] // prettier-ignore
}

export function unpack(packed: PackedLine): HistoryLine {
  const [id, outcome, trigger, period, dueAt, startedAt, durationMs, itemsWritten, itemsFailed, attempt, why, githubRunId, githubAttempt, page] = packed // prettier-ignore
  return {
    ...{
      id,
      outcome,
      trigger,
      period,
      durationMs,
      itemsWritten,
      itemsFailed,
      attempt,
      why,
      githubRunId,
      githubAttempt,
    },
    page: page === 1,
    dueAt: dueAt === null ? null : dueAt * 1000,
    startedAt: startedAt * 1000,
  }
}

/** Started before the slot's moment: negative; undefined without a slot. */
function latenessOf({ dueAt, startedAt }: Pick<HistoryLine, 'dueAt' | 'startedAt'>): number | undefined {
  return dueAt === null ? undefined : startedAt - dueAt
}

export interface HistoryColumn {
  readonly head: string
  readonly right?: boolean
  /** As a table's: 2 goes on a small screen, 3 on a middling one. */
  readonly weight?: 1 | 2 | 3
  /** Words of the cell; `when` says an instant on the page's clock. */
  readonly text: (line: HistoryLine, when: (ms: number) => string) => string
  /** The instant that the cell says. */
  readonly at?: (line: HistoryLine) => number | null
  readonly sort?: (line: HistoryLine) => number | ''
  /** Leads to the run. */
  readonly linked?: boolean
  /** Two lines at most: the run has the whole. */
  readonly clamped?: boolean
  /** The mark of a state stands before the words. */
  readonly glyph?: (line: HistoryLine) => { readonly glyph: string; readonly tone: string }
}

/** `16`, or `16, 3 failed`. */
function sayItems({ itemsWritten, itemsFailed }: HistoryLine): string {
  const written = itemsWritten.toLocaleString('en-US')
  return itemsFailed === 0 ? written : `${written}, ${itemsFailed.toLocaleString('en-US')} failed`
}

const DAY_AND_TIME = /^(.*) (\d\d:\d\d.*)$/

/** An instant, its day left out where it is that of another. */
function sayBeside(words: string, other: string): string {
  const [, day, time] = DAY_AND_TIME.exec(words) ?? []
  return time !== undefined && day === DAY_AND_TIME.exec(other)?.[1] ? time : words
}

export const HISTORY_COLUMNS: readonly HistoryColumn[] = [
  {
    head: 'run',
    text: ({ startedAt }, when) => when(startedAt),
    at: ({ startedAt }) => startedAt,
    sort: ({ startedAt }) => startedAt,
    linked: true,
  },
  { head: 'ended', text: ({ outcome }) => shownOutcome(outcome), glyph: ({ outcome }) => lookOf(shownOutcome(outcome)) },
  {
    head: 'slot due',
    weight: 2,
    text: ({ dueAt, startedAt }, when) => (dueAt === null ? 'none' : sayBeside(when(dueAt), when(startedAt))),
    at: ({ dueAt }) => dueAt,
    sort: ({ dueAt }) => dueAt ?? 0,
  },
  { head: 'late', right: true, text: (line) => sayLate(latenessOf(line)), sort: (line) => latenessOf(line) ?? -Infinity },
  { head: 'took', right: true, weight: 2, text: ({ durationMs }) => sayMs(durationMs), sort: ({ durationMs }) => durationMs ?? '' },
  { head: 'items', right: true, weight: 2, text: sayItems, sort: ({ itemsWritten }) => itemsWritten },
  { head: 'period', weight: 3, text: ({ period }) => period },
  { head: 'woken by', weight: 3, text: ({ trigger, attempt }) => (attempt > 1 ? `${trigger}, attempt ${attempt}` : trigger) },
  { head: 'why', weight: 2, clamped: true, text: ({ why }) => firstSentence(why, 200) },
] // prettier-ignore
