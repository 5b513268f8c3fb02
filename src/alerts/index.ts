// The alert channels. A new one is a file beside this and a line here (see CONTRIBUTING).

import { ConfigFailure } from '../core/errors.ts'

import { createDiscordChannel } from './discord.ts'
import { createEmailChannel } from './email.ts'
import { createGithubIssueChannel, type IssueTracker } from './github-issue.ts'
import { createSlackChannel } from './slack.ts'
import type { Channel, ChannelSetting, ChannelSettings } from './types.ts'
import { createWebhookChannel } from './webhook.ts'

export type { Channel, ChannelSettings } from './types.ts'

export interface ChannelParts {
  readonly settings: ChannelSettings
  /** GitHub, where a token allows issues. */
  readonly github: IssueTracker | undefined
}

interface Maker {
  /** The variables that it is set by. */
  readonly variables: readonly ChannelSetting[]
  /** Undefined when it is not set up; throws ConfigFailure when it is set up wrongly. */
  readonly make: (parts: ChannelParts) => Channel | undefined
}

const makers = {
  'github-issue': { variables: [], make: ({ github }) => github && createGithubIssueChannel(github) },
  slack: byUrl('SLACK_WEBHOOK_URL', createSlackChannel),
  discord: byUrl('DISCORD_WEBHOOK_URL', createDiscordChannel),
  email: {
    variables: ['SMTP_URL', 'ALERT_EMAIL_FROM', 'ALERT_EMAIL_TO'],
    make: ({ settings }) => makeEmail(settings),
  },
  webhook: {
    variables: ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'],
    make: ({ settings }) =>
      withUrl(settings, 'ALERT_WEBHOOK_URL', (url) =>
        createWebhookChannel(url, read(settings, 'ALERT_WEBHOOK_SECRET')),
      ),
  },
} satisfies Record<string, Maker>

/** Every channel's name, set up or not. */
export const CHANNEL_NAMES = Object.keys(makers) as (keyof typeof makers)[]

/** The channels that are set up, and a sentence for each that is set up wrongly: it must not silence the others. */
export function createChannels(parts: ChannelParts): {
  readonly channels: readonly Channel[]
  readonly problems: readonly { readonly channel: string; readonly why: string }[]
} {
  const channels: Channel[] = []
  const problems: { channel: string; why: string }[] = []
  for (const [name, { make, variables }] of Object.entries<Maker>(makers)) {
    try {
      const channel = make(parts)
      const settings = () => Promise.resolve(JSON.stringify(variables.map((each) => read(parts.settings, each))))
      if (channel) channels.push({ settings, ...channel })
    } catch (error) {
      if (!(error instanceof ConfigFailure)) throw error
      problems.push({ channel: name, why: error.message })
    }
  }
  return { channels, problems }
}

function read(settings: ChannelSettings, name: ChannelSetting): string | undefined {
  return settings[name]?.trim() || undefined
}

function byUrl(name: ChannelSetting, create: (url: URL) => Channel): Maker {
  return { variables: [name], make: ({ settings }) => withUrl(settings, name, create) }
}

/** Makes a channel of a web address; never says the address, which is a secret. */
function withUrl(settings: ChannelSettings, name: ChannelSetting, make: (url: URL) => Channel): Channel | undefined {
  const text = read(settings, name)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const local = url && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return make(url)
  throw badSetting(`${name} is not an address that begins with https://`)
}

function makeEmail(settings: ChannelSettings): Channel | undefined {
  const [smtp, to] = [read(settings, 'SMTP_URL'), read(settings, 'ALERT_EMAIL_TO')]
  if (smtp === undefined && to === undefined) return undefined
  const url = URL.canParse(smtp ?? '') ? new URL(smtp ?? '') : undefined
  const from = read(settings, 'ALERT_EMAIL_FROM') ?? ''
  const recipients = (to ?? '').split(',').map((each) => each.trim())
  const problems = [
    ...(url && isMailServer(url) ? [] : ['SMTP_URL is not of the form smtps://user:password@host']),
    ...(isAddress(from) ? [] : ['ALERT_EMAIL_FROM is not one address']),
    ...(recipients.every(isAddress) ? [] : ['ALERT_EMAIL_TO is not a list of addresses with commas between']),
  ]
  if (url === undefined || problems.length > 0) throw badSetting(problems.join('; '))
  return createEmailChannel({ smtpUrl: url, from, to: recipients })
}

function isMailServer(url: URL): boolean {
  return /^smtps?:$/.test(url.protocol) && url.hostname !== ''
}

/** `ann@example.org` or `Matchday <ann@example.org>`. */
function isAddress(text: string): boolean {
  return /^(?:[^<>\r\n,]*<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/.test(text)
}

function badSetting(problem: string): ConfigFailure {
  return new ConfigFailure(`alerts: ${problem}. This channel is silent until it is set right.`, {
    code: 'bad_alert_setting',
  })
}
