// Waiting for something that another process does: ends as soon as it is so, and never by the clock alone.

import { setTimeout as pause } from 'node:timers/promises'

const PATIENCE_MS = 20_000

/** Resolves once `condition` holds; rejects with `what` when it never does. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`still not so after ${PATIENCE_MS / 1000} s: ${what}`)
    await pause(5)
  }
}
