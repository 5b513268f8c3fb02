// The NFL: games from bronze to graded predictions of moneyline, ats and ou.

import type { League } from '../../core/league.ts'
import type { Terms } from '../../core/terms.ts'
import { calendar } from './calendar.ts'
import { nflJobs } from './jobs.ts'

/** Read 2026-11. */
export const NFLVERSE: Terms = {
  may: 'rows',
  say: 'CC BY 4.0: to be named, with a link to the licence',
  credit: {
    name: 'nflverse',
    url: 'https://github.com/nflverse',
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    of: 'Games, line-ups and player weeks',
  },
}

export const nfl: League = {
  id: 'nfl',
  switch: 'on unless left out',
  reads: [],
  calendar,
  sources: [
    { name: 'nflverse', address: 'NFLVERSE_URL', terms: { ...NFLVERSE, pages: ['predictions.html'] } },
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
