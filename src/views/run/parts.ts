// Reads what runs left beside their rows: spans, counted items, dead letters.

import type { Sql } from 'postgres'

import type { DeadLetter } from '../../ledger/dead-letters.ts'
import { groupBy } from '../group-by.ts'

/** A run may have thousands of spans; the outermost and the longest tell its story. */
const MOST_SPANS = 200
const MOST_LETTERS = 50

export interface RunParts {
  /** In the order in which they began; at most 200, the outermost and the longest. */
  readonly spans: readonly RunSpan[]
  readonly spansLeftOut: number
  readonly items: readonly RunItems[]
  /** The newest fifty. */
  readonly letters: readonly RunLetter[]
}

export interface RunSpan {
  readonly place: number
  readonly parent: number | undefined
  readonly name: string
  readonly offsetMs: number
  readonly durationMs: number
  readonly error: string | undefined
}

export interface RunItems {
  readonly kind: string
  readonly read: number
  readonly written: number
  readonly skipped: number
  readonly failed: number
}

/** An item that failed in this run, or in it for the last time. */
export type RunLetter = Pick<DeadLetter, 'id' | 'kind' | 'key' | 'code' | 'message' | 'times'> & {
  readonly closedAt: Date | undefined
  readonly closeReason: string | undefined
}

/** The parts of each of these runs that has any. */
export async function readParts(sql: Sql, ids: readonly string[]): Promise<Map<string, RunParts>> {
  const [spans, items, letters] = await Promise.all([
    readSpans(sql, ids),
    readItems(sql, ids),
    readRunLetters(sql, ids),
  ])
  return new Map(
    ids.map((id) => {
      const own = spans.get(id)
      const parts: RunParts = {
        spans: own?.spans ?? [],
        spansLeftOut: own ? own.count - own.spans.length : 0,
        items: items.get(id) ?? [],
        letters: letters.get(id) ?? [],
      }
      return [id, parts]
    }),
  )
}

interface SpanRow {
  run_id: string
  count: number
  place: number
  parent: number | null
  name: string
  offset_ms: number
  duration_ms: number
  error: string | null
}

async function readSpans(sql: Sql, ids: readonly string[]): Promise<Map<string, { count: number; spans: RunSpan[] }>> {
  const rows = await sql<SpanRow[]>`
    select run_id, count, place, parent, left(name, 200) as name, offset_ms, duration_ms, left(error, 300) as error
    from (
      select run_id, place, parent, name, offset_ms, duration_ms, error,
        count(*) over (partition by run_id)::integer as count,
        row_number() over (partition by run_id order by (parent is null) desc, duration_ms desc) as size_place
      from ledger.spans where run_id = any(${[...ids]}::uuid[])
    ) sized
    where size_place <= ${MOST_SPANS}
    order by run_id, place
  `
  return groupBy(rows, ({ run_id }) => run_id, (own) => ({
    count: own[0]?.count ?? 0,
    spans: own.map(({ place, parent, name, offset_ms, duration_ms, error }) => ({
      place,
      parent: parent ?? undefined,
      name,
      offsetMs: offset_ms,
      durationMs: duration_ms,
      error: error ?? undefined,
    })),
  })) // prettier-ignore
}

async function readItems(sql: Sql, ids: readonly string[]): Promise<Map<string, RunItems[]>> {
  const rows = await sql<(RunItems & { run_id: string })[]>`
    select run_id, kind, read::double precision as read, written::double precision as written,
      skipped::double precision as skipped, failed::double precision as failed
    from ledger.items where run_id = any(${[...ids]}::uuid[]) order by run_id, kind
  `
  return groupBy(rows, ({ run_id }) => run_id, (own) => own.map(({ run_id: _, ...items }) => items)) // prettier-ignore
}

type LetterRow = Omit<RunLetter, 'closedAt' | 'closeReason'> & {
  readonly run_id: string
  readonly closed_at: Date | null
  readonly close_reason: string | null
}

async function readRunLetters(sql: Sql, ids: readonly string[]): Promise<Map<string, RunLetter[]>> {
  const rows = await sql<LetterRow[]>`
    select run_id, id, kind, left(key, 300) as key, code, left(message, 500) as message, times, closed_at,
      left(close_reason, 300) as close_reason
    from (
      select run_id, id, kind, key, code, message, times, closed_at, close_reason,
        row_number() over (partition by run_id order by id desc) as place
      from ledger.dead_letters where run_id = any(${[...ids]}::uuid[])
    ) newest
    where place <= ${MOST_LETTERS}
    order by run_id, id
  `
  return groupBy(rows, ({ run_id }) => run_id, (own) =>
    own.map(({ id, kind, key, code, message, times, closed_at, close_reason }) => ({
      ...{ id, kind, key, code, message, times },
      closedAt: closed_at ?? undefined,
      closeReason: close_reason ?? undefined,
    })),
  ) // prettier-ignore
}
