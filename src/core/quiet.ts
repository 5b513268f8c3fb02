// A quiet repository: GitHub disables the schedules of a public one in which nothing has happened for sixty days. Pure.

const DAY_MS = 24 * 60 * 60_000
const WARN_AFTER_MS = 45 * DAY_MS
const WEEK_MS = 7 * DAY_MS

/** What GitHub calls a workflow that it has disabled for that. */
export const DISABLED_AFTER = 'disabled_inactivity'

/** How often people are told of it, and active workflows kept awake. */
export const TOLD_EVERY_MS = WEEK_MS

export interface Quiet {
  /** Undefined: nobody knows. */
  readonly publicRepository: boolean | undefined
  readonly lastCommitAt: Date
  readonly keptAwakeAt: Date | undefined
  readonly now: Date
}

/** Since when people are told, and when GitHub disables the schedules. */
export function quietDays(lastCommitAt: Date): { readonly toldFrom: Date; readonly disabledFrom: Date } {
  const at = lastCommitAt.getTime()
  return { toldFrom: new Date(at + WARN_AFTER_MS), disabledFrom: new Date(at + 60 * DAY_MS) }
}

/** Is it time to keep the workflows awake: from day 45 without a commit on, weekly? */
export function isQuiet({ publicRepository, lastCommitAt, keptAwakeAt, now }: Quiet): boolean {
  if (publicRepository !== true || now <= quietDays(lastCommitAt).toldFrom) return false
  return keptAwakeAt === undefined || keptAwakeAt <= lastCommitAt || now.getTime() - keptAwakeAt.getTime() >= WEEK_MS
}

/** Were they kept awake within the last week, and a day more for a pass that comes late? */
export function isKeptAwake({ keptAwakeAt, now }: { keptAwakeAt: Date | undefined; now: Date }): boolean {
  return keptAwakeAt !== undefined && now.getTime() - keptAwakeAt.getTime() < WEEK_MS + DAY_MS
}
