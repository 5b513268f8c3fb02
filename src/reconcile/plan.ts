// Decides which requests are written and dropped, and from when on each may be sent. Pure: the pass reads, this decides, the
// pass acts.

import { ASKS_BEFORE_LOST, delayBeforeNextAsk } from '../core/retry.ts'
import { isWish, type Asked, type NewRequest, type OutstandingRequest } from '../ledger/requests.ts'
import type { RetryableItems, WantedStart } from './judge.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const HALF_HOUR = 30 * MINUTE

export interface PlanFacts {
  readonly now: Date
  readonly wanted: readonly WantedStart[]
  readonly retryable: readonly RetryableItems[]
  readonly outstanding: readonly OutstandingRequest[]
  /** What requests that have ended asked for, by slot, and by job as far as it was in vain. */
  readonly asked: readonly Asked[]
}

export interface Plan {
  readonly drop: readonly { readonly request: OutstandingRequest; readonly note: string }[]
  readonly write: readonly NewRequest[]
  /** Why something wanted is asked for later. */
  readonly later: readonly { readonly job: string; readonly why: string }[]
}

/** Which requests end, and which are new. */
export function planRequests(facts: PlanFacts): Plan {
  const drop = facts.outstanding.flatMap((request) => {
    const note = whyDropped(request, facts)
    return note === undefined ? [] : [{ request, note }]
  })
  const stays = facts.outstanding.filter((one) => !drop.some(({ request }) => request === one))
  const busy = new Set(stays.filter((one) => !isHeld(one, facts.now)).map(({ job }) => job))
  const asked = [...facts.asked, ...drop.flatMap(asAsked)]
  const write: NewRequest[] = []
  for (const wish of [...facts.wanted.map((start) => toRequest(start, facts.now, asked)), ...retries(facts)]) {
    if (busy.has(wish.job)) continue
    busy.add(wish.job)
    write.push(wish)
  }
  return { drop, write, later: write.flatMap((wish) => sayLater(wish, facts.now)) }
}

/** From when on a request that is sent now may be sent again, should no run come. */
export function afterSending(
  request: OutstandingRequest,
  { now, deadlineAt }: { now: Date; deadlineAt: Date | undefined },
): Date {
  return new Date(now.getTime() + pauseAfter(asksOf(request) + 1, { from: now, deadlineAt }))
}

/** From when on a request may be sent again that was refused now: soon three times, then ever more rarely; half-hourly at the
 *  rarest what is refused in passing, because whatever it was is over for all jobs at once. */
export function afterRefusal(
  request: OutstandingRequest,
  refusal: { now: Date; deadlineAt: Date | undefined; passes: boolean; retryAfterSeconds: number },
): Date {
  const { now, deadlineAt, passes, retryAfterSeconds } = refusal
  const asks = asksOf(request) + 1
  const grown = pauseAfter(asks, { from: now, deadlineAt })
  const pauseMs = asks <= ASKS_BEFORE_LOST ? MINUTE * 2 ** request.tries : Math.min(grown, passes ? HALF_HOUR : grown)
  return new Date(now.getTime() + Math.max(pauseMs, retryAfterSeconds * 1000))
}

/** From when on a request may be sent again whose run came to nothing: at once three times. */
export function afterLoss(request: OutstandingRequest, now: Date): Date {
  return asksOf(request) < ASKS_BEFORE_LOST || request.nextTryAt < now ? now : request.nextTryAt
}

/** How often what a request asks for was asked for, by it and by earlier ones. */
export const asksOf = ({ askedBefore, tries }: OutstandingRequest): number => askedBefore + tries

/** Ever longer, but as long as half an hour or more is left never so long that half of it passes unasked. */
function pauseAfter(asks: number, { from, deadlineAt }: { from: Date; deadlineAt: Date | undefined }): number {
  const grown = delayBeforeNextAsk(asks)
  const half = deadlineAt === undefined ? Infinity : (deadlineAt.getTime() - from.getTime()) / 2
  return Math.min(grown, Math.max(HALF_HOUR, half))
}

