// What a session is told when it begins, so that it never outlives its use, and how a pooler is recognised: one that lends a
// server's session for a transaction only takes no settings for a session, and knows no prepared statements.

import type { DatabaseUrl } from './database-url.ts'

export interface SessionSettings {
  readonly applicationName: string
  /** How long one statement may take. */
  readonly deadlineMs: number
}

/** A transaction whose process says nothing for so long is ended by the server, with its locks. */
const IDLE_IN_TRANSACTION_MS = 60_000

// For the process: ledger and lake are two databases with one URL, and each would ask again.
const pooled = new Set<string>()
const direct = new Set<string>()

/** Does a pooler stand before this database, as far as is known? */
export function isPooled(url: DatabaseUrl): boolean {
  return url.pooled || pooled.has(url.forDriver)
}

/** Remembers that a pooler stands before this database. */
export function rememberPooler(url: DatabaseUrl): void {
  pooled.add(url.forDriver)
}

/** Is it known that statements reach the server that the connection began with? */
export function isProvenDirect(url: DatabaseUrl): boolean {
  return direct.has(url.forDriver)
}

/** Compares the process that a server named at the connection's start with the one that does the work. A pooler names one of
 *  its own invention, even one that was told to ignore our settings. */
export function learnFromProcess(url: DatabaseUrl, named: number | undefined, working: number | undefined): void {
  if (named === working) direct.add(url.forDriver)
  else rememberPooler(url)
}

/** Is this what only a pooler says? Then nothing was carried out, and the statement may be sent again as to a pooler.
 *  PgBouncer refuses settings that a server takes; one that ignores them lends another session, where our prepared statement
 *  is unknown. */
export function isPoolersAnswer(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === '26000' || code === '42P05') return true
  return /unsupported startup parameter/i.test(String(message))
}

/** The settings that travel with the connection. */
export function startupParameters(url: DatabaseUrl, settings: SessionSettings): Record<string, string> {
  const own = Object.fromEntries(new URL(url.forDriver).searchParams)
  const named = { application_name: settings.applicationName, ...own }
  return isPooled(url) ? named : { ...Object.fromEntries(timeouts(settings)), ...named }
}

/** Begins a transaction, with time-outs that hold whether or not the start-up parameters reached the server: a pooler cannot
 *  take them, and some proxies drop them without a word. One message, so that it costs no more time than `begin` alone. */
export function beginStatement(options: string, settings: SessionSettings): string {
  const local = timeouts(settings).map(([name, value]) => `set local ${name} = ${value}`)
  return [`begin ${options.replace(/[^a-z ]/gi, '')}`, ...local].join('; ')
}

function timeouts({ deadlineMs }: SessionSettings): [name: string, value: string][] {
  return [
    ['statement_timeout', String(Math.ceil(deadlineMs))],
    // Shorter, so that a lock is told from a slow statement, and whoever waits behind us for the same lock has a chance.
    ['lock_timeout', String(Math.ceil(deadlineMs / 3))],
    ['idle_in_transaction_session_timeout', String(IDLE_IN_TRANSACTION_MS)],
  ]
}
