// How a pass of a story tells people: the real alerts, by channels that the test brings.

import { DEFAULT_ROUTES } from '../../src/alerts/routes.ts'
import { tellFlips } from '../../src/alerts/tell.ts'
import type { Channel } from '../../src/alerts/types.ts'
import { listRefusingChannels } from '../../src/ledger/deliveries-refused.ts'
import type { Sql } from '../../src/lib/db.ts'
import type { PassParts } from '../../src/reconcile/pass-parts.ts'

/** Tells everything to every channel. */
export function tellBy(sql: Sql, channels: readonly Channel[], repository: string): PassParts['tell'] {
  const facts = { repository, serverUrl: 'https://github.example', siteUrl: undefined, environment: 'production' }
  return async (now) => {
    const account = await tellFlips({ sql, now, channels, routes: DEFAULT_ROUTES, redact: (text) => text, facts })
    const failed = account.failed.map(({ channel, error }) => `${channel}: ${error}`)
    const mute = (await listRefusingChannels(sql)).map(({ channel, error }) => ({ name: channel, why: error }))
    return { sent: account.sent.length, failed, mute }
  }
}
