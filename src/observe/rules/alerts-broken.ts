// A way to tell people refuses, or cannot be read as it is set: everybody who can be told is told of it.

import { WATCH } from '../../core/incident.ts'
import { firstSentence, sayList } from '../../core/wording.ts'
import type { HealthFacts } from '../health-facts.ts'
import type { Finding } from './rule.ts'

/** One finding for all of them. It looks at nothing else, because telling people comes last. */
export const alertsBroken = ({ mute, now }: Pick<HealthFacts, 'mute' | 'now'>): Finding[] => {
  const [first] = mute
  if (first === undefined) return []
  const said = mute.length === 1 ? `: ${firstSentence(first.why)}` : ''
  return [
    {
      subject: WATCH,
      severity: 'warning',
      title: `People are not told as they asked to be, by ${sayList(
        mute.map(({ name }) => name),
        3,
      )}${said}`,
      detail: `${mute.map(({ why }) => `${why.replace(/\.$/, '')}.`).join(' ')} What a channel refuses is tried again daily, and at once when its settings change or it accepts something else.`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: now,
    },
  ]
}
