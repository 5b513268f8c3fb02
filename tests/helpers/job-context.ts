// A job's context made by hand on a real database: no ledger, no fencing; what the job says is kept for the test to read.

import { randomUUID } from 'node:crypto'

import type { CommonParams, Counts, FailedItem, JobContext } from '../../src/core/job.ts'
import type { Sql } from '../../src/lib/db.ts'

export interface Said {
  readonly counts: Record<string, Required<Counts>>
  readonly failed: FailedItem[]
  readonly notes: Record<string, unknown>
  readonly tables: { title: string; rows: readonly Record<string, string | number | null>[] }[]
  readonly seasons: { season: number; opensAt: Date; closesAt: Date }[]
  readonly spans: string[]
  simulated: boolean
}

export interface ContextWish<P> {
  readonly sql: Sql
  readonly now: Date
  readonly params: P
  /** Where nflverse is: a path or a URL. */
  readonly games?: string | undefined
  /** Where other sources are. */
  readonly sourceUrls?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal
}

/** The context, and what the job said through it. Retries are not waited for: `attempt` is a plain span. */
export function aJobContext<P extends object>(wish: ContextWish<P>): { ctx: JobContext<P>; said: Said } {
  const said: Said = { counts: {}, failed: [], notes: {}, tables: [], seasons: [], spans: [], simulated: false }
  const span = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    said.spans.push(name)
    return await work()
  }
  const common: CommonParams = { dryRun: false, force: false, cascade: false }
  const ctx: JobContext<P> = {
    runId: randomUUID(),
    commit: 'c0ffee',
    now: wish.now,
    params: { ...common, ...wish.params },
    signal: wish.signal ?? new AbortController().signal,
    sourceUrls: { nflverse: wish.games, ...wish.sourceUrls },
    secret: (source) => `the key of ${source}`,
    lake: { sql: wish.sql, write: (work) => wish.sql.begin(work) as never },
    span,
    attempt: span,
    count(kind, counts) {
      const before = said.counts[kind] ?? { read: 0, written: 0, skipped: 0 }
      said.counts[kind] = {
        read: before.read + (counts.read ?? 0),
        written: before.written + (counts.written ?? 0),
        skipped: before.skipped + (counts.skipped ?? 0),
      }
    },
    fail: (item) => void said.failed.push(item),
    note(key, value) {
      said.notes[key] = value
    },
    table: (title, rows) => void said.tables.push({ title, rows }),
    progress: () => undefined,
    markSimulated() {
      said.simulated = true
    },
    watermark: { read: () => Promise.resolve(undefined), advance: () => Promise.resolve(true) },
    only: undefined,
    seasons: {
      recordGames: () => Promise.resolve(),
      record: (season) => {
        said.seasons.push(season)
        return Promise.resolve()
      },
    },
    log: { info: () => undefined, warn: () => undefined },
  }
  return { ctx, said }
}
