// A slot's grace is over, it could be served, and nobody has served it.

import { count, firstSentence, sayDuration, sayList, sayMoment } from '../../core/wording.ts'
import type { OverdueFact } from '../health-facts.ts'
import { groupByJob, type Rule } from './rule.ts'

/** One finding a job: its oldest slot, for that one is missed first. */
export const overdue: Rule = ({ overdue: slots, now }) => {
  return [...groupByJob(slots).values()].flatMap((ofJob) => {
    const [oldest, ...others] = ofJob.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
    if (oldest === undefined) return []
    const { job, dueAt, graceOverAt } = oldest
    const late = sayDuration(now.getTime() - dueAt.getTime())
    return {
      subject: job,
      severity: 'warning',
      title: `${job} is ${late} late: due ${sayMoment(dueAt)}, ${whyLate(oldest)}`,
      detail: whatNext(oldest) + alsoLate(others),
      runId: undefined,
      slotDueAt: dueAt,
      knowableAt: graceOverAt,
    }
  })
}

function whyLate({ reason, tries }: OverdueFact): string {
  if (reason !== undefined) return firstSentence(reason)
  return tries > 0 ? `${count(tries, 'try', 'tries')} failed` : 'no wake-up has come'
}

function whatNext({ asked, deadlineAt }: OverdueFact): string {
  const deadline = `Not served by ${sayMoment(deadlineAt)}, it is missed.`
  if (asked === undefined) return `It is asked for by itself. ${deadline}`
  if (asked.sentAt === undefined) return `A ${asked.kind} request is written down and about to be sent. ${deadline}`
  return `A ${asked.kind} request was sent ${sayMoment(asked.sentAt)} (${count(asked.tries, 'try', 'tries')}). ${deadline}`
}

function alsoLate(others: readonly OverdueFact[]): string {
  if (others.length === 0) return ''
  return ` Also late: ${sayList(
    others.map(({ dueAt }) => sayMoment(dueAt)),
    3,
  )}.`
}
