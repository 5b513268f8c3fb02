// Weeks of which there is the same to say, as one.

import type { SeasonWeek } from '../../../../src/views/week/week.ts'

/** From the first to the last of them; one week is both. */
export interface Weeks {
  readonly first: SeasonWeek
  readonly last: SeasonWeek
}

/** Joins weeks in a row without a slot yet for which the same is planned; not those that are drawn. */
export function joinWeeks(season: readonly SeasonWeek[], drawn: ReadonlySet<string>): Weeks[] {
  const joined: Weeks[] = []
  for (const week of season) {
    const before = joined.at(-1)
    const alike = before && !drawn.has(week.key) && !drawn.has(before.last.key) && isAlike(before.last, week)
    if (alike) joined.splice(-1, 1, { first: before.first, last: week })
    else joined.push({ first: week, last: week })
  }
  return joined
}

function isAlike(one: SeasonWeek, next: SeasonWeek): boolean {
  const hasSlots = [one, next].some(({ leagues }) => leagues.some((counts) => counts !== undefined))
  const samePlan = one.planned.every((planned, i) => planned === next.planned[i])
  // In a season or out of it, and no week without games between them.
  const sameKind = one.week === undefined ? next.week === undefined : next.week === one.week + 1
  return !hasSlots && samePlan && sameKind
}
