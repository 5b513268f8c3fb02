// Defines a rule of health.

import type { Condition } from '../../core/incident.ts'
import type { HealthFacts } from '../health-facts.ts'

/** What a rule says of one subject; its cause is the rule's own. */
export type Finding = Omit<Condition, 'cause'>

/** Decides purely what holds now. Several findings of one subject become one: the gravest, then the oldest. */
export type Rule = (facts: HealthFacts) => readonly Finding[]

export function groupByJob<T extends { readonly job: string }>(things: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const thing of things) groups.set(thing.job, [...(groups.get(thing.job) ?? []), thing])
  return groups
}
