// Decides whether a delivery is sent, waits or is dropped; tell.ts acts.

import type { JobFailure } from '../core/errors.ts'
import type { DueDelivery } from '../ledger/deliveries-due.ts'

import { weigh } from './health.ts'
import type { Kind } from './message.ts'

/** What to do about the deliveries of one incident on one channel: the newest speaks for all of them. */
export interface Decision {
  readonly newest: DueDelivery
  /** Older ones, dropped whatever becomes of the newest. */
  readonly covered: readonly DueDelivery[]
  readonly act: Act
}

type Act =
  | { readonly do: 'send'; readonly kind: Kind }
  | { readonly do: 'wait'; readonly until: Date }
  | { readonly do: 'drop'; readonly why: string }

/** One message per channel, incident and hour; what became worse waits for no hour. */
const BETWEEN_MESSAGES_MS = 3_600_000
/** After as many tries in vain it is no passing trouble any more. */
const QUICK_TRIES = 10
const DAY_MS = 24 * 60 * 60_000
/** Whoever was told of trouble is told that it is over, if the channel takes it within this time. */
const RECOVERY_DAYS = 7
// After the first try, the second ...; the last holds for all that follow.
const BACKOFF_MINUTES = [1, 2, 5, 15, 30, 60]
/** A channel that asks for a longer pause is not believed. */
const LONGEST_PAUSE_SECONDS = 24 * 3600

export const COVERED = 'covered by a later message'
export const GONE = 'the channel is not set up any more'
export const KNOWN = 'nothing new since the last message'

/** Decides on everything that waits, one decision per incident and channel; none where another pass is sending. */
export function decideDeliveries(
  due: readonly DueDelivery[],
  facts: { readonly now: Date; readonly channels: readonly string[] },
): Decision[] {
  const groups = new Map<string, DueDelivery[]>()
  for (const delivery of due) {
    const group = `${delivery.incident.id} ${delivery.channel}`
    groups.set(group, [...(groups.get(group) ?? []), delivery])
  }
  return [...groups.values()].flatMap((group) => {
    const [newest, ...covered] = group.toSorted((a, b) => Number(b.flipId) - Number(a.flipId))
    if (newest === undefined || group.some((delivery) => isBeingSent(delivery, facts.now))) return []
    return { newest, covered, act: decide(newest, covered, facts) }
  })
}

/** Claimed, and neither sent nor refused: by a pass that runs, or by one that died. Both are over at the next try's time. */
function isBeingSent(delivery: DueDelivery, now: Date): boolean {
  return delivery.tries > 0 && delivery.error === undefined && delivery.nextTryAt > now
}

function decide(
  newest: DueDelivery,
  covered: readonly DueDelivery[],
  { now, channels }: { readonly now: Date; readonly channels: readonly string[] },
): Act {
  if (!channels.includes(newest.channel)) return { do: 'drop', why: GONE }
  if (newest.newHealth === newest.told?.health && !isReminder(newest)) return { do: 'drop', why: KNOWN }
  const kind = kindOf(newest)
  if (kind === 'passed' && gravest([newest, ...covered]) <= weigh('info')) {
    return { do: 'drop', why: 'over before it was told, and of no weight' }
  }
  if (newest.newHealth === 'well' && [newest, ...covered].some(({ refused }) => refused)) {
    if (kind === 'passed') return { do: 'drop', why: 'over before its channel could be told' }
    if (now.getTime() - newest.flippedAt.getTime() > RECOVERY_DAYS * DAY_MS)
      return { do: 'drop', why: `over for ${RECOVERY_DAYS} days, and its channel has not taken it` }
  }
  const until = earliestAt(newest, covered, kind)
  return until > now ? { do: 'wait', until } : { do: 'send', kind }
}

/** What a flip is to somebody who last heard what `told` says. */
function kindOf({ newHealth, told }: Pick<DueDelivery, 'newHealth' | 'told'>): Kind {
  if (newHealth === 'well') return told === undefined ? 'passed' : 'recovered'
  if (told === undefined) return 'opened'
  if (told.health === 'well') return 'reopened'
  if (newHealth === told.health) return 'reminded'
  return weigh(newHealth) > weigh(told.health) ? 'worse' : 'better'
}

/** That it is still so is news to whoever has heard nothing since. */
function isReminder({ reminder, flippedAt, told }: DueDelivery): boolean {
  return reminder && (told === undefined || told.at < flippedAt)
}

function gravest(deliveries: readonly DueDelivery[]): number {
  return Math.max(...deliveries.flatMap(({ oldHealth, newHealth }) => [weigh(oldHealth), weigh(newHealth)]))
}

/** The newest inherits the pause that an older one was put to: it is the channel that is deaf, not the message. The day of a
 *  refusal it does not wait: it may be what the channel takes. */
function earliestAt(newest: DueDelivery, covered: readonly DueDelivery[], kind: Kind): Date {
  const passing = covered.filter(({ refused }) => !refused)
  const pauses = [newest, ...passing].map(({ nextTryAt }) => nextTryAt.getTime())
  const hour = newest.told === undefined || kind === 'worse' ? 0 : newest.told.at.getTime() + BETWEEN_MESSAGES_MS
  return new Date(Math.max(hour, ...pauses))
}

/** Is it about the channel as it is set today, rather than a trouble that passes? */
export function isRefusal(tries: number, failure: JobFailure): boolean {
  return !failure.retryable || tries >= QUICK_TRIES
}

/** When a delivery is tried again if try number `tries` (from 1), made now, fails. Nothing is final: what a person has to mend
 *  is tried daily. */
export function nextTryAt(tries: number, now: Date, failure?: JobFailure): Date {
  if (tries >= QUICK_TRIES || failure?.retryable === false) return new Date(now.getTime() + DAY_MS)
  const minutes = BACKOFF_MINUTES[tries - 1] ?? 60
  const asked = Math.min(failure?.retryAfterSeconds ?? 0, LONGEST_PAUSE_SECONDS)
  return new Date(now.getTime() + Math.max(minutes * 60_000, asked * 1000))
}
