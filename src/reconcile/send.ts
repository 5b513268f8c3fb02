// The one place that acts on requests: writes what the plan says, and hands what is due to the executor.

import type { Sql } from 'postgres'

import { toErrorRecord } from '../core/errors.ts'
import type { AnyJob } from '../core/job.ts'
import type { Executor } from '../executors/types.ts'
import { findForRetry } from '../ledger/dead-letters.ts'
import { settleRequests } from '../ledger/request-answers.ts'
import {
  claimRequest,
  countAsks,
  dropRequest,
  insertRequest,
  keepReference,
  listOutstanding,
  returnRequest,
  type OutstandingRequest,
} from '../ledger/requests.ts'
import type { Log } from '../lib/log.ts'
import type { CatalogJob } from '../schedule/catalog.ts'
import { listRetries, type WantedStart } from './judge.ts'
import { chooseSends } from './choose.ts'
import { afterRefusal, afterSending, planRequests, type Plan } from './plan.ts'
import type { Steps } from './steps.ts'
import { holdWishes } from './wishes.ts'

/** How far back it counts how often something was asked for. */
const LOOK_BACK_MS = 3 * 24 * 60 * 60_000

export interface SendParts {
  readonly sql: Sql
  readonly jobs: readonly AnyJob[]
  readonly executor: Executor
  readonly catalog: readonly CatalogJob[]
  readonly environment: string
  readonly log: Log
  readonly now: Date
  readonly steps: Steps
  /** Jobs that could not be judged: what is asked for them stays as it is. */
  readonly blind: readonly string[]
}

export interface Sent {
  readonly written: number
  readonly sent: readonly { readonly job: string; readonly reason: string }[]
  readonly dropped: number
  readonly later: Plan['later']
  readonly failed: readonly { readonly job: string; readonly why: string }[]
}

/** Brings the requests in line with what is wanted, and sends those whose time has come. */
export async function actOnRequests(parts: SendParts, wanted: readonly WantedStart[]): Promise<Sent> {
  const { sql, now } = parts
  await settleRequests(sql, now)
  await parts.steps.take('judging what people asked for', async () => await holdWishes(sql, await listOutstanding(sql), parts), undefined) // prettier-ignore
  const retryable = await listRetries(sql, parts.jobs, parts)
  const jobs = [...new Set([...wanted, ...retryable].map(({ job }) => job))]
  const asked = await countAsks(sql, jobs, new Date(now.getTime() - LOOK_BACK_MS))
  const seen = (request: OutstandingRequest) => request.kind === 'manual' || !parts.blind.includes(request.job)
  const plan = planRequests({ now, wanted, retryable, asked, outstanding: (await listOutstanding(sql)).filter(seen) })
  for (const { request, note } of plan.drop) await dropRequest(sql, request.id, { at: now, note })
  let written = 0
  for (const request of plan.write) if (await insertRequest(sql, request)) written += 1
  const sent: { job: string; reason: string }[] = []
  const failed: { job: string; why: string }[] = []
  for (const request of chooseSends((await listOutstanding(sql)).filter(seen), wanted, now)) {
    const deadlineAt = request.slotDueAt && wanted.find(({ job }) => job === request.job)?.deadlineAt
    const send = () => sendOne(parts, request, deadlineAt)
    const why = await parts.steps.take(`asking for ${request.job}`, send, 'taken' as const)
    if (why === undefined) sent.push({ job: request.job, reason: request.reason })
    else if (why !== 'taken') failed.push({ job: request.job, why })
  }
  return { written, sent, dropped: plan.drop.length, later: plan.later, failed }
}

/** Undefined when it was handed over; 'taken' when another pass had it, or nothing is left to ask for; otherwise why it was not. */
async function sendOne(
  parts: SendParts,
  request: OutstandingRequest,
  deadlineAt: Date | undefined,
): Promise<string | undefined> {
  const { sql, now, log } = parts
  const stated = parts.catalog.find(({ id }) => id === request.job)
  if (stated === undefined) {
    await dropRequest(sql, request.id, { at: now, note: 'lost: no workflow of this checkout runs that job' })
    return 'no workflow of this checkout runs that job'
  }
  if (await isDoneAlready(sql, request)) {
    await dropRequest(sql, request.id, { at: now, note: 'no longer wanted: none of its failed items is open any more' })
    return 'taken'
  }
  if (!(await claimRequest(sql, request, { at: now, nextTryAt: afterSending(request, { now, deadlineAt }) })))
    return 'taken'
  try {
    const inputs = toInputs(request, stated, parts.environment)
    const { reference } = await parts.executor.submit({ job: request.job, workflow: fileName(stated), inputs })
    await keepReference(sql, request.id, reference)
    log.info('asked for a run', { job: request.job, kind: request.kind, why: request.reason })
    return undefined
  } catch (error) {
    const { message, retryable: passes, retryAfterSeconds = 0 } = toErrorRecord(error)
    const at = afterRefusal(request, { now, deadlineAt, passes, retryAfterSeconds })
    await returnRequest(sql, request.id, { at, note: message })
    log.warn('a run could not be asked for', { job: request.job, cause: message })
    return message
  }
}

/** Are the failed items that it is about all closed, by another run or by a person? Asked again only where it was asked before. */
async function isDoneAlready(sql: Sql, { job, kind, tries, parameters }: OutstandingRequest): Promise<boolean> {
  if (kind !== 'retry' || tries === 0 || typeof parameters['retry'] !== 'string') return false
  return (await findForRetry(sql, { job, runId: parameters['retry'] })).length === 0
}

const fileName = ({ file }: CatalogJob) => file.split('/').at(-1) ?? file

/** A request's parameters as the workflow's dispatch inputs, with its own id, by which its run accepts it: texts, and only those
 *  that it declares. */
function toInputs(
  { id, parameters }: OutstandingRequest,
  stated: CatalogJob,
  environment: string,
): Readonly<Record<string, string>> {
  const all: Record<string, unknown> = { environment, ...parameters, request: id }
  const given = Object.entries(all).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const named = given.map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), String(value)] as const) // prettier-ignore
  return Object.fromEntries(named.filter(([name]) => stated.inputs.some((input) => input.name === name)))
}
