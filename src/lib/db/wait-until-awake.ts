// Waits for a database that is waking up: hosted ones sleep when nobody uses them, and take 15 s or more to come back.

import { setTimeout as wait } from 'node:timers/promises'

import type { Sql } from 'postgres'

import { ConfigFailure } from '../../core/errors.ts'
import { monotonicMs } from '../clock.ts'

import { explainDatabaseError } from './explain.ts'

const WAKES_WITHIN_MS = 60_000
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [250, 2_000]

export interface Waiting {
  readonly url: string
  /** Says once that it is waited for, and why. */
  readonly tell: (sentence: string) => void
  readonly forMs?: number
}

/** Resolves once the database has answered. Throws its failure, explained, after a minute, and at once what a person has to
 *  mend: a wrong password, an unknown host. */
export async function waitUntilAwake(sql: Sql, { url, tell, forMs = WAKES_WITHIN_MS }: Waiting): Promise<void> {
  const until = monotonicMs() + forMs
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      await sql`select 1`
      return
    } catch (error) {
      const failure = explainDatabaseError(error, url)
      const passes = failure.retryable && !(failure instanceof ConfigFailure)
      if (!passes || monotonicMs() + pause > until) throw failure
      if (pause === FIRST_PAUSE_MS) tell(`${failure.message} Waiting for it, for up to ${Math.round(forMs / 1000)} s.`)
      await wait(pause)
    }
  }
}
