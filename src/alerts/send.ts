// One message to one channel, within its time. What goes wrong comes back as a value: one deaf channel must not silence the
// others.

import { JobFailure, SourceFailure } from '../core/errors.ts'

import type { Message } from './message.ts'
import type { Channel, Delivery } from './types.ts'

/** How long one send may take unless told. */
const SEND_WITHIN_MS = 10_000

interface Sending extends Pick<Delivery, 'reference' | 'keep'> {
  readonly withinMs: number | undefined
}

/** Makes a message and sends it; the failure, if it was not accepted. */
export async function sendMessage(
  channel: Channel,
  make: () => Message,
  { withinMs = SEND_WITHIN_MS, reference, keep }: Sending,
): Promise<JobFailure | undefined> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.abort()
      reject(tooLate(channel, withinMs))
    }, withinMs)
  })
  try {
    // Raced too, for a channel may not listen to the signal.
    await Promise.race([channel.send(make(), { reference, keep, signal: late.signal }), deadline])
    return undefined
  } catch (error) {
    return error instanceof JobFailure ? error : crashed(channel, error)
  } finally {
    clearTimeout(timer)
  }
}

function tooLate(channel: Channel, withinMs: number): SourceFailure {
  return new SourceFailure(`${channel.name} did not answer within ${withinMs / 1000} s. It will be tried again.`, {
    code: 'alert_unreachable',
    retryable: true,
    context: { source: channel.name },
  })
}

/** Our own mistake: tried again, for the next version may make none. */
function crashed(channel: Channel, cause: unknown): SourceFailure {
  return new SourceFailure(`${channel.name} could not be told: its channel crashed.`, {
    code: 'alert_crash',
    retryable: true,
    context: { source: channel.name },
    cause,
  })
}
