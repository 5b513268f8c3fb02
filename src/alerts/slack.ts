// Slack, by an incoming webhook. Its text is mrkdwn, in which only &, < and > can be escaped; `verbatim` keeps it from
// making mentions and links of plain words.

import { clipEscaped } from '../core/markup.ts'

import type { Message } from './message.ts'
import { postJson } from './post.ts'
import type { Channel } from './types.ts'

// Slack's limits: 40,000 for the text, 3,000 for a section.
const LONGEST_TEXT = 40_000
const LONGEST_SECTION = 3000

export function createSlackChannel(webhook: URL): Channel {
  return {
    name: 'slack',
    send: (message, { signal }) =>
      postJson({
        channel: 'slack',
        setting: 'SLACK_WEBHOOK_URL',
        url: webhook,
        body: JSON.stringify(toSlack(message)),
        signal,
      }),
  }
}

function toSlack(message: Message): unknown {
  const facts = message.facts.map(({ name, text }) => `${name}: ${text}`).join('\n')
  return {
    // What a notification shows.
    text: clipEscaped(message.headline, LONGEST_TEXT, escape),
    unfurl_links: false,
    blocks: [
      section(`*${clipEscaped(message.headline, 500, escape)}*`),
      ...message.sentences.map((sentence) => section(clipEscaped(sentence, LONGEST_SECTION, escape))),
      ...(facts === '' ? [] : [section(clipEscaped(facts, LONGEST_SECTION, escape))]),
      ...message.links.map(({ text, url }) => section(`<${escape(url).replaceAll('|', '%7C')}|${escape(text)}>`)),
    ],
  }
}

function section(text: string): unknown {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
