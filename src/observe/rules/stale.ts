// A job in season has had no success for longer than its period and its grace. This does not ask why: it also finds the job
// whose every run is gated or not ready, whose slots are waived or covered one after the other, or whose slots nobody writes
// down. So it may stand beside an overdue or missed slot of the same job, which is another cause and ends at another time.

import { sayDuration, sayMoment } from '../../core/wording.ts'
import type { Rule } from './rule.ts'

const MINUTE = 60_000

/** Measured from the last success, but from no earlier than the job's line or its season began. */
export const stale: Rule = ({ ledger, jobs, now }) =>
  jobs.flatMap(({ job, inSeason, seasonOpensAt, periodMs, graceMinutes }) => {
    const health = ledger.jobs.find((one) => one.job === job)
    if (health?.scheduledFrom === undefined || !inSeason || periodMs === undefined) return []
    const { scheduledFrom, lastSuccessAt } = health
    const since = Math.max(scheduledFrom.getTime(), seasonOpensAt?.getTime() ?? 0, lastSuccessAt?.getTime() ?? 0)
    const knowableAt = since + periodMs + graceMinutes * MINUTE
    if (now.getTime() <= knowableAt) return []
    const last = lastSuccessAt ? `Its last success was ${sayMoment(lastSuccessAt)}.` : 'It has never succeeded yet.'
    return {
      subject: job,
      severity: 'critical',
      title: `${job} has had no success for ${sayDuration(now.getTime() - since)}; it is due every ${sayDuration(periodMs)}`,
      detail: `${last} What it leaves behind is out of date until it succeeds: read what its last runs say.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: new Date(knowableAt),
    }
  })
