// A cron line is in force, its first slot's grace is over, and none of its slots was ever served: a schedule that was merged
// and does not work. Lines of jobs that wait for a first success of another are not among them.

import { sayMoment } from '../../core/wording.ts'
import type { Rule } from './rule.ts'

export const neverSeen: Rule = ({ ledger, now }) =>
  ledger.unservedLines.flatMap(({ job, cron, zone, firstSlot }) => {
    // Somebody is at it: then it is seen, whatever comes of it.
    if (firstSlot.graceUntil >= now || firstSlot.state === 'running') return []
    return {
      subject: job,
      severity: 'critical',
      title: `${job} was never served on its line "${cron}" (${zone}): first due ${sayMoment(firstSlot.dueAt)}`,
      detail: `Look whether its workflow is on the default branch and enabled, whether its league is switched on (the variable LEAGUES), and what ops-setup says of secrets and rights.`,
      runId: undefined,
      slotDueAt: firstSlot.dueAt,
      knowableAt: firstSlot.graceUntil,
    }
  })
