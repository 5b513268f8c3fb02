// Of one job there is one trouble at a time, however many causes show it: one leads, and the others are its facts. Pure.

import { isJob, SEVERITIES, type Cause, type Condition } from './incident.ts'

/** From what explains the others to what only follows from them: of equally grave causes of a job the first one leads. */
const LEADS: readonly Cause[] = [
  'next_slot_unknown',
  'not_started',
  'rescue_lost',
  'stuck',
  'failed',
  'missed',
  'never_seen',
  'overdue',
  'stale',
]

/** These say that nothing was served, and not why: "stale" is a fact beside any cause, "never seen" beside one that explains. */
const ASK_NOT_WHY: readonly Cause[] = ['overdue', 'never_seen', 'stale']

/** One condition a job, in the order in which the jobs came; those of sources, of the watch and of the site stay apart, for
 *  they are no one's symptoms. */
export function foldConditions(conditions: readonly Condition[]): Condition[] {
  const groups = new Map<string, Condition[]>()
  for (const condition of conditions) {
    const { subject, cause } = condition
    const key = isJob(subject) ? subject : `${subject} ${cause}`
    groups.set(key, [...(groups.get(key) ?? []), condition])
  }
  return [...groups.values()].flatMap(foldOne)
}

function foldOne(conditions: readonly Condition[]): Condition[] {
  const isExplained = conditions.some(({ cause }) => !ASK_NOT_WHY.includes(cause))
  const [lead, ...others] = conditions.toSorted((one, other) => byLead(one, other, isExplained))
  if (lead === undefined || others.length === 0) return [...conditions]
  const all = [lead, ...others]
  return [
    {
      ...lead,
      detail: `${lead.detail} Also: ${others.map(({ title }) => title).join('; ')}.`,
      runId: all.find(({ runId }) => runId !== undefined)?.runId,
      slotDueAt: all.find(({ slotDueAt }) => slotDueAt !== undefined)?.slotDueAt,
      knowableAt: new Date(Math.min(...all.map(({ knowableAt }) => knowableAt.getTime()))),
    },
  ]
}

function byLead(one: Condition, other: Condition, isExplained: boolean): number {
  const gravity = ({ cause, severity }: Condition) =>
    cause === 'stale' || (cause === 'never_seen' && isExplained) ? -1 : SEVERITIES.indexOf(severity)
  return gravity(other) - gravity(one) || LEADS.indexOf(one.cause) - LEADS.indexOf(other.cause)
}
