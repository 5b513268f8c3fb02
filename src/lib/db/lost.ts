// Says whether a statement failed because its connection ended: then the connection is of no use any more, and nobody knows
// whether a statement that was under way was carried out.

const CODES: ReadonlySet<unknown> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
])

// A server or a pooler may end a session with any code; these errors were its last words.
const lastWords = new WeakSet<object>()

/** Did the statement fail because its connection ended, whatever the statement was? */
export function isLostConnection(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  return lastWords.has(error) || CODES.has((error as { code?: unknown }).code)
}

/** Marks an error as the last word of a connection that was in use. */
export function markLost(error: Error): Error {
  lastWords.add(error)
  return error
}

/** An error of ours about a connection, with a code as the driver's own have. */
export function connectionError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
