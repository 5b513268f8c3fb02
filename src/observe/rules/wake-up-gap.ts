// Nobody looked at the account for too long.

import { WATCH } from '../../core/incident.ts'
import { SILENCE_MINUTES } from '../../core/windows.ts'
import { sayDuration, sayMoment } from '../../core/wording.ts'
import { isClock } from '../../ledger/outside-clock.ts'
import type { Rule } from './rule.ts'

/** Of the gaps that ended in the last 24 hours it names the longest; it is knowable from the end of the newest. */
export const wakeUpGap: Rule = ({ ledger, now, clockDeclared, wakeUpGapLimitMs = SILENCE_MINUTES * 60_000 }) => {
  const long = ledger.wakeUpGaps
    .map(({ beganAt, endedAt }) => ({ endedAt, ms: endedAt.getTime() - beganAt.getTime() }))
    .filter(({ endedAt, ms }) => ms > wakeUpGapLimitMs && endedAt.getTime() > now.getTime() - 24 * 60 * 60_000)
  const longest = long.toSorted((a, b) => b.ms - a.ms)[0]
  const newest = long.toSorted((a, b) => b.endedAt.getTime() - a.endedAt.getTime())[0]
  if (longest === undefined || newest === undefined) return []
  const others = long.length > 1 ? ` It was one of ${long.length} such gaps in 24 hours.` : ''
  const advice =
    clockDeclared || isClock(ledger.outsideClock)
      ? 'There is an outside clock, and it did not start a pass either: if it stays silent, that is told by itself.'
      : 'An outside clock that dispatches ops-watch closes such gaps: README, "An outside clock".'
  return [
    {
      subject: WATCH,
      severity: 'warning',
      title: `Nobody looked for ${sayDuration(longest.ms)}, until ${sayMoment(longest.endedAt)}`,
      detail: `GitHub's cron is a hint, and meanwhile nothing could be rescued or told.${others} ${advice}`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: newest.endedAt,
    },
  ]
}
