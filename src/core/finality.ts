// Lists the final errors: those that trying again surely does not mend. The list is of these and never of what may be temporary, for
// nobody knows all the words in which a database, a pooler, a network or a provider can say "not now".

/** Does this code of a database or its driver say that the statement itself, or what we gave it, is wrong? Then the same
 *  statement fails the same way for ever. */
export function isFinalCode(code: string): boolean {
  return isWrongCall(code) || (/^(22|23|42)[0-9A-Z]{3}$/.test(code) && !MENDABLE.has(code))
}

/** Does the driver refuse such a call before anything is sent? */
export function isWrongCall(code: string): boolean {
  return WRONG_CALLS.has(code)
}

// PostgreSQL's codes are in its manual, appendix A. Class 22: a value is wrong; 23: a row breaks a rule; 42: the statement is
// wrong, but for a pooler that lent it another session's prepared statements, and a right that a person has yet to grant.
const MENDABLE: ReadonlySet<string> = new Set(['42P05', '42501'])
const WRONG_CALLS: ReadonlySet<string> = new Set([
  'UNDEFINED_VALUE',
  'NOT_TAGGED_CALL',
  'MAX_PARAMETERS_EXCEEDED',
  'UNSAFE_TRANSACTION',
])

/** Does this status of an HTTP answer refuse what we asked for? 401 to 404 are not among them: a key is mended by a person,
 *  403 is what many providers answer to too many calls, and a file may come later than its slot. */
export function isFinalStatus(status: number): boolean {
  return FINAL_STATUSES.has(status)
}

const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 405, 406, 410, 411, 413, 414, 415, 416, 417, 422, 431])

/** What JavaScript throws at a mistake in a program; Node's own refusals of an argument are among them, with an ERR_ code. */
const MISTAKES: ReadonlySet<unknown> = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'EvalError',
  'URIError',
  'AssertionError',
])

/** Node's words for a limit of time, which carry no code of a system. */
const LIMITS: ReadonlySet<unknown> = new Set(['TimeoutError', 'AbortError'])

interface Thrown {
  readonly name?: unknown
  readonly code?: unknown
  readonly errno?: unknown
  readonly syscall?: unknown
  /** Of a JobFailure: it says for itself whether it may be temporary. */
  readonly retryable?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/** May this pass by itself, or by a person's hand elsewhere? False only for what is surely our own mistake: an error of the
 *  program without any system's, network's, driver's or pooler's code, neither on itself nor on what caused it. */
export function mayPass(thrown: unknown): boolean {
  const seen = new Set<unknown>() // an error may be its own cause's cause
  const passes = (part: unknown): boolean => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return false
    seen.add(part)
    const { retryable, cause, errors } = part as Thrown
    if (typeof retryable === 'boolean') return retryable
    return saysNotNow(part) || passes(cause) || (Array.isArray(errors) && errors.some(passes))
  }
  return passes(thrown)
}

function saysNotNow({ name, code, errno, syscall }: Thrown): boolean {
  if (typeof syscall === 'string' || typeof errno === 'number') return true
  if (typeof code !== 'string' || code === '') return LIMITS.has(name)
  if (code.startsWith('ERR_') && MISTAKES.has(name)) return false
  return !isFinalCode(code)
}
