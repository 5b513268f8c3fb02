// The request that a wake-up comes for: which it is, and whether a run may still begin for it.

import type { Sql } from 'postgres'

import type { AnyJob, JobId } from '../core/job.ts'
import type { Gate, GateCode } from '../core/wake-up.ts'
import { findByReference, findCascade, findRequest, type FoundRequest } from '../ledger/request-answers.ts'
import { isWish } from '../ledger/requests.ts'
import type { WakeUp } from './wake-up.ts'

/** For whom, and for which request, a run is to begin. */
export interface Ask {
  readonly requestId: string | undefined
  /** Is it a person's wish, or does it follow from one? Then it is a person who asks, whoever's token sent the dispatch. */
  readonly wished: boolean
  /** That person, or whoever GitHub names. */
  readonly actor: string | undefined
  /** Are the jobs that need this one to follow, although this wake-up did not say so? */
  readonly cascade: boolean
}

interface WokenBy {
  readonly wakeUp: WakeUp
  readonly githubRunId: string | undefined
  readonly actor: string | undefined
}

/** Whoever wishes for a run behind one of these gates waits until it opens, and so does the wish. */
export const OPEN_BY_THEMSELVES: readonly GateCode[] = [
  'paused',
  'games_on',
  'breaker_open',
  'waiting_for_parents',
  'already_running',
]

/** What is asked for behind a wake-up. A tick or a chain takes up what follows from a person's wish, so that the same is not
 *  done twice. */
export async function findAsk(sql: Sql, job: Pick<AnyJob, 'id' | 'namedBy'>, woken: WokenBy): Promise<Ask> {
  const { trigger } = woken.wakeUp
  const isTick = trigger === 'schedule' || trigger === 'chain'
  const cascadeId = isTick ? await findCascade(sql, job.id, Object.keys(job.namedBy)) : undefined
  const requestId = cascadeId ?? (await findRequestInHand(sql, job.id, woken))
  const found = requestId === undefined ? undefined : await findRequest(sql, requestId)
  const wished = found?.job === job.id && isWish(found.kind)
  const actor = (wished ? found.actor : undefined) ?? woken.actor
  return { requestId, wished, actor, cascade: cascadeId !== undefined }
}

/** The id of the request behind a wake-up: as it was told, or, in a workflow that does not pass it on, that of the request which
 *  waits for exactly this run of GitHub's. Undefined: there is none. */
async function findRequestInHand(sql: Sql, job: JobId, { wakeUp, githubRunId }: WokenBy): Promise<string | undefined> {
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
