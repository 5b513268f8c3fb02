// The jobs of the NFL's week: what each leaves behind, what it needs, how late it may be. What they do is in jobs/, and is loaded
// when it is done.

import { defineJob, later, type AnyJob } from '../../core/job.ts'
import { inProcess } from '../../core/retry.ts'
import { nflWeekAt, toWeek } from './calendar.ts'
import { marketParams, namedBy, namedPeriod, weekParams } from './params.ts'

const THREE_DAYS = 3 * 86_400_000

/** What the stages have in common. */
const stage = { league: 'nfl', onMissed: 'latest', retry: inProcess, period: nflWeekAt, namedPeriod, namedBy } as const

export const nflBronze = defineJob({
  ...stage,
  id: 'nfl/bronze',
  title: 'NFL games as received, with revisions',
  needs: {},
  sources: ['nflverse'],
  graceMinutes: 45,
  deadlineMinutes: 6 * 60, // silver's own slot is six hours later
  seasonal: false, // it is what finds the next season's schedule
  params: weekParams,
  run: later(() => import('./jobs/bronze.ts'), toWeek),
})

export const nflSilver = defineJob({
  ...stage,
  id: 'nfl/silver',
  title: 'one clean row per NFL game: teams, odds, rest, weather',
  needs: { 'nfl/bronze': 'fresh' },
  graceMinutes: 45,
  deadlineMinutes: 19 * 60, // until Wednesday's features
  seasonal: false, // it is what finds out when the season is
  params: weekParams,
  run: later(() => import('./jobs/silver.ts'), toWeek),
})

export const nflFeatures = defineJob({
  ...stage,
  id: 'nfl/features',
  title: 'one leak-free row per NFL game and market',
  needs: { 'nfl/silver': 'fresh' },
  graceMinutes: 45,
  deadlineMinutes: 25 * 60, // until Thursday's training
  seasonal: true,
  params: marketParams,
  run: later(() => import('./jobs/features.ts'), toWeek),
})

export const nflTrain = defineJob({
  ...stage,
  id: 'nfl/train',
  title: 'fitted models for moneyline, ats and ou, with walk-forward scores',
  needs: { 'nfl/features': 'fresh' },
  notDuringGames: true, // a number on the page must not change while people watch the game it is about
  graceMinutes: 45,
  deadlineMinutes: 24 * 60,
  seasonal: true,
  params: marketParams,
  run: later(() => import('./jobs/train.ts'), toWeek),
})

export const nflPredict = defineJob({
  ...stage,
  id: 'nfl/predict',
  title: 'frozen predictions, one per NFL game, market and lead',
  needs: { 'nfl/train': 'any' },
  sources: ['nflverse'],
  graceMinutes: 30,
  deadlineMinutes: 20 * 60, // until the next day's
  seasonal: true,
  params: marketParams,
  run: later(() => import('./jobs/predict.ts'), toWeek),
})

export const nflResults = defineJob({
  ...stage,
  id: 'nfl/results',
  title: 'grades of finished NFL predictions, and the week beside its results',
  needs: { 'nfl/predict': 'any' },
  sources: ['nflverse'],
  graceMinutes: 60,
  deadlineMinutes: 48 * 60, // until the other slot of the week
  seasonal: true,
  params: marketParams,
  // Late on Monday that is the week just played; on Thursday morning, when the next has begun, still that one.
  period: (dueAt) => nflWeekAt(new Date(dueAt.getTime() - THREE_DAYS)),
  run: later(() => import('./jobs/results.ts'), toWeek),
})

/** In the order in which they need each other. */
export const nflJobs: readonly AnyJob[] = [nflBronze, nflSilver, nflFeatures, nflTrain, nflPredict, nflResults]
