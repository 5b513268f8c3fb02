// A source keeps failing and is not called, or only by the one run that tries.

import { subjectOfSource } from '../../core/incident.ts'
import { firstSentence, sayList, sayMoment } from '../../core/wording.ts'
import type { Rule } from './rule.ts'

export const breakerOpen: Rule = ({ ledger, jobs, now }) =>
  ledger.breakers.map(({ source, failures, openedAt, tryAt, reason }) => {
    const since = openedAt ? ` since ${sayMoment(openedAt)}` : ''
    const waiting = jobs.filter(({ sources }) => sources.includes(source)).map(({ job }) => job)
    const waits = waiting.length === 0 ? 'No job waits for it.' : `Waiting for it: ${sayList(waiting, 5)}.`
    const again = tryAt && tryAt > now ? `It is tried again from ${sayMoment(tryAt)} on.` : 'The next run tries it.'
    return {
      subject: subjectOfSource(source),
      severity: 'warning',
      title: `${source} is not called${since}: ${firstSentence(reason ?? `${failures} runs failed in a row`)}`,
      detail: `${waits} ${again}`,
      runId: undefined,
      slotDueAt: undefined,
      knowableAt: openedAt ?? now,
    }
  })
