// The context a job works in: everything it gets from outside, bound to one run.

import { AsyncLocalStorage } from 'node:async_hooks'

import type { Sql, TransactionSql } from 'postgres'

import { ConfigFailure, FencedFailure, toErrorRecord } from '../core/errors.ts'
import type { AnyJob, CommonParams, JobContext } from '../core/job.ts'
import { delayBeforeNext } from '../core/retry.ts'
import { randomSpread } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { recordGames, recordSeason } from '../ledger/gates.ts'
import { lockRunning, type NewRun } from '../ledger/runs.ts'
import { advanceWatermark, findWatermark } from '../ledger/watermarks.ts'
import type { RunRecord } from './record.ts'
import type { SourceKey } from './types.ts'

export interface ContextParts {
  readonly run: NewRun
  readonly params: CommonParams & Record<string, unknown>
  readonly only: JobContext['only']
  readonly lake: Sql
  readonly ledger: Sql
  readonly record: RunRecord
  readonly signal: AbortSignal
  readonly log: Log
  readonly sourceUrls: Readonly<Record<string, string | undefined>>
  readonly sourceKeys: Readonly<Record<string, SourceKey>>
  /** Waits, and rejects when the signal aborts first. A replay does not wait. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Makes the context of one run. */
export function createContext(job: AnyJob, parts: ContextParts): JobContext<Record<string, unknown>> {
  const { record, run, log } = parts
  const write = createFencedWrite(parts)
  const span = createSpan(parts)
  return {
    runId: run.id,
    commit: run.origin.commit,
    now: run.startedAt,
    params: parts.params,
    only: parts.only,
    signal: parts.signal,
    sourceUrls: parts.sourceUrls,
    secret: (source) => keyOf(job, source, parts.sourceKeys),
    lake: { sql: parts.lake, write },
    span,
    attempt: createAttempt(job, parts, span),
    count: (kind, counts) => record.count(kind, counts),
    fail(item) {
      record.fail(item)
      log.warn(`${item.kind} ${item.key} failed: ${item.message}`, { code: item.code })
    },
    note(key, value) {
      record.note(key, value)
    },
    table: (title, rows) => record.addTable(title, rows),
    progress(done, total, unit) {
      record.progress = { done, total, unit }
    },
    markSimulated() {
      record.simulated = true
    },
    watermark: {
      read: (key) => findWatermark(parts.ledger, job.id, key),
      // Fenced like the lake: a mark that a dry run or an abandoned run moved would stand past what is saved.
      advance: (key, to) => write((tx) => advanceWatermark(tx, { stage: job.id, key, to })),
    },
    seasons: {
      record: (season) => write((tx) => recordSeason(tx, job.league, { ...season, runId: run.id })),
      recordGames: (from, windows) => write((tx) => recordGames(tx, job.league, { from, windows, runId: run.id })),
    },
    log,
  }
}

/** A job sees the keys of its own sources and no others. */
function keyOf({ id, sources = [] }: AnyJob, source: string, keys: ContextParts['sourceKeys']): string {
  const key = keys[source]
  if (!sources.includes(source) || key === undefined) {
    const why = key === undefined ? 'no league says that it has one' : `it is none of the sources of ${id}`
    throw new ConfigFailure(`${id} asks for the key of "${source}", and ${why}: declare it first`, { code: 'no_such_key' }) // prettier-ignore
  }
  if (key.value !== undefined) return key.value
  throw new ConfigFailure(
    `${id} needs the key of ${source}: set the repository secret ${key.variable} (Settings → Secrets and variables → Actions)`,
    { code: 'no_key', context: { source } },
  )
}

type Write = JobContext['lake']['write']

/** Thrown to roll a dry run back; carries what the work returned. */
class DryRunEnd extends Error {
  readonly value: unknown
  constructor(value: unknown) {
    super('dry run: rolled back')
    this.value = value
  }
}

function createFencedWrite({ lake, run }: ContextParts): Write {
  const writing = new AsyncLocalStorage<true>()
  return async <T>(work: (tx: TransactionSql) => Promise<T>): Promise<T> => {
    if (writing.getStore()) {
      throw new Error('a write to the lake inside another would wait for it for ever: use the transaction at hand')
    }
    try {
      const value = await lake.begin(async (tx) => {
        // First of all: an abandoned run that wakes again must find the door closed, and whoever would abandon it waits.
        if (!(await lockRunning(tx, run.id))) throw new FencedFailure(run.id)
        const result = await writing.run(true, () => work(tx))
        if (run.dryRun) throw new DryRunEnd(result)
        return result
      })
      return value as T
    } catch (error) {
      if (error instanceof DryRunEnd) return error.value as T
      throw error
    }
  }
}

type SpanFunction = JobContext['span']

function createSpan({ record, signal, log }: ContextParts): SpanFunction {
  return async (name, work) => {
    signal.throwIfAborted()
    const span = record.openSpan(name)
    let failed: string | undefined
    try {
      return await span.within(work)
    } catch (error) {
      failed = toErrorRecord(error).message
      throw error
    } finally {
      log.info(`span ${name}`, { ms: Math.round(span.close(failed)) })
    }
  }
}

/** A span that is tried again after a retryable failure, each try a span of its own. */
function createAttempt(job: AnyJob, parts: ContextParts, span: SpanFunction): SpanFunction {
  return async (name, work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await span(attempt === 1 ? name : `${name} (try ${attempt})`, work)
      } catch (error) {
        const delayMs = delayBeforeNext(job.retry, { attempt, ...retryFacts(error) }, randomSpread())
        if (delayMs === undefined) throw error
        const seconds = Math.round(delayMs / 1000)
        parts.log.warn(`${name} failed, try ${attempt + 1} of ${job.retry.attempts} in ${seconds} s`, {
          cause: toErrorRecord(error).message,
        })
        await parts.wait(delayMs, parts.signal)
      }
    }
  }
}

function retryFacts(error: unknown): { retryable: boolean; retryAfterSeconds: number | undefined } {
  const { retryAfterSeconds } = error as { retryAfterSeconds?: number }
  return { retryable: toErrorRecord(error).retryable, retryAfterSeconds }
}
