// Every way in which GitHub does not do what it was asked, as one SourceFailure: who, what, whether it passes and when, and
// which right is missing. Pure; octokit-github.ts asks.

import { SourceFailure } from '../core/errors.ts'
import { sayDuration } from '../core/wording.ts'

/** A call as messages speak of it. */
export interface GithubCall {
  /** What it is about to do, as it follows "to": `start nfl-bronze.yml`. */
  readonly what: string
  /** The right that it takes: `actions: write`. */
  readonly right: string
  /** `POST /repos/{owner}/{repo}/…` */
  readonly route: string
}

/** A call, where it went, and what the deadline did. */
export interface Asked {
  readonly call: GithubCall
  readonly repository: string
  readonly host: string
  readonly timeoutMs: number
  readonly timedOut: boolean
  /** Takes the token out of whatever others say. */
  readonly redact: (text: string) => string
}

interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly message: string
}

/** Without a header that says when, GitHub asks for "at least one minute" (its page on rate limits). */
const LIMIT_WAIT_SECONDS = 60

/** What Octokit threw, in our words. */
export function toGithubFailure(thrown: unknown, asked: Asked): SourceFailure {
  const refusal = readRefusal(thrown)
  if (refusal === undefined) return asked.timedOut ? late(asked) : unreachable(thrown, asked)
  if (isLimit(refusal)) return limited(refusal, asked)
  if (refusal.status >= 500) return unavailable(refusal, asked)
  return refused(refusal, asked)
}

/** A 2xx whose body is cut off, no JSON, or JSON of another shape. */
export function unreadable(problem: string, asked: Asked): SourceFailure {
  if (asked.timedOut) return late(asked)
  return fail(asked, 'github_garbled', {
    message: `GitHub's answer to a call to ${place(asked)} cannot be read: ${problem}. ${mayBeDone(asked)}It can be tried again.`,
    retryable: true,
  })
}

/** What is no token: fetch would repeat it in its own complaint. */
export function unusableToken(asked: Asked): SourceFailure {
  return fail(asked, 'github_refused', {
    message: `GitHub was not asked to ${place(asked)}: the token is empty, or has a space or a line break in it. Expected one word: ${tokenAdvice(asked.call.right)}`,
    retryable: false,
  })
}

/** Is it that GitHub has no such thing, or hides it? */
export const isMissing = (error: unknown): boolean => error instanceof SourceFailure && error.code === 'github_missing'

function late(asked: Asked): SourceFailure {
  return fail(asked, 'github_timeout', {
    message: `GitHub did not answer within ${sayDuration(asked.timeoutMs)} when asked to ${place(asked)}. ${mayBeDone(asked)}It can be tried again.`,
    retryable: true,
  })
}

function unreachable(thrown: unknown, asked: Asked): SourceFailure {
  return fail(asked, 'github_unreachable', {
    message: `GitHub at ${asked.host} was not reached, or hung up, when asked to ${place(asked)}: ${causeOf(thrown)}. ${mayBeDone(asked)}It can be tried again.`,
    retryable: true,
  })
}

function unavailable(refusal: Refusal, asked: Asked): SourceFailure {
  const wait = retryAfter(refusal)
  return fail(asked, 'github_unavailable', {
    message: `GitHub has a fault of its own: asked to ${place(asked)}, it answered ${said(refusal)}. ${mayBeDone(asked)}It can be tried again.`,
    retryable: true,
    status: refusal.status,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  })
}

function limited(refusal: Refusal, asked: Asked): SourceFailure {
  const wait = retryAfter(refusal) ?? untilReset(refusal) ?? LIMIT_WAIT_SECONDS
  return fail(asked, 'github_rate_limited', {
    message: `GitHub's rate limit is in the way: asked to ${place(asked)}, it answered ${said(refusal)}. Nothing was done; it can be tried again in ${sayDuration(wait * 1000)}.`,
    retryable: true,
    status: refusal.status,
    retryAfterSeconds: wait,
  })
}

