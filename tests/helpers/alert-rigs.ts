// The alert channels of the tests, each with the server that it talks to, and messages to send.

import assert from 'node:assert/strict'

import { createChannels, type Channel } from '../../src/alerts/index.ts'
import { toMessage, type Kind, type Message } from '../../src/alerts/message.ts'
import { SourceFailure } from '../../src/core/errors.ts'
import { createGithubApi } from '../../src/executors/octokit-github.ts'

import { aMailServer, aWebhookServer, type Mood } from './alert-servers.ts'
import { aGithub } from './github-server.ts'
import { aDelivery } from './incidents.ts'

const FACTS = { repository: 'acme/league', serverUrl: 'https://github.com', siteUrl: 'https://acme.example/league' }

export function aMessage(wish: Parameters<typeof aDelivery>[0] & { kind?: Kind; environment?: string } = {}): Message {
  const { kind = 'opened', environment = 'production', ...due } = wish
  return toMessage(aDelivery(due), kind, { facts: { ...FACTS, environment }, redact: (text) => text })
}

/** A channel with the server that it talks to. */
export interface Rig extends AsyncDisposable {
  readonly channel: Channel
  /** What arrived, as one text per message. */
  readonly received: () => string[]
  set mood(mood: Mood)
  /** What must be in no error. */
  readonly secret: string
  /** How the medium says: gone for good, try later, broken. */
  readonly says: { readonly gone: readonly number[]; readonly later: number; readonly broken: number }
}

const WEB = { gone: [401, 403, 404, 410, 302], later: 429, broken: 500 }

export const rigs: Record<string, () => Promise<Rig>> = {
  'github-issue': async () => {
    const github = await aGithub({ workflows: [] })
    const { url: apiUrl, repository, token } = github
    return {
      channel: theOnly({}, createGithubApi({ apiUrl, repository, token, timeoutMs: 5000 })),
      received: () => [
        ...github.issues.map(({ title, body }) => `${title}\n${body}`),
        ...github.comments.map(({ body }) => body),
      ],
      set mood(mood: Mood) {
        if (mood === 'hang') github.hang()
        else if (mood === 'reset') github.reset()
        else if (mood === 'accept') github.forgive()
        else github.refuseNext({ ...mood, body: { message: 'no' } })
      },
      secret: token,
      says: { ...WEB, gone: [401, 403, 404, 410] },
      [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
    }
  },
  slack: () => aWebRig((url) => ({ SLACK_WEBHOOK_URL: url })),
  discord: () => aWebRig((url) => ({ DISCORD_WEBHOOK_URL: url })),
  webhook: () => aWebRig((url) => ({ ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: 'between-us' })),
  email: async () => {
    const server = await aMailServer()
    return {
      channel: theOnly({
        SMTP_URL: `smtp://ann:s3cr3t-word@127.0.0.1:${server.port}`,
        ALERT_EMAIL_FROM: 'Matchday <matchday@acme.example>',
        ALERT_EMAIL_TO: 'ann@acme.example, bob@acme.example',
      }),
      received: () => server.received.map(decodeMail),
      set mood(mood: Mood) {
        server.mood = mood
      },
      secret: 's3cr3t-word',
      says: { gone: [535, 550], later: 421, broken: 451 },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  },
}

async function aWebRig(settings: (url: string) => Record<string, string>): Promise<Rig> {
  const server = await aWebhookServer()
  const secret = 'T0K/s3cr3t-word'
  return {
    channel: theOnly(settings(`http://127.0.0.1:${server.port}/hooks/${secret}?key=s3cr3t-word`)),
    received: () => server.received.map(({ body }) => body),
    set mood(mood: Mood) {
      server.mood = typeof mood === 'object' ? { body: `cannot POST /hooks/${secret}`, ...mood } : mood
    },
    secret: 's3cr3t-word',
    says: WEB,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export function theOnly(settings: Record<string, string>, github?: ReturnType<typeof createGithubApi>): Channel {
  const { channels, problems } = createChannels({ settings, github })
  assert.deepEqual([channels.length, problems], [1, []])
  return channels[0]!
}

/** A mail as people read it: headers unfolded, words and body decoded. */
function decodeMail(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const headers = head
    .replaceAll('?=\r\n =?UTF-8?Q?', '')
    .replaceAll('\r\n ', ' ')
    .replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, word: string) => unquote(word.replaceAll('_', ' ')))
  const text = /base64/i.test(headers) ? Buffer.from(body, 'base64').toString() : unquote(body.replaceAll('=\r\n', ''))
  return `${headers}\n\n${text}`
}

function unquote(text: string): string {
  return text.replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString())
}

export function send(channel: Channel, message: Message, wish: { reference?: string; signal?: AbortSignal } = {}) {
  const kept: string[] = []
  const sent = channel.send(message, {
    reference: wish.reference,
    keep: async (reference) => void kept.push(reference),
    signal: wish.signal ?? new AbortController().signal,
  })
  return sent.then(() => kept)
}

export async function failureOf(sending: Promise<unknown>): Promise<SourceFailure> {
  const thrown = await sending.then(
    () => assert.fail('it was sent'),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof SourceFailure, `${String(thrown)} is no SourceFailure`)
  return thrown
}
