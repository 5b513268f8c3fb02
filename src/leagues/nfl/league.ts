// The NFL: games from bronze to graded predictions of moneyline, ats and ou.

import type { League } from '../../core/league.ts'
import { calendar } from './calendar.ts'
import { nflJobs } from './jobs.ts'
import { TERMS } from './terms.ts'

export const nfl: League = {
  id: 'nfl',
  switch: 'on unless left out',
  reads: [],
  calendar,
  sources: [
    { name: 'nflverse', address: 'NFLVERSE_URL', terms: { ...TERMS, pages: ['predictions.html'] } },
    { name: 'nfelo', terms: { may: 'figures', say: 'no licence is stated' } }, // of the backtest only
  ],
  jobs: nflJobs,
  lake: async () => (await import('./lake/about.ts')).lake,
  backtest: async () => (await import('./backtest/command.ts')).backtest,
  replay: async () => (await import('./replay/replay.ts')).replay,
  predicted: async () => (await import('./predicted.ts')).predicted,
  help: {
    season: 'the year in which the season starts, such as 2026',
    week: 'a week number, current or previous',
    markets: 'moneyline, ats, ou or several with commas',
  },
}
