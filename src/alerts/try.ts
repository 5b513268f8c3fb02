// Test messages: one to every channel that is set up, saying that it is a test, with what each answered.

import { clip } from '../core/markup.ts'

import { sayInstant } from '../core/wording.ts'
import type { Message, MessageFacts } from './message.ts'
import { sendMessage } from './send.ts'
import type { Channel } from './types.ts'

export interface Trying {
  readonly channels: readonly Channel[]
  readonly facts: MessageFacts
  readonly redact: (text: string) => string
  readonly now: Date
  /** Who asked for it. */
  readonly by: string | undefined
  readonly sendWithinMs?: number
}

/** What a channel answered. */
export interface Tried {
  readonly channel: string
  /** Undefined: it was accepted. */
  readonly error: string | undefined
}

const LONGEST_ERROR = 500

/** Sends them side by side. Never throws over a channel. */
export async function tryChannels(trying: Trying): Promise<Tried[]> {
  const { channels, redact, sendWithinMs: withinMs } = trying
  const keep = () => Promise.resolve()
  return await Promise.all(
    channels.map(async (channel) => {
      const failure = await sendMessage(channel, () => toTest(trying), { reference: undefined, keep, withinMs })
      return { channel: channel.name, error: failure && clip(redact(failure.message), LONGEST_ERROR) }
    }),
  )
}

/** It is of nothing and well, so that a channel which opens something closes it too. */
function toTest({ facts, redact, now, by }: Trying): Message {
  const { serverUrl, repository, environment } = facts
  const who = by === undefined ? '' : ` by ${clip(redact(by), 100)}`
  return {
    id: `test-${now.getTime()}`,
    kind: 'test',
    health: 'well',
    environment,
    headline: `${environment === 'production' ? '' : `[${environment}] `}● test: Matchday reaches you here`,
    sentences: [
      `This is a test message, asked for${who} at ${sayInstant(now)}. Nothing is wrong, and nobody has to act.`,
    ],
    facts: [],
    links: serverUrl && repository ? [{ text: 'On GitHub', url: `${serverUrl}/${repository}/actions` }] : [],
    incident: {
      id: 'test',
      subject: 'test',
      cause: 'test',
      severity: 'info',
      title: 'Matchday reaches you here',
      detail: 'This is a test message.',
      slotDueAt: undefined,
      knowableAt: now,
      openedAt: now,
      closedAt: now,
      times: 1,
    },
  }
}
