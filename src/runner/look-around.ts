// Every run does this for the others: it looks whether anything anywhere wants a pass of ops-watch and, if nobody has yet,
// wakes it. At its end, and now and then while it lives, so that trouble is known while any process is alive.

import { toErrorRecord } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import { isFailure, type FinalOutcome } from '../core/run.ts'
import { chainOverAt, graceOverAt } from '../core/slot.ts'
import { decideWakeUp } from '../core/wake-up.ts'
import { hasOpenWish } from '../ledger/requests.ts'
import { look, returnPoke } from '../ledger/watch.ts'
import type { Log } from '../lib/log.ts'
import { readFacts } from './wake-up-facts.ts'
import type { Sql } from 'postgres'

export interface LookingParts {
  readonly ledger: Sql
  readonly jobs: readonly AnyJob[]
  readonly log: Log
  /** Wakes ops-watch; undefined where there is no way to. */
  readonly poke?: (() => Promise<void>) | undefined
}

interface Seen {
  readonly by: string
  readonly now: Date
  readonly urgent: boolean
  /** The job that has just come to something, and whether it served a slot: what it leads to may want a pass. */
  readonly served?: { readonly job: AnyJob; readonly slot: boolean } | undefined
}

/** Looks, and pokes if it is this look's turn. A failure is a line in the log: the run's own end does not depend on it. */
export async function lookAndPoke(parts: LookingParts, { by, now, urgent, served }: Seen): Promise<void> {
  try {
    const childrenAt = served?.slot ? await askOfChildren(parts, served.job, now) : undefined
    const isDue = childrenAt !== undefined && childrenAt <= now
    const atOnce =
      isDue || (served !== undefined && (await hasOpenWish(parts.ledger, readersOf(served.job, parts.jobs))))
    const expectAt = isDue ? undefined : childrenAt
    const seen = { by, now, urgent: urgent || atOnce, expectAt, mayPoke: parts.poke !== undefined }
    if (!(await look(parts.ledger, seen))) return
    await sendPoke(parts, now)
  } catch (error) {
    parts.log.warn('nobody was told to look after the rest', { cause: toErrorRecord(error).message })
  }
}

/** What cannot be judged here wants a pass at once, which judges each job by itself. */
async function askOfChildren(
  { ledger, jobs, log }: LookingParts,
  served: AnyJob,
  now: Date,
): Promise<Date | undefined> {
  try {
    return await childrenWantedAt(ledger, served, { jobs, now })
  } catch (error) {
    log.warn('the jobs that follow could not be judged', { cause: toErrorRecord(error).message })
    return now
  }
}

/** The jobs whose wishes may have waited for this one. */
function readersOf({ id }: AnyJob, jobs: readonly AnyJob[]): string[] {
  return jobs.filter(({ needs, reads = [] }) => id in needs || reads.includes(id)).map((job) => job.id)
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
  const left = isFailure(outcome) || outcome === 'not_ready'
  return left || failedItems > 0
}

/** When a pass is wanted for the jobs that this one leads to, now that it has served its slot: when their chain should have
 *  come, at once where none can, and otherwise when their grace is over. */
export async function childrenWantedAt(
  sql: Sql,
  job: AnyJob,
  { jobs, now }: { jobs: readonly AnyJob[]; now: Date },
): Promise<Date | undefined> {
  const moments: number[] = []
  for (const child of jobs.filter(({ needs }) => needs[job.id] === 'fresh')) {
    const facts = await readFacts(sql, child, { now, byPerson: false, namedPeriod: undefined, defaultParams: true, force: false }) // prettier-ignore
    const slot = decideWakeUp(child, facts).run?.slot
    const candidate = facts.candidates.find((one) => one.slot === slot)
    const at = candidate && (chainOverAt(candidate, [job.id]) ?? graceOverAt(candidate))
    if (at) moments.push(at.getTime())
  }
  return moments.length === 0 ? undefined : new Date(Math.min(...moments))
}
