// Which requests are written, sent again or dropped. Pure: the pass reads, this decides, the pass acts.

import type { NewRequest, OutstandingRequest } from '../ledger/requests.ts'
import type { RetryableItems, WantedStart } from './judge.ts'

const MINUTE = 60_000

/** A burst of dispatches is no kindness to GitHub nor to the database; what is left is started by the next pass. */
export const MAX_STARTS_PER_PASS = 10
/** Of one request: then its runs are lost, and people have to look. */
export const MAX_SENDS = 3
/** Of one slot, over all its requests. */
export const MAX_STARTS_PER_SLOT = 8
/** Of one job. */
export const MAX_STARTS_PER_DAY = 24
/** A dispatched run writes itself down within a minute or two; one that has not for this long does not come. */
export const LOST_AFTER_MS = 10 * MINUTE

export interface Starts {
  readonly job: string
  readonly slotDueAt: Date | undefined
  readonly starts: number
}

export interface PlanFacts {
  readonly now: Date
  readonly wanted: readonly WantedStart[]
  readonly retryable: readonly RetryableItems[]
  readonly outstanding: readonly OutstandingRequest[]
  /** Of the last day, by job and slot. */
  readonly started: readonly Starts[]
}

export interface Plan {
  readonly drop: readonly { readonly request: OutstandingRequest; readonly note: string }[]
  readonly write: readonly NewRequest[]
  /** Why something wanted is not asked for. */
  readonly refused: readonly { readonly job: string; readonly why: string }[]
}

/** Which requests end, and which are new. */
export function planRequests(facts: PlanFacts): Plan {
  const drop = facts.outstanding.flatMap((request) => {
    const note = whyDropped(request, facts)
    return note === undefined ? [] : [{ request, note }]
  })
  const busy = new Set(facts.outstanding.filter((one) => !drop.some(({ request }) => request === one)).map(({ job }) => job)) // prettier-ignore
  const wishes = [...facts.wanted.map((start) => toRequest(start, facts.now)), ...retries(facts)]
  const write: NewRequest[] = []
  const refused: { job: string; why: string }[] = []
  for (const wish of wishes) {
    if (busy.has(wish.job)) continue
    const why = whyTooOften(wish, facts.started)
    if (why !== undefined) refused.push({ job: wish.job, why })
    else {
      busy.add(wish.job)
      write.push(wish)
    }
  }
  return { drop, write, refused }
}

/** The requests to send now, no more than a pass may start: what a person asked for, then by the nearest deadline, and failed
 *  items of slots that are served already last. */
export function chooseSends(
  outstanding: readonly OutstandingRequest[],
  wanted: readonly WantedStart[],
  now: Date,
): OutstandingRequest[] {
  const deadline = (request: OutstandingRequest) =>
    wanted.find(({ job }) => job === request.job)?.deadlineAt.getTime() ??
    (request.kind === 'retry' ? Number.MAX_SAFE_INTEGER : request.at.getTime())
  return outstanding
    .filter((request) => request.nextTryAt <= now && request.tries < MAX_SENDS)
    .sort((a, b) => deadline(a) - deadline(b))
    .slice(0, MAX_STARTS_PER_PASS)
}

function whyDropped(request: OutstandingRequest, { now, wanted }: PlanFacts): string | undefined {
  if (request.nextTryAt > now) return undefined // its run may still come
  if (request.slotDueAt !== undefined && !isWanted(request, wanted)) return 'no longer wanted: its slot is not waiting, or a gate is closed' // prettier-ignore
  if (request.tries < MAX_SENDS) return undefined
  const last = request.note === undefined ? '' : `: ${request.note}`
  return `lost: sent ${request.tries} times, and no run came${last}`
}

function isWanted(request: OutstandingRequest, wanted: readonly WantedStart[]): boolean {
  return wanted.some(({ job, dueAt }) => job === request.job && dueAt.getTime() === request.slotDueAt?.getTime())
}

function toRequest({ job, dueAt, kind, reason }: WantedStart, now: Date): NewRequest {
  return { job, kind, slotDueAt: dueAt, reason, parameters: {}, at: now }
}

function retries({ retryable, now }: PlanFacts): NewRequest[] {
  return retryable.map(({ job, runId, items }) => {
    const reason = `${items} failed items of run ${runId} may pass now`
    return { job, kind: 'retry', reason, parameters: { retry: runId }, at: now }
  })
}

function whyTooOften(wish: NewRequest, started: readonly Starts[]): string | undefined {
  const ofJob = started.filter(({ job }) => job === wish.job)
  const today = ofJob.reduce((sum, { starts }) => sum + starts, 0)
  if (today >= MAX_STARTS_PER_DAY) return `asked for ${today} times within a day`
  const slot = wish.slotDueAt?.getTime()
  const ofSlot = ofJob.find(({ slotDueAt }) => slot !== undefined && slotDueAt?.getTime() === slot)?.starts ?? 0
  return ofSlot >= MAX_STARTS_PER_SLOT ? `its slot was asked for ${ofSlot} times` : undefined
}
