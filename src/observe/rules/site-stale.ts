// The site is past its time although it was asked for. Its pages say how old they are; nobody else would.

import { SITE } from '../../core/incident.ts'
import { SITE_STALE_HOURS } from '../../core/windows.ts'
import { sayDuration, sayMoment } from '../../core/wording.ts'
import type { Rule } from './rule.ts'

const HOUR = 60 * 60_000
/** What a build may take from the ask on: GitHub's queue, minutes of work, a deployment. */
const BUILD_MS = HOUR

/** A site that was never built is nobody's. */
export const siteStale: Rule = ({ ledger: { site }, now }) => {
  const { builtAt, wantedAt } = site
  if (builtAt === undefined || wantedAt === undefined || wantedAt <= builtAt) return []
  const knowableAt = new Date(Math.max(builtAt.getTime() + SITE_STALE_HOURS * HOUR, wantedAt.getTime() + BUILD_MS))
  if (now <= knowableAt) return []
  return [
    {
      subject: SITE,
      severity: 'warning',
      title: `The site has not been built for ${sayDuration(now.getTime() - builtAt.getTime())}, since ${sayMoment(builtAt)}, and was asked for in vain`,
      detail: `It has been asked for since ${sayMoment(wantedAt)}, again every six hours. Look at the newest run of ops-dashboard in the Actions tab: it says what keeps the site back. Without a run, look whether its workflow is enabled and may be dispatched.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt,
    },
  ]
}
