// Stage 1 of the NFL's week: keep the provider's answer exactly as it came, with every later revision.

import { defineJob } from '../../../core/job.ts'
import { nflWeekAt } from '../calendar.ts'
import { inProcess } from '../../../core/retry.ts'
import { landGames } from './land-games.ts'
import { namedPeriod, weekParams } from '../params.ts'

export const nflBronze = defineJob({
  id: 'nfl/bronze',
  league: 'nfl',
  title: 'NFL games as received, with revisions',
  needs: {},
  sources: ['nflverse'],
  onMissed: 'latest',
  graceMinutes: 45,
  deadlineMinutes: 6 * 60, // silver's own slot is six hours later
  retry: inProcess,
  seasonal: false, // it is what finds the next season's schedule
  params: weekParams,
  period: nflWeekAt,
  namedPeriod,
  async run(_week, ctx) {
    await landGames(ctx)
  },
})
