// Finds incidents that no channel has accepted within an hour, although one should have.

import type { Sql } from 'postgres'

import { listErrorsOf, listUnheard } from '../ledger/deliveries-refused.ts'

import { CHANNEL_NAMES } from './index.ts'
import { KNOWN } from './policy.ts'
import { channelsFor, type Routes } from './routes.ts'

export interface Listening {
  readonly sql: Sql
  readonly now: Date
  /** Of the channels that are set up. */
  readonly channels: readonly string[]
  readonly routes: Routes
  /** Why others are not. */
  readonly problems: readonly string[]
}

const SHOWN = 3

/** A sentence that names the channels and why each has accepted nothing; undefined while somebody is told. */
export async function sayUnheard({ sql, now, channels, routes, problems }: Listening): Promise<string | undefined> {
  // Without any channel the routes still say that somebody should be told.
  const names = channels.length > 0 ? channels : CHANNEL_NAMES
  const unheard = (await listUnheard(sql, now, KNOWN)).filter((one) => channelsFor(one, names, routes).length > 0)
  if (unheard.length === 0) return undefined
  const errors = await listErrorsOf(sql, unheard.map(({ id }) => id)) // prettier-ignore
  const why = channels.map(
    (name) => errors.find(({ channel }) => channel === name)?.error ?? `${name} has not answered`,
  )
  const all = [...why, ...(channels.length === 0 ? ['no channel is set up'] : []), ...problems]
  const subjects = unheard.slice(0, SHOWN).map(({ subject }) => subject)
  const more = unheard.length > SHOWN ? ` and ${unheard.length - SHOWN} more` : ''
  return `Nobody has been told for more than an hour of what is open: ${subjects.join(', ')}${more}. ${all.map((one) => `${one.replace(/\.$/, '')}.`).join(' ')} Mend one of these (README, "Where to be told"): what is open is then told by itself.`
}
