// A pass of ops-watch could not do all of its work: some step of it failed.

import { WATCH } from '../../core/incident.ts'
import { firstSentence } from '../../core/wording.ts'
import type { HealthFacts } from '../health-facts.ts'
import type { Finding } from './rule.ts'

const SHOWN = 5

/** One finding: the first step that failed leads. It looks at nothing else, for nothing else may be known. */
export const watchFailed = ({ failures, now }: Pick<HealthFacts, 'failures' | 'now'>): Finding[] => {
  const [first, ...others] = failures
  if (first === undefined) return []
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  const shown = failures.slice(0, SHOWN).map(({ step, why }) => `${step}: ${why.replace(/\.$/, '')}.`)
  const left = failures.length > SHOWN ? ` And ${failures.length - SHOWN} more.` : ''
  return [
    {
      subject: WATCH,
      // What GitHub does not answer keeps nobody's slot from being judged.
      severity: failures.every(({ ofGithub }) => ofGithub) ? 'warning' : 'critical',
      title: `ops-watch could not do all of its work: ${firstSentence(first.step)}${more} failed: ${firstSentence(first.why)}`,
      detail: `${shown.join(' ')}${left} Everything else was done. The next pass tries it again; if it fails again, read the log of ops-watch.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: now,
    },
  ]
}
