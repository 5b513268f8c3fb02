// Collects what a run says about itself while it works: spans, counts, failed items, notes, tables, progress.

import { AsyncLocalStorage } from 'node:async_hooks'

import type { Counts, FailedItem } from '../core/job.ts'
import { monotonicMs } from '../lib/clock.ts'
import type { ItemCounts, Span } from '../ledger/details.ts'
import type { Progress } from '../ledger/runs.ts'
import { createCleaner } from './storable.ts'

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
  openSpan(name: string): OpenSpan
  /** Closes the spans that a stopped job left open: the innermost is where it hung. */
  closeOpenSpans(error: string): void
  note(key: string, value: unknown): void
  count(kind: string, counts: Counts): void
  fail(item: FailedItem): void
  addTable(title: string, rows: Table['rows']): void
}

export interface OpenSpan {
  /** Does the work so that spans opened by it lie in this one, however many go on side by side. */
  within<T>(work: () => Promise<T>): Promise<T>
  /** Returns how long it took, in milliseconds. */
  close(error?: string): number
}

/** A new, empty record, its clock running. All it is told is cleaned first (see storable.ts). */
export function createRunRecord(redact: (text: string) => string, clockMs: () => number = monotonicMs): RunRecord {
  const clean = createCleaner(redact)
  const began = clockMs()
  const open = new Map<number, OpenSpan>()
  const inside = new AsyncLocalStorage<number>() // the place of the span that the current code lies in
  const elapsedMs = () => clockMs() - began
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
      const begun = { place: places++, parent: inside.getStore(), name: clean.text(name), offsetMs: elapsedMs() }
      const span: OpenSpan = {
        within: (work) => inside.run(begun.place, work),
        close(error) {
          const durationMs = elapsedMs() - begun.offsetMs
          const told = error === undefined ? undefined : clean.text(error)
          if (open.delete(begun.place)) record.spans.push({ ...begun, durationMs, error: told })
          return durationMs
        },
      }
      open.set(begun.place, span)
      return span
    },
    closeOpenSpans(error) {
      for (const span of [...open.values()].reverse()) span.close(error)
    },
    note(key, value) {
      record.notes[key] = clean.value(value)
    },
    count(given, counts) {
      const kind = clean.text(given)
      record.items.set(kind, add(record.items.get(kind) ?? noItems(kind), counts))
    },
    fail(given) {
      const item = clean.value(given) as FailedItem
      record.failed.push(item)
      const counts = record.items.get(item.kind) ?? noItems(item.kind)
      record.items.set(item.kind, { ...counts, failed: counts.failed + 1 })
    },
    addTable(title, rows) {
      const kept = clean.value(rows.slice(0, TABLE_ROWS)) as Table['rows']
      record.tables.push({ title: clean.text(title), rows: kept, total: rows.length })
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
