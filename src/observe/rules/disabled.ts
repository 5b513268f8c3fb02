// GitHub disables the schedules of a public repository in which nothing has happened for 60 days. It does so to all of them at
// once, so it is told once, of the watch.

import { WATCH } from '../../core/incident.ts'
import { sayDuration } from '../../core/words.ts'
import type { HealthFacts } from '../facts.ts'
import { sayList, sayMoment } from '../words.ts'
import type { Finding, Rule } from './rule.ts'

const DAY = 24 * 60 * 60_000
const DISABLES_AFTER_MS = 60 * DAY
const WARN_AFTER_MS = 45 * DAY

export const disabled: Rule = (facts) => [...isDisabled(facts), ...soonDisabled(facts)]

function isDisabled({ ledger }: HealthFacts): Finding[] {
  const workflows = ledger.disabledWorkflows
  const first = workflows.toSorted((a, b) => a.sinceAt.getTime() - b.sinceAt.getTime())[0]
  if (first === undefined) return []
  const files = sayList(workflows.map(({ file }) => file))
  return [
    {
      subject: WATCH,
      severity: 'critical',
      title: `GitHub has disabled for inactivity: ${files}`,
      detail: `Seen since ${sayMoment(first.sinceAt)}. Enable each in the Actions tab and make a commit: without one they are disabled again.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: first.sinceAt,
    },
  ]
}

function soonDisabled({ ledger: { lastCommitAt }, publicRepository, now }: HealthFacts): Finding[] {
  if (publicRepository !== true || lastCommitAt === undefined) return []
  const age = now.getTime() - lastCommitAt.getTime()
  if (age <= WARN_AFTER_MS) return []
  const ends = new Date(lastCommitAt.getTime() + DISABLES_AFTER_MS)
  return [
    {
      subject: WATCH,
      severity: 'warning',
      title: `GitHub disables the schedules of this repository from ${sayMoment(ends)} on`,
      detail: `The last commit is ${sayDuration(age)} old, and after 60 days without activity a public repository's schedules stop. Any commit to the default branch will do.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: new Date(lastCommitAt.getTime() + WARN_AFTER_MS),
    },
  ]
}
