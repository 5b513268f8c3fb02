// The request that a wake-up comes for: which it is, and whether a run may still begin for it.

import type { Sql } from 'postgres'

import type { JobId } from '../core/job.ts'
import type { Gate } from '../core/wake-up.ts'
import { findByReference, findRequest, type FoundRequest } from '../ledger/request-answers.ts'
import type { WakeUp } from './wake-up.ts'

/** The id of the request behind a wake-up: as it was told, or, in a workflow that does not pass it on, that of the request which
 *  waits for exactly this run of GitHub's. Undefined: there is none. */
export async function findRequestInHand(
  sql: Sql,
  job: JobId,
  { wakeUp, githubRunId }: { wakeUp: WakeUp; githubRunId: string | undefined },
): Promise<string | undefined> {
  if (wakeUp.requestId !== undefined) return wakeUp.requestId
  const mayAnswer = wakeUp.trigger === 'request' || wakeUp.trigger === 'rerun'
  return mayAnswer && githubRunId !== undefined ? await findByReference(sql, job, githubRunId) : undefined
}

/** Why no run may begin for a request: another has answered it, or this job has no such request. */
export async function findRequestGate(sql: Sql, job: JobId, id: string): Promise<Gate | undefined> {
  const found = await findRequest(sql, id)
  if (found?.job !== job) {
    const of = found === undefined ? 'there is none of this number' : `it is one for ${found.job}`
    const reason = `${job} was started for request ${id}, but ${of}. Nothing was run; to start it by hand leave the request empty`
    return { code: 'unknown_request', reason }
  }
  // One with a slot that was given up is a wake-up like any other: its slot is judged anew.
  if (found.state === 'open' || found.state === 'sent' || (found.state === 'dropped' && found.slotDueAt))
    return undefined
  return { code: 'already_answered', reason: `request ${id} for ${job} ${sayAnswer(found)}. Nothing was run again` }
}

function sayAnswer({ state, runId, changedAt, note }: FoundRequest): string {
  const at = changedAt === undefined ? '' : ` ${changedAt.toISOString()}`
  if (state === 'dropped') return `was given up${at}: ${note ?? 'no reason kept'}`
  return `was answered${at} by run ${runId ?? 'unknown'}`
}
