// Failures as data: for the machine whether to try again, for the person who, what, which and what to do next.
// A new kind needs a caller that treats it differently.

import { mayPass } from './finality.ts'

/** Facts beside the message (source, status, file, line ...). Never a secret, never a query string. */
export type ErrorContext = Record<string, string | number | boolean | null>

interface FailureOptions {
  /** May it pass, and so never end a slot? Unless told, as its cause may. */
  retryable?: boolean
  code?: string
  context?: ErrorContext
  cause?: unknown
  /** What a provider asked us to wait, or how soon there is any sense in another try. */
  retryAfterSeconds?: number
}

/** The base of everything that is thrown on purpose. `code` is stable, for grouping; `message` is for people. */
export class JobFailure extends Error {
  override name = 'JobFailure'
  readonly code: string
  readonly retryable: boolean
  readonly context: ErrorContext
  /** Seconds to wait before another try, where a provider said so (Retry-After) or none sooner makes sense. */
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code ?? 'failure'
    this.retryable = options.retryable ?? mayPass(options.cause)
    this.context = options.context ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** A person's mistake: a flag, an input, an environment variable, a workflow file. Exit code 2, no run row. */
export class ConfigFailure extends JobFailure {
  override name = 'ConfigFailure'
  constructor(message: string, options: FailureOptions = {}) {
    super(message, { code: 'config', ...options })
  }
}

/** A provider did not answer, or not as agreed. It may be temporary unless said otherwise: of a refusal of what we asked for. */
export class SourceFailure extends JobFailure {
  override name = 'SourceFailure'
  constructor(message: string, options: FailureOptions = {}) {
    super(message, { code: 'source', retryable: true, ...options })
  }
}

/** What came in, or what we made of it, breaks a rule that the next stage relies on. Final, unless a provider may mend it. */
export class DataFailure extends JobFailure {
  override name = 'DataFailure'
  constructor(message: string, options: FailureOptions = {}) {
    super(message, { code: 'data', ...options })
  }
}

/** The database is away, refuses us, or is not the one we expect. */
export class LedgerFailure extends JobFailure {
  override name = 'LedgerFailure'
  constructor(message: string, options: FailureOptions = {}) {
    super(message, { code: 'ledger', retryable: true, ...options })
  }
}

/** Another process ended this run (abandoned or finished it): nothing more may be written in its name. */
export class FencedFailure extends LedgerFailure {
  override name = 'FencedFailure'
  constructor(runId: string) {
    super(
      `run ${runId} is no longer running: another process ended it, so its write was refused. Nothing was changed.`,
      {
        code: 'fenced',
        retryable: false,
        context: { runId },
      },
    )
  }
}

/** An error as it is stored with a run. */
export interface ErrorRecord {
  kind: string
  code: string
  retryable: boolean
  message: string
  stack: string | null
  context: ErrorContext
  /** What a provider asked us to wait, where it did. */
  retryAfterSeconds?: number
}

/** Anything thrown, as a record; a thrown non-error is said to be one. Causes are joined to the message. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  const error = thrown instanceof Error ? thrown : new Error(`a non-error was thrown: ${toWords(thrown)}`)
  const known = error instanceof JobFailure
  return {
    kind: known ? error.name : 'Crash',
    code: known ? error.code : 'crash',
    retryable: mayPass(error),
    message: messageWithCauses(error, 5),
    stack: error.stack ?? null,
    context: known ? error.context : {},
    ...(known && error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  }
}

function toWords(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return typeof thrown // an object that will not become a text
  }
}

/** Down to a depth, because an error may be its own cause's cause. */
function messageWithCauses(error: Error, depth: number): string {
  const message = error.message || error.name
  const cause = depth > 0 && error.cause instanceof Error ? error.cause : undefined
  return cause && !message.includes(cause.message) ? `${message} (${messageWithCauses(cause, depth - 1)})` : message
}
