// Defines an alert channel: a name and one verb. Adding one is a file and a line in index.ts.

import type { Message } from './message.ts'

/** A way to reach people. */
export interface Channel {
  readonly name: string
  /** Resolves once the medium has accepted the message. Throws SourceFailure: permanent when waiting cannot help (a
   *  revoked webhook), with the seconds of Retry-After where the medium gives them; never with the address, which is a
   *  secret. The same message may come twice, after a crash between sending and recording. */
  send(message: Message, delivery: Delivery): Promise<void>
  /** What it is set to, as one text: of another one a refusal of before says nothing any more. Given by index.ts, unless a
   *  channel depends on more than its variables. */
  settings?(): Promise<string>
}

export interface Delivery {
  /** What this channel kept when it told the same incident before: an issue's number, a first mail's id. */
  readonly reference: string | undefined
  /** Writes a reference down for the incident's next message; call it before anything else can fail. */
  keep(reference: string): Promise<void>
  /** Aborted when the time for sending is over. */
  readonly signal: AbortSignal
}

/** The settings of all channels, by the names of their variables; an empty one is not set. */
export type ChannelSettings = Readonly<Partial<Record<ChannelSetting, string | undefined>>>

export type ChannelSetting =
  | 'SLACK_WEBHOOK_URL'
  | 'DISCORD_WEBHOOK_URL'
  | 'SMTP_URL' // smtps://user:password@smtp.example.org
  | 'ALERT_EMAIL_FROM'
  | 'ALERT_EMAIL_TO' // several with commas between
  | 'ALERT_WEBHOOK_URL'
  | 'ALERT_WEBHOOK_SECRET' // of the signature; optional
