// A slot was not served by its deadline, and none after it has been.

import { firstSentence, sayMoment } from '../../core/wording.ts'
import type { Rule } from './rule.ts'

/** Ends when a later slot is served, or gives way to "failed" when a later slot is failed. */
export const missed: Rule = ({ ledger }) =>
  ledger.jobs.flatMap(({ job, lostSlot, nextDueAt }) => {
    if (lostSlot?.state !== 'missed') return []
    const { dueAt, deadlineAt, changedAt, reason, period } = lostSlot
    const next = nextDueAt ? `The next one is due ${sayMoment(nextDueAt)}.` : 'No later one is known.'
    return {
      subject: job,
      severity: 'critical',
      title: `${job} missed its slot of ${sayMoment(dueAt)}: ${firstSentence(reason ?? 'the deadline passed')}`,
      detail: `Nothing makes up for ${period} by itself: start ${job} for it by hand if it is still wanted. ${next}`,
      runId: undefined,
      slotDueAt: dueAt,
      // Whoever drops late slots need not wait for the deadline.
      knowableAt: changedAt < deadlineAt ? changedAt : deadlineAt,
    }
  })
