// Stage 3 of the NFL's week: for every game and market what was known before its week began.

import { defineJob } from '../../../core/job.ts'
import { nflWeekAt } from '../calendar.ts'
import { inProcess } from '../../../core/retry.ts'
import { marketParams, namedPeriod } from '../params.ts'
import { refreshFeatures } from './refresh-features.ts'

export const nflFeatures = defineJob({
  id: 'nfl/features',
  league: 'nfl',
  title: 'one leak-free row per NFL game and market',
  needs: { 'nfl/silver': 'fresh' },
  onMissed: 'latest',
  graceMinutes: 45,
  deadlineMinutes: 25 * 60, // until Thursday's training
  retry: inProcess,
  seasonal: true,
  params: marketParams,
  period: nflWeekAt,
  namedPeriod,
  async run(week, ctx) {
    await ctx.span('features', () => refreshFeatures(week, ctx.params.markets, ctx))
  },
})
