// The NFL: games from bronze to graded predictions of moneyline, ats and ou.

import type { League } from '../../core/league.ts'
import { nflJobs } from './jobs.ts'

export const nfl: League = {
  id: 'nfl',
  switch: 'on unless left out',
  reads: [],
  sources: [
    { name: 'nflverse', address: 'NFLVERSE_URL' },
    { name: 'nflverse-data', address: 'NFLVERSE_DATA_URL' },
  ],
  jobs: nflJobs,
  lake: async () => (await import('./lake/about.ts')).lake,
  help: {
    season: 'the year in which the season starts, such as 2026',
    week: 'a week number, current or previous',
    markets: 'moneyline, ats, ou or several with commas',
  },
}
