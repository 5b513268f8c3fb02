// Chooses the requests that a pass sends: the nearest deadline first, and some that were never sent before. Pure.

import type { OutstandingRequest } from '../ledger/requests.ts'
import type { WantedStart } from './judge.ts'
import { asksOf } from './plan.ts'

/** A burst of dispatches is no kindness to GitHub nor to the database; what is left is started by the next pass. */
export const MAX_STARTS_PER_PASS = 10
/** So many of them may be repeats while there is anything that was never asked for. */
export const MAX_REPEATS_PER_PASS = MAX_STARTS_PER_PASS / 2

/** The requests to send now, no more than a pass may start: what a person asked for, then by the nearest deadline, and failed
 *  items of slots that are served already last. Of one deadline what was never asked for comes first; of repeats what was
 *  asked for least. */
export function chooseSends(
  outstanding: readonly OutstandingRequest[],
  wanted: readonly WantedStart[],
  now: Date,
): OutstandingRequest[] {
  const deadlines = new Map(wanted.map(({ job, deadlineAt }) => [job, deadlineAt.getTime()]))
  const deadlineOf = ({ kind, job, slotDueAt, at }: OutstandingRequest) => {
    if (slotDueAt !== undefined) return deadlines.get(job) ?? at.getTime()
    return kind === 'retry' ? Number.MAX_SAFE_INTEGER : at.getTime()
  }
  const ready = outstanding.filter(({ nextTryAt }) => nextTryAt <= now)
  const byDeadline = (a: OutstandingRequest, b: OutstandingRequest) => deadlineOf(a) - deadlineOf(b)
  const firsts = ready.filter((one) => asksOf(one) === 0).sort(byDeadline)
  const repeats = ready.filter((one) => asksOf(one) > 0).sort((a, b) => asksOf(a) - asksOf(b) || byDeadline(a, b))
  const chosen: OutstandingRequest[] = []
  let repeatsLeft = firsts.length > 0 ? MAX_REPEATS_PER_PASS : MAX_STARTS_PER_PASS
  while (chosen.length < MAX_STARTS_PER_PASS) {
    const [first] = firsts
    const repeat = repeatsLeft > 0 ? repeats[0] : undefined
    if (repeat !== undefined && (first === undefined || byDeadline(repeat, first) < 0)) {
      chosen.push(repeat)
      repeats.shift()
      repeatsLeft -= 1
    } else if (first !== undefined) {
      chosen.push(first)
      firsts.shift()
    } else break
  }
  return chosen
}
