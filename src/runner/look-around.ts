// What every run does for the others: it looks whether anything anywhere wants a pass of ops-watch and, if nobody has yet,
// wakes it. At its end, and now and then while it lives, so that trouble is known while any process is alive.

import { toErrorRecord } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import type { FinalOutcome } from '../core/run.ts'
import { look, returnPoke } from '../ledger/watch.ts'
import type { Log } from '../lib/log.ts'
import type { Sql } from 'postgres'

const MINUTE = 60_000

export interface LookingParts {
  readonly ledger: Sql
  readonly jobs: readonly AnyJob[]
  readonly log: Log
  /** Wakes ops-watch; undefined where there is no way to. */
  readonly poke?: (() => Promise<void>) | undefined
}

/** Looks, and pokes if it is this look's turn. A failure is a line in the log: the run's own end does not depend on it. */
export async function lookAndPoke(
  parts: LookingParts,
  seen: { by: string; now: Date; urgent: boolean; expectAt?: Date | undefined },
): Promise<void> {
  try {
    if (!(await look(parts.ledger, { ...seen, mayPoke: parts.poke !== undefined }))) return
    await sendPoke(parts, seen.now)
  } catch (error) {
    parts.log.warn('nobody was told to look after the rest', { cause: toErrorRecord(error).message })
  }
}

async function sendPoke({ poke, ledger, log }: LookingParts, pokedAt: Date): Promise<void> {
  try {
    await poke?.()
    log.info('woke ops-watch')
  } catch (error) {
    await returnPoke(ledger, pokedAt)
    throw error
  }
}

/** Does such an end want a pass at once? Failures are to be told, and a failed item or an unready source to be retried. */
export function isUrgent(outcome: FinalOutcome, failedItems: number): boolean {
  const left = outcome === 'failed' || outcome === 'abandoned' || outcome === 'cancelled' || outcome === 'not_ready'
  return left || failedItems > 0
}

/** When the jobs that this one leads to are overdue, should their wake-up not come. */
export function childrenOverdueAt(job: AnyJob, jobs: readonly AnyJob[], servedAt: Date): Date | undefined {
  const graces = jobs.filter((child) => child.needs[job.id] === 'fresh').map((child) => child.graceMinutes)
  return graces.length === 0 ? undefined : new Date(servedAt.getTime() + Math.min(...graces) * MINUTE)
}
