// Keeps how far pages and rules look back and ahead: their SQL, and the sentences that say how far, read it here. Pure.

import { GOOD_RUN_DAYS } from './run.ts'

/** Over so many days the schedule is held to its word. */
export const WORD_DAYS = 30
/** What GitHub's cron did before is not known: it is forgotten with the runs. */
export const CRON_DAYS = GOOD_RUN_DAYS
/** Days of slots that are shown one by one, today included. */
export const SLOT_DAYS = 90
/** Days of a job's history. */
export const HISTORY_DAYS = 90
/** Over so many days freshness is judged. */
export const FRESH_DAYS = 28
/** Weeks that Failures looks back; a week is seven days that end now, so that none of them is shorter. */
export const FAILURE_WEEKS = 13
/** What is due is shown for so many days, today included. */
export const COMING_DAYS = 14
/** Days ahead in the calendar's file. */
export const CALENDAR_DAYS = 28
/** What a month is taken to be. */
export const MONTH_DAYS = 30
/** So long an outside clock is remembered. */
export const CLOCK_DAYS = 14
/** A stretch in which nobody looked is kept when it was longer than this: the promise is five minutes. */
export const GAP_MINUTES = 5
/** After so long without a look nobody knows how things are: pages say so, and people are told when somebody looks again. */
export const SILENCE_MINUTES = 90
/** The site is built nightly, and GitHub's cron may be late. Older than this it is asked for, and says of itself that it is old. */
export const SITE_OLD_HOURS = 26
/** Older than this it was asked for in vain, and people are told. */
export const SITE_STALE_HOURS = 30
