// A pass was wanted, and the outside clock that is there to start one did not.

import { WATCH } from '../../core/incident.ts'
import { CLOCK_DAYS } from '../../core/windows.ts'
import { sayDuration, sayMoment } from '../../core/wording.ts'
import { isClock } from '../../ledger/outside-clock.ts'
import type { Finding, Rule } from './rule.ts'

/** About the first pass of the last 24 hours that somebody else made late, after the last one that the clock started: that one shows
 *  that it works again. Who says by OUTSIDE_CLOCK that there is a clock is believed. */
export const clockSilent: Rule = ({ ledger: { outsideClock }, now, clockDeclared }) => {
  const { lastAt, latePasses } = outsideClock
  if (!clockDeclared && !isClock(outsideClock)) return []
  const since = Math.max(lastAt?.getTime() ?? -Infinity, now.getTime() - 24 * 60 * 60_000)
  const late = latePasses
    .filter(({ beganAt }) => beganAt.getTime() > since)
    .toSorted((a, b) => a.beganAt.getTime() - b.beganAt.getTime())
  return late.slice(0, 1).map((first) => tell(first, { lastAt, others: late.length - 1, clockDeclared }))
}

interface Known {
  readonly lastAt: Date | undefined
  readonly others: number
  readonly clockDeclared: boolean
}

function tell(
  { beganAt, wantedAt }: { beganAt: Date; wantedAt: Date },
  { lastAt, others, clockDeclared }: Known,
): Finding {
  const last = lastAt ? `It last started one at ${sayMoment(lastAt)}.` : `In ${CLOCK_DAYS} days it has started none.`
  const more = others > 0 ? ` Since then ${others} more came too late.` : ''
  const orNone = clockDeclared ? ' If there is no clock any more, delete the variable OUTSIDE_CLOCK.' : ''
  return {
    subject: WATCH,
    severity: 'warning',
    title: `The outside clock started no pass for ${sayDuration(beganAt.getTime() - wantedAt.getTime())} in which one was wanted, until ${sayMoment(beganAt)}`,
    detail: `${last}${more} Most likely its token has expired or lacks "Actions: write" on this repository, or the clock has stopped. Make a new fine-grained token, put it where the clock keeps it, and read what the clock itself has kept: cron.job_run_details and net._http_response in the database, the mail of a crontab, the log of a Worker. This ends with the next pass that the clock starts, or when no pass has been late for a day.${orNone}`,
    runId: undefined,
    slotDueAt: undefined,
    knowableAt: beganAt,
  }
}
