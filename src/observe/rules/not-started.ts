// GitHub knows runs that failed before they wrote themselves down, and no run of the job came after them.

import { sayMoment } from '../../core/wording.ts'
import { groupByJob, type Rule } from './rule.ts'

const ADVICE: Readonly<Record<string, string>> = {
  startup_failure: 'GitHub could not read or start the workflow: look at its file, its rights and what it calls.',
  failure: 'A step before the job itself failed: the checkout, Node or npm ci.',
  timed_out: 'It ran out of time before the job itself began.',
}

/** Names the newest such run of each job; they are knowable from the first of them. */
export const notStarted: Rule = ({ ledger }) => {
  return [...groupByJob(ledger.ghosts)].flatMap(([job, ghosts]) => {
    const inOrder = ghosts.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    const [first, newest] = [inOrder[0], inOrder.at(-1)]
    if (first === undefined || newest === undefined) return []
    const often = ghosts.length > 1 ? ` ${ghosts.length} times in a row` : ''
    const advice = ADVICE[newest.conclusion] ?? 'The run never came as far as the ledger.'
    return {
      subject: job,
      severity: 'critical',
      title: `${job} did not start${often}: GitHub says ${newest.conclusion} of its run of ${sayMoment(newest.createdAt)}`,
      detail: `${advice} ${newest.url}`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: first.createdAt,
    }
  })
}
