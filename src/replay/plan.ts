// A replay's plan, purely: its window, the ticks that fall into it, and what a finished job wakes next.

import type { JobId } from '../core/job.ts'
import type { Window } from '../core/league-replay.ts'
import type { Catalog } from '../schedule/catalog.ts'
import { dueBetween } from '../schedule/cron.ts'

/** How long GitHub takes to start a workflow after the one it is chained to. */
const CHAIN_DELAY_MS = 60_000

/** One start of a job at a virtual instant. */
export interface WakeUpEvent {
  readonly at: Date
  readonly job: JobId
  readonly trigger: 'schedule' | 'chain'
}

/** Every tick that the cron lines of a catalog give in a window, in time order. */
export function ticksIn(catalog: Catalog, window: Window): WakeUpEvent[] {
  const justBefore = new Date(window.from.getTime() - 1)
  const events = catalog.jobs.flatMap((job) =>
    job.schedules.flatMap((line) =>
      dueBetween(line, justBefore, window.to).map((at) => ({ at, job: job.id, trigger: 'schedule' as const })),
    ),
  )
  return events.filter((event) => event.at < window.to).sort(inOrder)
}

/** What GitHub starts when a job's workflow completes, however it ended. */
export function wokenBy(catalog: Catalog, ended: WakeUpEvent): WakeUpEvent[] {
  const at = new Date(ended.at.getTime() + CHAIN_DELAY_MS)
  const children = catalog.jobs.filter((job) => job.parents.includes(ended.job))
  return children.map((job) => ({ at, job: job.id, trigger: 'chain' as const }))
}

/** By time, then by name, so that the same window always runs in the same order. */
export function inOrder(a: WakeUpEvent, b: WakeUpEvent): number {
  return a.at.getTime() - b.at.getTime() || a.job.localeCompare(b.job)
}
