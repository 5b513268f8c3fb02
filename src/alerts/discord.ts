// Discord, by a webhook: one embed, and nobody is pinged by anything in it.

import { clipEscaped } from '../core/markup.ts'
import type { Health } from '../ledger/deliveries.ts'

import type { Message } from './message.ts'
import { postJson } from './post.ts'
import type { Channel } from './types.ts'

// Discord's limits: 256 for a title, 4,096 for a description, 1,024 for a field, 6,000 for an embed in all.
const LONGEST_TITLE = 256
const LONGEST_DESCRIPTION = 3500
const LONGEST_FIELD = 200

// The site's own colours of late, missed and served.
const COLOURS: Record<Health, number> = { critical: 0xb3261e, warning: 0xa86400, info: 0x6b6860, well: 0x2e7d4f }

export function createDiscordChannel(webhook: URL): Channel {
  return {
    name: 'discord',
    send: (message, { signal }) =>
      postJson({
        channel: 'discord',
        setting: 'DISCORD_WEBHOOK_URL',
        url: webhook,
        body: JSON.stringify(toDiscord(message)),
        signal,
      }),
  }
}

function toDiscord(message: Message): unknown {
  const links = message.links.map(({ text, url }) => `[${escape(text)}](<${url}>)`)
  const said = clipEscaped(message.sentences.join('\n\n'), LONGEST_DESCRIPTION, escape)
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: clipEscaped(message.headline, LONGEST_TITLE, escape),
        description: [said, ...links].filter((part) => part !== '').join('\n\n'),
        color: COLOURS[message.health],
        fields: message.facts.map(({ name, text }) => ({
          name,
          value: clipEscaped(text, LONGEST_FIELD, escape),
          inline: true,
        })),
      },
    ],
  }
}

/** A backslash takes the meaning from any sign; what follows an @ is parted from it, for @everyone has none to take. */
function escape(text: string): string {
  return text.replaceAll(/[\\*_~`|>[\]()<#]/g, String.raw`\$&`).replaceAll('@', '@\u200b')
}
