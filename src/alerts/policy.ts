// When a delivery is sent, when it waits and when it is dropped. Decides only; tell.ts acts.

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
  | { readonly do: 'give up'; readonly why: string }

/** One message per channel, incident and hour; what became worse waits for no hour. */
const BETWEEN_MESSAGES_MS = 3_600_000
const MOST_TRIES = 10
// After the first try, the second ...; the last holds for all that follow.
const BACKOFF_MINUTES = [1, 2, 5, 15, 30, 60]
/** A channel that asks for a longer pause is not believed. */
const LONGEST_PAUSE_SECONDS = 24 * 3600

export const COVERED = 'covered by a later message'

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
  if (!channels.includes(newest.channel)) return { do: 'drop', why: 'the channel is not set up any more' }
  if (newest.newHealth === newest.told?.health) return { do: 'drop', why: 'nothing new since the last message' }
  const kind = kindOf(newest)
  if (kind === 'passed' && gravest([newest, ...covered]) <= weigh('info')) {
    return { do: 'drop', why: 'over before it was told, and of no weight' }
  }
  // Whoever dies of every try never comes to record one.
  if (newest.tries >= MOST_TRIES) return { do: 'give up', why: `no answer was recorded in ${MOST_TRIES} tries` }
  const until = earliestAt(newest, covered, kind)
  return until > now ? { do: 'wait', until } : { do: 'send', kind }
}

/** What a flip is to somebody who last heard what `told` says. */
function kindOf({ newHealth, told }: Pick<DueDelivery, 'newHealth' | 'told'>): Kind {
  if (newHealth === 'well') return told === undefined ? 'passed' : 'recovered'
  if (told === undefined) return 'opened'
  if (told.health === 'well') return 'reopened'
  return weigh(newHealth) > weigh(told.health) ? 'worse' : 'better'
}

function gravest(deliveries: readonly DueDelivery[]): number {
  return Math.max(...deliveries.flatMap(({ oldHealth, newHealth }) => [weigh(oldHealth), weigh(newHealth)]))
}

/** The newest inherits the pause that an older one was put to: it is the channel that is deaf, not the message. */
function earliestAt(newest: DueDelivery, covered: readonly DueDelivery[], kind: Kind): Date {
  const pauses = [newest, ...covered].map(({ nextTryAt }) => nextTryAt.getTime())
  const hour = newest.told === undefined || kind === 'worse' ? 0 : newest.told.at.getTime() + BETWEEN_MESSAGES_MS
  return new Date(Math.max(hour, ...pauses))
}

/** When a delivery is tried again if try number `tries` (from 1), made now, fails; undefined when that was the last. */
export function nextTryAt(tries: number, now: Date, failure?: JobFailure): Date | undefined {
  if (tries >= MOST_TRIES || failure?.retryable === false) return undefined
  const minutes = BACKOFF_MINUTES[tries - 1] ?? 60
  const asked = Math.min(failure?.retryAfterSeconds ?? 0, LONGEST_PAUSE_SECONDS)
  return new Date(now.getTime() + Math.max(minutes * 60_000, asked * 1000))
}
