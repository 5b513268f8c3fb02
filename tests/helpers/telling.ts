// A stage for stories about telling: trouble on a real ledger, ears that hear of it, and what became of each delivery.

import type { Channel } from '../../src/alerts/index.ts'
import type { Message } from '../../src/alerts/message.ts'
import { parseRoutes } from '../../src/alerts/routes.ts'
import { tellFlips, type Telling, type TellingAccount } from '../../src/alerts/tell.ts'
import { SourceFailure } from '../../src/core/errors.ts'
import type { Health } from '../../src/ledger/deliveries.ts'
import type { Sql } from '../../src/lib/db.ts'

import { at, say } from './builders.ts'
import { aFlip, anIncident } from './incidents.ts'

const FACTS = { repository: undefined, serverUrl: undefined, siteUrl: undefined, environment: 'production' }

/** A channel that keeps the headlines it gets, and does first what a test wants. */
export function anEar(name = 'slack', first: (message: Message) => Promise<void> = async () => undefined) {
  const heard: string[] = []
  const channel: Channel = {
    name,
    async send(message) {
      await first(message)
      heard.push(message.headline)
    },
  }
  return { ...channel, heard }
}

/** What an ear does that does not want to hear now. */
export const refuse = (retryAfterSeconds?: number) => () =>
  Promise.reject(new SourceFailure('it is busy', { retryable: true, ...(retryAfterSeconds && { retryAfterSeconds }) }))

export function aStage(sql: Sql) {
  return {
    tell: (now: string, channels: readonly Channel[], wish: Partial<Telling> = {}): Promise<TellingAccount> =>
      tellFlips({
        sql,
        now: at(now),
        channels,
        routes: parseRoutes(undefined),
        redact: (text) => text,
        facts: FACTS,
        ...wish,
      }),

    /** An incident that flips at the given moments: `['warning', '19 08:40']`; and later, by `flip`. */
    async trouble(subject: string, ...flips: [Health, string][]) {
      const incidentId = await anIncident(sql, {
        subject,
        title: `${subject} is in trouble`,
        knowableAt: at('19 08:40'),
      })
      const flip = async (to: Health, when: string) => {
        const [last] = await sql<{ health: Health }[]>`
          select new_health as health from ledger.flips where incident_id = ${incidentId} order by id desc limit 1
        `
        return await aFlip(sql, incidentId, { from: last?.health ?? 'well', to, at: at(when) })
      }
      for (const [to, when] of flips) await flip(to, when)
      return { incidentId, flip }
    },

    /** What became of the deliveries so far: `slack sent`, in the order of flips. */
    async states(): Promise<string[]> {
      const rows = await sql<{ channel: string; state: string; tries: number; next: Date; error: string | null }[]>`
        select channel, state, tries, next_try_at as next, error from ledger.deliveries order by flip_id, channel
      `
      return rows.map(({ channel, state, tries, next, error }) =>
        state === 'due'
          ? `${channel} due ${say(next)} after ${tries}`
          : `${channel} ${state}${error ? `: ${error}` : ''}`,
      )
    },
  }
}
