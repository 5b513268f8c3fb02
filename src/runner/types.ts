// Defines what the life of a run is made of: what it is lent, what it is called with, and all that is told of it afterwards.

import type { Sql } from 'postgres'

import type { ErrorRecord, JobFailure } from '../core/errors.ts'
import type { AnyJob, CommonParams } from '../core/job.ts'
import type { FinalOutcome } from '../core/run.ts'
import type { Gate } from '../core/wake-up.ts'
import type { NewRun, RunOrigin } from '../ledger/runs.ts'
import type { OverdueSlot, SlotAfter } from '../ledger/slots.ts'
import type { Log } from '../lib/log.ts'
import type { Rhythm } from './patience.ts'
import type { RunRecord } from './record.ts'
import type { WakeUp } from './wake-up.ts'

/** The key of a source, and the variable that it comes from. */
export interface SourceKey {
  readonly variable: string
  readonly value: string | undefined
}

/** What the app lends to a run. */
export interface RunnerParts {
  readonly ledger: Sql
  readonly lake: Sql
  /** Cuts the lake's connections, so that a transaction that will not end cannot hold the run's row. */
  readonly closeLake: () => Promise<void>
  readonly jobs: readonly AnyJob[]
  readonly environment: string
  readonly origin: RunOrigin
  /** Schedule time, read once when the app was opened. */
  readonly now: Date
  readonly log: Log
  readonly redact: (text: string) => string
  /** What a database threw, as a failure with a sentence. */
  readonly explain: (error: unknown) => JobFailure
  readonly sourceUrls: Readonly<Record<string, string | undefined>>
  readonly sourceKeys: Readonly<Record<string, SourceKey>>
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Aborted when the process is told to end. */
  readonly cancelled: AbortSignal
  /** How often a run says that it lives, how long a job may take to stop, and for how long what may be temporary is waited for. */
  readonly rhythm?: Partial<Rhythm>
  /** Milliseconds on a clock that is never set back; the machine's own unless told otherwise: a simulation brings its own. */
  readonly monotonicMs?: () => number
  /** Wakes ops-watch; undefined where there is no way to: on a laptop, in a replay. */
  readonly poke?: (() => Promise<void>) | undefined
}

export interface JobCall {
  readonly wakeUp: WakeUp
  readonly params: CommonParams & Record<string, unknown>
  readonly defaultParams: boolean
}

/** All that a summary tells about a run. */
export interface RunReport {
  readonly job: AnyJob
  readonly run: Omit<NewRun, 'slotDueAt'> & { readonly slotDueAt?: Date | undefined }
  readonly gate: Gate | undefined
  readonly outcome: FinalOutcome
  readonly reason: string | undefined
  readonly record: RunRecord
  readonly errors: readonly ErrorRecord[]
  readonly durationMs: number
  readonly overdue: readonly OverdueSlot[]
  /** Of a run that did not serve its slot: what is left of the slot. */
  readonly slotAfter?: SlotAfter | undefined
  /** Of a run without a slot that came to nothing: from when on what a person wished is asked for again, if it is. */
  readonly wishAfter?: Date | undefined
}
