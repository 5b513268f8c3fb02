// Turns what the driver or the server threw into one sentence: who, what, which, and what to do next.

import { ConfigFailure, JobFailure, LedgerFailure } from '../../core/errors.ts'

import { describeUrl } from './database-url.ts'
import { isLostConnection } from './deadline.ts'

interface Explanation {
  /** Completes "the database at ... ". */
  readonly happened: string
  readonly next: string
  readonly kind: 'config' | 'away' | 'refused'
}

// The classes of PostgreSQL's own codes (its manual, appendix A), and the network's and the driver's words.
const EXPLANATIONS: Record<string, Explanation> = {
  ECONNREFUSED: away('refused the connection', 'Check that it runs, and its host and port in DATABASE_URL.'),
  ENOTFOUND: config('has no address: its host name is unknown', 'Check the host in DATABASE_URL.'),
  EAI_AGAIN: away(
    'has no address just now: the name service did not answer',
    'Check the network; it may pass by itself.',
  ),
  ETIMEDOUT: away('did not answer in time', 'Check that its firewall admits this machine.'),
  EHOSTUNREACH: away('cannot be reached', 'Check the network and the host in DATABASE_URL.'),
  ENETUNREACH: away('cannot be reached', 'If its address is IPv6 only, use its pooler: GitHub runners have IPv4 only.'),
  CONNECT_TIMEOUT: away('did not answer in time', 'Check that it runs and that its firewall admits this machine.'),
  DEADLINE: away('took a statement and never answered', 'The connection was given up; a retry makes a new one.'),
  ECONNRESET: away('closed the connection', 'A retry makes a new one.'),
  EPIPE: away('closed the connection', 'A retry makes a new one.'),
  CONNECTION_CLOSED: away('closed the connection', 'A retry makes a new one.'),
  CONNECTION_ENDED: refused(
    'was closed by this program before the statement',
    'This is a fault in the program: report it.',
  ),
  CONNECTION_DESTROYED: away('was closed before it answered', 'A retry makes a new connection.'),
  TLS_REFUSED: config(
    'offers no encryption, and the URL asks for it',
    'Use sslmode=disable only on a network you trust.',
  ),
  '28P01': config(
    'refused the password',
    'Set DATABASE_URL with the right one, percent-encoded where it has special signs.',
  ),
  '28000': config('refused the user', 'Check the user in DATABASE_URL, and whether the server wants sslmode=require.'),
  '3D000': config('does not exist on that server', 'Create it, or correct the name after the last / in DATABASE_URL.'),
  '42501': config(
    'denied a right that is needed',
    'Grant it to the user, or use the owner of the schema in DATABASE_URL.',
  ),
  '25006': config('is read-only', 'Point DATABASE_URL at the primary, not at a replica.'),
  '53300': away('has no connection left', 'Close other clients, raise max_connections, or use a pooler.'),
  '53100': away('has no disk space left', 'Free or add some, then run again.'),
  '57014': refused('cancelled a statement that took too long', 'Look for a lock or a missing index.'),
  '57P01': away('was shut down by its administrator', 'A retry connects again once it is back.'),
  '57P02': away('crashed and restarts', 'A retry connects again once it is back.'),
  '57P03': away('is starting or stopping', 'A retry connects again once it is ready.'),
  '40001': away('could not serialise a transaction', 'A retry of the transaction settles it.'),
  '40P01': away('ended a deadlock', 'A retry of the transaction settles it.'),
}

/** The failure as a person can act on it. A failure of ours passes through unchanged. Names server, database and user,
 *  never the password or the query string. */
export function explainDatabaseError(error: unknown, url: string): JobFailure {
  if (error instanceof JobFailure) return error
  const code = codeOf(error)
  const found = EXPLANATIONS[code] ?? unknownCode(code)
  const said = messageOf(error)
  const message = `the database at ${describeUrl(url)} ${found.happened}${detail(code, said)}. ${found.next}`.trimEnd()
  const options = {
    code: `database_${code.toLowerCase()}`,
    context: { database: describeUrl(url) },
    cause: withoutSecrets(error),
  }
  if (found.kind === 'config') return new ConfigFailure(message, options)
  return new LedgerFailure(message, { ...options, retryable: found.kind === 'away' })
}

/** Did the database, its driver or the way to it throw this? Everything else is somebody else's to explain. */
export function isFromDatabase(error: unknown): boolean {
  const { name, code, syscall } = (error ?? {}) as { name?: string; code?: string; syscall?: string }
  return name === 'PostgresError' || code === 'CONNECT_TIMEOUT' || syscall === 'connect' || isLostConnection(error)
}

function away(happened: string, next: string): Explanation {
  return { happened, next, kind: 'away' }
}

function config(happened: string, next: string): Explanation {
  return { happened, next, kind: 'config' }
}

function refused(happened: string, next: string): Explanation {
  return { happened, next, kind: 'refused' }
}

function unknownCode(code: string): Explanation {
  if (/^CERT_|^DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code)) {
    return config('showed a certificate that cannot be trusted', 'Give its authority as sslrootcert in DATABASE_URL.')
  }
  // Class 08 is "connection exception"; the rest is the statement's own fault and stays one.
  return code.startsWith('08')
    ? away('lost the connection', 'A retry makes a new one.')
    : refused('refused a statement', '')
}

// The server's own words help where they name the table or the right; elsewhere they only repeat the sentence.
function detail(code: string, said: string): string {
  return code === '42501' || EXPLANATIONS[code] === undefined ? `: ${said}` : ''
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'unknown'
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}

// The driver hangs statement and parameters on its errors; the cause keeps only the words and the code.
function withoutSecrets(error: unknown): Error {
  const plain = new Error(messageOf(error))
  if (error instanceof Error && error.stack) plain.stack = error.stack
  return Object.assign(plain, { code: codeOf(error) })
}
