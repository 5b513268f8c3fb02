// E-mail by SMTP, as plain text. The mails of one incident answer its first one, so that readers show them together.

import { SourceFailure } from '../core/errors.ts'

import { toPlainText, type Message } from './message.ts'
import type { Channel } from './types.ts'

export interface EmailSettings {
  /** smtps://user:password@smtp.example.org, or smtp:// with STARTTLS. */
  readonly smtpUrl: URL
  readonly from: string
  readonly to: readonly string[]
}

// Less than a send may take in all, so that the connection ends by itself.
const STEP_MS = 8000

export function createEmailChannel(settings: EmailSettings): Channel {
  return {
    name: 'email',
    async send(message, { reference, keep, signal }) {
      // Loading it takes longer than the rest of a pass, and most passes send nothing.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(transportOptions(settings.smtpUrl))
      try {
        await transport.sendMail({ ...toMail(message, settings, reference), signal })
      } catch (error) {
        throw refused(error, signal)
      } finally {
        transport.close()
      }
      if (reference === undefined) await keep(idOf(message))
    },
  }
}

function transportOptions(url: URL) {
  return {
    url: url.href,
    // A password never travels in the clear, except on this machine.
    requireTLS: url.protocol === 'smtp:' && url.password !== '' && !isLocal(url.hostname),
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    dnsTimeout: STEP_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}

function toMail(message: Message, { from, to }: EmailSettings, reference: string | undefined) {
  return {
    from,
    to: [...to],
    subject: message.headline,
    text: `${toPlainText(message)}\n`,
    messageId: idOf(message),
    // Out-of-office machines do not answer these.
    headers: { 'auto-submitted': 'auto-generated' },
    ...(reference !== undefined && { inReplyTo: reference, references: reference }),
  }
}

function idOf(message: Message): string {
  const place = message.environment.replaceAll(/[^a-z0-9-]/gi, '-')
  return `<incident-${message.incident.id}.${message.id}@${place}.matchday>`
}

/** SMTP's own rule (RFC 5321, 4.2.1): 5yz is permanent, 4yz passes. Its words are left out, for they may quote addresses
 *  and user names. */
function refused(error: unknown, signal: AbortSignal): SourceFailure {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string }
  const retryable =
    responseCode === undefined ? code !== 'EAUTH' && code !== 'ENOAUTH' && code !== 'ECONFIG' : responseCode < 500
  const what = signal.aborted
    ? 'did not answer in time'
    : responseCode === undefined
      ? `could not be reached or understood (${code ?? 'no code'})`
      : `answered ${responseCode}${command === undefined ? '' : ` to ${command}`}`
  const next = retryable ? 'It will be tried again.' : 'Look at SMTP_URL, ALERT_EMAIL_FROM and ALERT_EMAIL_TO.'
  return new SourceFailure(`email: the mail server ${what}. ${next}`, {
    code: 'alert_refused',
    retryable,
    context: { source: 'email', status: responseCode ?? null },
  })
}
