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
  'overdue',
  'never_seen',
  'stale',
]

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
  const [lead, ...others] = conditions.toSorted(byLead)
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

function byLead(one: Condition, other: Condition): number {
  return gravity(other) - gravity(one) || LEADS.indexOf(one.cause) - LEADS.indexOf(other.cause)
}

/** That nothing was ever served, or not for long, asks not why: beside any cause it is only a fact. */
function gravity({ cause, severity }: Condition): number {
  return cause === 'stale' || cause === 'never_seen' ? -1 : SEVERITIES.indexOf(severity)
}
