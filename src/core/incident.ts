// Trouble that people are told of: its causes, how grave each is, and what a condition is. Pure.

export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const CAUSES = [
  'overdue', // a slot's grace is over and nobody has served it
  'missed', // a slot's deadline passed
  'failed', // the job's last run failed, or was never heard of again
  'stale', // no success for longer than a period and its grace, in season
  'stuck', // alive and without progress for twice the usual duration, or silent and held by a session of the database
  'breaker_open', // a source keeps failing and is not called
  'next_slot_unknown', // a job with a schedule has no coming slot
  'wake_up_gap', // nobody looked for too long
  'clock_silent', // an outside clock that was there started no pass for an hour in which one was wanted
  'never_seen', // the first slot of a new cron line was not served
  'not_started', // GitHub knows a run that never began: a startup failure, cancelled while pending
  'rescue_lost', // a request was sent as often as it may be, and no run came
  'disabled', // GitHub had disabled the workflow for inactivity, or soon will
  'site_stale', // the site is past its time, and was asked for in vain
  'leagues_off', // the variable LEAGUES switches off what is in force, or says what nobody can have meant
  'watch_failed', // ops-watch could not do all of its work
  'alerts_broken', // a way to people refuses, or cannot be read as it is set
] as const
export type Cause = (typeof CAUSES)[number]

/** The watch itself: what concerns all jobs. */
export const WATCH = 'ops/watch'
/** The site, which has a workflow and is no job. */
export const SITE = 'ops/dashboard'
const SOURCE = 'source:'

export function subjectOfSource(source: string): string {
  return `${SOURCE}${source}`
}

/** Is a subject a job, by its form? It need not be one of this checkout's. */
export function isJob(subject: string): boolean {
  return subject !== WATCH && subject !== SITE && !subject.startsWith(SOURCE)
}

/** Something that is wrong now. Of one subject and cause there is one at a time. */
export interface Condition {
  /** A job's id, `source:<name>`, `ops/watch` or `ops/dashboard`. */
  readonly subject: string
  readonly cause: Cause
  readonly severity: Severity
  /** One sentence that can be read on a phone: who, what, since when. */
  readonly title: string
  /** What is known of the cause, and what happens next by itself or must be done. */
  readonly detail: string
  readonly runId: string | undefined
  readonly slotDueAt: Date | undefined
  /** When it could first be known (schedule time). */
  readonly knowableAt: Date
  /** People are told again that it is still so, this often. */
  readonly remindEveryMs?: number
}
