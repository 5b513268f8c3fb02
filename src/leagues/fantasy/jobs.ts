// Fantasy's job: what it leaves behind, what it needs, how late it may be. What it does is in jobs/, and is loaded when it is done.

import { defineJob, later, type AnyJob } from '../../core/job.ts'
import { inProcess } from '../../core/retry.ts'
import { nflWeekAt, toWeek, type Week } from '../nfl/calendar.ts'
import { namedBy, namedPeriod } from '../nfl/week-params.ts'
import { importParams } from './params.ts'

const DAY = 86_400_000

export const fantasyImport = defineJob({
  id: 'fantasy/import',
  league: 'fantasy',
  title: 'player weeks with stat corrections, and projections beside them',
  needs: {}, // without a schedule it says so itself: leagues are switched on one by one
  reads: ['nfl/silver'],
  sources: ['nflverse'],
  onMissed: 'latest',
  graceMinutes: 60,
  deadlineMinutes: 48 * 60, // until the other slot of the week, as good as
  retry: inProcess,
  seasonal: true,
  params: importParams,
  period: weekJustPlayed,
  namedPeriod,
  namedBy,
  run: later(() => import('./jobs/import.ts'), toWeek),
})

/** On Tuesday and Thursday the week just played; before the first games of a season, the opening week. */
function weekJustPlayed(dueAt: Date): Week {
  const coming = nflWeekAt(new Date(dueAt.getTime() + 2 * DAY))
  return coming.week === 1 ? coming : nflWeekAt(new Date(dueAt.getTime() - 3 * DAY))
}

/** In the order in which they need each other. */
export const fantasyJobs: readonly AnyJob[] = [fantasyImport]