function refused(refusal: Refusal, asked: Asked): SourceFailure {
  const missing = refusal.status === 404 || refusal.status === 410
  return fail(asked, missing ? 'github_missing' : 'github_refused', {
    message: `GitHub ${missing ? 'found nothing' : 'refused'} when asked to ${place(asked)}: it answered ${said(refusal)}. ${advice(refusal.status, asked.call.right)}`,
    retryable: false,
    status: refusal.status,
  })
}

function advice(status: number, right: string): string {
  const give = `give the job \`${right}\``
  // GitHub's "Issues are disabled for this repo".
  if (status === 410)
    return 'Issues are switched off in this repository, or this one was deleted: Settings → General → Features → Issues.'
  if (status === 401) return `The token is not valid: ${tokenAdvice(right)}`
  if (status === 403) return `${give[0]?.toUpperCase()}${give.slice(1)}.`
  if (status === 404)
    return `Expected it in the repository, a workflow on its default branch. What a token may not see is missing too: ${give}.`
  return 'Waiting will not help: mend what it names.'
}

function tokenAdvice(right: string): string {
  return `on Actions hand the step \`GITHUB_TOKEN: \${{ github.token }}\` and give the job \`${right}\`; elsewhere make a new token.`
}

// 429 is a limit whatever else it says; a 403 is one when it says when to come back or names one.
function isLimit({ status, headers, message }: Refusal): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  const says = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined
  return says || /secondary rate limit/i.test(message)
}

/** Given in seconds or as an HTTP date; a date is measured against GitHub's own clock. */
function retryAfter({ headers }: Refusal): number | undefined {
  const text = headers['retry-after']?.trim() ?? ''
  return /^\d+$/.test(text) ? Number(text) : secondsFrom(headers, Date.parse(text))
}

function untilReset({ headers }: Refusal): number | undefined {
  if (headers['x-ratelimit-remaining'] !== '0') return undefined
  return secondsFrom(headers, Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000)
}

function secondsFrom(headers: Refusal['headers'], ms: number): number | undefined {
  const seconds = Math.ceil((ms - Date.parse(headers['date'] ?? '')) / 1000)
  // A limit that ends this second is asked again the next, not at once.
  return Number.isNaN(seconds) ? undefined : Math.max(1, seconds)
}

/** Octokit's RequestError carries the answer; without one there was none. */
function readRefusal(thrown: unknown): Refusal | undefined {
  const { response } = thrown as { response?: Omit<Refusal, 'message'> & { data: unknown } }
  if (response === undefined) return undefined
  return { status: response.status, headers: response.headers, message: messageOf(response.data) }
}

/** GitHub's own sentence, with what it says of each field; a page of HTML in its place is nobody's sentence. */
function messageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { message, errors } = body as { message?: unknown; errors?: unknown }
  const details = Array.isArray(errors) ? errors.map((one) => JSON.stringify(one)) : []
  const text = [typeof message === 'string' ? message : '', ...details].filter(Boolean).join('; ')
  return text.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 300)
}

const said = ({ status, message }: Refusal) => (message === '' ? String(status) : `${status} (${message})`)

const place = ({ call, repository }: Asked) => `${call.what} in ${repository}`

// Whoever asks again should know that the first time may have counted.
const mayBeDone = ({ call }: Asked) => (call.route.startsWith('GET ') ? '' : 'Whether it was done is not known. ')

/** The innermost cause: "fetch failed" says nothing. */
function causeOf(thrown: unknown): string {
  let error = thrown
  while (error instanceof Error && error.cause instanceof Error) error = error.cause
  const { code } = error as { code?: unknown }
  // Of two addresses tried in vain, Node says only the code.
  if (error instanceof Error) return error.message || (typeof code === 'string' ? code : error.name)
  return String(error)
}

interface What {
  readonly message: string
  readonly retryable: boolean
  readonly status?: number
  readonly retryAfterSeconds?: number
}

// No cause is attached: Octokit's error holds the request, and fetch's may hold a header's value.
function fail(asked: Asked, code: string, { message, status, ...how }: What): SourceFailure {
  const context = { source: 'github', call: asked.call.route, ...(status !== undefined && { status }) }
  return new SourceFailure(asked.redact(message), { code, context, ...how })
}
