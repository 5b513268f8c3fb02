// What a run collects about itself while it works: spans, counts, failed items, notes, tables, progress.

import type { Counts, FailedItem } from '../core/job.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { ItemCounts, Span } from '../ledger/details.ts'
import type { Progress } from '../ledger/runs.ts'

/** More rows than this are for the lake, not for a summary. */
const TABLE_ROWS = 50

export interface Table {
  readonly title: string
  readonly rows: readonly Record<string, string | number | null>[]
  /** Rows given, where more were given than are kept. */
  readonly total: number
}

export interface RunRecord {
  readonly spans: Span[]
  readonly items: Map<string, ItemCounts>
  readonly failed: FailedItem[]
  readonly notes: Record<string, unknown>
  readonly tables: Table[]
  progress: Progress | undefined
  simulated: boolean
  /** Milliseconds since the run began, by the monotonic clock. */
  elapsedMs(): number
  openSpan(name: string): (error?: string) => void
  count(kind: string, counts: Counts): void
  fail(item: FailedItem): void
  addTable(title: string, rows: Table['rows']): void
}

/** A new, empty record, its clock running. */
export function createRunRecord(): RunRecord {
  const began = monotonicMs()
  const open: number[] = [] // places of the spans that are open, innermost last
  const elapsedMs = () => monotonicMs() - began
  let places = 0
  const record: RunRecord = {
    spans: [],
    items: new Map(),
    failed: [],
    notes: {},
    tables: [],
    progress: undefined,
    simulated: false,
    elapsedMs,
    openSpan(name) {
      const span = { place: places++, parent: open.at(-1), name, offsetMs: elapsedMs() }
      open.push(span.place)
      return (error) => {
        open.splice(open.indexOf(span.place), 1)
        record.spans.push({ ...span, durationMs: elapsedMs() - span.offsetMs, error })
      }
    },
    count(kind, counts) {
      record.items.set(kind, add(record.items.get(kind) ?? noItems(kind), counts))
    },
    fail(item) {
      record.failed.push(item)
      const counts = record.items.get(item.kind) ?? noItems(item.kind)
      record.items.set(item.kind, { ...counts, failed: counts.failed + 1 })
    },
    addTable(title, rows) {
      record.tables.push({ title, rows: rows.slice(0, TABLE_ROWS), total: rows.length })
    },
  }
  return record
}

function noItems(kind: string): ItemCounts {
  return { kind, read: 0, written: 0, skipped: 0, failed: 0 }
}

function add(sum: ItemCounts, counts: Counts): ItemCounts {
  return {
    ...sum,
    read: sum.read + (counts.read ?? 0),
    written: sum.written + (counts.written ?? 0),
    skipped: sum.skipped + (counts.skipped ?? 0),
  }
}

/** The counts of all kinds together, as they stand in the run's row. */
export function totalItems(record: RunRecord): Omit<ItemCounts, 'kind'> {
  const total = { read: 0, written: 0, skipped: 0, failed: 0 }
  for (const item of record.items.values()) {
    total.read += item.read
    total.written += item.written
    total.skipped += item.skipped
    total.failed += item.failed
  }
  return total
}