function whyDropped(request: OutstandingRequest, { now, wanted }: PlanFacts): string | undefined {
  const { state, nextTryAt, slotDueAt, tries, acceptedAt, note } = request
  if (state === 'sent' && nextTryAt > now) return undefined // its run may still come
  const why = note === undefined ? '' : `: ${note}`
  if (slotDueAt !== undefined && !isWanted(request, wanted)) {
    // Nobody would hear of it otherwise: every slot would end before its request had been refused three times.
    if (state === 'open' && asksOf(request) >= ASKS_BEFORE_LOST)
      return `lost: ${note ?? 'refused until its slot was over, or a gate closed'}`
    return 'no longer wanted: its slot is not waiting, or a gate is closed'
  }
  if (nextTryAt > now || tries < ASKS_BEFORE_LOST) return undefined
  // A run came for it once, and was lost: it is asked for again for a day.
  if (acceptedAt !== undefined)
    return now.getTime() - request.at.getTime() < DAY ? undefined : `lost: asked for ${tries} times within a day${why}`
  return `lost: sent ${tries} times, and no run came${why}`
}

/** What is dropped now was asked for too: its slot, and its job if it was in vain. */
function asAsked({ request, note }: Plan['drop'][number]): Asked[] {
  const { job, slotDueAt, nextTryAt: againAt } = request
  const of = { job, asks: asksOf(request), againAt }
  const ofSlot = slotDueAt === undefined ? [] : [{ ...of, slotDueAt }]
  return note.startsWith('lost:') ? [...ofSlot, { ...of, slotDueAt: undefined }] : ofSlot
}

/** A wish that waits for something: no slot waits for it. */
function isHeld({ kind, state, nextTryAt }: OutstandingRequest, now: Date): boolean {
  return isWish(kind) && state === 'open' && nextTryAt > now
}

function isWanted(request: OutstandingRequest, wanted: readonly WantedStart[]): boolean {
  return wanted.some(({ job, dueAt }) => job === request.job && dueAt.getTime() === request.slotDueAt?.getTime())
}

function toRequest(start: WantedStart, now: Date, asked: readonly Asked[]): NewRequest {
  const { job, dueAt, kind, reason } = start
  const before = asked.filter((one) => one.job === job)
  const counted = before.filter(({ slotDueAt }) => slotDueAt === undefined || slotDueAt.getTime() === dueAt.getTime())
  const nextTryAt = new Date(Math.max(now.getTime(), ...counted.map((one) => againAt(one, start))))
  const askedBefore = Math.max(0, ...counted.map(({ asks }) => asks))
  return { job, kind, slotDueAt: dueAt, reason, parameters: {}, at: now, nextTryAt, askedBefore }
}

/** Asked for three times it waits; but half of its slot's time is never waited through. */
function againAt(asked: Asked, { startAt, deadlineAt }: WantedStart): number {
  if (asked.asks < ASKS_BEFORE_LOST) return -Infinity
  const halfway = (startAt.getTime() + deadlineAt.getTime()) / 2
  return asked.slotDueAt === undefined ? Math.min(asked.againAt.getTime(), halfway) : asked.againAt.getTime()
}

function retries({ retryable, now }: PlanFacts): NewRequest[] {
  return retryable.map(({ job, runId, items }) => {
    const reason = `${items} failed items of run ${runId} may succeed now`
    return { job, kind: 'retry', reason, parameters: { retry: runId }, at: now }
  })
}

function sayLater({ job, nextTryAt, askedBefore }: NewRequest, now: Date): { job: string; why: string }[] {
  if (nextTryAt === undefined || nextTryAt <= now) return []
  return [{ job, why: `asked for ${askedBefore} times so far, and again from ${nextTryAt.toISOString()} on` }]
}
