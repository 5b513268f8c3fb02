// One polite GET: conditional, with limits on time and size, and every way of not answering turned into one SourceFailure
// that says who, what, which and whether it passes. Knows no provider.

import { SourceFailure } from '../core/errors.ts'
import { isFinalStatus } from '../core/finality.ts'
import { askAlong } from './redirects.ts'

export interface GetOptions {
  /** The provider's name, for messages. */
  readonly source: string
  readonly url: URL
  /** Hosts beside its own that it may send us on to, by their ends: `githubusercontent.com`. */
  readonly redirectsTo?: readonly string[] | undefined
  /** Sent as If-None-Match. */
  readonly etag?: string | undefined
  /** More than this is refused while it arrives. */
  readonly maxBytes: number
  readonly signal: AbortSignal
  readonly timeouts?: Timeouts
}

export interface Timeouts {
  /** Until the answer begins: connecting included. */
  readonly answerMs: number
  /** Until its last byte. */
  readonly totalMs: number
}

export type Answer =
  { readonly kind: 'unchanged' } | { readonly kind: 'body'; readonly body: Buffer; readonly headers: Headers }

// Long enough for a slow provider, short beside the minutes that a run has.
const TIMEOUTS: Timeouts = { answerMs: 10_000, totalMs: 20_000 }

/** Fetches `url`. Throws SourceFailure; what `signal` was aborted with passes through untouched. */
export async function get(options: GetOptions): Promise<Answer> {
  const clock = startTimeouts(options.timeouts ?? TIMEOUTS, options.signal)
  try {
    const ask = (url: URL) => fetch(url, { redirect: 'manual', headers: requestHeaders(options), signal: clock.signal })
    const response = await askAlong(options, ask)
    clock.answered()
    if (response.status === 304) return { kind: 'unchanged' }
    if (response.status !== 200) {
      await response.body?.cancel()
      throw refused(options, response)
    }
    return { kind: 'body', body: await readBody(options, response), headers: response.headers }
  } catch (error) {
    options.signal.throwIfAborted()
    throw error instanceof SourceFailure ? error : unreachable(options, error, clock.late())
  } finally {
    clock.stop()
  }
}

/** Seconds that a Retry-After header asks for, given as seconds or as an HTTP date (RFC 9110, 10.2.3). A date is measured
 *  against the provider's own Date header, so that neither clock need be right. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const asked = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(asked)) return Number(asked)
  const seconds = (Date.parse(asked) - Date.parse(headers.get('date') ?? '')) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds))
}

function requestHeaders(options: GetOptions): Record<string, string> {
  const always = { 'user-agent': 'matchday', accept: '*/*' }
  return options.etag === undefined ? always : { ...always, 'if-none-match': options.etag }
}

function startTimeouts(timeouts: Timeouts, outer: AbortSignal) {
  const controller = new AbortController()
  let late: string | undefined
  const giveUp = (what: string) => () => {
    late = what
    controller.abort()
  }
  const answer = setTimeout(giveUp(`no answer within ${timeouts.answerMs / 1000} s`), timeouts.answerMs)
  const total = setTimeout(giveUp(`not finished within ${timeouts.totalMs / 1000} s`), timeouts.totalMs)
  return {
    signal: AbortSignal.any([controller.signal, outer]),
    answered: () => clearTimeout(answer),
    late: () => late,
    stop: () => [answer, total].forEach((timer) => clearTimeout(timer)),
  }
}

async function readBody(options: GetOptions, response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    bytes += part.byteLength
    if (bytes > options.maxBytes) throw tooLarge(options)
    parts.push(part)
  }
  const promised = Number(response.headers.get('content-length') ?? bytes)
  // With a content-encoding the header counts the compressed bytes; there the decoder notices a cut.
  const cut = response.headers.get('content-encoding') === null && promised !== bytes
  if (cut) throw cutOff(options, `${bytes} of ${promised} bytes came`)
  return Buffer.concat(parts)
}

function refused(options: GetOptions, response: Response): SourceFailure {
  const { status } = response
  const later = retryAfterSeconds(response.headers) ?? (passesSoon(status) ? undefined : LATER_SECONDS)
  const retryable = !isFinalStatus(status)
  const next = retryable ? 'It may be temporary.' : 'Look at the address and at the provider; waiting will not help.'
  return new SourceFailure(`${options.source} answered ${status} for ${place(options.url)}: expected 200. ${next}`, {
    code: 'source_status',
    retryable,
    context: { source: options.source, status, path: options.url.pathname },
    ...(later !== undefined && { retryAfterSeconds: later }),
  })
}

/** What is not there yet, or refused for want of a right, is not there a minute later either: no try within the run. */
const LATER_SECONDS = 30 * 60
const passesSoon = (status: number) => status >= 500 || [408, 425, 429].includes(status)

function tooLarge(options: GetOptions): SourceFailure {
  return new SourceFailure(
    `${options.source} sent more than ${options.maxBytes} bytes for ${place(options.url)}: nothing was kept. If the file really grew, raise the limit.`,
    {
      code: 'source_too_large',
      context: { source: options.source, path: options.url.pathname },
      retryAfterSeconds: LATER_SECONDS,
    },
  )
}

function cutOff(options: GetOptions, what: string, cause?: unknown): SourceFailure {
  return new SourceFailure(
    `${options.source} broke off its answer for ${place(options.url)}: ${what}. Nothing was kept; it may be temporary.`,
    {
      code: 'source_cut_off',
      retryable: true,
      cause,
      context: { source: options.source, path: options.url.pathname },
    },
  )
}

function unreachable(options: GetOptions, error: unknown, late: string | undefined): SourceFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message : String(cause)
  // undici's words for a body that ended before its Content-Length, or in the middle of a chunk.
  if (late === undefined && /terminated|other side closed|length|aborted/i.test(`${String(error)} ${message}`)) {
    return cutOff(options, message, error)
  }
  return new SourceFailure(
    `${options.source} did not answer for ${place(options.url)}: ${late ?? message}. It may be temporary.`,
    {
      code: late === undefined ? 'source_unreachable' : 'source_timeout',
      retryable: true,
      cause: error,
      context: { source: options.source, path: options.url.pathname },
    },
  )
}

/** Never with the query string: keys ride in it. */
function place(url: URL): string {
  return `${url.host}${url.pathname}`
}
