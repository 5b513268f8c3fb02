// GitHub disables the schedules of a public repository in which nothing has happened for 60 days. It does so to all of them at
// once, so it is told once, of the watch.

import { WATCH } from '../../core/incident.ts'
import { isKeptAwake, quietDays, TOLD_EVERY_MS } from '../../core/quiet.ts'
import { sayDuration, sayList, sayMoment } from '../../core/wording.ts'
import type { HealthFacts } from '../health-facts.ts'
import type { Finding, Rule } from './rule.ts'

/** Told weekly for as long as it lasts: whoever overlooks it once loses everything at once. */
export const disabled: Rule = (facts) => [...isDisabled(facts), ...soonDisabled(facts)]

function isDisabled({ ledger }: HealthFacts): Finding[] {
  const workflows = ledger.disabledWorkflows
  const first = workflows.toSorted((a, b) => a.sinceAt.getTime() - b.sinceAt.getTime())[0]
  if (first === undefined) return []
  const files = sayList(
    workflows.map(({ file }) => file),
    3,
  )
  return [
    {
      subject: WATCH,
      severity: 'critical',
      title: `GitHub has disabled for inactivity: ${files}`,
      detail: `Seen since ${sayMoment(first.sinceAt)}. Enable each in the Actions tab, or run ops-setup, which enables them all, and make a commit: without one they are disabled again.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: first.sinceAt,
      remindEveryMs: TOLD_EVERY_MS,
    },
  ]
}

function soonDisabled({ ledger: { lastCommitAt, keptAwakeAt }, publicRepository, now }: HealthFacts): Finding[] {
  if (publicRepository !== true || lastCommitAt === undefined) return []
  const { toldFrom, disabledFrom } = quietDays(lastCommitAt)
  if (now <= toldFrom) return []
  const isKept = isKeptAwake({ keptAwakeAt, now })
  const kept = isKept && keptAwakeAt ? ` KEEP_AWAKE is set, and the workflows were enabled again at ${sayMoment(keptAwakeAt)}; whether GitHub counts that, it does not say.` : '' // prettier-ignore
  const when = now < disabledFrom ? `from ${sayMoment(disabledFrom)} on` : 'any day now'
  return [
    {
      subject: WATCH,
      // Mere information where it is seen to, as far as anybody can.
      severity: isKept ? 'info' : 'warning',
      title: `GitHub disables all schedules of this repository ${when}, ops-watch too`,
      detail: `The last commit is ${sayDuration(now.getTime() - lastCommitAt.getTime())} old, and after 60 days without activity a public repository's schedules stop. Any commit to the default branch prevents it; or open a workflow in the Actions tab and press the button of its banner.${kept}`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: toldFrom,
      remindEveryMs: TOLD_EVERY_MS,
    },
  ]
}
