// Makes a fingerprint of each channel's settings: an old refusal means nothing once it has changed.

import type { Sql } from 'postgres'

import { JobFailure } from '../core/errors.ts'
import { fingerprint } from '../ledger/deliveries-refused.ts'

import type { Channel } from './types.ts'

export interface Fingerprints {
  /** Undefined of a channel that is not set up, or where nobody can say now. */
  of(channel: string): Promise<string | undefined>
}

/** The fingerprints of these channels, each worked out once and only when asked for. */
export function createFingerprints(sql: Sql, channels: readonly Channel[]): Fingerprints {
  const known = new Map<string, Promise<string | undefined>>()
  const workOut = async (name: string) => {
    const channel = channels.find((one) => one.name === name)
    if (channel === undefined) return undefined
    const settings = await settingsOf(channel)
    return settings === undefined ? undefined : await fingerprint(sql, name, settings)
  }
  return {
    async of(channel) {
      const found = known.get(channel) ?? workOut(channel)
      known.set(channel, found)
      return await found
    },
  }
}

/** Where they lie at GitHub, it may not answer. */
async function settingsOf(channel: Channel): Promise<string | undefined> {
  try {
    return (await channel.settings?.()) ?? ''
  } catch (error) {
    if (error instanceof JobFailure) return undefined
    throw error
  }
}
