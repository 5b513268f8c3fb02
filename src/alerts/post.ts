// One POST to a webhook. Its address is a secret: no error, no cause and no log line ever holds it, or what was answered,
// which may quote it.

import { SourceFailure } from '../core/errors.ts'

export interface Post {
  /** The channel, for messages. */
  readonly channel: string
  /** Where its address is set, for messages. */
  readonly setting: string
  readonly url: URL
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Posts JSON; resolves when it was accepted (2xx). Throws SourceFailure: retryable for 408, 425, 429, 5xx, time-outs and
 *  lost connections, permanent for everything else. */
export async function postJson(post: Post): Promise<void> {
  const response = await send(post)
  const { status, headers } = response
  if (response.ok) return await discard(response)
  const code = await shortCode(response)
  const retryable = [408, 425, 429].includes(status) || status >= 500
  const wait = retryAfterSeconds(headers)
  throw new SourceFailure(
    `${post.channel} answered ${status}${code && ` (${code})`}: expected 2xx. ${nextStep(post, status, retryable)}`,
    {
      code: 'alert_refused',
      retryable,
      context: { source: post.channel, status },
      ...(wait !== undefined && { retryAfterSeconds: wait }),
    },
  )
}

async function send({ channel, url, body, headers, signal }: Post): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      // A webhook that has moved is a webhook to look at; following would carry the message to whoever it names.
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'matchday', ...headers },
      body,
      signal,
    })
  } catch (error) {
    throw new SourceFailure(`${channel} did not answer: ${whyOf(error, signal)}. It will be tried again.`, {
      code: 'alert_unreachable',
      retryable: true,
      context: { source: channel },
    })
  }
}

/** The system's code only (ECONNREFUSED): messages may name the address. */
function whyOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'the time for it was over'
  const { code } = (error as { cause?: { code?: unknown } }).cause ?? {}
  return typeof code === 'string' ? code : 'the connection was lost'
}

function nextStep({ setting }: Post, status: number, retryable: boolean): string {
  if (retryable) return 'It will be tried again.'
  if ([401, 403, 404, 410].includes(status)) return `The webhook was revoked: make a new one and set ${setting} to it.`
  return `Look at ${setting}; trying again will not help.`
}

/** Slack says why in one word: no_service, channel_is_archived. Anything longer is left alone. */
async function shortCode(response: Response): Promise<string> {
  const text = await response.text().catch(() => '') // the status says enough
  return /^[a-z_]{3,40}$/.test(text) ? text : ''
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined) // it was accepted; how the answer ends does not matter
}

/** Seconds of Retry-After: a number, which Discord gives with a fraction, or a date, measured by the answerer's own clock. */
function retryAfterSeconds(headers: Headers): number | undefined {
  const asked = headers.get('retry-after')?.trim() ?? ''
  const seconds = /^\d+(?:\.\d+)?$/.test(asked)
    ? Number(asked)
    : (Date.parse(asked) - Date.parse(headers.get('date') ?? '')) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, Math.ceil(seconds))
}
