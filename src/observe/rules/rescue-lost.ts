// A job was asked for as often as it may be, and no run came.

import { count, firstSentence, sayMoment } from '../../core/wording.ts'
import type { Rule } from './rule.ts'

const LOST = 'lost:'

export const rescueLost: Rule = ({ ledger }) =>
  ledger.jobs.flatMap(({ job, lostRequest, lastSeenAt }) => {
    if (lostRequest === undefined) return []
    const { kind, tries, createdAt, endedAt, note } = lostRequest
    if (lastSeenAt !== undefined && lastSeenAt > createdAt) return []
    const why = note.startsWith(LOST) ? note.slice(LOST.length) : note
    return {
      subject: job,
      severity: 'critical',
      title: `${job} was asked for in vain: ${firstSentence(why) || `${count(tries, 'try', 'tries')} without an answer`}`,
      detail: `The ${kind} request of ${sayMoment(createdAt)} was given up after ${count(tries, 'try', 'tries')}. Start ${job} by hand, and look whether its workflow is enabled and may be dispatched.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: endedAt,
    }
  })
