// Turns what the driver, the server, a pooler or the network threw into one sentence: who, what, which, and what to do next.
// Whether it may be temporary is decided in core/finality.ts, by a list of what is final.

import { isIPv6 } from 'node:net'

import { ConfigFailure, JobFailure, LedgerFailure } from '../../core/errors.ts'
import { isFinalCode } from '../../core/finality.ts'

import { describeUrl } from './database-url.ts'
import { explanationOf, IPV6_ONLY, type Explanation } from './explanations.ts'

/** The failure as a person can act on it. A failure of ours passes through unchanged. Names server, database and user,
 *  never the password, the query string, a parameter or a value of a row. */
export function explainDatabaseError(error: unknown, url: string): JobFailure {
  if (error instanceof JobFailure) return error
  if (isProgramming(error)) return programming(error)
  const code = codeOf(error)
  const said = wordsOf(error, code)
  const database = describeUrl(url)
  const { happened, next, kind, quotes } = ipv6Only(error, database) ?? explanationOf(code, said)
  const message = `the database at ${database} ${happened}${quotes && said ? `: ${said}` : ''}. ${next}`
  const options = {
    code: `database_${code.toLowerCase()}`,
    context: { database },
    cause: withoutSecrets(error, { code, said }),
    retryable: kind !== 'final',
  }
  const failure = kind === 'config' ? new ConfigFailure(message, options) : new LedgerFailure(message, options)
  return withPlaceOf(failure, error)
}

/** Did the database, its driver or the way to it throw this? Everything else is somebody else's to explain. */
export function isFromDatabase(error: unknown): boolean {
  if (error instanceof JobFailure || typeof error !== 'object' || error === null) return false
  if (error instanceof AggregateError && error.errors.some(isFromDatabase)) return true
  const { name, code, syscall } = error as { name?: unknown; code?: unknown; syscall?: unknown }
  if (name === 'PostgresError' || syscall === 'connect' || syscall === 'getaddrinfo') return true
  return typeof code === 'string' && FROM_THE_WAY.some((codes) => codes.test(code))
}

// Of files these codes do not tell; a failed fetch carries them on its cause only, and is its source's to explain.
const FROM_THE_WAY = [
  /^(ECONN|ENET|EHOST|EADDR|EAI_|EPIPE$|EPROTO$|ETIMEDOUT$|ENOTFOUND$|ENOTCONN$|ENOBUFS$|ESHUTDOWN$|EAFNOSUPPORT$)/,
  /^(CONNECT|CONNECTION|TLS|SASL)_|^DEADLINE$|^MESSAGE_NOT_SUPPORTED$|^AUTH_TYPE_NOT_IMPLEMENTED$|^COPY_IN_PROGRESS$/,
  /^(UNDEFINED_VALUE|NOT_TAGGED_CALL|MAX_PARAMETERS_EXCEEDED|UNSAFE_TRANSACTION)$/,
  /^ERR_(SSL|TLS|OSSL)_|CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/,
  // PostgreSQL's own: two signs of a class and three more, at least one of them a digit, which no errno but E2BIG has.
  /^(?!E2BIG$)(?=.*[0-9])[0-9A-Z]{5}$/,
]

const UNREACHED = /^(ENETUNREACH|EHOSTUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ENETDOWN|EAFNOSUPPORT|ETIMEDOUT)$/
// Direct hosts that their provider gives an address of IPv6 only. Where a machine has none, the name service says "not found".
const IPV6_HOST = /^db\.[a-z0-9]+\.supabase\.co:/

/** A host with addresses of IPv6 only, from a machine that has none; an address in the URL itself was somebody's choice. */
function ipv6Only(error: unknown, database: string): Explanation | undefined {
  const all = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  const isUnreached = all.every((one) => {
    const { address } = one as { address?: unknown }
    return UNREACHED.test(codeOf(one)) && typeof address === 'string' && isIPv6(address)
  })
  const isUnnamed = /^(ENOTFOUND|EAI_)/.test(codeOf(error)) && IPV6_HOST.test(database)
  return (isUnreached && !database.startsWith('[')) || isUnnamed ? IPV6_ONLY : undefined
}

/** A fault of our own code has no code of anybody's. */
function isProgramming(error: unknown): error is Error {
  const faults = [TypeError, RangeError, ReferenceError, SyntaxError]
  return faults.some((fault) => error instanceof fault) && codeOf(error) === UNKNOWN
}

function programming(error: Error): JobFailure {
  const message = `the program failed while it used the database: ${error.message}. This is a fault in the program: report it.`
  return withPlaceOf(new JobFailure(message, { code: 'crash', cause: error }), error)
}

const UNKNOWN = 'unknown'
const LONGEST_WORDS = 300

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string' && code !== '') return code
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : UNKNOWN
}

// A server quotes the value that it refuses (class 22), and the value may be a row that its provider forbids to show.
function wordsOf(error: unknown, code: string): string {
  const first = error instanceof AggregateError && !error.message ? (error.errors[0] as unknown) : error
  const said = (first instanceof Error ? first.message : String(first)).replace(/\.$/, '').slice(0, LONGEST_WORDS)
  return isFinalCode(code) && code.startsWith('22') ? said.replace(/".*"/gs, '"***"') : said
}

// The driver hangs statement, parameters and the server's detail on its errors; the cause keeps only the words and the code.
function withoutSecrets(error: unknown, { code, said }: { code: string; said: string }): Error {
  const plain = Object.assign(new Error(said), { code })
  plain.stack = `Error: ${said}${placeOf(error)}`
  return plain
}

/** The place in our code that asked, not the one that explained. */
function withPlaceOf<T extends JobFailure>(failure: T, error: unknown): T {
  failure.stack = `${failure.name}: ${failure.message}${placeOf(error)}`
  return failure
}

function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const begin = stack.search(/\n\s+at /)
  return begin < 0 ? '' : stack.slice(begin)
}
