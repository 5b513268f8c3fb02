// Any other receiver: a POST of JSON in this shape, which only grows.
//
//   { "version": 1,
//     "id": "flip-12",                the same in every try: a receiver that has seen it may ignore it
//     "kind": "opened",               opened, reopened, worse, better, reminded (it is still so), recovered, passed (over
//                                     before it was told), test (nothing happened)
//     "health": "critical",           critical, warning, info, well
//     "environment": "production",
//     "headline": "...", "text": "...",
//     "incident": { "id", "subject", "cause", "severity", "title", "detail", "slotDueAt", "knowableAt", "openedAt",
//                   "closedAt", "times" },   instants in ISO 8601, null where there is none
//     "links": [{ "text", "url" }] }
//
// With ALERT_WEBHOOK_SECRET the header X-Matchday-Signature is `t=SECONDS,v1=HEX`: the time of sending in seconds since 1970, and
// the HMAC-SHA256 of `SECONDS.BODY`, the body by its very bytes. A receiver compares the signature in constant time and refuses
// what is older than five minutes, so that nobody who has seen a message can send it again. Every try is signed anew.

import { createHmac } from 'node:crypto'

import { systemNow } from '../lib/clock.ts'

import { toPlainText, type Message } from './message.ts'
import { postJson } from './post.ts'
import type { Channel } from './types.ts'

export function createWebhookChannel(address: URL, secret: string | undefined): Channel {
  return {
    name: 'webhook',
    send(message, { signal }) {
      const body = JSON.stringify(toPayload(message))
      return postJson({
        channel: 'webhook',
        setting: 'ALERT_WEBHOOK_URL',
        url: address,
        body,
        headers: secret === undefined ? {} : { 'x-matchday-signature': sign(body, secret, systemNow()) },
        signal,
      })
    },
  }
}

function toPayload({ id, kind, health, environment, headline, incident, links, ...message }: Message): unknown {
  return {
    version: 1,
    id,
    kind,
    health,
    environment,
    headline,
    text: toPlainText({ id, kind, health, environment, headline, incident, links, ...message }),
    incident: {
      ...incident,
      slotDueAt: incident.slotDueAt ?? null,
      closedAt: incident.closedAt ?? null,
    },
    links,
  }
}

/** By the time of this machine, whatever time a replay has: a receiver compares it with its own. */
function sign(body: string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}
