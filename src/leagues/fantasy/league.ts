// NFL fantasy: what every player did, and what was expected of him.

import type { League } from '../../core/league.ts'
import { TERMS } from '../nfl/terms.ts'
import { fantasyJobs } from './jobs.ts'

export const fantasy: League = {
  id: 'fantasy',
  switch: 'on unless left out',
  reads: ['nfl'],
  sources: [
    { name: 'nflverse-data', address: 'NFLVERSE_DATA_URL', terms: TERMS },
    {
      name: 'nfl-com',
      address: 'NFL_COM_PROJECTIONS_URL',
      terms: { may: 'figures', say: 'personal use only: no projection of theirs is shown' }, // read 2026-11
    },
  ],
  jobs: fantasyJobs,
  lake: async () => (await import('./lake/about.ts')).lake,
  part: async () => (await import('./pages/part.tsx')).part,
  help: { source: 'whose projections, with commas; all by default' },
}
